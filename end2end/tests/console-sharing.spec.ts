import { accessible, test, title } from "./console";
import { expect } from "./fixtures";

test.beforeEach(() => test.setTimeout(240_000));

const PARTNERS = ["Australia", "Canada", "New Zealand", "United Kingdom"];

test("whoever watches over sharing sees each country, in charts and in tables that say the same", async ({ as }) => {
  const page = await as("agreements");
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Sharing in figures" }).click();
  await expect(title(page)).toHaveText("Sharing in figures");
  for (const name of ["Queries of the year, by step", /Our first queries/, /Partners' queries/, /wait for counsel/]) {
    const lines = page.getByRole("region", { name }).locator("tbody tr");
    await expect(lines).toHaveCount(PARTNERS.length);
    for (const partner of PARTNERS) await expect(lines.filter({ hasText: partner })).toHaveCount(1);
  }
  await expect(page.getByRole("img")).toHaveCount(3);
  await expect(page.getByRole("region", { name: /Use of quotas/ })).toContainText("They ask, first query");
  await expect(page.getByRole("main")).toContainText("Rates and times are of the newest 1000 queries");
  await accessible(page);

  // Nothing of what partners were not told.
  await expect(page.getByRole("main")).not.toContainText(/suppress/i);
  await expect(page.getByRole("columnheader", { name: "Theirs" })).toHaveCount(0);

  const years = page.getByLabel("Year", { exact: true });
  const last = await years.locator("option").nth(1).textContent();
  await years.selectOption(last!);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("heading", { level: 2, name: last! })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("No agreement in force in this year sets a quota.");
  await accessible(page);
});

test("privacy officers alone see how often nothing was told of somebody whom we know", async ({ as }) => {
  const privacy = await as("privacy");
  await privacy.goto("/console/sharing");
  await expect(privacy.getByRole("region", { name: /For privacy officers/ }).locator("tbody tr")).toHaveCount(PARTNERS.length);
  await expect(privacy.getByRole("columnheader", { name: "Theirs" })).toHaveCount(1);
  await accessible(privacy);
  await privacy.getByRole("link", { name: "The suppression log" }).click();
  await expect(title(privacy)).toHaveText("Suppression log");

  const counsel = await as("counsel");
  await counsel.goto("/console/sharing");
  await expect(counsel.getByRole("columnheader", { name: "Theirs" })).toHaveCount(1);
  await expect(counsel.getByRole("region", { name: /For privacy officers/ })).toHaveCount(0);
});

test("others have no such page", async ({ as, watch }) => {
  watch.allow(/status of 403/);
  const raio = await as("raio");
  expect((await raio.goto("/console/sharing"))?.status()).toBe(403);
  await accessible(raio);
});
