import { axe, expect, test } from "./fixtures";
import { LANGUAGES, other, overflowing, path } from "./portal";

/** The smallest number that is published, but for none. */
const THRESHOLD = 10;

/** Days say how long, not how many. */
const OF_DAYS = [2, 3];

for (const language of LANGUAGES) {
  const report = language.text.service_report;

  test.describe(`in ${language.name}`, () => {
    test("a reader comes from any page to the newest month, and no small number is on it", async ({ page }) => {
      await page.goto(path(language, "/privacy"));
      await page.getByRole("link", { name: report.foot_link }).click();
      await expect(page.getByRole("heading", { level: 1, name: report.title })).toBeVisible();
      const months = page.getByLabel(report.month, { exact: true }).locator("option");
      expect(await months.count()).toBeGreaterThan(6);
      for (const month of await months.evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value))) {
        await page.goto(path(language, `/service-report?month=${month}`));
        const rows = page.locator(".portico-table tbody tr");
        expect(await rows.count()).toBeGreaterThan(1);
        const cells = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent!)));
        for (const row of cells) {
          for (const [at, said] of row.entries()) {
            if (said === report.hidden || OF_DAYS.includes(at)) continue;
            const number = Number(said.replace(/[,\s]/g, ""));
            expect(number === 0 || number >= THRESHOLD, `${month}: ${row.join(" | ")}`).toBe(true);
          }
        }
        expect(cells.flat()).toContain(report.hidden);
      }
      expect(await overflowing(page)).toEqual([]);
      await axe(page);
    });

    test("a reader chooses a month, and reads the same one in the other language", async ({ page }) => {
      await page.goto(path(language, "/service-report"));
      const oldest = page.getByLabel(report.month, { exact: true }).locator("option").last();
      const [value, name] = [(await oldest.getAttribute("value"))!, (await oldest.textContent())!];
      await page.getByLabel(report.month, { exact: true }).selectOption(value);
      await page.getByRole("button", { name: report.show }).click();
      await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
      await page.getByRole("link", { name: language.text.common.language_link }).click();
      await expect(page).toHaveURL(new RegExp(`month=${value}`));
      await expect(page.getByRole("heading", { level: 1, name: other(language).text.service_report.title })).toBeVisible();
    });

    test("the table for spreadsheets and the data for programs say what the page says", async ({ page, request }) => {
      await page.goto(path(language, "/service-report"));
      const [csv, json] = [page.getByRole("link", { name: report.csv }), page.getByRole("link", { name: report.json })];
      const table = await (await request.get((await csv.getAttribute("href"))!)).text();
      const data = await (await request.get((await json.getAttribute("href"))!)).json();
      const lines = table.trim().split("\r\n").slice(1);
      expect(lines.length).toBe(data.lines.length);
      for (const [at, line] of data.lines.entries()) {
        const numbers = [line.received, line.answered, line.half_answered_within_days, line.nine_in_ten_answered_within_days];
        const told = [...numbers, line.open_at_least, line.reopened].map((number) => (number === null ? "" : String(number)));
        expect(lines[at]!.split(",").slice(-6)).toEqual(told);
        for (const number of [line.received, line.answered, line.reopened, line.open_at_least]) {
          expect(number === null || number === 0 || number >= THRESHOLD, JSON.stringify(line)).toBe(true);
        }
      }
      expect(data.lines.flatMap((line: Record<string, unknown>) => Object.values(line).slice(3)), "something is hidden").toContain(null);
    });
  });
}

test("a month that is none is said to be none", async ({ page }) => {
  await page.goto("/service-report?month=2026-13");
  await expect(page.getByText("There is no report for this month. Choose another month.")).toBeVisible();
});
