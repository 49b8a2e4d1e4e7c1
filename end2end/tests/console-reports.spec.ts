import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { signIn, test, title } from "./console";
import { axe, expect } from "./fixtures";
import { overflowing } from "./portal";

async function isSound(page: Page) {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await overflowing(page), `${width} pixels wide`).toEqual([]);
    await axe(page);
  }
}

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

test("a supervisor reads a month of an office, with each chart's table beside it", async ({ as }) => {
  const page = await as("supervisor.csc");
  await page.goto("/console");
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Reports" }).click();
  await expect(title(page)).toHaveText("Reports");
  await isSound(page);
  const month = page.getByLabel("Month", { exact: true });
  await month.selectOption((await month.locator("option").nth(4).getAttribute("value"))!);
  await page.getByLabel("Office", { exact: true }).selectOption("CSC");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/office=CSC/);
  const charts = page.getByRole("img");
  expect(await charts.count()).toBeGreaterThan(3);
  for (const chart of await charts.all()) await expect(chart).toHaveAccessibleName(/\w+ \w+/);
  // The types add up to the month.
  const types = page.getByRole("table", { name: "By what was asked" }).locator("tbody tr");
  const received = await types.locator("td:nth-child(2)").allTextContents();
  const sum = received.map(Number).reduce((a, b) => a + b, 0);
  await expect(page.locator(".console-facts > div").filter({ hasText: "Received" }).locator("dd")).toHaveText(String(sum));
  expect(sum).toBeGreaterThan(0);
  await isSound(page);
});

test("a supervisor takes a list out as a file, with a reason", async ({ page }) => {
  await signIn(page, "supervisor.csc", "/console/requests?office=CSC&queue=waiting");
  await page.getByRole("link", { name: "Take this list out as a file" }).click();
  await expect(title(page)).toHaveText("Take out a file");
  await isSound(page);
  await page.getByLabel("Planning the office's work").check();
  await page.getByLabel("CSV, for any program").check();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Take it out" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^requests-csc-waiting-[\d-]+\.csv$/);
  const lines = readFileSync((await file.path())!, "utf8").trim().split("\r\n");
  expect(lines.length).toBeGreaterThan(1);
  expect(lines[0]).toContain("number,receipt_number");
  for (const line of lines.slice(1)) expect(line).toMatch(/^SR\d\d-/);
});

test("an officer has no reports, and takes nothing out", async ({ as, watch }) => {
  watch.allow(/status of 403/);
  const page = await as("officer.csc");
  for (const at of ["/console/reports", "/console/reports/export?what=requests&office=CSC&queue=waiting"]) {
    expect((await page.goto(at))?.status()).toBe(403);
    await expect(page.getByRole("button", { name: "Take it out" })).toHaveCount(0);
  }
  await page.goto("/console/requests?office=CSC");
  await expect(page.getByRole("link", { name: "Take this list out as a file" })).toHaveCount(0);
});
