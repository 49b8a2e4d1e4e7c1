import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { axe, expect, hydrated, test } from "./fixtures";
import { link, mail, mails } from "./mailbox";
import { HIDDEN, LANGUAGES, type Language, UNKNOWN, log, overflowing, path } from "./portal";

/** A person of the demo's feed with an address of e-mail on file. */
type Person = { number: string; family: string; given?: string; born: [string, string, string]; zip: string; email: string };

/** A case that no other test looks at, for each project and each turn another one. */
function ownPerson(turn: number): Person {
  const lines = readFileSync(process.env.PORTICO_E2E_FEED ?? "", "utf8").trim().split("\n");
  const newest = new Map(lines.map((text) => JSON.parse(text)).map((line) => [line.receipt_number, line]));
  const people = [...newest.values()].filter(
    ({ receipt_number, protection_markers, form, applicant, mailing_address }) =>
      !/^[A-Z]{3}9999/.test(receipt_number) &&
      !protection_markers?.length &&
      form === "I-485" &&
      applicant?.birth_date &&
      mailing_address?.country === "USA",
  );
  const info = test.info();
  const line = people[turn + 10 * info.config.projects.findIndex(({ name }) => name === info.project.name)];
  expect(line, "a case for this test").toBeDefined();
  const email = `old+${info.project.name}.${turn}.${info.testId}@example.org`.toLowerCase();
  // The case system has an address of e-mail for them.
  const at = new Date().toISOString().replace(/\.\d+/, "");
  const event = {
    ...line,
    event_id: `e2e-coa-${line.receipt_number}`,
    applicant: { ...line.applicant, email },
    action: { code: "IAA", at },
  };
  execFileSync(process.env.PORTICO_E2E_PORTICO ?? "", ["import", "cases", "-"], { input: `${JSON.stringify(event)}\n` });
  const [year, month, day] = line.applicant.birth_date.split("-");
  return {
    number: line.receipt_number,
    family: line.applicant.name.family,
    given: line.applicant.name.given,
    born: [String(Number(month)), String(Number(day)), year],
    zip: line.mailing_address.postal_code,
    email,
  };
}

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

async function next(page: Page, { text }: Language) {
  await page.getByRole("button", { name: text.e_request.next, exact: true }).click();
}

async function day(page: Page, { text }: Language, [month, day, year]: [string, string, string]) {
  await page.getByRole("combobox", { name: text.processing_time.month }).selectOption(month);
  await box(page, text.processing_time.day).fill(day);
  await box(page, text.processing_time.year).fill(year);
}

async function begin(page: Page, language: Language) {
  const { change } = language.text;
  await page.goto(path(language, "/"));
  await page.getByRole("link", { name: change.home_link }).click();
  await expect(heading(page)).toHaveText(change.title);
  await expect(page.getByText(language.text.notice.purpose_change), "the Privacy Act statement is read first").toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: change.begin }).click();
  await expect(heading(page)).toHaveText(change.person_title);
}

async function person(page: Page, language: Language, { family, given, born }: Person) {
  const { change } = language.text;
  await page.getByText(change.filer_self, { exact: true }).click();
  await box(page, change.family_label).fill(family);
  if (given) await box(page, change.given_label).fill(given);
  else await page.getByText(change.only_one_name).click();
  await day(page, language, born);
  await next(page, language);
}

/** The day before yesterday: the ten days run. */
function lately(): [string, string, string] {
  const moved = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  return [String(moved.getMonth() + 1), String(moved.getDate()), String(moved.getFullYear())];
}

/** Up to the page of the cases. */
async function upToCases(page: Page, language: Language, who: Person) {
  const { change } = language.text;
  await begin(page, language);
  await person(page, language, who);
  await expect(heading(page)).toHaveText(change.move_title);
  await day(page, language, lately());
  await next(page, language);
  await expect(heading(page)).toHaveText(change.new_title);
  await expect(page.locator(".portico-rule"), "the ten days, worked out").toBeVisible();
  await box(page, change.street_label).fill("2 Teacup Court");
  await box(page, change.city_label).fill("Springfield");
  await box(page, change.state_label).fill("VA");
  await box(page, change.zip_label).fill("22150");
  await next(page, language);
  await expect(page.getByText("2 TEACUP CT")).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: change.use_this }).click();
  await expect(heading(page)).toHaveText(change.old_title);
  await next(page, language);
  await expect(heading(page)).toHaveText(change.mailing_title);
  await next(page, language);
  await expect(heading(page)).toHaveText(change.cases_title);
}

async function list(page: Page, { text }: Language, number: string, zip: string) {
  await box(page, text.follow.number_label).first().fill(number);
  await box(page, text.change.case_zip_label).first().fill(zip);
}

for (const [turn, language] of LANGUAGES.entries()) {
  const { change, common } = language.text;

  test.describe(`in ${language.name}`, () => {
    test("a person reports a move, proves it by a code, and the old contact takes it back", async ({ page, browser }) => {
      const who = ownPerson(turn);
      const email = who.email.replace(/^old/, "new");
      await upToCases(page, language, who);
      await list(page, language, who.number, who.zip);
      await next(page, language);
      await expect(heading(page)).toHaveText(change.contact_title);
      await box(page, `${change.email_label} ${language.text.e_request.optional}`).fill(email);
      await next(page, language);
      await expect(heading(page)).toHaveText(change.check_title);
      await expect(page.getByText("2 TEACUP CT")).toBeVisible();
      await axe(page);
      expect(await overflowing(page)).toEqual([]);
      await box(page, change.signature_label).fill(`${who.given ?? ""} ${who.family}`);
      await page.getByText(change.certified_label).click();
      await page.getByRole("button", { name: change.send }).click();
      await expect(heading(page)).toHaveText(change.receipt_title);
      await expect(page.getByText(change.case_held)).toBeVisible();
      await axe(page);
      const report = (await page.locator(".portico-request-number").textContent()) ?? "";

      const message = await mail(who.email, 1);
      expect(message.subject).toBe(change.mail_code_subject);
      for (const secret of ["TEACUP", "Teacup", who.number, who.family])
        expect(message.text + message.html, "no address, no name, no number").not.toContain(secret);
      const code = /\b\d{8}\b/.exec(message.text)?.[0] ?? "";
      // From the message's own page, on another device.
      const elsewhere = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      await elsewhere.goto(new URL(link(message, path(language, "/change-of-address/code")), page.url()).href);
      await elsewhere.getByRole("textbox", { name: change.code_label }).fill(code === "00000000" ? "00000001" : "00000000");
      await elsewhere.getByRole("button", { name: change.code_button }).click();
      await expect(elsewhere).toHaveTitle(new RegExp(`^${common.error_prefix}`));
      await elsewhere.context().close();
      await page.getByRole("textbox", { name: change.code_label }).fill(code);
      await page.getByRole("button", { name: change.code_button }).click();
      await expect(page.getByRole("heading", { name: change.proven_title })).toBeVisible();

      const notice = await mail(who.email, 2);
      expect(notice.subject).toBe(change.mail_changed_subject);
      await page.context().clearCookies();
      await page.goto(path(language, "/change-of-address/status"));
      await box(page, change.receipt_number).fill(report.toLowerCase());
      await day(page, language, who.born);
      await page.getByRole("button", { name: change.status_button }).click();
      await expect(page.getByText(change.case_updated)).toBeVisible();

      await page.goto(link(notice, path(language, "/change-of-address/not-me")));
      await expect(heading(page)).toHaveText(change.not_me_title);
      await axe(page);
      await page.getByRole("button", { name: change.not_me_button }).click();
      await expect(heading(page)).toHaveText(change.reversed_done_title);
      await mail(who.email, 3);
      // The link in the mail to the new contact asks for the date of birth only.
      await expect.poll(() => mails(email).length).toBeGreaterThanOrEqual(2);
      const news = mails(email)[0]!;
      await page.goto(link(news, path(language, "/change-of-address/status")));
      await day(page, language, who.born);
      await page.getByRole("button", { name: change.status_button }).click();
      await expect(page.getByText(change.case_reversed)).toBeVisible();
      for (const secret of [who.number, "example.org", "TEACUP", "Teacup"]) expect(log()).not.toContain(secret);
    });

    test("a number that nobody has, a hidden one and a slip get the same page, and the same safe way", async ({ page }) => {
      const who = ownPerson(turn + 2);
      await upToCases(page, language, who);
      const seen: string[] = [];
      for (const [number, zip] of [
        [UNKNOWN, who.zip],
        [HIDDEN[0]!, who.zip],
        [who.number, who.zip === "12345" ? "12346" : "12345"],
      ] as const) {
        await list(page, language, number, zip);
        await next(page, language);
        await expect(page.getByRole("heading", { name: change.cases_refused_title })).toBeVisible();
        await expect(page.getByText(change.cases_refused_way)).toBeVisible();
        await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix}`));
        await expect(page.locator(".portico-error-summary")).toBeFocused();
        await axe(page);
        const main = (await page.locator("main").innerText()).replaceAll(number, "");
        seen.push(main);
      }
      expect(new Set(seen).size, "not a word differs").toBe(1);
      await page.getByRole("button", { name: change.anyway }).click();
      await expect(heading(page)).toHaveText(change.contact_title);
    });

    test("a slip is told as soon as the field is left, and goes when it is mended", { tag: "@script" }, async ({ page }) => {
      await begin(page, language);
      await hydrated(page);
      const number = page.locator("#a_number");
      const error = page.locator("#a_number-error");
      await number.fill("12");
      await expect(error, "nobody is interrupted").toHaveCount(0);
      await box(page, change.family_label).focus();
      await expect(error).toContainText(change.a_number_wrong);
      await expect(number).toHaveAttribute("aria-invalid", "true");
      await expect(number).toHaveAttribute("aria-describedby", /a_number-error/);
      await axe(page);
      await number.fill("A200000001");
      await expect(error).toHaveCount(0);
      await expect(page.locator("#family_name-error"), "what is missing is told when the page is sent").toHaveCount(0);
      await page.locator("#birth_month").selectOption("2");
      await page.locator("#birth_day").fill("30");
      await page.locator("#birth_year").fill("1990");
      await expect(page.locator("#birth-error"), "who goes on to the year has not left the date").toHaveCount(0);
      await box(page, change.family_label).focus();
      await expect(page.locator("#birth-error")).toContainText(change.birth_missing);
    });

    test("mistakes are named, and nothing has to be typed again", async ({ page }) => {
      await begin(page, language);
      await box(page, change.family_label).fill("Ejemplo");
      await next(page, language);
      await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix}`));
      const summary = page.locator(".portico-error-summary");
      await expect(summary).toBeFocused();
      for (const words of [change.filer_missing, change.given_missing, change.birth_missing])
        await expect(summary.getByRole("link", { name: words })).toBeVisible();
      await expect(box(page, change.family_label)).toHaveValue("Ejemplo");
      await axe(page);
      await page.setViewportSize({ width: 320, height: 800 });
      expect(await overflowing(page)).toEqual([]);
      await page.goto(path(language, "/change-of-address/check"));
      await expect(heading(page), "nobody comes past a page").toHaveText(change.person_title);
    });
  });
}
