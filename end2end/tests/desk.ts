import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, type Page, test } from "@playwright/test";
import { signIn } from "./console";
import { axe, expect } from "./fixtures";
import { overflowing } from "./portal";

/** A phone, or a wide screen at 400 %; a desk; one with room for two columns. */
const WIDTHS = [320, 1024, 1440];

/** An office for each project, so that none changes what another looks at. */
const OFFICES = {
  "no-script": { code: "NSC", supervisor: "supervisor.nsc", officer: "officer.nsc", officerName: "Mona Heath", second: "second.nsc", secondName: "Nils Fern" },
  hydrated: { code: "CSC", supervisor: "supervisor.csc", officer: "officer.csc", officerName: "Pavel Dale", second: "second.csc", secondName: "Quinn Vale" },
  mobile: { code: "TSC", supervisor: "supervisor.tsc", officer: "officer.tsc", officerName: "Karen Glen", second: "officer.tsc", secondName: "Karen Glen" },
};
export const here = () => OFFICES[test.info().project.name as keyof typeof OFFICES];

export const open: BrowserContext[] = [];

/** Closes the browsers of the people of a test. */
export async function everybodyLeaves() {
  for (const context of open.splice(0)) await context.close();
}

/** A browser of this project's kind. */
async function browserOf(browser: Browser, storageState?: string) {
  const { viewport, javaScriptEnabled, hasTouch, isMobile } = test.info().project.use;
  const options = { baseURL: process.env.PORTICO_E2E_URL, viewport, javaScriptEnabled, hasTouch, isMobile };
  const context = await browser.newContext({ ...options, storageState });
  open.push(context);
  return context;
}

/** A browser of somebody who is signed in: once in a run, since a code is good once. */
export async function as(browser: Browser, name: string) {
  const folder = join(process.env.PORTICO_E2E_MAILS!, "..", "sessions");
  mkdirSync(folder, { recursive: true });
  const state = join(folder, `${name}.json`);
  const context = await browserOf(browser, existsSync(state) ? state : undefined);
  const page = await context.newPage();
  await page.goto("/console");
  if (page.url().includes("sign-in")) {
    await signIn(page, name);
    await context.storageState({ path: state });
  }
  return page;
}

export const title = (page: Page) => page.getByRole("heading", { level: 1 });
export const said = (page: Page) => page.getByRole("main").locator(".usa-alert").first();
export const table = (page: Page) => page.getByRole("table").first();
export const rows = (page: Page) => table(page).locator("tbody tr");

/** Opens a part of the page that is folded. */
export async function unfold(page: Page, summary: string) {
  const part = page.locator("details").filter({ has: page.locator("summary", { hasText: summary }) });
  if ((await part.getAttribute("open")) === null) await part.locator("summary").first().click();
  return part;
}

export async function accessible(page: Page) {
  const size = page.viewportSize()!;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect.soft(await overflowing(page), `${width} pixels wide`).toEqual([]);
    await axe(page);
  }
  await page.setViewportSize(size);
}
