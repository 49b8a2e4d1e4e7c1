import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import en from "../../app/locales/en.json";
import es from "../../app/locales/es.json";
import { hydrated, scripted } from "./fixtures";

export type Language = { tag: "en" | "es"; name: string; text: typeof en };

const ENGLISH: Language = { tag: "en", name: "English", text: en };
const SPANISH: Language = { tag: "es", name: "Spanish", text: es };
export const LANGUAGES = [ENGLISH, SPANISH];

export const other = (language: Language) => (language === ENGLISH ? SPANISH : ENGLISH);

/** The address of a page in a language. */
export function path(language: Language, page: string) {
  if (language.tag === "en") return page;
  return page === "/" ? "/es" : `/es${page}`;
}

/** A case of the demo that waits for evidence: it has a next step with a day to call and a history of four entries. */
export const EVIDENCE = {
  number: "SRC9999132710",
  typed: "src-9999-132710",
  form: "I-485",
  title: { en: "Request for Additional Evidence Was Sent", es: "Le enviamos una solicitud de más pruebas" },
  first: { en: "Case Was Received", es: "Su caso fue recibido" },
};
/** One that was approved. */
export const APPROVED = {
  number: "EAC9999103403",
  title: { en: "Case Was Approved", es: "Su caso fue aprobado" },
};
/** One whose card came back: the person has to call by a day. */
export const RETURNED = {
  number: "EAC9999103416",
  title: { en: "Card Was Returned To USCIS", es: "Su tarjeta fue devuelta a USCIS" },
};
/** One with a long history, and a tracking number without a place where a line could break. */
const MAILED = "LIN9999106498";
/** One whose appointment is still to come. */
export const APPOINTMENT = "SRC9999102777";
/** A number that nobody has. */
export const UNKNOWN = "EAC9999700777";
/** Cases of the demo that the public must not see. */
export const HIDDEN = hidden();

function hidden() {
  const source = readFileSync(join(__dirname, "../../server/src/seed/hidden.rs"), "utf8");
  return /HIDDEN: &\[&str\] =\s*&\[([^\]]+)\]/.exec(source)?.[1]?.match(/[A-Z]{3}\d{10}/g) ?? [];
}

export const field = (page: Page, { text }: Language) => page.getByRole("textbox", { name: text.case_status.label });

/** Where the reader is led to after a look-up: the answer's heading, or the box that says what is wrong. */
export const result = (page: Page) => page.locator("[data-result]");

/** Opens the page with the form, and waits until the form is as good as it gets. */
export async function open(page: Page, language: Language) {
  await page.goto(path(language, "/case-status"));
  await hydrated(page);
}

/** Fills in the form and sends it. */
export async function ask(page: Page, language: Language, typed: string) {
  await field(page, language).fill(typed);
  await page.getByRole("button", { name: language.text.case_status.button }).click();
}

/** Looks up a number from a fresh form: an answer that was kept could pass for the new one. */
export async function lookUp(page: Page, language: Language, typed: string) {
  await page.context().clearCookies();
  await open(page, language);
  await ask(page, language, typed);
  await expect(result(page)).toBeVisible();
  // It comes a frame after the answer, and would take the focus from wherever a test has put it.
  if (scripted()) await expect(result(page)).toBeFocused();
}

/** Asks once more than the strict server allows. Another test may have asked before. */
export async function askTooOften(page: Page, language: Language) {
  await lookUp(page, language, APPROVED.number);
  const slowDown = page.getByRole("heading", { name: language.text.case_status.slow_title });
  if (!(await slowDown.isVisible())) await ask(page, language, UNKNOWN);
  await expect(slowDown).toBeVisible();
}

/** A page, or one of the things that a page can show. */
export type State = {
  name: string;
  page: string;
  typed?: string;
  tooOften?: boolean;
  status?: number;
  /** What the session does before the page is opened; gives the page's query, where chance makes it. */
  prepare?: (page: Page, language: Language) => Promise<string | void>;
};

export const PAGES: State[] = [
  { name: "the front page", page: "/" },
  { name: "the form", page: "/case-status" },
  { name: "the page for lost numbers", page: "/lost-receipt-number" },
  {
    name: "the list on the device, before its scripts",
    page: "/watch-list",
    // They never come; otherwise they would come at any moment of a test.
    prepare: async (page) => {
      await page.route("**/*.wasm", () => {});
    },
  },
  { name: "the list of forms", page: "/processing-times" },
  { name: "the choice of a category", page: "/processing-times?form=I-130" },
  { name: "the choice of an office", page: "/processing-times?form=I-130&category=SPOUSE" },
  { name: "a processing time", page: "/processing-times?form=I-90" },
  { name: "a case inside the normal time", page: "/processing-times?form=I-130&category=SIBLING&year=2025&month=1&day=31" },
  { name: "a case outside the normal time", page: "/processing-times?form=I-90&year=2020&month=2&day=29" },
  { name: "a day that is none", page: "/processing-times?form=other&year=2025&month=2&day=30" },
  { name: "the page about one's own case", page: "/processing-times/your-case" },
  { name: "the form to follow a case", page: "/follow" },
  { name: "what becomes of a request to follow", page: "/follow/done?outcome=sent" },
  { name: "the page to confirm", page: "/follow/confirm?link=abc" },
  { name: "the page to stop messages", page: "/follow/stop?link=abc" },
  { name: "a link that is broken", page: "/follow/stop" },
  { name: "the service report", page: "/service-report" },
  { name: "a service report that is none", page: "/service-report?month=1999-01" },
  { name: "the page about one's records", page: "/redress" },
  { name: "the privacy page", page: "/privacy" },
  { name: "the accessibility statement", page: "/accessibility" },
  { name: "the page for programmers", page: "/api" },
  { name: "the page for wrong addresses", page: "/nowhere", status: 404 },
  { name: "the beginning of a change of address", page: "/change-of-address" },
  { name: "the question for a change of address", page: "/change-of-address/status" },
  { name: "the code of a change of address", page: "/change-of-address/code?link=none" },
  { name: "a wrong code", page: "/change-of-address/code?link=none&wrong" },
  { name: "a link that is over", page: "/change-of-address/not-me?link=none" },
  { name: "a change that was taken back", page: "/change-of-address/done?outcome=reversed" },
];

export const ANSWERS: State[] = [
  { name: "an empty question", page: "/case-status", typed: "" },
  { name: "a malformed number", page: "/case-status", typed: "12345" },
  { name: "an unknown number", page: "/case-status", typed: UNKNOWN },
  { name: "an answer", page: "/case-status", typed: MAILED },
  { name: "an answer with an appointment", page: "/case-status", typed: APPOINTMENT },
];

const SLOW_DOWN: State = { name: "the plea to slow down", page: "/case-status", tooOften: true };

/** Every state, by the server that shows it. */
export const SERVERS: { url: string | undefined; states: State[] }[] = [
  { url: process.env.PORTICO_E2E_URL, states: [...PAGES, ...ANSWERS] },
  { url: process.env.PORTICO_E2E_STRICT, states: [SLOW_DOWN] },
  {
    url: process.env.PORTICO_E2E_CLOSED,
    states: [{ name: "the page of a closed service", page: "/case-status", status: 503 }],
  },
  {
    url: process.env.PORTICO_E2E_OUTAGE,
    states: [
      { name: "a page with a banner", page: "/" },
      { name: "the page of a service that sends no mail", page: "/follow" },
    ],
  },
];

/** Brings a state about. */
export async function reach(page: Page, language: Language, state: State) {
  if (state.tooOften) return askTooOften(page, language);
  if (state.typed !== undefined) return lookUp(page, language, state.typed);
  const query = (await state.prepare?.(page, language)) ?? "";
  const response = await page.goto(path(language, state.page) + query);
  expect(page.url(), "the page itself").toContain(path(language, state.page));
  expect(response?.status(), "status of the page").toBe(state.status ?? 200);
}

/** What must not be found anywhere outside the page: a receipt number, however it was typed. */
export function betrays(text: string, number: string) {
  let plain = text;
  try {
    plain = decodeURIComponent(text);
  } catch {
    // Not an address: the text as it is.
  }
  return plain
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .includes(number);
}

/** What the server under test has logged so far. */
export const log = () => readFileSync(process.env.PORTICO_E2E_LOG ?? "", "utf8");

/** What reaches over the page's edges, or is cut off inside it. */
export function overflowing(page: Page) {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const found: string[] = [];
    if (document.documentElement.scrollWidth > edge)
      found.push(`the page is ${document.documentElement.scrollWidth} wide of ${edge}`);
    for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
      // What is kept for screen readers, and the link that waits above the page, are out of sight on purpose.
      if (element.closest(".visually-hidden, .usa-skipnav") || !element.checkVisibility()) continue;
      // Tables of data scroll in a region of their own, which the keyboard reaches: WCAG 1.4.10 leaves them that.
      if (element.closest(".console-scroll[role=region][tabindex='0']")) continue;
      const box = element.getBoundingClientRect();
      const name = `${element.outerHTML.slice(0, 90)} at ${Math.round(box.left)} to ${Math.round(box.right)} of ${edge}`;
      if (box.width > 0 && (box.right > edge + 0.5 || box.left < -0.5)) found.push(name);
      const style = getComputedStyle(element);
      const cuts = style.overflowX !== "visible" || style.overflowY !== "visible" || element instanceof HTMLButtonElement;
      const isTooSmall = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      if (cuts && !(element instanceof HTMLInputElement) && isTooSmall) found.push(`cut off: ${name}`);
    }
    const fields = [...document.body.querySelectorAll<HTMLElement>("input:not([type=hidden]), select, textarea, button")];
    const shown = fields.filter((field) => field.checkVisibility() && !field.closest(".visually-hidden"));
    const boxes = shown.map((field) => ({ field, box: field.getBoundingClientRect() }));
    for (const [at, { field, box }] of boxes.entries()) {
      const covers = ({ box: later }: { box: DOMRect }) =>
        box.left < later.right - 1 && later.left < box.right - 1 && box.top < later.bottom - 1 && later.top < box.bottom - 1;
      const covered = boxes.slice(at + 1).find(covers);
      if (covered) found.push(`${field.outerHTML.slice(0, 90)} lies over ${covered.field.outerHTML.slice(0, 90)}`);
    }
    return found;
  });
}
