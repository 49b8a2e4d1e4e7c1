import { accessible, said, signIn, test, title } from "./console";
import { expect } from "./fixtures";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(300_000));

/** A kind of records for each project, so that none lists what another destroys. The demo has three of each that nothing keeps. */
const KINDS = {
  "no-script": { name: "Person", item: "DAA-0563-2013-0001-0005", listed: "1 records that are due are not on it: holds keep them." },
  hydrated: { name: "Case", item: "N1-566-08-09", listed: "Listed. Somebody else approves it." },
};
const ours = () => KINDS[test.info().project.name as keyof typeof KINDS];
const reason = () => `A lawsuit of ${test.info().project.name}.`;

const records = (page: Page) => page.locator("table", { has: page.locator("#records") }).locator("tbody tr");
const holds = (page: Page) => page.locator("table", { has: page.locator("#holds") }).locator("tbody tr");
const counts = (page: Page) => page.locator("table", { has: page.locator("#counts") }).locator("tbody tr");
const signOut = (page: Page) => page.getByRole("button", { name: "Sign out", exact: true }).click();

test("a list that one makes and another approves, with a hold in its way", async ({ page }) => {
  await signIn(page, "records");
  await page.getByRole("main").getByRole("link", { name: "Retention" }).click();
  await expect(title(page)).toHaveText("Retention");
  await expect(page.getByRole("main")).toContainText(ours().item);
  await accessible(page);

  // The demo's hold is there; what is wrong with a proposal is said at once, and what was typed stays.
  await page.getByRole("link", { name: "Holds" }).click();
  await expect(holds(page).filter({ hasText: "A lawsuit about the file (demo)." })).toContainText("Keeps");
  await page.getByLabel("What it is on").selectOption({ label: "A case" });
  await page.getByLabel("Which one").fill("none");
  await page.getByRole("button", { name: "Propose the hold" }).click();
  await expect(page.locator("#wrong li")).toHaveCount(2);
  await expect(page.locator("#wrong")).toContainText("type the receipt number of the case");
  await expect(page.getByLabel("Which one")).toHaveValue("none");
  await accessible(page);

  await page.goto("/console/retention");
  await page.getByRole("button", { name: "List what is due today" }).click();
  await expect(said(page)).toContainText("tick at least one kind");
  await page.getByLabel(ours().name, { exact: true }).check();
  await page.getByRole("button", { name: "List what is due today" }).click();
  await expect(said(page)).toContainText(ours().listed);
  const list = new URL(page.url()).pathname;
  await expect(records(page)).toHaveCount(3);
  await expect(page.locator("#stage")).toHaveText("Waits for somebody else");
  await expect(page.getByRole("main")).toContainText("You made it: somebody else approves it.");
  await expect(page.getByRole("button", { name: "Approve this list" })).toHaveCount(0);
  await accessible(page);

  // Who sends the form nevertheless is refused.
  const form = page.locator('form[action$="/retention/withdraw"]');
  const hash = await page.locator("dd.console-code").innerText();
  await form.evaluate((form: HTMLFormElement, hash) => {
    form.action = "/_fn/console/retention/approve";
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "list", value: hash });
    form.append(field);
  }, hash);
  await page.getByRole("button", { name: "Take the list back" }).click();
  await expect(said(page)).toContainText("you made the list yourself");
  await expect(page.locator("#stage")).toHaveText("Waits for somebody else");

  // A hold on one of them keeps it from this moment on, though nobody has agreed to it yet.
  await records(page).first().getByRole("link", { name: "Propose a hold" }).click();
  await expect(page.getByLabel("Which one")).not.toHaveValue("");
  await page.getByLabel("Why").fill(reason());
  await page.getByRole("button", { name: "Propose the hold" }).click();
  await expect(said(page)).toContainText("It keeps from now on");
  const hold = holds(page).filter({ hasText: reason() });
  await expect(hold).toContainText("Keeps, and waits for somebody else");
  await expect(hold.getByRole("button", { name: /^Agree/ }), "who proposed does not agree").toHaveCount(0);
  await accessible(page);
  await page.goto(list);
  await expect(records(page).first()).toContainText("A hold keeps it");
  await accessible(page);
  await signOut(page);

  await signIn(page, "records.two", list);
  await accessible(page);
  await page.getByRole("button", { name: "Approve this list" }).click();
  await expect(said(page)).toContainText("Approved.");
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.locator("#stage").innerText();
      },
      { timeout: 90_000, intervals: [2_000] },
    )
    .toBe("Done");
  await expect(counts(page).filter({ hasText: "Destroyed" }).locator("td").nth(2)).toHaveText("2");
  await expect(counts(page).filter({ hasText: "Kept: a hold" }).locator("td").nth(2)).toHaveText("1");
  await expect(records(page).first()).toContainText("Kept: a hold");
  await expect(page.getByRole("heading", { name: "Certificate" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("portico-certificate/1");
  await accessible(page);
  const file = await page.request.get(`${list}/certificate`);
  const certificate = await file.json();
  expect(certificate.counts.map((count: { schedule_item: string }) => count.schedule_item)).toEqual([ours().item, ours().item]);
  expect(certificate.list_sha256).toBe(hash);

  // Two people keep it, and two end it.
  await page.goto("/console/retention/holds");
  await hold.getByRole("button", { name: /^Agree/ }).click();
  await expect(said(page)).toContainText("Agreed.");
  await hold.getByRole("button", { name: "Propose to end" }).click();
  await expect(said(page)).toContainText("It keeps until somebody else agrees.");
  await expect(hold).toContainText("You proposed to end it: somebody else agrees.");
  await expect(hold.getByRole("button", { name: "Agree to end" })).toHaveCount(0);
  await hold.getByRole("button", { name: "Have it go on" }).click();
  await expect(said(page)).toContainText("It goes on.");
  await accessible(page);
  await page.goto("/console/retention/dispositions");
  await expect(title(page)).toHaveText("Lists and certificates");
  await accessible(page);
});

test("counsel reads and decides nothing, and others have no such pages", async ({ as, watch }) => {
  watch.allow(/status of 40[34]/);
  const counsel = await as("counsel");
  await counsel.goto("/console/retention");
  await expect(counsel.getByRole("button", { name: "List what is due today" })).toHaveCount(0);
  await counsel.goto("/console/retention/holds");
  await expect(counsel.getByRole("button", { name: /Propose|Agree|Take back/ })).toHaveCount(0);
  await accessible(counsel);
  expect((await counsel.goto("/console/retention/dispositions/none"))?.status()).toBe(404);
  const raio = await as("raio");
  await expect(raio.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Retention" })).toHaveCount(0);
  for (const at of ["", "/holds", "/dispositions"]) {
    expect((await raio.goto(`/console/retention${at}`))?.status()).toBe(403);
    await expect(raio.getByRole("main")).toContainText("Your roles do not allow this.");
  }
  await accessible(raio);
});
