import type { Page } from "@playwright/test";
import { type Known, PERSON, type Typed, come, newForm, save, send, wellKnown } from "./e-request";
import { ANSWERED, ANSWERED_IN_PART } from "./answers";
import { APPOINTMENT, type Language, type State } from "./portal";

const REPRESENTED = { who: { requester: "representative" }, person: { ...PERSON, representative_name: "Luz Abogada" } };
const LONG = "Prueba".repeat(30);

/** A page of the form, after the session has come to it; with `typed`, as it comes back when that was sent. */
function step(name: string, kind: string, at: string, typed?: Typed): State {
  const prepare = async (page: Page, language: Language) => {
    await come(page, language, newForm(kind, REPRESENTED), at);
    if (typed) await save(page, language, at, typed);
  };
  return { name, page: `/e-request/${at}`, prepare };
}

/** The answer about a well-known case, or another one. */
function answer(name: string, kind: string, known: () => Known): State {
  const prepare = (page: Page, language: Language) => come(page, language, newForm(kind, { known: known() }), "answer");
  return { name, page: "/e-request/answer", prepare };
}

async function sent(page: Page, language: Language) {
  const form = newForm("card_not_received");
  await come(page, language, form, "");
  return form;
}

/** A request that was sent, and is shown again. */
async function shown(page: Page, language: Language) {
  await sent(page, language);
  const confirmation = await (await page.request.get(language.tag === "en" ? "/e-request/sent" : "/es/e-request/sent")).text();
  const number = /SR\d\d-[\w-]+/.exec(confirmation)![0];
  await send(page, language, "find", { number, zip: "22150" });
}

const WRONG_CASE = { receipt_number: LONG, category: "( )", filed_on: "1990-2-30", mailing_zip: "1" };

/** What the pages of e-Request can show. */
export const E_REQUEST: State[] = [
  { name: "the first page of e-Request", page: "/e-request" },
  { name: "the first page of e-Request with nothing chosen", page: "/e-request?choose" },
  {
    name: "the first page of e-Request with a form that was begun",
    page: "/e-request",
    prepare: (page, language) => come(page, language, newForm("typographic_error"), "issue"),
  },
  step("the question who asks, with mistakes", "typographic_error", "who", {}),
  step("the questions about the case, with mistakes", "typographic_error", "case", WRONG_CASE),
  {
    name: "a case that does not agree",
    page: "/e-request/case",
    prepare: async (page, language) => {
      const form = newForm("typographic_error");
      await come(page, language, form, "case");
      await save(page, language, "case", { ...form.known.typed, mailing_zip: "00000" });
    },
  },
  answer("an answer that it is too early", "outside_normal_time", () => wellKnown(APPOINTMENT)),
  answer("an answer that nothing is granted", "card_not_received", () => wellKnown(APPOINTMENT)),
  {
    name: "an answer that a request is open",
    page: "/e-request/answer",
    prepare: async (page, language) => {
      const { known } = await sent(page, language);
      await page.context().clearCookies();
      await come(page, language, newForm("card_not_received", { known }), "answer");
    },
  },
  step("the questions about a mistake in print", "typographic_error", "issue"),
  step("the questions about a mistake in print, with mistakes", "typographic_error", "issue", { printed_text: LONG }),
  step("the questions about an appointment", "accommodation", "issue"),
  step("the page for files", "typographic_error", "documents"),
  step("the questions about the person, with mistakes", "typographic_error", "person", { family_name: LONG, birth_date: "--" }),
  step("the answers before they are sent", "beneficiary_change", "check"),
  { name: "the page to keep a form", page: "/e-request/later?email", prepare: step("", "typographic_error", "check").prepare },
  { name: "the page to go on with a form", page: "/e-request/resume?link=abc&wrong" },
  { name: "the confirmation", page: "/e-request/sent", prepare: async (page, language) => void (await sent(page, language)) },
  {
    name: "the question what became of a request, with mistakes",
    page: "/e-request/status",
    prepare: async (page, language) => {
      await send(page, language, "find", { number: LONG.slice(0, 40), zip: "1", month: "2", day: "30", year: "1990" });
    },
  },
  { name: "a request", page: "/e-request/status/request", prepare: shown },
  {
    name: "a request that was answered",
    page: "/e-request/status/request",
    prepare: async (page, language) => void (await send(page, language, "find", { number: ANSWERED[language.tag], zip: "22150" })),
  },
  {
    name: "a request that was answered in part, with a mistake",
    page: "/e-request/status/request?why=1",
    prepare: async (page, language) => void (await send(page, language, "find", { number: ANSWERED_IN_PART, zip: "22150" })),
  },
  {
    name: "a request to which something was added",
    page: "/e-request/status/request?added",
    prepare: async (page, language) => {
      await shown(page, language);
      await send(page, language, "add", { information: "Otra cosa" });
    },
  },
];

/** Those that anybody can open. */
export const E_REQUEST_PAGES = E_REQUEST.filter(({ prepare }) => !prepare);
