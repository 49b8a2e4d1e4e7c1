import { accessible, rows, said, signIn, test, title } from "./console";
import { expect } from "./fixtures";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

/** A first day for each project, by which its waiver is known. None has come, so that no query is decided otherwise meanwhile. */
const DAYS = { "no-script": "2131-01-01", hydrated: "2131-02-01", mobile: "2131-03-01" };
const day = () => DAYS[test.info().project.name as keyof typeof DAYS];
const ours = (page: Page) => rows(page).filter({ hasText: day() }).first();

test("one proposes a waiver, another agrees, and an ended one lifts nothing", async ({ page }) => {
  await signIn(page, "privacy");
  await page.getByRole("main").getByRole("link", { name: "Waivers" }).click();
  await expect(title(page)).toHaveText("Waivers");
  await expect(rows(page).filter({ hasText: "2016-01-01" })).toContainText("Memorandum of the Secretary");
  await accessible(page);

  // What is wrong is said at once, and what was typed stays.
  await page.getByRole("link", { name: "Propose a waiver" }).click();
  await accessible(page);
  await page.getByLabel("On what it rests").selectOption({ label: "Memorandum of the Secretary" });
  await page.getByLabel("Whose consent it is").fill("Ana Ejemplo");
  await page.getByLabel("VAWA", { exact: true }).check();
  await page.getByLabel("Asylum", { exact: true }).check();
  await page.getByLabel("From", { exact: true }).fill(day());
  await page.getByLabel("Until", { exact: true }).fill(day());
  await page.getByRole("button", { name: "Propose it" }).click();
  const wrong = page.locator("#wrong");
  await expect(wrong.locator("li")).toHaveCount(5);
  await expect(wrong).toContainText("asylum and refugees, and never VAWA.");
  await expect(wrong).toContainText("Only a consent is of one person alone.");
  await expect(wrong).toContainText("Countries: tick at least one.");
  await expect(wrong).toContainText("Until: type a day after the first one.");
  await expect(wrong).toContainText("File of the paper: choose it.");
  await expect(page.getByLabel("On what it rests")).toHaveValue("secretary_memorandum");
  await expect(page.getByLabel("Whose consent it is")).toHaveValue("Ana Ejemplo");
  await expect(page.getByLabel("VAWA", { exact: true })).toBeChecked();
  await expect(page.getByLabel("TPS or DED", { exact: true })).not.toBeChecked();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue(day());
  await accessible(page);

  const paper = { name: "opinion.pdf", mimeType: "application/pdf", buffer: Buffer.from("An opinion.") };
  await page.getByLabel("On what it rests").selectOption({ label: "Consent of the person" });
  await page.getByLabel("File of the paper").setInputFiles(paper);
  await page.getByRole("button", { name: "Propose it" }).click();
  await expect(wrong).toContainText("type the address of the person's profile");
  await expect(wrong).toContainText("Choose the file again: it was not kept.");

  await page.getByLabel("On what it rests").selectOption({ label: "Exception of the statute" });
  await page.getByLabel("Whose consent it is").fill("");
  await page.getByLabel("VAWA", { exact: true }).uncheck();
  await page.getByLabel("Asylum", { exact: true }).uncheck();
  await page.getByLabel("TPS or DED", { exact: true }).check();
  await page.getByLabel("Canada", { exact: true }).check();
  await page.getByLabel("Until", { exact: true }).fill("");
  await page.getByLabel("File of the paper").setInputFiles(paper);
  await page.getByRole("button", { name: "Propose it" }).click();
  await expect(said(page)).toContainText("Proposed. It holds when somebody else has agreed.");
  await expect(ours(page)).toContainText("Waits for somebody else");
  await expect(ours(page)).toContainText("You proposed it");
  await expect(ours(page).getByRole("button", { name: "Agree" }), "who proposed does not agree").toHaveCount(0);
  await accessible(page);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();

  await signIn(page, "counsel", "/console/waivers");
  await expect(ours(page)).toContainText("TPS or DED");
  await accessible(page);
  await ours(page).getByRole("button", { name: "Agree" }).click();
  await expect(said(page)).toContainText("Agreed.");
  await expect(ours(page)).toContainText("Agreed to, holds later");
  await expect(ours(page)).toContainText("Zeno Shaw");
  await expect(ours(page)).toContainText("Yara Bay");
  await ours(page).getByRole("button", { name: "End" }).click();
  await expect(said(page)).toContainText("Ended. It lifts nothing any more.");
  await expect(ours(page)).toContainText("Ended by");
  await expect(ours(page).getByRole("button")).toHaveCount(0);
  await accessible(page);
});

test("others have no such pages", async ({ as, watch }) => {
  watch.allow(/status of 403/);
  const raio = await as("raio");
  await expect(raio.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Waivers" })).toHaveCount(0);
  for (const at of ["/console/waivers", "/console/waivers/propose"]) {
    expect((await raio.goto(at))?.status()).toBe(403);
    await expect(raio.getByRole("main")).toContainText("Your roles do not allow this.");
  }
  await accessible(raio);
});
