import { accessible, rows, said, test, title, unfold } from "./console";
import { expect } from "./fixtures";
import { APPROVED, EVIDENCE, HIDDEN, RETURNED } from "./portal";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

/** Somebody for each project, so that two projects do not correct one profile. */
const PEOPLE = {
  "no-script": { number: APPROVED.number, fin: "7000001" },
  hydrated: { number: EVIDENCE.number, fin: "7000002" },
  mobile: { number: RETURNED.number, fin: "7000003" },
};
const person = () => PEOPLE[test.info().project.name as keyof typeof PEOPLE];

async function lookFor(page: Page, number: string, purpose?: string) {
  await page.goto("/console/profiles");
  const form = page.getByRole("region", { name: "By a number" });
  if (purpose) await form.getByLabel("What for").selectOption({ label: purpose });
  await form.getByLabel("Number").fill(number);
  await form.getByRole("button", { name: "Find" }).click();
}

test("somebody is found, opened for a purpose, and corrected by two people", async ({ as }) => {
  const { number, fin } = person();
  const raio = await as("raio");
  await raio.goto("/console");
  await raio.getByRole("main").getByRole("link", { name: "People" }).click();
  await accessible(raio);

  await lookFor(raio, number);
  await expect(said(raio)).toContainText("Choose what you look for the person for.");
  await lookFor(raio, "what?", "Decide an application or petition");
  await expect(said(raio)).toContainText("This is no number that a person has.");
  await expect(raio.getByRole("region", { name: "By a number" }).getByLabel("Number")).toHaveValue("what?");
  await lookFor(raio, number, "Decide an application or petition");
  await expect(rows(raio).first()).toContainText("By number");
  expect(raio.url()).not.toContain(number);
  await accessible(raio);
  await rows(raio).first().getByRole("button", { name: "Open" }).click();
  const facts = raio.getByRole("region", { name: "What is known" });
  await expect(facts).toContainText(number);
  await expect(raio.getByRole("main")).toContainText("Opened to: decide an application or petition.");
  await accessible(raio);
  const profile = new URL(raio.url()).pathname;

  // What is wrong is said, and what was typed stays.
  await unfold(raio, "Add something that is missing");
  await raio.getByRole("link", { name: "FIN", exact: true }).click();
  await accessible(raio);
  await raio.getByLabel("Number").fill("12");
  await raio.getByLabel("Why", { exact: true }).fill("Seen in the answer of IDENT.");
  await raio.getByRole("button", { name: "Propose" }).click();
  await expect(raio.locator("#wrong")).toContainText("Type four to ten digits.");
  await expect(raio.getByLabel("Why", { exact: true })).toHaveValue("Seen in the answer of IDENT.");
  await accessible(raio);
  await raio.getByLabel("Number").fill(fin);
  await raio.getByRole("button", { name: "Propose" }).click();
  await expect(said(raio)).toContainText("Proposed.");
  const corrections = raio.getByRole("region", { name: "Corrections" });
  await expect(corrections).toContainText("Waits for a second person");
  await expect(corrections.getByRole("button", { name: "Agree" })).toHaveCount(0);
  await accessible(raio);
  await expect(facts).not.toContainText(fin);

  const second = await as("icts.two");
  await second.goto("/console/profiles/corrections");
  await accessible(second);
  await second.getByRole("link", { name: profile.split("/").pop()!.replaceAll("-", "") }).first().click();
  await expect(title(second)).toHaveText("What do you open this profile for?");
  await accessible(second);
  await second.getByLabel("What for").selectOption({ label: "Correct the profile" });
  await second.getByRole("button", { name: "Open the profile" }).click();
  const waits = second.getByRole("row").filter({ hasText: fin });
  await expect(waits).toContainText("Seen in the answer of IDENT.");
  await waits.getByRole("button", { name: "Agree" }).click();
  await expect(said(second)).toContainText("Done.");
  await expect(second.getByRole("region", { name: "What is known" })).toContainText(fin);
  await accessible(second);

  await lookFor(raio, fin, "Decide an application or petition");
  await expect(rows(raio)).toHaveCount(1);
});

test("a protected person is nobody to those who may not know", async ({ as, watch }) => {
  watch.allow(/status of 404/);
  const number = HIDDEN[0]!;
  const raio = await as("raio");
  await lookFor(raio, number, "Ask a partner country");
  await expect(said(raio)).toContainText("Nobody was found whom you may see.");
  const counsel = await as("counsel");
  await lookFor(counsel, number, "Answer the person about their own record");
  await rows(counsel).first().getByRole("button", { name: "Open" }).click();
  await expect(counsel.getByRole("region", { name: "Cases" })).toContainText(number);
  await raio.goto(new URL(counsel.url()).pathname);
  await expect(title(raio)).toHaveText("There is nothing here");
  await accessible(raio);
});

test("who has one purpose does not choose, and others have no such page", async ({ as, watch }) => {
  watch.allow(/status of 403/);
  const fdns = await as("fdns");
  await lookFor(fdns, person().number);
  await expect(rows(fdns).first()).toContainText("By number");
  await rows(fdns).first().getByRole("button", { name: "Open" }).click();
  await expect(fdns.getByRole("main")).toContainText("Opened to: look into fraud.");
  await expect(fdns.getByRole("link", { name: /^Not so/ })).toHaveCount(0);
  const auditor = await as("auditor");
  await auditor.goto("/console/profiles");
  await expect(auditor.getByRole("main")).toContainText("Your roles do not allow this.");
});
