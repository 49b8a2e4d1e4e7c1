import { accessible, rows, said, test, title } from "./console";
import { expect } from "./fixtures";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const SIMULATORS = process.env.PORTICO_E2E_SIMULATORS;
const PRINTS = process.env.PORTICO_E2E_PRINTS;

/** What the simulators are told, and what they tell. */
async function control(path: string, body: unknown) {
  const answer = await fetch(`${SIMULATORS}/control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
}

interface Got {
  transaction_number: string;
  answer: string;
  elements: Record<string, string>;
  after: number;
}

/** What a partner was told under a number. */
async function told(number: string): Promise<Got> {
  let got: Got | undefined;
  await expect(async () => {
    const inbox: Got[] = await (await fetch(`${SIMULATORS}/control/partner-inbox`)).json();
    got = inbox.find((one) => one.transaction_number === number);
    expect(got).toBeDefined();
  }).toPass({ timeout: 30_000 });
  return got!;
}

const unique = () => `${test.info().project.name.slice(0, 2).toUpperCase()}-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;

/** The page of a query once it says something. What happens meanwhile happens between machines. */
async function until(page: Page, words: string) {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("main")).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

async function ask(page: Page, person: number, country: string) {
  await page.goto("/console/partner-queries");
  await rows(page).first().getByRole("link", { name: "ask partners" }).click();
  await expect(title(page)).toHaveText("Ask partner countries");
  await page.getByLabel(country, { exact: true }).check();
  await page.getByLabel("What for").selectOption({ label: "Refugee claim" });
  await page.getByLabel("How soon").selectOption({ label: "High" });
  await page.getByText("No country", { exact: true }).click();
  await page.getByLabel("Fingerprints").setInputFiles(`${PRINTS}/prints-${person}.an2`);
  await page.getByLabel("Why", { exact: true }).fill("To learn whether there was an earlier claim.");
  await page.getByRole("button", { name: "Ask" }).click();
}

test("an officer asks a partner, reads the answers, and asks for more with a supervisor's approval", async ({ as }) => {
  const raio = await as("raio");
  await raio.goto("/console");
  await raio.getByRole("main").getByRole("link", { name: "Partner countries" }).click();
  await expect(title(raio)).toHaveText("Queries to partner countries");
  await accessible(raio);

  // What is missing is said, and what was typed stays.
  await rows(raio).first().getByRole("link", { name: "ask partners" }).click();
  await accessible(raio);
  await raio.getByLabel("Why", { exact: true }).fill("Half a reason");
  await raio.getByRole("button", { name: "Ask" }).click();
  await expect(raio.locator("#wrong")).toContainText("Choose the file with the fingerprints.");
  await expect(raio.locator("#wrong")).toContainText("Say whether the person says that a country persecuted them.");
  await expect(raio.getByLabel("Why", { exact: true })).toHaveValue("Half a reason");
  await accessible(raio);

  await ask(raio, 1, "Canada");
  await expect(title(raio)).toHaveText("Queries to partner countries");
  const queries = raio.getByRole("region", { name: "Your queries" });
  await queries.getByRole("link", { name: "Canada" }).first().click();
  await expect(title(raio)).toHaveText("Query to Canada");
  await until(raio, "Second answer");
  await expect(raio.getByRole("main")).toContainText("destroyed");
  await accessible(raio);
  const query = new URL(raio.url()).pathname;

  // The answers are read for a purpose.
  const closed = raio.getByRole("link", { name: "open the profile" });
  // It stays open for half an hour: the same officer may have opened it in another browser.
  if (await closed.isVisible()) {
    await closed.click();
    await raio.getByLabel("What for").selectOption({ label: "Ask a partner country" });
    await raio.getByRole("button", { name: "Open the profile" }).click();
    await raio.goto(query);
  }
  await expect(raio.getByRole("region", { name: "First query: what the partner told" })).toContainText("MUESTRA, SAMIR");
  await expect(raio.getByRole("region", { name: "Second query: what the partner told" })).toContainText("Claim refused 2019-04-02");
  await accessible(raio);

  await raio.getByRole("button", { name: "Ask for more" }).click();
  await expect(said(raio)).toContainText("Requested.");
  await expect(raio.getByRole("heading", { name: "As the partner reads it" })).toBeVisible();
  await accessible(raio);
  const supervisor = await as("supervisor.nbc");
  await supervisor.goto("/console/partner-queries");
  await accessible(supervisor);
  await supervisor.goto(query);
  await expect(supervisor.getByRole("main"), "who approves sees no answer").not.toContainText("MUESTRA");
  await expect(supervisor.getByRole("heading", { name: "As the partner reads it" }), "nor the record").toHaveCount(0);
  await supervisor.getByRole("button", { name: "Approve the third query" }).click();
  await expect(said(supervisor)).toContainText("Approved.");
  await until(raio, "Third answer");
  await raio.getByRole("button", { name: "I have read it" }).click();
  await expect(said(raio)).toContainText("Noted.");
  await raio.getByRole("button", { name: "Close it" }).click();
  await expect(said(raio)).toContainText("Closed.");
});

/** Opens the profile of the person in a case. */
async function opened(page: Page, number: string, purpose?: string) {
  await page.goto("/console/profiles");
  const form = page.getByRole("region", { name: "By a number" });
  if (purpose) await form.getByLabel("What for").selectOption({ label: purpose });
  await form.getByLabel("Number").fill(number);
  await form.getByRole("button", { name: "Find" }).click();
  await rows(page).first().getByRole("button", { name: "Open" }).click();
}

test("a partner that asked and had a match is asked back, and an analyst of fraud reads what it told", async ({ as }) => {
  // Somebody in a case of the officer's, whom Australia knows, too.
  const person = "SRC9999102780";
  const transaction_number = unique();
  await control("partner-query", { partner: "AU", transaction_number, prints: 2, asked: ["full_name"] });
  expect((await told(transaction_number)).elements.full_name).toBeTruthy();

  const raio = await as("raio");
  await opened(raio, person, "Ask a partner country");
  const theirs = raio.getByRole("region", { name: "Partner countries that asked" }).getByRole("row", { name: transaction_number });
  await until(raio, transaction_number);
  await expect(theirs).toContainText("Australia");
  await accessible(raio);
  await theirs.getByRole("link", { name: "Ask them back" }).click();
  await expect(title(raio)).toHaveText("Ask partner countries");
  await expect(raio.getByRole("main")).toContainText(transaction_number);
  await expect(raio.getByLabel("Fingerprints"), "the number goes, and no prints").toHaveCount(0);
  await accessible(raio);

  // Why it is not asked is said, and the question is still one that asks back.
  await raio.getByLabel("What for").selectOption({ label: "Refugee claim" });
  await raio.getByLabel("How soon").selectOption({ label: "High" });
  await raio.getByText("Yes, these:").click();
  await raio.getByLabel("Country", { exact: true }).selectOption({ label: "Australia" });
  await raio.getByLabel("Why", { exact: true }).fill("They know the person.");
  await raio.getByRole("button", { name: "Ask" }).click();
  await expect(raio.locator("#wrong li")).toHaveText(["Australia: withheld: the person alleges persecution by the partner."]);
  await expect(raio.getByRole("main")).toContainText(transaction_number);
  await accessible(raio);
  await raio.getByText("No country", { exact: true }).click();
  await raio.getByLabel("Country", { exact: true }).selectOption({ label: "None" });
  await raio.getByRole("button", { name: "Ask" }).click();
  await expect(title(raio)).toHaveText("Queries to partner countries");

  const own = raio.getByRole("region", { name: "Your queries" }).getByRole("row").filter({ hasText: /Asked back|Answered/ });
  await expect(async () => {
    await raio.reload();
    await own.first().getByRole("link", { name: "Australia" }).click({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await until(raio, "EXAMPLE, SAM");
  await expect(raio.getByRole("region", { name: "Reverse query: what the partner told" })).toContainText("EXAMPLE, SAM");
  await expect(raio.getByRole("main")).toContainText("none: it carries the number of the partner's own query");
  await accessible(raio);

  const fdns = await as("fdns");
  await opened(fdns, person);
  await expect(fdns.getByRole("row", { name: transaction_number })).toContainText("Australia");
  await expect(fdns.getByRole("link", { name: "Ask them back" })).toHaveCount(0);
  await accessible(fdns);
  const found = fdns.getByRole("region", { name: "What we asked partner countries" }).getByRole("row").filter({ hasText: "Answered" });
  await found.first().getByRole("link", { name: "Australia" }).click();
  await expect(fdns.getByRole("region", { name: "Reverse query: what the partner told" })).toContainText("EXAMPLE, SAM");
  await accessible(fdns);
  await fdns.getByRole("link", { name: "The person" }).click();
  await expect(fdns.getByRole("region", { name: "What we asked partner countries" })).toBeVisible();
});

test("a country that the person fears is not asked", async ({ as }) => {
  const raio = await as("raio");
  await raio.goto("/console/partner-queries");
  await rows(raio).first().getByRole("link", { name: "ask partners" }).click();
  await raio.getByLabel("Canada", { exact: true }).check();
  await raio.getByLabel("What for").selectOption({ label: "Refugee claim" });
  await raio.getByLabel("How soon").selectOption({ label: "Low" });
  await raio.getByText("Yes, these:").click();
  await raio.getByLabel("Country", { exact: true }).selectOption({ label: "Canada" });
  await raio.getByLabel("Fingerprints").setInputFiles(`${PRINTS}/prints-1.an2`);
  await raio.getByLabel("Why", { exact: true }).fill("To learn whether there was an earlier claim.");
  await raio.getByRole("button", { name: "Ask" }).click();
  await expect(raio.locator("#wrong li")).toHaveCount(1);
  await expect(raio.locator("#wrong")).toContainText("Canada:");
});

test("a partner's first query is answered, and of a protected person as of nobody", async ({ as }) => {
  const asks = async (prints: number) => {
    const transaction_number = unique();
    const asked = ["full_name", "birth_date", "immigration_status"];
    await control("partner-query", { partner: "CA", transaction_number, prints, asked });
    return told(transaction_number);
  };
  const known = await asks(2);
  expect(known.elements.full_name).toBeTruthy();
  expect(known.elements.immigration_status, "the agreement lets no status be told at the first step").toBeUndefined();
  const [hidden, nobody] = [await asks(9), await asks(77)];
  const { transaction_number: _h, ...seenOfHidden } = hidden;
  const { transaction_number: _n, ...seenOfNobody } = nobody;
  expect(seenOfHidden, "the answer, its elements, and when it came").toEqual(seenOfNobody);
  expect(hidden.answer).toBe("no_match");

  const privacy = await as("privacy");
  await privacy.goto("/console/partner-queries/suppressed");
  await expect(privacy.getByRole("main")).toContainText(hidden.transaction_number);
  await expect(privacy.getByRole("main")).not.toContainText(nobody.transaction_number);
  await accessible(privacy);
  const counsel = await as("counsel");
  await counsel.goto("/console/partner-queries/held");
  await expect(title(counsel)).toHaveText("What counsel has to decide");
  await accessible(counsel);
});

test("what cannot be sent while IDENT is down is sent when it is back, once", async ({ as }) => {
  // A partner for each project, so that none opens what another closed.
  const partner = { "no-script": { code: "NZ", name: "New Zealand" }, hydrated: { code: "AU", name: "Australia" } }[test.info().project.name];
  test.skip(!partner, "nothing of it is different on a phone");
  const raio = await as("raio");
  await control("closed", { partner: partner!.code, is_closed: true });
  try {
    await ask(raio, 3, partner!.name);
    await raio.getByRole("region", { name: "Your queries" }).getByRole("link", { name: partner!.name }).first().click();
    await until(raio, "First query sent");
    const first = raio.getByRole("region", { name: "Steps" }).getByRole("row", { name: "First query" });
    await expect(first.getByRole("time"), "IDENT has not taken it").toHaveCount(0);
    await expect(raio.getByRole("main"), "the prints are needed still").toContainText("kept until the search is over");
    await accessible(raio);
  } finally {
    await control("closed", { partner: partner!.code, is_closed: false });
  }
  await until(raio, "No match");
  await expect(raio.getByRole("region", { name: "Steps" }).getByRole("time")).toHaveCount(2);
  await expect(raio.getByRole("main")).toContainText("destroyed");
});

test("a request that cannot be read is sent back, and analysts see why", async ({ as }) => {
  const transaction_number = unique();
  await control("request", { partner: "CA", transaction_number, prints: 1, asked: ["full_name"], written: "Dear colleagues" });
  await expect(async () => {
    const unreadable: { transaction_number: string; errors: string[] }[] = await (await fetch(`${SIMULATORS}/control/unreadable`)).json();
    const told = unreadable.find((one) => one.transaction_number === transaction_number);
    expect(told?.errors[0]).toContain("line 1: this is no message");
  }).toPass({ timeout: 30_000 });
  const icts = await as("icts.one");
  await icts.goto("/console/agreements/templates");
  const unread = icts.getByRole("region", { name: "Requests that could not be read" });
  await expect(unread.getByRole("row", { name: transaction_number })).toContainText("line 1: this is no message");
  await accessible(icts);
});
