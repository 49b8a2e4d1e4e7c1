import type { Page } from "@playwright/test";
import { accessible, rows, said, signIn, test, title, unfold } from "./console";
import { expect } from "./fixtures";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(300_000));

const waiting = (page: Page) => page.getByRole("region", { name: /wait for an answer/ });
const decided = (page: Page) => page.getByRole("region", { name: /Decisions/ });

/** Where a request is, by its own address. */
const at = (page: Page) => new URL(page.url()).pathname;

/** Fills in the form of a request that came by mail. */
async function type(page: Page, kind: string, evidence: string) {
  await page.getByLabel("What is asked", { exact: true }).selectOption({ label: kind });
  await page.getByLabel("Law").selectOption({ label: "Privacy Act, 5 USC 552a" });
  await page.getByLabel("How it came").selectOption({ label: "By mail" });
  await page.getByLabel("Language of the answer").selectOption({ label: "Spanish" });
  await page.getByLabel("Name").fill("Ivo Ejemplo");
  await page.getByLabel("Address").fill("1 Sample Street\nSpringfield, VA 22150");
  await page.getByLabel("In the person's words").fill("Tell me all that you have about me.");
  await page.getByLabel("Evidence").fill(evidence);
}

/** Takes a request from its logging to its search, of which nothing is found. */
async function searched(page: Page) {
  await page.goto("/console/redress/log");
  await type(page, "To see one's records", "");
  await page.getByRole("button", { name: "Log it" }).click();
  await expect(title(page)).toHaveText(/^Request R-\d{6}$/);
  await page.getByLabel("How it is known who asks").fill("A notarized signature.");
  await page.getByRole("button", { name: "Identity verified" }).click();
  await page.getByLabel("Whose records").fill("");
  await page.getByRole("button", { name: "Search both databases" }).click();
  await expect(said(page)).toContainText("Searched.");
}

test("the list shows every state, and how much time is left", async ({ as }) => {
  const page = await as("privacy");
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Redress" }).click();
  await expect(title(page)).toHaveText("Redress");
  for (const state of ["Received", "Identity verified", "Searched", "Decision waits for a second person", "Decided"]) {
    await expect(waiting(page).getByRole("row").filter({ hasText: state }).first()).toBeVisible();
  }
  await expect(waiting(page)).toContainText(/working days? (left|over)/);
  await expect(waiting(page)).toContainText("Acknowledge by");
  const over = page.getByRole("region", { name: /answered or closed/ });
  await expect(over).toContainText("Answered");
  await expect(over).toContainText("Closed");
  await accessible(page);
});

test("what is wrong with a request is said at once, and what was typed stays", async ({ as }) => {
  const page = await as("privacy");
  await page.goto("/console/redress/log");
  await accessible(page);
  await page.getByRole("button", { name: "Log it" }).click();
  const wrong = page.locator("#wrong");
  await expect(wrong).toContainText("Law: choose it.");
  await expect(wrong).toContainText("Name: type it");
  await expect(wrong).toContainText("Address: type it");
  await accessible(page);
  await type(page, "To have a record corrected", "");
  await page.getByRole("button", { name: "Log it" }).click();
  await expect(wrong.locator("li")).toHaveCount(1);
  await expect(wrong).toContainText("a correction needs some");
  await page.getByLabel("Law").selectOption({ label: "Freedom of Information Act, 5 USC 552" });
  await page.getByLabel("Evidence").fill("A certificate.");
  await page.getByRole("button", { name: "Log it" }).click();
  await expect(wrong).toContainText("FOIA opens records and corrects none.");
  await expect(page.getByLabel("Name")).toHaveValue("Ivo Ejemplo");
});

test("one decides that there are no records, another agrees, and the answer goes out as a letter", async ({ browser, page }) => {
  await signIn(page, "privacy");
  await searched(page);
  await expect(page.getByRole("main")).toContainText("Nothing is held of this person.");
  await accessible(page);
  await page.getByRole("button", { name: "Propose the decision" }).click();
  await expect(page.locator("#wrong")).toContainText("Why: say it as the person is to read it");
  await page.getByLabel("Why", { exact: true }).fill("No hay nada con ese nombre.");
  await page.getByRole("button", { name: "Propose the decision" }).click();
  await expect(said(page)).toContainText("A second person has to agree.");
  await expect(page.getByRole("main")).toContainText("You proposed it: somebody else agrees.");
  await expect(page.getByRole("button", { name: "Agree" }), "who proposed does not agree").toHaveCount(0);
  await accessible(page);

  const request = at(page);
  const { javaScriptEnabled, viewport } = test.info().project.use;
  const context = await browser.newContext({ baseURL: process.env.PORTICO_E2E_URL, javaScriptEnabled, viewport });
  const second = await context.newPage();
  await signIn(second, "privacy.two", request);
  await expect(decided(second)).toContainText("No records");
  await second.getByRole("button", { name: "Agree" }).click();
  await expect(said(second)).toContainText("The answer can go out.");
  await second.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(said(second)).toContainText("Answered.");
  const letter = await second.getByRole("link", { name: "The letter" }).getAttribute("href");
  const pdf = await second.request.get(letter!);
  expect([pdf.status(), pdf.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  await accessible(second);
  await second.getByRole("button", { name: "Close", exact: true }).click();
  await expect(said(second)).toContainText("Closed.");
  await expect(second.getByRole("region", { name: "What happened" })).toContainText("Zeno Shaw");
  await context.close();
});

test("what was found is shown by its parts to whoever reads a decision", async ({ as }) => {
  const page = await as("privacy");
  await page.goto("/console/redress");
  await waiting(page).getByRole("row").filter({ hasText: "Decision waits" }).first().getByRole("link").click();
  await expect(page.getByRole("heading", { name: "What was found" })).toBeVisible();
  await expect(page.getByRole("region", { name: /Who you are/ })).toContainText("Name");
  await expect(page.getByRole("link", { name: "The letter, as it would go out" })).toBeVisible();
  await accessible(page);
  const history = page.getByRole("region", { name: "What happened" });
  await expect(history).toContainText("Decision proposed");
});

test("a request that is acknowledged says so, and takes ten days more once", async ({ as }) => {
  const page = await as("privacy");
  await searched(page);
  await unfold(page, "Acknowledge, or take more time");
  await page.getByRole("button", { name: "Acknowledged to the person" }).click();
  await expect(said(page)).toContainText("the person was told that the request is here");
  await unfold(page, "Acknowledge, or take more time");
  await page.getByLabel("Unusual circumstance").selectOption({ label: "There are very many records" });
  await page.getByRole("button", { name: "Take ten working days more" }).click();
  await expect(said(page)).toContainText("Ten working days more.");
  await unfold(page, "Acknowledge, or take more time");
  await expect(page.getByRole("button", { name: "Take ten working days more" })).toHaveCount(0);
  await unfold(page, "The person took it back");
  await page.getByLabel("Why it ends").fill("They wrote again and took it back.");
  await page.getByRole("button", { name: "End without an answer" }).click();
  await expect(said(page)).toContainText("Ended without an answer.");
  await expect(page.getByRole("main")).toContainText("They wrote again and took it back.");
  await accessible(page);
});

test("others have no such pages", async ({ as, watch }) => {
  watch.allow(/status of (403|404)/);
  const counsel = await as("counsel");
  await expect(counsel.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Redress" })).toHaveCount(0);
  for (const page of ["/console/redress", "/console/redress/log"]) {
    expect((await counsel.goto(page))?.status()).toBe(403);
  }
  expect((await counsel.goto("/console/redress/00000000-0000-0000-0000-000000000000"))?.status()).toBe(404);
  await accessible(counsel);
  await expect(rows(counsel)).toHaveCount(0);
});
