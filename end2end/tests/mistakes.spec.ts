import type { Page } from "@playwright/test";
import { expect, hydrated, scripted, test } from "./fixtures";
import { HIDDEN, LANGUAGES, UNKNOWN, ask, field, lookUp, open, path, result } from "./portal";

const english = LANGUAGES[0]!;

for (const language of LANGUAGES) {
  const { text } = language;
  const mistakes = [
    { what: "an empty field", typed: "", message: text.case_status.empty },
    { what: "a malformed number", typed: "src-999 1", message: text.case_status.malformed, isKept: true },
    { what: "an unknown number", typed: "eac-9999-700777", message: text.case_status.not_recognised, isKept: true },
  ];

  test.describe(`in ${language.name}`, () => {
    for (const { what, typed, message, isKept } of mistakes) {
      test(`${what} is explained above the page and at the field`, async ({ page }) => {
        await lookUp(page, language, typed);

        const summary = page.getByRole("alert");
        await expect(summary).toBeFocused();
        await expect(summary).toHaveAccessibleName(text.case_status.problem);
        await expect(summary.getByRole("heading", { level: 2 })).toHaveText(text.case_status.problem);
        await expect(page).toHaveTitle(new RegExp(`^${text.common.error_prefix} ${text.case_status.title} \\|`));
        await expect(page).toHaveURL(path(language, "/case-status"));

        const input = field(page, language);
        if (isKept) await expect(input).toHaveValue(typed);
        await expect(input).toHaveAttribute("aria-invalid", "true");
        await expect(input).toHaveAccessibleDescription(`${text.common.error_prefix} ${message} ${text.case_status.hint}`);
        await expect(page.locator("#receipt_number-error")).toBeVisible();

        await summary.getByRole("link", { name: message, exact: true }).click();
        await expect(input).toBeFocused();
        await expect(input).toBeInViewport();
      });
    }

    test("a mistake can be mended", async ({ page }) => {
      await lookUp(page, language, "12345");
      await ask(page, language, UNKNOWN);
      await expect(result(page)).toContainText(text.case_status.not_recognised);
      // The focus comes a frame later, and nobody types before.
      await expect(result(page)).toBeFocused();
      await ask(page, language, "EAC9999103403");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title_shown);
      await expect(page.getByRole("alert")).toHaveCount(0);
      await expect(field(page, language)).not.toHaveAttribute("aria-invalid");
      await expect(page).toHaveTitle(new RegExp(`^${text.case_status.title_shown}`));
    });

    test("who cannot find the number learns where to look and whom to call", async ({ page }) => {
      await lookUp(page, language, UNKNOWN);
      await expect(page.getByRole("heading", { name: text.case_status.right_title })).toBeVisible();
      await expect(page.getByRole("main").getByRole("link", { name: "1-800-555-0199" })).toHaveAttribute(
        "href",
        "tel:18005550199",
      );
      await expect(page.getByRole("link", { name: text.case_status.lost_link })).toHaveCount(0);
      await page.getByRole("link", { name: text.case_status.right_lost }).click();
      await expect(page).toHaveURL(path(language, "/lost-receipt-number"));
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.lost.title);
      await page.getByRole("link", { name: text.lost.back }).click();
      await expect(page).toHaveURL(path(language, "/case-status"));
    });

    test("a hidden case is answered as a number that nobody has", async ({ page, context }) => {
      expect(HIDDEN.length).toBeGreaterThan(5);
      const expected = await everything(page, language, UNKNOWN);
      expect(expected).toContain(text.case_status.not_recognised);
      for (const number of HIDDEN) {
        await context.clearCookies();
        expect(await everything(page, language, number), number).toBe(expected);
      }
    });

    test("a service out of reach is no mistake of the person's", { tag: "@script" }, async ({ page, watch }) => {
      watch.allow(/Failed to load resource|failed request/);
      await open(page, language);
      await page.route("**/_fn/**", (route) => route.abort("connectionfailed"));
      await ask(page, language, "EAC9999103403");
      await expect(result(page)).toBeFocused();
      await expect(result(page)).toHaveText(text.case_status.failed_title);
      await expect(page).toHaveTitle(new RegExp(`^${text.common.error_prefix} `));
      await expect(page.getByRole("alert")).toHaveCount(0);
      await expect(field(page, language)).not.toHaveAttribute("aria-invalid");
      await expect(page.getByRole("region", { name: text.case_status.failed_title })).toContainText("1-800-555-0199");

      await page.unroute("**/_fn/**");
      await ask(page, language, "EAC9999103403");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title_shown);
    });

    test("who sends the form without the page's cookie is told to load the page again", async ({ page, context, watch }) => {
      watch.allow(/status of 403/);
      await open(page, language);
      await context.clearCookies();
      await ask(page, language, "EAC9999103403");
      const told = scripted() ? text.case_status.refused_text : text.plain.refused_text;
      await expect(page.getByRole("main")).toContainText(told);

      await lookUp(page, language, "EAC9999103403");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title_shown);
    });
  });

  /** All that a page holds after a look-up, but for what changes by chance and for the number itself. */
  async function everything(page: Page, of: typeof language, number: string) {
    await lookUp(page, of, number);
    const said = `${await page.title()}\n${await page.content()}`;
    await page.reload();
    await hydrated(page);
    return `${said}\n${await page.content()}`
      .replaceAll(number, "[number]")
      .replaceAll(/nonce="[^"]*"|(?:value|content)="[\w-]{40,}"/g, "[chance]");
  }
}

test("whatever is typed is answered", async ({ page }) => {
  const { case_status } = english.text;
  for (const [typed, message] of [
    [" - – ", case_status.empty],
    ["<b>\"&'’</b>", case_status.malformed],
    ["É".repeat(24), case_status.malformed],
  ] as const) {
    await lookUp(page, english, typed);
    await expect(result(page)).toContainText(message);
    if (message !== case_status.empty) await expect(field(page, english)).toHaveValue(typed);
  }
});

test("nothing is said to be wrong before anything was sent", async ({ page }) => {
  for (const language of LANGUAGES) {
    await open(page, language);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(field(page, language)).not.toHaveAttribute("aria-invalid");
    await expect(field(page, language)).toHaveAccessibleDescription(language.text.case_status.hint);
    await expect(page.locator("body")).toBeFocused();
    await expect(page.locator("html[data-hydrated]")).toHaveCount(scripted() ? 1 : 0);
  }
});
