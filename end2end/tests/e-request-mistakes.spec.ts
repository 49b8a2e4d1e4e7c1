import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { LANGUAGES, type Language, path } from "./portal";
import { type Form, KINDS, type Typed, come, fill, filled, heading, mistake, newForm, onward, question } from "./e-request";

const REPRESENTATIVE = { representative_name: "Luz Abogada", family_name: "Ejemplo", birth_date: "1990-2-3" };
const LONG = "x".repeat(101);

/** A page with mistakes: the form, what is typed on it, and which field is told what. */
type Case = { what: string; step: string; form: (over?: Partial<Form>) => Form; typed: Typed; wrong: [string, string][] };

const typographic = (over: Partial<Form> = {}) => newForm("typographic_error", over);
const represented = () => typographic({ who: { requester: "representative" }, person: REPRESENTATIVE });

const empty = (step: string, form: Case["form"], fields: string[]): Case => ({
  what: `an empty page ${step}`,
  step,
  form,
  typed: {},
  wrong: fields.map((field) => [field, "missing"]),
});

const CASES: Case[] = [
  empty("who", () => typographic({ who: {} }), ["requester"]),
  empty("case", typographic, ["receipt_number", "form", "filed_on", "mailing_zip"]),
  {
    what: "a mistake in each field about the case",
    step: "case",
    form: typographic,
    typed: { receipt_number: "EAC 12", form: "I-765", category: "( )", filed_on: "1990-2-30", mailing_zip: "2215" },
    wrong: ["receipt_number", "category", "filed_on", "mailing_zip"].map((field) => [field, "wrong"]),
  },
  {
    what: "a day to come, half a number",
    step: "case",
    form: typographic,
    typed: { receipt_number: "EAC123456789", form: "I-765", filed_on: "2999-1-1", mailing_zip: "22150" },
    wrong: ["receipt_number", "filed_on"].map((field) => [field, "wrong"]),
  },
  {
    what: "texts that are too long",
    step: "issue",
    form: typographic,
    typed: { error_on: "card", error_in: "sex", printed_text: LONG, correct_text: LONG, explanation: "y".repeat(1001) },
    wrong: ["printed_text", "correct_text", "explanation"].map((field) => [field, "too_long"]),
  },
  {
    what: "a day of an appointment that is over",
    step: "issue",
    form: () => newForm("accommodation"),
    typed: { appointment_kind: "interview", appointment_on: "2020-1-31", accommodation_for: "applicant", accommodation: "other" },
    wrong: [["appointment_on", "wrong"]],
  },
  empty("person", typographic, ["family_name", "birth_date"]),
  empty("person of a representative", represented, ["representative_name", "family_name", "birth_date"]),
  {
    what: "names that are too long and a birth that is to come",
    step: "person",
    form: represented,
    typed: { representative_name: LONG, family_name: LONG, given_name: LONG, birth_date: "2999-1-1" },
    wrong: [
      ["representative_name", "too_long"],
      ["family_name", "too_long"],
      ["given_name", "too_long"],
      ["birth_date", "wrong"],
    ],
  },
  { ...empty("contact", typographic, []), wrong: [["email", "none_given"]] },
  {
    what: "no address and no telephone number, but something",
    step: "contact",
    form: typographic,
    typed: { email: "ana,@example.org", telephone: "555-0143" },
    wrong: ["email", "telephone"].map((field) => [field, "wrong"]),
  },
  ...KINDS.filter(({ needed }) => needed.length).map(
    ({ key, needed }): Case => ({ ...empty("issue", () => newForm(key), needed), what: `an empty issue of ${key}` }),
  ),
];

/** The control that a link in the summary leads to. */
function control(page: Page, field: string) {
  const frame = page.locator(`[data-field="${field}"]`);
  return frame.locator("input:not([type=hidden]), select, textarea").first();
}

/** The box above the page names each mistake, has the focus, and its links lead to the fields. */
async function summed(page: Page, language: Language, title: string, messages: string[]) {
  const { common, case_status } = language.text;
  await expect(page).toHaveTitle(new RegExp(`^${escaped(`${common.error_prefix} ${title}`)} \\|`));
  const summary = page.getByRole("alert");
  await expect(summary).toBeFocused();
  await expect(summary).toHaveAccessibleName(case_status.problem);
  await expect(summary.getByRole("link")).toHaveText(messages);
  expect(await page.locator("[autofocus]").count(), "places where the page opens").toBe(1);
  return summary;
}

for (const language of LANGUAGES) {
  const { common, e_request, follow } = language.text;

  test.describe(`in ${language.name}`, () => {
    for (const { what, step: named, form: make, typed, wrong } of CASES) {
      test(`${what} comes back with what was typed, and leads to what has to be mended`, async ({ page }) => {
        const form = make();
        const step = named.split(" ")[0]!;
        await come(page, language, form, step);
        await page.goto(path(language, `/e-request/${step}`));
        const before = await page.title();
        await fill(page, typed);
        await onward(page, language).click();

        await expect(page).toHaveURL(path(language, `/e-request/${step}`));
        const messages = wrong.map(([field, problem]) => mistake(language, form.kind, field, problem));
        const summary = await summed(page, language, before.split(" | ")[0]!, messages);
        await filled(page, typed);
        const fields = await page.locator("[data-field]").evaluateAll((all) => all.map((frame) => frame.getAttribute("data-field")!));
        for (const field of fields) {
          const isWrong = wrong.some(([of]) => of === field);
          expect(await control(page, field).getAttribute("aria-invalid"), field).toBe(isWrong ? "true" : null);
        }
        for (const [at, [field]] of wrong.entries()) {
          await summary.getByRole("link", { name: messages[at]!, exact: true }).click();
          await expect(control(page, field)).toBeFocused();
          await expect(control(page, field)).toBeInViewport();
          const described = page.locator(`[data-field="${field}"]`).locator("> fieldset, > input, > select, > textarea");
          await expect(described).toHaveAccessibleDescription(new RegExp(`^${escaped(`${common.error_prefix} ${messages[at]}`)}`));
        }
      });
    }

    test("nothing is chosen on the first page", async ({ page }) => {
      await page.goto(path(language, "/e-request"));
      await onward(page, language).click();
      const summary = await summed(page, language, e_request.title, [e_request.choose_kind]);
      await expect(page.getByRole("group", { name: e_request.what_about })).toHaveAccessibleDescription(
        `${common.error_prefix} ${e_request.choose_kind}`,
      );
      await summary.getByRole("link").click();
      await expect(page.getByRole("radio").first()).toBeFocused();
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await expect(heading(page)).toHaveText(e_request.who_title);
    });

    test("a mistake is mended, and the next page is the next one", async ({ page }) => {
      const form = typographic();
      await come(page, language, form, "contact");
      await page.goto(path(language, "/e-request/contact"));
      await fill(page, { telephone: "1" });
      await onward(page, language).click();
      await expect(page.getByRole("alert")).toBeFocused();
      await fill(page, form.contact);
      await onward(page, language).click();
      await expect(heading(page)).toHaveText(e_request.check_title);
      await page.goto(path(language, "/e-request/contact"));
      await expect(page.getByRole("alert")).toHaveCount(0);
    });

    for (const { what, typed, wrong } of [
      { what: "an empty question", typed: {}, wrong: [["number", e_request.number_missing], ["zip", e_request.proof_missing]] },
      {
        what: "a question with a mistake in each field",
        typed: { number: "SR26-7KQ4", zip: "2215", month: "2", day: "30", year: "1990" },
        wrong: [["number", e_request.number_wrong], ["zip", follow.zip_wrong], ["month", follow.birth_wrong]],
      },
      {
        what: "a number with a wrong character",
        typed: { number: "SR26-7KQ4-M2XW-S", zip: "22150" },
        wrong: [["number", e_request.number_mistyped]],
      },
      {
        what: "a number that nobody has",
        typed: { number: "SR26-7KQ4-M2XW-R", zip: "22150" },
        wrong: [["number", e_request.not_recognised]],
      },
    ] as { what: string; typed: Typed; wrong: ["number" | "zip" | "month", string][] }[]) {
      test(`${what} about a request comes back with what was typed`, async ({ page }) => {
        await page.goto(path(language, "/e-request/status"));
        const fields = question(page);
        const { month = "", ...lines } = typed;
        await fields.month.selectOption(month);
        for (const [name, text] of Object.entries(lines)) await fields[name as "zip"].fill(text);
        await page.getByRole("button", { name: e_request.status_button }).click();
        await expect(page).toHaveURL(path(language, "/e-request/status"));
        const summary = await summed(page, language, e_request.status_title, wrong.map(([, words]) => words));
        for (const name of ["number", "zip", "month", "day", "year"] as const) {
          await expect(fields[name]).toHaveValue(typed[name] ?? "");
        }
        for (const [name, words] of wrong) {
          await summary.getByRole("link", { name: words, exact: true }).click();
          await expect(fields[name]).toBeFocused();
          await expect(fields[name]).toHaveAttribute("aria-invalid", "true");
        }
      });
    }

    test("what is no address of e-mail comes back where a message was asked for", async ({ page }) => {
      const form = typographic({ contact: { email: "ana@example.org" } });
      await come(page, language, form, "check");
      for (const typed of ["", "ana,@example.org"]) {
        await page.goto(path(language, "/e-request/later"));
        // Who gave an address does not type it again.
        await expect(page.getByRole("textbox")).toHaveValue("ana@example.org");
        await page.getByRole("textbox").fill(typed);
        await page.getByRole("button", { name: e_request.later_button }).click();
        const summary = await summed(page, language, e_request.later_title, [follow.email_wrong]);
        await expect(page.getByRole("textbox")).toHaveValue(typed || "ana@example.org");
        await summary.getByRole("link").click();
        await expect(page.getByRole("textbox")).toBeFocused();
        await expect(page.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
        await come(page, language, form, "check");
      }
    });
  });
}

function escaped(text: string) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
