import { expect, test } from "./fixtures";
import { HIDDEN, LANGUAGES, lookUp, path, result } from "./portal";

/** A demo case that waits at an office whose times are published, in a category that is. */
const WAITING = "SRC9999102777";

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
