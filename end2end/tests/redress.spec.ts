import { axe, expect, test } from "./fixtures";
import { LANGUAGES, other, overflowing, path } from "./portal";

for (const language of LANGUAGES) {
  const redress = language.text.redress;

  test.describe(`in ${language.name}`, () => {
    test("a reader comes from the page on privacy, and learns how to ask and how long it takes", async ({ page }) => {
      await page.goto(path(language, "/privacy"));
      await page.getByRole("link", { name: redress.privacy_link }).click();
      await expect(page.getByRole("heading", { level: 1, name: redress.title })).toBeVisible();
      for (const heading of [redress.mail_title, redress.online_title, redress.office_title, redress.bring_title, redress.long_title]) {
        await expect(page.getByRole("heading", { name: heading, exact: true })).toBeVisible();
      }
      await expect(page.getByText(redress.long_answer)).toBeVisible();
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        expect.soft(await overflowing(page), `${width} pixels wide`).toEqual([]);
        await axe(page);
      }
      await page.getByRole("link", { name: redress.letter_link }).click();
      await expect(page).toHaveURL(new RegExp(`${path(language, "/privacy")}#see$`));
    });

    test("each partner country has a way of its own, at its own government", async ({ page }) => {
      await page.goto(path(language, "/redress"));
      const hosts = await page
        .getByRole("main")
        .locator("a[href^='https://']")
        .evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).hostname));
      expect(hosts).toHaveLength(8);
      for (const own of [/\.gov\.au$/, /\.(canada|gc)\.ca$/, /\.(govt|org)\.nz$/, /(\.gov|^ico\.org)\.uk$/]) {
        expect(hosts.filter((host) => own.test(host)), String(own)).toHaveLength(2);
      }
    });

    test("the same page stands in the other language", async ({ page }) => {
      await page.goto(path(language, "/redress"));
      await page.getByRole("link", { name: language.text.common.language_link }).click();
      await expect(page.getByRole("heading", { level: 1, name: other(language).text.redress.title })).toBeVisible();
    });
  });
}
