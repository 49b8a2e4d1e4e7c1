import { axe, expect, test } from "./fixtures";
import { EVIDENCE, LANGUAGES, UNKNOWN, overflowing } from "./portal";

const PAGE = "/casestatus/mycasestatus.do";
const asked = (number: string, language = "en") => `${PAGE}?changeLocale=${language}&appReceiptNum=${number}`;

/** Where programs have looked for years, by position alone. */
const TITLE = "xpath=/html/body/div[2]/form/div/div[1]/div/div/div[2]/div[3]/h1";
const DESCRIPTION = "xpath=/html/body/div[2]/form/div/div[1]/div/div/div[2]/div[3]/p";

test("programs find title and description by position, by class and by the words before them", async ({ page }) => {
  await page.goto(asked(EVIDENCE.number));
  await expect(page.locator(TITLE)).toHaveText(EVIDENCE.title.en);
  await expect(page.locator(DESCRIPTION)).toContainText(EVIDENCE.number);
  await expect(page.locator("div.rows.text-center > h1")).toHaveText(EVIDENCE.title.en);
  await expect(page.locator("div.rows.text-center > p")).toHaveText(/^On [A-Z][a-z]+ \d{1,2}, \d{4}, /);
  await expect(page.locator(".current-status-sec")).toHaveText(new RegExp(`^Your Current Status:\\s+${EVIDENCE.title.en}\\s+\\+$`));
  await expect(page.locator(".main-content-sec form[name=caseStatusForm] #receipt_number[name=appReceiptNum]")).toHaveCount(1);

  await page.goto(asked(UNKNOWN));
  await expect(page.locator("#formErrorMessages > h4 + ul > li")).toContainText("does not recognize the receipt number");
  expect(await page.locator(TITLE).innerHTML()).toBe("");
});

test("a person types a number, presses the button and reads the answer", async ({ page }) => {
  await page.goto("/casestatus/landing.do");
  await page.getByLabel("Enter Another Receipt Number").fill(EVIDENCE.typed.replaceAll("-", ""));
  await page.getByRole("button", { name: "Check Status" }).click();
  await expect(page.getByRole("heading", { name: EVIDENCE.title.en })).toBeVisible();
  await page.getByRole("link", { name: "Español" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
});

for (const language of LANGUAGES) {
  for (const [name, address] of [
    ["an answer", asked(EVIDENCE.number, language.tag)],
    ["an unknown number", asked(UNKNOWN, language.tag)],
    ["the empty form", `${PAGE}?changeLocale=${language.tag}`],
  ]) {
    test(`the classic page with ${name} in ${language.name} is open to everybody`, async ({ page }) => {
      await page.goto(address);
      await axe(page);
      expect(await overflowing(page)).toEqual([]);
    });
  }
}
