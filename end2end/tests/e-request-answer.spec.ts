import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { APPOINTMENT, APPROVED, HIDDEN, LANGUAGES, type Language, RETURNED, UNKNOWN, log, path } from "./portal";
import {
  type Happening,
  type Known,
  choose,
  come,
  daysAgo,
  fill,
  heading,
  hide,
  later,
  long,
  lookFor,
  newCase,
  newForm,
  numberOf,
  onward,
  save,
  send,
  wellKnown,
} from "./e-request";

const english = LANGUAGES[0]!;
/** A card that the post office has delivered, and one that it has on its way. */
const DELIVERED = "LIN9999106498";
const ON_ITS_WAY = "EAC9999103413";

const receipt = (days: number): Happening => ({ code: "IAA", days, parameters: { notice: "receipt" } });

/** Brings somebody to the answer to a kind of request about a case. */
async function answerTo(page: Page, language: Language, kind: string, known: Known) {
  await come(page, language, newForm(kind, { known }), "answer");
  await page.goto(path(language, "/e-request/answer"));
  await expect(heading(page)).toHaveText(language.text.e_request.answer_title);
  return page.getByRole("region", { name: /./ }).filter({ has: page.locator("#verdict") });
}

for (const language of LANGUAGES) {
  const { e_request, follow, processing_time } = language.text;

  test.describe(`in ${language.name}`, () => {
    test("too early: the day, how it was worked out, a calendar file and a reminder", async ({ page, request }) => {
      const email = `early+${test.info().project.name}.${test.info().testId}@example.org`;
      const known = newCase({ events: [receipt(10)] });
      const day = later(daysAgo(10), 30);
      const verdict = await answerTo(page, language, "notice_not_received", known);
      await expect(verdict.getByRole("heading", { level: 2 })).toHaveText(e_request.not_yet);
      await expect(verdict).toContainText(`${e_request.from_day} ${long(language, day)}.`);
      await expect(verdict.getByRole("listitem")).toHaveText([
        `${e_request.working_notice} ${long(language, daysAgo(10))}.`,
        e_request.working_days.replace("{{ days }}", "30"),
        `${e_request.working_from} ${long(language, day)}.`,
      ]);
      await expect(onward(page, language), "no form yet").toHaveCount(0);

      const link = page.getByRole("link", { name: processing_time.calendar_link });
      const file = await request.get((await link.getAttribute("href"))!);
      expect(file.headers()["content-type"]).toContain("text/calendar");
      expect(await file.text()).toContain(`DTSTART;VALUE=DATE:${day.replaceAll("-", "")}`);

      const before = reminders();
      await page.getByRole("textbox", { name: follow.email_label }).fill("early@");
      await page.getByRole("button", { name: e_request.remind_button }).click();
      await expect(page.getByRole("alert")).toBeFocused();
      await expect(page.getByRole("textbox", { name: follow.email_label })).toHaveValue("early@");
      await page.getByRole("textbox", { name: follow.email_label }).fill(email);
      await page.getByRole("button", { name: e_request.remind_button }).click();
      await expect(heading(page)).toHaveText(e_request.remind_title);
      expect(reminders()).toBeGreaterThan(before);
      expect(log()).not.toContain(email);

      // Whoever goes on by hand comes back to the answer.
      await page.goto(path(language, "/e-request/issue"));
      await expect(heading(page)).toHaveText(e_request.answer_title);
      expect(await send(page, language, "send", {})).toBe(path(language, "/e-request/answer"));
    });

    test("inside the normal time: the working that the page of processing times has", async ({ page }) => {
      const verdict = await answerTo(page, language, "outside_normal_time", wellKnown(APPOINTMENT));
      await expect(verdict.getByRole("heading", { level: 2 })).toHaveText(e_request.not_yet);
      const steps = await verdict.getByRole("listitem").allInnerTexts();
      await page.goto(path(language, `/processing-times?form=I-765&category=C09${dateOf(wellKnown(APPOINTMENT))}`));
      for (const step of steps.slice(1, 4)) await expect(page.getByRole("main")).toContainText(step);
      expect(steps.length).toBeGreaterThan(3);
    });

    test("a card that was delivered, one that comes back, and one that is on its way", async ({ page }) => {
      const delivered = await answerTo(page, language, "card_not_received", wellKnown(DELIVERED));
      await expect(delivered).toContainText(e_request.working_delivered);
      await expect(delivered).toContainText(`${e_request.working_place} SAN JOSE, CA.`);
      await expect(delivered).toContainText(e_request.working_delivered_advice);
      await expect(onward(page, language)).toBeVisible();

      await page.context().clearCookies();
      const returned = await answerTo(page, language, "card_not_received", wellKnown(RETURNED.number));
      await expect(returned).toContainText(language.text.delivery.returned.replace(/\.$/, ""));
      await expect(returned).toContainText(e_request.working_since);
      await expect(onward(page, language)).toBeVisible();

      await page.context().clearCookies();
      const coming = await answerTo(page, language, "card_not_received", wellKnown(ON_ITS_WAY));
      await expect(coming.getByRole("heading", { level: 2 })).toHaveText(e_request.not_yet);
      for (const words of [e_request.working_mailed, e_request.working_state, e_request.working_from]) {
        await expect(coming).toContainText(words);
      }
      await expect(onward(page, language)).toHaveCount(0);
    });

    test("what does not fit the case is said, with a way on", async ({ page }) => {
      const decided = await answerTo(page, language, "outside_normal_time", wellKnown(APPROVED.number));
      await expect(decided.getByRole("heading")).toHaveText(e_request.not_waiting_title);
      await page.context().clearCookies();
      const waiting = await answerTo(page, language, "card_not_received", wellKnown(APPOINTMENT));
      await expect(waiting.getByRole("heading")).toHaveText(e_request.not_granted_title);
      await expect(onward(page, language)).toHaveCount(0);
      await waiting.getByRole("link", { name: e_request.something_else }).click();
      await expect(heading(page)).toHaveText(e_request.title);
      await expect(page.getByRole("heading", { name: e_request.going_on }), "and what was typed is still there").toBeVisible();
    });

    test("an open request is shown with its days, and what is new is added to it", async ({ page }) => {
      const form = newForm("card_not_received");
      await come(page, language, form, "");
      await page.goto(path(language, "/e-request/sent"));
      const number = await numberOf(page);
      await page.context().clearCookies();
      const open = await answerTo(page, language, "card_not_received", form.known);
      await expect(open.getByRole("heading")).toHaveText(e_request.open_title);
      for (const words of [e_request.open_received, e_request.open_due, e_request.open_again]) await expect(open).toContainText(words);
      await expect(page.getByRole("link", { name: processing_time.calendar_link })).toBeVisible();
      await open.getByRole("link", { name: e_request.open_add }).click();
      await expect(heading(page)).toHaveText(e_request.status_title);
      await lookFor(page, language, number, { zip: "22150" });
      await page.getByRole("textbox", { name: e_request.add_label }).fill("Otra cosa:\nla tarjeta no está.");
      await page.getByRole("button", { name: e_request.add_button }).click();
      await expect(page.getByRole("heading", { name: e_request.added })).toBeFocused();

      // Another kind of request about the same case is another thing.
      await page.context().clearCookies();
      await come(page, language, newForm("typographic_error", { known: form.known }), "answer");
      await page.goto(path(language, "/e-request/answer"));
      await expect(onward(page, language)).toBeVisible();
    });
  });
}

/** How a case's day of receipt stands in the address of the processing times. */
function dateOf({ received }: Known) {
  const [year, month, day] = received.split("-").map(Number);
  return `&year=${year}&month=${month}&day=${day}`;
}

/** How many reminders wait in the outbox for their day. */
function reminders() {
  const outbox = String(execFileSync(process.env.PORTICO_E2E_PORTICO ?? "", ["outbox"], { stdio: "pipe" }));
  return Number(/^reminder\s+waiting\s+(\d+)/m.exec(outbox)?.[1] ?? 0);
}

test.describe("what does not agree with the record", () => {
  /** The page without what differs from visit to visit, and without what was typed. */
  async function refusal(page: Page, language: Language, typed: Known["typed"]) {
    await page.context().clearCookies();
    await send(page, language, "begin", { kind: "typographic_error" });
    await save(page, language, "who", { requester: "applicant" });
    expect(await save(page, language, "case", typed)).toBe(path(language, "/e-request/case"));
    const response = await page.request.get(path(language, "/e-request/case"));
    const headers = response.headersArray().filter(({ name }) => !/^(date|x-request-id|set-cookie|content-security-policy)$/i.test(name));
    const cookies = response.headersArray().filter(({ name }) => /^set-cookie$/i.test(name));
    const body = (await response.text())
      .replaceAll(typed.receipt_number!, "NUMBER")
      .replace(/nonce="[^"]*"/g, "nonce")
      .replace(/(name="csrf" (?:value|content))="[^"]*"/g, "$1");
    return { status: response.status(), headers, body, cookies: cookies.map(({ value }) => value.length) };
  }

  for (const language of LANGUAGES) {
    test(`in ${language.name} a slip, a number that nobody has and a hidden case get one answer`, { tag: "@once" }, async ({ page }) => {
      const hidden = wellKnown(HIDDEN[0]!);
      const own = newCase({ events: [receipt(100)] });
      const of = (number: string) => ({ ...hidden.typed, receipt_number: number });
      const answers = [];
      for (const number of [hidden.number, UNKNOWN, own.number]) answers.push(await refusal(page, language, of(number)));
      expect(answers[0]!.body).toContain(language.text.e_request.refused_title);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
      for (const number of HIDDEN.slice(1)) {
        const other = await refusal(page, language, wellKnown(number).typed);
        expect(other.body, number).toContain(language.text.e_request.refused_title);
      }
    });

    test(`in ${language.name} is said without a word about which part, and nothing typed is lost`, async ({ page }) => {
      const { e_request, common, case_status } = language.text;
      const { known } = newForm("typographic_error");
      await choose(page, language, "typographic_error");
      await fill(page, { requester: "applicant" });
      await onward(page, language).click();
      for (const slip of [{ mailing_zip: "22151" }, { form: "I-90" }, { category: "C10" }, { filed_on: "2017-1-2" }]) {
        const typed = { ...known.typed, ...slip };
        await fill(page, typed);
        await onward(page, language).click();
        await expect(page).toHaveURL(path(language, "/e-request/case"));
        await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix} ${e_request.case_title} \\|`));
        const summary = page.getByRole("alert");
        await expect(summary).toBeFocused();
        await expect(summary).toHaveAccessibleName(case_status.problem);
        await expect(summary.getByRole("link")).toHaveText([e_request.refused]);
        await expect(page.getByRole("heading", { name: e_request.refused_title })).toBeVisible();
        await expect(page.locator("[aria-invalid]")).toHaveCount(0);
      }
      await fill(page, known.typed);
      await onward(page, language).click();
      await expect(heading(page)).toHaveText(e_request.answer_title);
    });
  }

  test("is not tried for ever: after ten tries in a day even the right answer waits", async ({ page, watch }) => {
    watch.allow(/status of 429/);
    const { known } = newForm("typographic_error");
    await send(page, english, "begin", { kind: "typographic_error" });
    await save(page, english, "who", { requester: "applicant" });
    for (let zip = 10; zip < 20; zip++) {
      expect(await save(page, english, "case", { ...known.typed, mailing_zip: `300${zip}` })).toBe("/e-request/case");
    }
    await page.goto("/e-request/case");
    await fill(page, known.typed);
    await onward(page, english).click();
    await expect(heading(page)).toHaveText(english.text.e_request.slow_title);
    await expect(page.getByText(/You can try again in about/)).toBeVisible();
    expect(new URL(page.url()).search).toMatch(/^\?outcome=slow&wait=\d+$/);
  });
});

test("a case that becomes hidden stops answering: in the form, and where its request is shown", async ({ page }) => {
  const { e_request } = english.text;
  const form = newForm("typographic_error");
  await come(page, english, form, "");
  await page.goto("/e-request/sent");
  const number = await numberOf(page);
  await page.context().clearCookies();
  await come(page, english, newForm("beneficiary_change", { known: form.known }), "check");
  hide(form.known);
  for (const step of ["answer", "issue", "check"]) {
    await page.goto(`/e-request/${step}`);
    await expect(page).toHaveURL("/e-request/case");
  }
  expect(await send(page, english, "send", {})).toBe("/e-request/case");
  await onward(page, english).click();
  await expect(page.getByRole("heading", { name: e_request.refused_title })).toBeVisible();
  await lookFor(page, english, number, { zip: "22150" });
  await expect(page.getByRole("alert").getByRole("link")).toHaveText([e_request.not_recognised]);
});
