import { axe, expect, test } from "./fixtures";
import { EVIDENCE, LANGUAGES, type Language, lookUp, overflowing, result } from "./portal";

type Words = keyof Language["text"]["delivery"];

/** A case of the demo with one piece of mail. */
type Example = {
  number: string;
  item: { en: string; es: string };
  /** What the strong line says, and the text below it. */
  state: Words;
  advice: Words;
  scans: number;
};

const CARD = { en: "Permanent Resident Card", es: "Tarjeta de Residente Permanente" };
const PERMIT_TO_WORK = { en: "Employment Authorization Document", es: "Documento de Autorización de Empleo" };
const PERMIT_TO_TRAVEL = { en: "Advance Parole Document", es: "Documento de Permiso Adelantado de Viaje" };

/** More scans than stand open. */
const LONG: Example = {
  number: "LIN9999106498",
  item: PERMIT_TO_WORK,
  state: "delivered",
  advice: "delivered_text",
  scans: 7,
};
const EXAMPLES: Example[] = [
  LONG,
  { number: "EAC9999103404", item: PERMIT_TO_TRAVEL, state: "returned", advice: "returned_text", scans: 5 },
  { number: "SRC9999102780", item: CARD, state: "delivered", advice: "delivered_text", scans: 5 },
  { number: "EAC9999103416", item: CARD, state: "returned", advice: "returned_text", scans: 6 },
];

const OPEN_SCANS = 5;

/** A text with its placeholders filled in. */
const filled = (text: string, values: Record<string, string | number>) =>
  text.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => String(values[name]));

test.describe("a delivery", () => {
  for (const language of LANGUAGES) {
    const { tag } = language;
    const text = language.text.delivery;

    test.describe(`in ${language.name}`, () => {
      for (const example of EXAMPLES) {
        test(`${example.number} says where the mail is and what to do`, async ({ page }) => {
          await lookUp(page, language, example.number);
          const delivery = page.locator(".portico-delivery");
          const heading = delivery.getByRole("heading", { level: 3 });
          await expect(heading).toHaveText(filled(text.title, { item: example.item[tag] }));
          await expect(delivery.locator("strong")).toHaveText(text[example.state]);
          await expect(delivery).toContainText(text[example.advice]);
          await expect(delivery.getByRole("listitem").filter({ visible: true })).toHaveCount(
            Math.min(example.scans, OPEN_SCANS),
          );
        });
      }

      test("the link leads to the Postal Service, and the page asks nothing of it", async ({ page }) => {
        await lookUp(page, language, LONG.number);
        const delivery = page.locator(".portico-delivery");
        const number = delivery.locator(".portico-tracking-number");
        await expect(number).toHaveText(/^[0-9A-Z]{13,30}$/);
        const link = delivery.getByRole("link", { name: text.carrier_link });
        const target = new URL((await link.getAttribute("href")) ?? "");
        expect(target.origin).toBe("https://tools.usps.com");
        expect(target.searchParams.get("origTrackNum")).toBe(await number.textContent());
        await expect(link).toHaveAttribute("rel", "noreferrer");
      });

      test("every scan is told with the newest first, and older ones unfold", async ({ page }) => {
        await lookUp(page, language, LONG.number);
        const delivery = page.locator(".portico-delivery");
        const scans = delivery.getByRole("listitem");
        await expect(scans.first()).toHaveText(/\S.*\d:\d\d\s[ap]\.m\./);
        const summary = delivery.locator("summary");
        await expect(summary).toHaveText(filled(text.older_scans, { count: LONG.scans - OPEN_SCANS }));
        await summary.click();
        await expect(scans.filter({ visible: true })).toHaveCount(LONG.scans);
        const days = await delivery
          .locator("li time")
          .evaluateAll((times) => times.map((time) => time.getAttribute("datetime") ?? ""));
        expect(days).toEqual([...days].sort().reverse());
      });

      test("it says of when the data is, and whose clock the times are by", async ({ page }) => {
        await lookUp(page, language, LONG.number);
        const delivery = page.locator(".portico-delivery");
        await expect(delivery).toContainText(text.as_of.split("{{")[0]!);
        await expect(delivery).toContainText(text.local_times);
      });

      test("a case that has nothing in the mail says nothing of it", async ({ page }) => {
        await lookUp(page, language, EVIDENCE.number);
        await expect(result(page)).toHaveText(EVIDENCE.title[tag]);
        await expect(page.locator(".portico-delivery")).toHaveCount(0);
      });

      test("no address stands anywhere", async ({ page }) => {
        for (const { number } of EXAMPLES) {
          await lookUp(page, language, number);
          // A ZIP code; a tracking number has more digits, and days and years fewer.
          await expect(page.locator(".portico-delivery")).not.toHaveText(/\b\d{5}(-\d{4})?\b/);
        }
      });

      test("it has room on a small screen and no barrier, folded or not", async ({ page }) => {
        await lookUp(page, language, LONG.number);
        await page.setViewportSize({ width: 320, height: 800 });
        for (const act of [() => Promise.resolve(), () => page.locator(".portico-delivery summary").click()]) {
          await act();
          expect(await overflowing(page)).toEqual([]);
          await axe(page);
        }
      });

      test("a print has it without the link", { tag: "@once" }, async ({ page }) => {
        await lookUp(page, language, LONG.number);
        await page.emulateMedia({ media: "print" });
        const delivery = page.locator(".portico-delivery");
        await expect(delivery.getByRole("heading", { level: 3 })).toBeVisible();
        await expect(delivery.locator(".portico-tracking-number")).toBeVisible();
        await expect(delivery.getByRole("listitem").first()).toBeVisible();
        await expect(delivery.getByRole("link").filter({ visible: true })).toHaveCount(0);
        expect(await overflowing(page)).toEqual([]);
      });
    });
  }
});
