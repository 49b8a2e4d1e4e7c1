import { execFileSync } from "node:child_process";
import { expect, test, type Page } from "@playwright/test";
import { daysAgo, newCase } from "./e-request";
import { mail } from "./mailbox";
import { type Language, type State, path } from "./portal";

type Typed = Record<string, string>;
const LONG = "Prueba".repeat(50);

/** A day in the parts in which the form asks for it. */
function day(name: string, iso: string): Typed {
  const [year = "", month = "", day = ""] = iso.split("-").map((part) => part.replace(/^0/, ""));
  return { [`${name}_month`]: month, [`${name}_day`]: day, [`${name}_year`]: year };
}

function address(name: string, parts: Typed): Typed {
  return Object.fromEntries(Object.entries(parts).map(([part, text]) => [`${name}_${part}`, text]));
}

const HOME = { street: "2 TEACUP CT", city: "SPRINGFIELD", state: "VA", zip: "22151" };
const WRITTEN_OTHERWISE = { ...HOME, street: "2 Teacup Court", unit: "apartment 4" };
const ABROAD = { country: "GTM", street: "12 Calle Inventada 3-45, zona 1", city: "Quetzaltenango", zip: "09001" };

/** What is typed on each page, where nothing else is said. */
const FORM: Record<string, Typed> = {
  person: { filer: "self", family_name: "Ejemplo", given_name: "Ana", ...day("birth", "1990-02-03") },
  move: day("moved", daysAgo(2)),
  "new-address": address("new", HOME),
  "old-address": {},
  "mailing-address": {},
  cases: {},
  contact: {},
};
const STEPS = Object.keys(FORM);

/** Sends a form of these pages without showing any, and says where it leads. */
async function send(page: Page, language: Language, endpoint: string, fields: Typed) {
  const asked = await page.request.get(path(language, "/change-of-address"));
  const csrf = /name="csrf" value="([^"]+)"/.exec(await asked.text())?.[1];
  expect(csrf, "the session's token").toBeDefined();
  const response = await page.request.post(`/_fn/change_of_address/${endpoint}`, {
    form: { csrf: csrf!, locale: language.tag, ...fields },
    headers: { accept: "text/html", "sec-fetch-site": "same-origin" },
    maxRedirects: 0,
  });
  expect(response.status(), await response.text()).toBe(303);
  return response.headers().location!;
}

const typed = (fields: Typed) => Object.fromEntries(Object.entries(fields).map(([name, text]) => [`typed[${name}]`, text]));

function save(page: Page, language: Language, step: string, fields: Typed, wish = "go_on") {
  return send(page, language, "save", { step, wish, ...typed(fields) });
}

/** Comes to a page of the form, with other answers than the usual ones where some are given. */
async function come(page: Page, language: Language, until: string, over: Record<string, Typed> = {}) {
  await send(page, language, "begin", {});
  for (const step of STEPS) {
    if (step === until) return;
    const next = await save(page, language, step, over[step] ?? FORM[step]!);
    expect(next, `the way on from ${step}`).not.toBe(path(language, `/change-of-address/${step}`));
  }
}

/** A page of the form; with `fields`, as it comes back when they were sent. */
function step(name: string, at: string, fields?: Typed, over?: Record<string, Typed>): State {
  const prepare = async (page: Page, language: Language) => {
    await come(page, language, at, over);
    if (fields) expect(await save(page, language, at, fields)).toBe(path(language, `/change-of-address/${at}`));
  };
  return { name, page: `/change-of-address/${at}`, prepare };
}

let made = 0;
type Ana = { email: string; a_number: string };
/** Somebody with an address of e-mail on file that nobody else has. */
function newPerson(): Ana {
  const { workerIndex, project } = test.info();
  const turn = 1000 * (workerIndex % 100) + made++;
  return { email: `ana+${project.name}.${turn}@example.org`, a_number: `A2${String(turn).padStart(8, "0")}` };
}

const RECEIVED = { code: "IAA", days: 400 };
const MAILED = { code: "LDA", days: 3, parameters: { document: "employment_authorization_document", tracking_number: "9205599999999900000121" } };

const newCaseOf = (person: Typed, events = [RECEIVED]) => newCase({ person, events }).number;

/** A number that nobody has. Another one each time: tries are counted. */
const nobodys = () => `EAC99998${String(10 * made++ + test.info().workerIndex % 10).padStart(5, "0")}`;

const listed = (...numbers: string[]) =>
  Object.fromEntries(numbers.flatMap((number, at) => [[`number_${at}`, number], [`zip_${at}`, "22150"]]));

/** Lists cases, and goes on without those that are refused. */
async function list(page: Page, language: Language, numbers: string[]) {
  await come(page, language, "cases");
  await save(page, language, "cases", listed(...numbers));
  await save(page, language, "cases", listed(...numbers), "anyway");
}

async function sign(page: Page, language: Language, contact: Typed = {}) {
  await save(page, language, "contact", contact);
  const sent = await send(page, language, "send", typed({ signature: "Ana Ejemplo", certified: "yes" }));
  expect(sent, "the receipt").toBe(path(language, "/change-of-address/receipt"));
}

/** A report of these cases that was sent. */
async function report(page: Page, language: Language, numbers: string[], contact: Typed = {}) {
  await list(page, language, numbers);
  await sign(page, language, contact);
}

/** What the contact on file got: a code, the link that takes it, and the link to say no. */
async function codeFor(person: Ana) {
  const { text } = await mail(person.email, 1);
  const link = (page: string) => new RegExp(`/change-of-address/${page}\\?link=([\\w-]+)`).exec(text)?.[1] ?? "";
  return { code: /\b\d{8}\b/.exec(text)?.[0] ?? "", link: link("code"), deny: link("not-me") };
}

async function proven(page: Page, language: Language, person: Ana) {
  const { code, link, deny } = await codeFor(person);
  const sent = await send(page, language, "prove", { link, code });
  expect(sent, "the code is right").toBe(path(language, "/change-of-address/receipt?proven"));
  return deny;
}

/** The receipt of a report about a case of somebody who was sent a code, after something became of it. */
function receipt(name: string, then: (page: Page, language: Language, person: Ana) => Promise<unknown>, at = "receipt"): State {
  const prepare = async (page: Page, language: Language) => {
    const person = newPerson();
    await report(page, language, [newCaseOf(person)]);
    await then(page, language, person);
  };
  return { name, page: `/change-of-address/${at}`, prepare };
}

/** Waits until the line of a case says so. */
async function says(page: Page, language: Language, words: string) {
  const read = async () => (await page.request.get(path(language, "/change-of-address/receipt"))).text();
  await expect.poll(read, { message: "the receipt" }).toContain(words);
}

const way = async (page: Page, language: Language, endpoint: string, fields: Typed = {}) => {
  const shown = await (await page.request.get(path(language, "/change-of-address/receipt"))).text();
  const change = /name="change" value="([^"]+)"/.exec(shown)![1]!;
  await send(page, language, endpoint, { change, ...fields });
};

/** Nobody waits a day for it: the change is written as the job that ends overdue ones leaves it. */
async function runOut(page: Page, language: Language) {
  const shown = await (await page.request.get(path(language, "/change-of-address/receipt"))).text();
  const change = /name="change" value="([^"]+)"/.exec(shown)![1]!.replaceAll("-", "");
  const script = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1].removeprefix("sqlite:"), timeout=20)
id = bytes.fromhex(sys.argv[2])
database.execute("UPDATE address_change SET state = 'expired', until = NULL, proof = NULL, failures = 0 WHERE id = ?", (id,))
database.execute("UPDATE address_change_case SET state = 'could_not', hindrance = 'change_not_proven' WHERE change_id = ?", (id,))
database.commit()`;
  execFileSync("python3", ["-c", script, process.env.PORTICO_DATABASE_URL ?? "", change]);
}

const CHILD = { ...FORM.person!, filer: "parent", ...day("birth", `${new Date().getFullYear() - 9}-2-3`) };
const WRONG_PERSON = { family_name: LONG, ...day("birth", "2090-2-30"), a_number: "12", status: "other" };
const WRONG_HOME = { street: "PO Box 12", unit: LONG, city: "", state: "California", zip: "22151" };

/** What the pages of a change of address can show. Those that anybody can open stand among the portal's pages. */
export const CHANGE_OF_ADDRESS: State[] = [
  {
    name: "the beginning of a change of address that was begun",
    page: "/change-of-address",
    prepare: (page, language) => come(page, language, "move"),
  },
  step("the question who moved", "person"),
  step("the question who moved, with mistakes", "person", WRONG_PERSON),
  step("the day of a move, with mistakes", "move", day("moved", "2090-1-1")),
  step("the new address, late", "new-address", undefined, { move: day("moved", "2026-1-5") }),
  step("a new address with mistakes", "new-address", address("new", WRONG_HOME)),
  step("a state and a ZIP code that do not go together", "new-address", address("new", { ...HOME, zip: "90001" })),
  step("the carrier's writing of an address", "new-address", address("new", WRITTEN_OTHERWISE)),
  step("an old address that is the new one", "old-address", address("old", HOME)),
  step("a mailing address abroad, with mistakes", "mailing-address", {
    mail_elsewhere: "yes",
    ...address("mailing", { ...ABROAD, city: "" }),
  }),
  step("the list of cases, with mistakes", "cases", { ...listed("12345", "EAC9999800000", "EAC9999800000"), zip_0: "1" }),
  {
    name: "cases that are not recognised",
    page: "/change-of-address/cases",
    prepare: async (page, language) => {
      await come(page, language, "cases");
      await save(page, language, "cases", listed(nobodys()));
    },
  },
  {
    name: "other cases of the person",
    page: "/change-of-address/cases",
    prepare: async (page, language) => {
      const person = newPerson();
      const [first] = [1, 2, 3].map(() => newCaseOf(person));
      await come(page, language, "cases");
      await save(page, language, "cases", listed(first!));
    },
  },
  step("how to reach somebody, with mistakes", "contact", { email: LONG, telephone: "1", old_address_unsafe: "yes" }),
  {
    name: "all of a change of address before it is sent",
    page: "/change-of-address/check",
    prepare: async (page, language) => {
      const born = `${new Date().getFullYear() - 9}-02-03`;
      const person = { ...newPerson(), birth_date: born };
      const number = newCaseOf(person, [RECEIVED, MAILED]);
      newCaseOf(person);
      const mailing = { mail_elsewhere: "yes", ...address("mailing", ABROAD) };
      await come(page, language, "cases", { person: { ...CHILD, status: "student" }, "mailing-address": mailing });
      const cases = listed(number, nobodys());
      await save(page, language, "cases", cases);
      await save(page, language, "cases", cases, "anyway");
      const asked = await (await page.request.get(path(language, "/change-of-address/cases"))).text();
      const other = /name="typed\[(other_\w+)\]"/.exec(asked)![1]!;
      await save(page, language, "cases", { [other]: "yes" }, "others");
      await save(page, language, "contact", { email: "ana@example.org", old_address_unsafe: "yes" });
    },
  },
  {
    name: "a change of address without a signature",
    page: "/change-of-address/check",
    prepare: async (page, language) => {
      await come(page, language, "check");
      await send(page, language, "send", typed({ signature: "Eva Otra" }));
    },
  },
  {
    name: "a receipt that waits for a code",
    page: "/change-of-address/receipt",
    prepare: (page, language) => report(page, language, [newCaseOf(newPerson(), [RECEIVED, MAILED]), nobodys()]),
  },
  receipt("a receipt that waits for a letter", (page, language) => way(page, language, "ask_otherwise", { proof: "pin_to_old_address" })),
  receipt("a receipt that waits for an agent", (page, language) => way(page, language, "ask_otherwise", { proof: "agents_check" })),
  {
    name: "a receipt that was proven in part",
    page: "/change-of-address/receipt?proven",
    prepare: async (page, language) => {
      const [one, two] = [newPerson(), newPerson()];
      await report(page, language, [newCaseOf(one), newCaseOf(two)]);
      await proven(page, language, one);
      await says(page, language, language.text.change.case_updated);
    },
  },
  receipt("a receipt of a change that was taken back", async (page, language, person) => {
    const deny = await proven(page, language, person);
    await send(page, language, "deny", { link: deny });
    await says(page, language, language.text.change.case_reversed);
  }),
  receipt("a receipt of a change whose time ran out", runOut),
  {
    name: "a receipt without a case",
    page: "/change-of-address/receipt",
    prepare: (page, language) => report(page, language, []),
  },
  {
    name: "the question whether it was not them",
    page: "/change-of-address/not-me",
    prepare: async (page, language) => {
      const person = newPerson();
      await report(page, language, [newCaseOf(person)]);
      return `?link=${(await codeFor(person)).deny}`;
    },
  },
  {
    name: "the question for a report, with mistakes",
    page: "/change-of-address/status",
    prepare: async (page, language) => {
      await send(page, language, "find", typed({ number: "SR26-1111-1111-2", ...day("birth", "1990-2-30") }));
    },
  },
];
