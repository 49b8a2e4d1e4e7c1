import { readFileSync } from "node:fs";
import { accessible, rows, said, signIn, test, title, unfold } from "./console";
import { expect } from "./fixtures";
import { APPROVED, EVIDENCE, RETURNED } from "./portal";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const SIMULATORS = process.env.PORTICO_E2E_SIMULATORS;

/** Somebody for each project, so that none reads what another records. */
const PEOPLE = { "no-script": APPROVED.number, hydrated: EVIDENCE.number, mobile: RETURNED.number };
/** Whom the simulated IDENT knows by the prints with the number 2. */
const ASKED_ABOUT = { number: "SRC9999102780", prints: 2 };

async function control(path: string, body?: unknown) {
  const answer = await fetch(`${SIMULATORS}/control/${path}`, {
    method: body ? "POST" : "GET",
    headers: { "content-type": "application/json" },
    body: body ? JSON.stringify(body) : undefined,
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return answer;
}

/** Finds somebody by a number, and opens their profile. */
async function open(page: Page, number: string, purpose: string) {
  await page.goto("/console/profiles");
  const form = page.getByRole("region", { name: "By a number" });
  await form.getByLabel("What for").selectOption({ label: purpose });
  await form.getByLabel("Number").fill(number);
  await form.getByRole("button", { name: "Find" }).click();
  await rows(page).first().getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("region", { name: "What is known" })).toBeVisible();
}

/** Gives the accounting out, and gives what came. */
async function givenOut(page: Page, reason: string, kind: string) {
  await page.getByLabel(reason).check();
  await page.getByLabel(kind).check();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Give it out" }).click();
  const file = await download;
  return { name: file.suggestedFilename(), content: readFileSync((await file.path())!) };
}

/** The page once a row of it says something. What happens meanwhile happens between machines. */
async function until(page: Page, region: string, number: string, words: string) {
  const row = page.getByRole("region", { name: region }).getByRole("row").filter({ hasText: number }).first();
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  return row;
}

test("a routine use is recorded before it is made, and the person's accounting is given out", async ({ page }) => {
  const organization = `Department of Example ${test.info().project.name} ${Date.now()}`;
  await signIn(page, "privacy");
  await page.getByRole("main").getByRole("link", { name: "Accounting" }).click();
  await expect(title(page)).toHaveText("Accounting of disclosures");
  await accessible(page);
  await open(page, PEOPLE[test.info().project.name as keyof typeof PEOPLE], "Answer the person about their own record");
  await page.getByRole("link", { name: "Accounting: what was told of the person, and to whom" }).click();
  await expect(title(page)).toHaveText("Accounting of a person");
  await accessible(page);

  // What is wrong is said at once, and what was typed stays.
  await page.getByRole("link", { name: "Record a disclosure that is made by other ways" }).click();
  await accessible(page);
  await page.getByLabel("What for").fill("A benefit of the State");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.locator("#wrong li")).toHaveCount(6);
  await expect(page.locator("#wrong")).toContainText("Recipient: type it.");
  await expect(page.getByLabel("What for")).toHaveValue("A benefit of the State");
  await accessible(page);
  await page.getByLabel("What kind of telling it is").fill("Copy of a record");
  await page.getByLabel("The record", { exact: true }).fill("Form I-485");
  await page.getByLabel("Full name", { exact: true }).check();
  await page.getByLabel("On what it rests").selectOption({ label: "Routine use, 5 USC 552a(b)(3)" });
  await page.getByLabel("Recipient", { exact: true }).fill(organization);
  await page.getByLabel("Who there").fill("Oscar Clerk");
  await page.getByLabel("Address").fill("2 Example Street");
  await page.getByLabel("How it leaves").selectOption({ label: "By mail" });
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.locator("#wrong")).toContainText("name the notice and the letter of the routine use");
  await page.getByLabel("Which one").fill("DHS/USCIS-007, H");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(said(page)).toContainText("Recorded.");
  const entry = page.getByRole("row").filter({ hasText: organization });
  await expect(entry).toContainText("whether it left is not known yet");
  await expect(entry).toContainText("Zeno Shaw");
  await accessible(page);

  const json = await givenOut(page, "The person asks for it", "JSON, for programs");
  expect(json.name).toMatch(/^accounting-[\d-]+\.json$/);
  const theirs = json.content.toString();
  expect(JSON.parse(theirs).disclosures.map((one: { recipient: string }) => one.recipient)).toContain(organization);
  for (const inside of ["Zeno Shaw", "Oscar Clerk"]) expect(theirs, "who it was stays in the agency").not.toContain(inside);
  const pdf = await givenOut(page, "The person asks for it", "PDF, to be printed");
  expect(pdf.content.subarray(0, 5).toString()).toBe("%PDF-");
  const csv = await givenOut(page, "An inspection, an audit or a court asks for it", "CSV, for any program");
  expect(csv.content.toString()).toContain("Oscar Clerk");

  await page.goto("/console/accounting");
  await accessible(page);
  await page.getByRole("row").filter({ hasText: organization }).getByRole("button", { name: "It left" }).click();
  await expect(said(page)).toContainText("Noted.");
  await expect(page.getByRole("row").filter({ hasText: organization })).toHaveCount(0);

  // The same by the recipient.
  await page.getByLabel("Recipient", { exact: true }).selectOption({ label: "Other recipients" });
  await page.getByLabel("From", { exact: true }).fill("2026-01-01");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(title(page)).toHaveText("Accounting of a recipient");
  await expect(page.getByRole("row").filter({ hasText: organization })).toContainText("Sent");
  await accessible(page);
});

test("a correction is told to a country that was told what it sets right, and its word is kept", async ({ as, page }) => {
  const random = (most: number) => Math.floor(Math.random() * most);
  const number = `${test.info().project.name.slice(0, 2).toUpperCase()}-${Date.now()}-${random(1e6)}`;
  const day = `19${50 + random(40)}-0${1 + random(9)}-${10 + random(18)}`;
  await control("partner-query", { partner: "CA", transaction_number: number, prints: ASKED_ABOUT.prints, asked: ["full_name", "birth_date"] });
  await expect(async () => {
    const inbox: { transaction_number: string; elements: Record<string, string> }[] = await (await control("partner-inbox")).json();
    expect(inbox.find((one) => one.transaction_number === number)?.elements.birth_date).toBeTruthy();
  }).toPass({ timeout: 30_000 });

  // One proposes what is right, another agrees.
  const icts = await as("icts.one");
  await open(icts, ASKED_ABOUT.number, "Correct the profile");
  await unfold(icts, "Add something that is missing");
  await icts.getByRole("link", { name: "Date of birth", exact: true }).click();
  await icts.getByLabel("Day").fill(day);
  await icts.getByLabel("Why", { exact: true }).fill("The passport says so.");
  await icts.getByRole("button", { name: "Propose" }).click();
  await expect(said(icts)).toContainText("Proposed.");
  await signIn(page, "privacy");
  await open(page, ASKED_ABOUT.number, "Correct the profile");
  await page.getByRole("region", { name: "Corrections" }).getByRole("row").filter({ hasText: day }).getByRole("button", { name: "Agree" }).click();
  await expect(said(page)).toContainText("Done.");

  await page.goto("/console/accounting/corrections");
  await expect(title(page)).toHaveText("Corrections to be told");
  const row = await until(page, "The oldest first", number, "To be told");
  await expect(row).toContainText("Date of birth");
  await accessible(page);
  await row.getByRole("button", { name: "Have them told" }).click();
  await expect(said(page)).toContainText("It leaves after the check.");
  await until(page, "The oldest first", number, "Told on");
  await accessible(page);
  const told: { transaction_number: string; values: Record<string, string> }[] = await (await control("corrections")).json();
  expect(told.find((one) => one.transaction_number === number)?.values.birth_date).toContain(day);

  await control("corrections", { transaction_number: number, outcome: "corrected" });
  const confirmed = await until(page, "The last first", number, "Set right");
  await expect(confirmed).toContainText("Through IDENT");
  await accessible(page);
});

test("who keeps no accounting has none", async ({ as, watch }) => {
  watch.allow(/status of 40[34]/);
  const raio = await as("raio");
  for (const at of ["/console/accounting", "/console/accounting/corrections", "/console/accounting/record"]) {
    expect((await raio.goto(at))?.status(), at).toBe(403);
  }
  expect((await raio.goto("/console/accounting/people/00000000-0000-0000-0000-000000000000"))?.status()).toBe(404);
});
