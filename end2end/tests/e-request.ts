import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { type Language, path } from "./portal";

/** Words of the form's fields and kinds, as the program reads them: `field.email.wrong`, `kind.accommodation.title`. */
const WORDS = catalogue(readFileSync(join(__dirname, "../../server/domain/reference/e_request.toml"), "utf8"));

function catalogue(text: string) {
  const words = new Map<string, string>();
  let [section, field] = ["", ""];
  for (const line of text.split("\n")) {
    const [, table, row] = /^\[([\w.]+)\]|^\[\[(\w+)\]\]/.exec(line) ?? [];
    if (table || row) section = table ?? `${row}.`;
    const [, choice, english, spanish] = /^(\w+) = \{ en = "(.*)", es = "(.*)" \}$/.exec(line) ?? [];
    if (choice) words.set(`${section}.${choice}.en`, english!).set(`${section}.${choice}.es`, spanish!);
    const [, name, value] = /^([\w.]+) = "(.*)"$/.exec(line) ?? [];
    if (!section || !name) continue;
    // Rows go by the kind that they name, and other words of a field by the field as well.
    if (name === "field") field = value!;
    else if (name === "kind") section += section === "wording." ? `${value}.${field}` : value;
    else words.set(`${section}.${name}`, value!);
  }
  return words;
}

/** What the catalogue says in a language. */
export function word({ tag }: Language, name: string) {
  const found = WORDS.get(`${name}.${tag}`);
  expect(found, `words for ${name}`).toBeDefined();
  return found!;
}

/** What is said of a field's mistake in a form of this kind. */
export function mistake(language: Language, kind: string, field: string, problem: string) {
  const own = `wording.${kind}.${field}.${problem}`;
  return word(language, WORDS.has(`${own}.${language.tag}`) ? own : `field.${field}.${problem}`);
}

/** The whole journey in English wherever scripts or a telephone could make a difference; in Spanish what the server sends. */
export const tagged = ({ tag }: Language) => ({ tag: tag === "en" ? [] : ["@no-script"] });

/** What is typed, by field: of a day `2026-1-31`, of a choice its word. */
export type Typed = Record<string, string>;

/** What a record says of a case, and what somebody copies from the receipt notice. */
export type Known = { number: string; typed: Typed; received: string; line: Line };

/** Something that happened to a case so many days ago. */
export type Happening = { code: string; days: number; parameters?: Record<string, unknown> };

/** A form, who filed it if it matters, and what happened to its case, the oldest first. */
export type Story = { form?: string; category?: string; office?: string; person?: Record<string, string>; events: Happening[] };

const DAY = 24 * 60 * 60 * 1000;
/** The day on the agency's clock. */
export const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(new Date());
export const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString().slice(0, 10);
export const later = (iso: string, days: number) => new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);
export const long = ({ tag }: Language, iso: string) =>
  new Intl.DateTimeFormat(tag, { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));

let made = 0;
/** Servers that are tested again and again know the cases of former runs. */
const run = [1, 26, 676].map((place) => String.fromCharCode(65 + (Math.floor(Date.now() / 1000 / place) % 26))).join("");

/** Puts a case into the demo that is this test's alone: numbers follow from the run's start, the worker and the turn. */
export function newCase({ form = "I-765", category = form === "I-765" ? "C09" : undefined, office = "NBC", person: known, events }: Story): Known {
  const serial = 1000 * test.info().workerIndex + made++;
  const number = `${run}9999${String(serial).padStart(6, "0")}`;
  const filed = daysAgo(events[0]!.days + 2);
  const received = daysAgo(events[0]!.days);
  const name = { family: "Ejemplo", given: "Ana" };
  const person = { name, birth_date: "1990-02-03", birth_country: "GTM", language: "es", ...known };
  const lines = events.map(({ code, days, parameters }, at) => ({
    event_id: `e2e-${number}-${at}`,
    receipt_number: number,
    form,
    category,
    filed_on: filed,
    received_on: received,
    office,
    applicant: person,
    mailing_address: { street: "1 Example Street", city: "Springfield", state: "VA", postal_code: "22150", country: "USA" },
    action: { code, at: `${daysAgo(days)}T16:00:00Z`, parameters },
  }));
  importCases(lines);
  return knownOf(lines[0]!);
}

/** A well-known case of the demo. */
export function wellKnown(number: string): Known {
  const lines = readFileSync(process.env.PORTICO_E2E_FEED ?? "", "utf8").split("\n");
  const line = lines.find((text) => text.includes(`"receipt_number":"${number}"`));
  expect(line, `${number} in the demo`).toBeDefined();
  return knownOf(JSON.parse(line!));
}

type Line = {
  receipt_number: string;
  form: string;
  category?: string;
  filed_on: string;
  received_on: string;
  mailing_address: { postal_code: string };
};

function knownOf(line: Line): Known {
  const { receipt_number, form, category = "", mailing_address } = line;
  const mailing_zip = mailing_address.postal_code.slice(0, 5);
  const typed = { receipt_number, form, category, filed_on: plain(line.filed_on), mailing_zip };
  return { number: receipt_number, typed, received: line.received_on, line };
}

/** From now on the public must not see a case any more. */
export function hide({ line }: Known) {
  const action = { code: "FF1", at: new Date().toISOString().replace(/\.\d+/, "") };
  const event = {
    ...line,
    event_id: `e2e-${line.receipt_number}-hide`,
    action,
    protection_markers: [{ class_of_admission: "T1" }],
  };
  importCases([event]);
}

function importCases(lines: unknown[]) {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const said = execFileSync(process.env.PORTICO_E2E_PORTICO ?? "", ["import", "cases", "-"], { input, stdio: "pipe" });
  expect(String(said), "what was imported").toContain(`${lines.length} events added`);
}

/** A day as people type it: without zeros in front. */
const plain = (iso: string) => iso.split("-").map(Number).join("-");

/** How long ago a case came in that waits longer than any published time. */
const LONG_AGO = [{ code: "IAA", days: 3000, parameters: { notice: "receipt" } }];

/** A kind of request: a case about which it may be made, what its pages ask, and in how many days it is answered. */
export type Kind = { key: string; story: Story; issue: Typed; needed: string[]; takesFiles: boolean; days: number };

/** The kinds of requests, as somebody fills in their pages. `needed`: what the page of the issue cannot do without. */
export const KINDS: Kind[] = [
  { key: "outside_normal_time", story: { events: LONG_AGO }, issue: {}, needed: [], takesFiles: false, days: 30 },
  {
    key: "notice_not_received",
    story: { events: LONG_AGO },
    issue: { notice: "receipt", address_is_current: "yes" },
    needed: ["notice", "address_is_current"],
    takesFiles: false,
    days: 30,
  },
  {
    // Of Form I-130 nobody knows which card it is.
    key: "card_not_received",
    story: { form: "I-130", category: "SPOUSE", events: [...LONG_AGO, { code: "DA", days: 400 }] },
    issue: { card: "permanent_resident_card", address_is_current: "no" },
    needed: ["card", "address_is_current"],
    takesFiles: true,
    days: 7,
  },
  {
    key: "document_not_received",
    story: { form: "I-131", events: [...LONG_AGO, { code: "DA", days: 400 }] },
    issue: { document: "advance_parole", address_is_current: "yes", explanation: "No llegó a mi casa." },
    needed: ["document", "address_is_current"],
    takesFiles: true,
    days: 7,
  },
  {
    key: "typographic_error",
    story: { events: LONG_AGO },
    issue: { error_on: "notice", error_in: "name", printed_text: "Anna", correct_text: "Ana" },
    needed: ["error_on", "error_in", "printed_text", "correct_text"],
    takesFiles: true,
    days: 30,
  },
  {
    key: "accommodation",
    story: { form: "N-400", events: LONG_AGO },
    issue: { appointment_kind: "interview", accommodation_for: "applicant", accommodation: "sign_language" },
    needed: ["appointment_kind", "accommodation_for", "accommodation"],
    takesFiles: true,
    days: 7,
  },
  {
    key: "beneficiary_change",
    story: { form: "I-130", category: "SPOUSE", events: LONG_AGO },
    issue: { beneficiary_change: "name", explanation: "Before: Ana Prueba.\nNow: Ana Ejemplo, since May 2 2026." },
    needed: ["beneficiary_change", "explanation"],
    takesFiles: true,
    days: 30,
  },
];

export const kind = (key: string) => KINDS.find((kind) => kind.key === key)!;

/** Who asks. */
export const PERSON: Typed = { family_name: "Ejemplo", given_name: "Ana", birth_date: "1990-2-3" };
export const CONTACT: Typed = { telephone: "202-555-0143" };

/** A whole form, filled in. */
export type Form = { kind: string; known: Known; who: Typed; issue: Typed; person: Typed; contact: Typed };

/** A form of this kind about a case of its own. */
export function newForm(key: string, over: Partial<Form> = {}): Form {
  const { story, issue } = kind(key);
  const known = over.known ?? newCase(story);
  return { kind: key, known, who: { requester: "applicant" }, issue, person: PERSON, contact: CONTACT, ...over };
}

/** The pages of a form, in their order. */
export function steps({ key, takesFiles }: Kind) {
  return ["who", "case", "answer", "issue", ...(takesFiles ? ["documents"] : []), "person", "contact", "check"];
}

/** What is typed on a page. */
export function typedOn(form: Form, step: string): Typed {
  const { who, known, issue, person, contact } = form;
  return { who, case: known.typed, issue, person, contact }[step] ?? {};
}

/** The parts of a form's page as they are named in what is sent. */
function parts(typed: Typed) {
  return Object.entries(typed).flatMap(([field, text]): [string, string][] => {
    if (!["filed_on", "birth_date", "appointment_on"].includes(field)) return [[field, text]];
    const [year = "", month = "", day = ""] = text.split("-");
    return [
      [`${field}_month`, month],
      [`${field}_day`, day],
      [`${field}_year`, year],
    ];
  });
}

/** Fills in what the page at hand asks. */
export async function fill(page: Page, typed: Typed) {
  for (const [part, text] of parts(typed)) {
    const control = page.locator(`[name="typed[${part}]"]`);
    const type = await control.first().evaluate((element) => (element as HTMLInputElement).type);
    if (type === "radio") await page.locator(`#${part}_${text}`).check();
    else if (type === "select-one") await control.selectOption(text);
    else await control.fill(text);
  }
}

/** What stands in the page's fields: what was typed and is kept. */
export async function filled(page: Page, typed: Typed) {
  for (const [part, text] of parts(typed)) {
    const control = page.locator(`[name="typed[${part}]"]`);
    if ((await control.first().getAttribute("type")) !== "radio") await expect(control, part).toHaveValue(text);
    else if (text) await expect(page.locator(`#${part}_${text}`), part).toBeChecked();
  }
}

export const heading = (page: Page) => page.getByRole("heading", { level: 1 });

/** The way on from a page of the form. */
export function onward(page: Page, { text: { e_request } }: Language) {
  return page.getByRole("button", { name: new RegExp(`^(${e_request.next}|${e_request.ask_still}|${e_request.send})$`) });
}

/** Chooses what it is about on the first page. */
export async function choose(page: Page, language: Language, key: string) {
  await page.goto(path(language, "/e-request"));
  await page.getByRole("radio", { name: new RegExp(`^${word(language, `kind.${key}.title`)}`) }).check();
  await onward(page, language).click();
}

/** Walks from the first page to another one, as a person does. */
export async function walk(page: Page, language: Language, form: Form, until: string) {
  await choose(page, language, form.kind);
  for (const step of steps(kind(form.kind))) {
    await expect(page).toHaveURL(path(language, `/e-request/${step}`));
    if (step === until) return;
    await fill(page, typedOn(form, step));
    await onward(page, language).click();
  }
  await expect(page).toHaveURL(path(language, "/e-request/sent"));
}

/** The number on the confirmation. */
export async function numberOf(page: Page) {
  const number = await page.locator(".portico-request-number").innerText();
  expect(number).toMatch(/^SR\d\d-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]$/);
  return number;
}

/** What the page of the status asks. */
export const question = (page: Page) => ({
  number: page.locator("#number"),
  zip: page.locator("#zip"),
  month: page.locator("#month"),
  day: page.locator("#day"),
  year: page.locator("#year"),
});

/** Asks what became of a request. */
export async function lookFor(page: Page, language: Language, number: string, proof: { zip?: string; born?: string }) {
  await page.goto(path(language, "/e-request/status"));
  const fields = question(page);
  await fields.number.fill(number);
  await fields.zip.fill(proof.zip ?? "");
  const [year = "", month = "", day = ""] = (proof.born ?? "").split("-");
  await fields.month.selectOption(month);
  await fields.day.fill(day);
  await fields.year.fill(year);
  await page.getByRole("button", { name: language.text.e_request.status_button }).click();
}

/** Sends a form of the portal without showing its page, and says where it leads. For tests that are about what comes next. */
export async function send(page: Page, language: Language, endpoint: string, fields: Typed) {
  const asked = await page.request.get(path(language, "/e-request"));
  const csrf = /name="csrf" value="([^"]+)"/.exec(await asked.text())?.[1];
  expect(csrf, "the session's token").toBeDefined();
  const response = await page.request.post(`/_fn/e_request/${endpoint}`, {
    form: { csrf: csrf!, locale: language.tag, ...fields },
    headers: { accept: "text/html", "sec-fetch-site": "same-origin" },
    maxRedirects: 0,
  });
  expect(response.status(), await response.text()).toBe(303);
  return response.headers().location!;
}

/** Sends one page of the form. */
export function save(page: Page, language: Language, step: string, typed: Typed) {
  const fields = Object.fromEntries(parts(typed).map(([part, text]) => [`typed[${part}]`, text]));
  return send(page, language, "save", { step, ...fields });
}

/** The session comes to a page of the form as [`walk`] does, and faster. The page itself is not opened. */
export async function come(page: Page, language: Language, form: Form, until: string) {
  await send(page, language, "begin", { kind: form.kind });
  for (const step of steps(kind(form.kind))) {
    if (step === until) return;
    const next =
      step === "check" ? await send(page, language, "send", {}) : await save(page, language, step, typedOn(form, step));
    expect(next, `the way on from ${step}`).not.toBe(path(language, `/e-request/${step}`));
  }
}
