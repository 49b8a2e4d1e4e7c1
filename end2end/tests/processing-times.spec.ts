import { type Page } from "@playwright/test";
import { axe, expect, test } from "./fixtures";
import { HIDDEN, type Language, LANGUAGES, lookUp, overflowing, path, result } from "./portal";

/** A demo case that waits at an office whose times are published, in a category that is. */
const WAITING = "SRC9999102777";
/** One that came in just now, where many wait longer. */
const MANY_BEFORE = "LIN9999106501";
/** One that was sent to another office, and one that a central office holds for a field office. */
const TRANSFERRED = "EAC9999103410";
const HELD_CENTRALLY = "EAC9999103405";
/** Forms without a published time: one that came in last month, and one that has waited for most of a year. */
const UNLISTED = { young: "EAC9999103428", old: "SRC9999102783" };
/** One that has waited for longer than others do. */
const OUTSIDE = "EAC9999103412";

/** Looks a case up and goes on to the verdict on it. */
async function ask(page: Page, language: Language, number: string) {
  await lookUp(page, language, number);
  await page.getByRole("link", { name: language.text.processing_time.your_link }).click();
  await expect(page.getByRole("heading", { level: 1, name: language.text.processing_time.your_title })).toBeVisible();
  await expect(page.getByText(number)).toBeVisible();
}

/** The steps of the working, as somebody reads them. */
const working = (page: Page) => page.locator(".portico-verdict li");

/** The page is open to everybody, fits, and keeps the number to itself. */
async function isSound(page: Page) {
  await axe(page);
  expect(await overflowing(page)).toEqual([]);
  expect(page.url()).not.toContain("9999");
}

for (const language of LANGUAGES) {
  const { text } = language;
  const times = text.processing_time;

  test.describe(`in ${language.name}`, () => {
    test("a person chooses form, category and office, types a date and learns from when to ask, and why", async ({ page }) => {
      await page.goto(path(language, "/"));
      await page.getByRole("link", { name: times.home_link }).click();
      await page.getByLabel(times.form_label).selectOption("I-130");
      await page.getByRole("button", { name: times.go_on }).click();
      await page.getByLabel(times.category_label).selectOption("SPOUSE");
      await page.getByRole("button", { name: times.go_on }).click();
      await page.getByLabel(times.office_label).selectOption("VSC");
      await page.getByRole("button", { name: times.go_on }).click();
      await expect(page.getByText(`35 ${times.months_word}`)).toBeVisible();

      await page.getByLabel(times.month).selectOption("1");
      await page.getByLabel(times.day, { exact: true }).fill("31");
      await page.getByLabel(times.year).fill("2015");
      await page.getByRole("button", { name: times.date_button }).click();
      await expect(page.getByRole("heading", { name: times.outside_title })).toBeVisible();
      await expect(page.getByRole("heading", { name: times.working_title })).toBeVisible();
      await expect(page.locator(".portico-verdict li")).toHaveCount(6);

      // The other language shows the same choices.
      await page.getByRole("link", { name: text.common.language_link }).click();
      await expect(page.locator(".portico-verdict li")).toHaveCount(6);
      await expect(page.getByLabel(language.tag === "en" ? "Año" : "Year")).toHaveValue("2015");
    });

    test("who asked long after may wait, and takes the day along", async ({ page, request }) => {
      const year = String(new Date().getFullYear() - 1);
      await page.goto(path(language, `/processing-times?form=I-130&category=SIBLING&year=${year}&month=12&day=1`));
      await expect(page.getByRole("heading", { name: times.inside_title })).toBeVisible();
      const link = page.getByRole("link", { name: times.calendar_link });
      const file = await (await request.get((await link.getAttribute("href")) ?? "")).text();
      expect(file).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*DTSTART;VALUE=DATE:\d{8}\r\n[\s\S]*END:VCALENDAR\r\n$/);
    });

    test("a form that is not listed may be asked about after six months", async ({ page }) => {
      await page.goto(path(language, "/processing-times"));
      await page.getByRole("link", { name: times.form_unlisted }).click();
      await page.getByLabel(times.month).selectOption("2");
      await page.getByLabel(times.day, { exact: true }).fill("30");
      await page.getByLabel(times.year).fill("2020");
      await page.getByRole("button", { name: times.date_button }).click();
      await expect(page.getByRole("alert")).toHaveText(times.date_wrong);
      await expect(page.getByLabel(times.year)).toHaveValue("2020");
      await page.getByLabel(times.day, { exact: true }).fill("29");
      await page.getByRole("button", { name: times.date_button }).click();
      await expect(page.getByRole("heading", { name: times.outside_title })).toBeVisible();
      await expect(page.getByText(times.working_six)).toBeVisible();
    });

    test("from a case it is one step to the verdict on it", async ({ page }) => {
      await lookUp(page, language, WAITING);
      await page.getByRole("link", { name: times.your_link }).click();
      await expect(page.getByRole("heading", { level: 1, name: times.your_title })).toBeVisible();
      await expect(page.getByText(WAITING)).toBeVisible();
      expect(page.url()).not.toContain("9999");
      await expect(page.getByRole("heading", { name: times.working_title })).toBeVisible();
      await expect(page.getByText(times.working_received)).toBeVisible();
    });

    test("a case that was sent elsewhere takes the time of the new office", async ({ page }) => {
      await ask(page, language, TRANSFERRED);
      await expect(page.getByRole("heading", { name: times.inside_title })).toBeVisible();
      const office = `${times.working_office} Washington Field Office. ${times.working_current}`;
      await expect(working(page)).toHaveText([
        new RegExp(times.working_received),
        office,
        new RegExp(times.working_edition),
        new RegExp(times.working_inquiry),
        new RegExp(times.working_span),
        new RegExp(times.working_next_day.replace("?", "\\?")),
      ]);
      // Not the 11 months of the office that had it before.
      await expect(page.getByText(`10.5 ${times.months_word}`, { exact: true })).toBeVisible();
      await isSound(page);
    });

    test("a case that is held centrally takes the time of the field office, which the person names", async ({ page }) => {
      await ask(page, language, HELD_CENTRALLY);
      await expect(page.getByText(times.local_office_hint)).toBeVisible();
      await expect(working(page)).toHaveCount(0);
      await page.getByLabel(times.office_label).selectOption("WAS");
      await page.getByRole("button", { name: times.go_on }).click();
      await expect(working(page).nth(1)).toHaveText(`${times.working_office} Washington Field Office. ${times.working_local}`);
      await expect(working(page).nth(3)).toContainText(times.working_inquiry);
      // Not the 9 months of the office that holds it.
      await expect(page.getByText(`6.5 ${times.months_word}`, { exact: true })).toBeVisible();
      await isSound(page);
    });

    test("a case of a form that is not listed may be asked about after six months", async ({ page }) => {
      await ask(page, language, UNLISTED.young);
      await expect(page.getByRole("heading", { name: times.inside_title })).toBeVisible();
      await expect(page.getByRole("link", { name: times.calendar_link })).toBeVisible();
      // No office's time was used, and none is named.
      const rule = [new RegExp(times.working_received), times.working_six, new RegExp(times.working_next_day)];
      await expect(working(page)).toHaveText(rule);
      await isSound(page);
      await ask(page, language, UNLISTED.old);
      await expect(page.getByRole("heading", { name: times.outside_title })).toBeVisible();
      await expect(working(page)).toHaveText(rule);
    });

    test("a case outside the normal time may be asked about, and the page says whom to call", async ({ page }) => {
      await ask(page, language, OUTSIDE);
      await expect(page.getByRole("heading", { name: times.outside_title })).toBeVisible();
      await expect(page.locator(".portico-verdict").getByRole("link", { name: "1-800-555-0199" })).toBeVisible();
      await expect(working(page).nth(1)).toHaveText(`${times.working_office} National Benefits Center. ${times.working_current}`);
      await expect(working(page).nth(3)).toContainText(times.working_inquiry);
      await expect(page.getByText(`14.5 ${times.months_word}`, { exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: times.calendar_link })).toHaveCount(0);
      await isSound(page);
    });

    test("who waits learns how many have waited longer, if they are many", async ({ page }) => {
      await ask(page, language, MANY_BEFORE);
      const told = page.getByText(times.waiting_people);
      await expect(told).toHaveText(`${times.waiting_more_than} 10 ${times.waiting_people}`);
      await expect(page.getByText(times.waiting_order)).toContainText(String(new Date().getFullYear()));
      await isSound(page);
      // Before these there is nobody, or hardly anybody.
      for (const number of [OUTSIDE, TRANSFERRED]) {
        await ask(page, language, number);
        await expect(working(page).first()).toContainText(times.working_received);
        await expect(told).toHaveCount(0);
      }
    });

    test("without a case that may be shown the page leads to the look-up", async ({ page }) => {
      await lookUp(page, language, HIDDEN[0]);
      await expect(result(page)).toBeVisible();
      await page.goto(path(language, "/processing-times/your-case"));
      await expect(page.getByText(times.your_no_case)).toBeVisible();
      await page.getByRole("link", { name: times.your_check }).click();
      await expect(page.getByLabel(text.case_status.label)).toBeVisible();
    });
  });
}

test("programs read the published times in the shapes they know", async ({ request }) => {
  const get = async (address: string) => (await request.get(`/processing-times/api/${address}`)).json();
  const { forms } = (await get("forms")).data.forms;
  expect(forms).toContainEqual({
    form_name: "I-90",
    form_description_en: "Application to Replace Permanent Resident Card",
    form_description_es: expect.any(String),
  });
  const { subtypes } = (await get("formtypes/I-130")).data.form_types;
  expect(subtypes.map(({ form_key }: { form_key: string }) => form_key)).toEqual(["SIBLING", "SPOUSE"]);
  const { offices } = (await get("formoffices/I-130/SPOUSE")).data.form_offices;
  expect(offices[0]).toEqual({ office_code: "NBC", office_description: "National Benefits Center" });
  for (const address of ["processingtime/I-130/VSC/SPOUSE", "processingtime/i-130/vsc"]) {
    const time = (await get(address)).data.processing_time;
    expect(time.subtypes).toHaveLength(1);
    expect(time.range[0]).toEqual({ unit: "Months", unit_en: "Months", unit_es: "Meses", value: 35 });
    expect(time.subtypes[0].service_request_date).toMatch(/^[A-Z][a-z]+ \d{2}, \d{4}$/);
  }
  for (const address of ["formtypes/I-1", "formtypes/x%00", "formoffices/I-130/NONE", "processingtime/I-130/ZZZ/SPOUSE"]) {
    const answer = await request.get(`/processing-times/api/${address}`);
    expect(answer.status()).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 404 });
  }
});
