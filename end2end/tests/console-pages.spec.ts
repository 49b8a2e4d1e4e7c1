import type { Page } from "@playwright/test";
import { agree, signIn, test, title, typePassword } from "./console";
import { SPACED, addStyle, invalid, skippedLevels, smallTargets, unfoldAll } from "./document";
import { axe, expect } from "./fixtures";
import { overflowing } from "./portal";

/** A phone, or a wide screen at 400 %; a common phone; a tablet; a desk, from where on a list stands beside a request. */
const WIDTHS = [320, 360, 768, 1280];

/** What a page can show: where it is, or how one comes to it. */
type State = { name: string; at: string; come?: (page: Page) => Promise<unknown>; status?: number };

const list = (queue: string, more = "") => `/console/requests?office=CSC&queue=${queue}${more}`;

/** The first request of a list. */
const first = (name: string, queue: string): State => ({
  name,
  at: list(queue),
  come: (page) => page.getByRole("table").first().locator("tbody").getByRole("link").first().click(),
});

const searched = (name: string, text: string): State => ({
  name,
  at: "/console/requests/search",
  come: async (page) => {
    await page.getByRole("searchbox").fill(text);
    await page.getByRole("button", { name: "Search" }).click();
  },
});

const STATES: State[] = [
  { name: "the first page", at: "/console" },
  { name: "one's sessions", at: "/console/sessions" },
  { name: "what nobody has", at: list("unassigned") },
  { name: "what is closed, by its second page", at: list("closed", "&size=25"), come: (page) => page.getByRole("link", { name: "Next page" }).click() },
  { name: "what nobody read in time", at: list("strays") },
  { name: "what mail came back of", at: list("mail") },
  { name: "a list with filters and nothing in it", at: list("waiting", "&source=letter&older=9999") },
  first("a request that nobody has", "unassigned"),
  first("a request whose clock stands", "waiting"),
  first("a request that is late", "overdue"),
  first("a request that is closed", "closed"),
  {
    name: "a request by itself, with its case as it was told in Spanish on another day",
    at: list("waiting"),
    come: async (page) => {
      const href = await page.getByRole("table").first().locator("tbody").getByRole("link").first().getAttribute("href");
      await page.goto(`${href!.split("?")[0]}?as_of=2026-01-31&lang=es`);
    },
  },
  { name: "a request that is none", at: "/console/requests/00000000-0000-0000-0000-000000000000", status: 404 },
  { name: "a page that is none", at: "/console/nowhere", status: 404 },
  { name: "a page for others", at: "/console/accounts", status: 403 },
  { name: "the search", at: "/console/requests/search" },
  searched("what was found", "Ejemplo"),
  searched("a search that found nothing", "sagebrushes"),
  { name: "what other offices ask", at: "/console/requests/questions?office=CSC" },
  { name: "what was raised", at: "/console/requests/escalations?office=CSC" },
  { name: "what came to no office", at: "/console/requests/unrouted" },
  { name: "a choice that is over", at: "/console/requests/assign" },
  { name: "calls", at: "/console/calls" },
  { name: "call scripts", at: "/console/scripts" },
  { name: "a script that is read to callers", at: "/console/scripts", come: (page) => page.getByRole("table").last().locator("tbody").getByRole("link").first().click() },
  { name: "a script that is none", at: "/console/scripts/00000000-0000-0000-0000-000000000000", status: 404 },
  { name: "the reports", at: "/console/reports?office=CSC" },
  { name: "taking figures out", at: "/console/reports/export?what=figures&month=2026-01" },
  { name: "taking a list out", at: "/console/reports/export?what=requests&office=CSC&queue=waiting" },
  { name: "the roster", at: "/console/roster?office=CSC" },
  { name: "the beginning of an intake", at: "/console/requests/new?office=CSC" },
  { name: "the intake of a letter", at: "/console/requests/new?office=CSC&source=letter&kind=typographic_error" },
  {
    name: "an intake with mistakes",
    at: "/console/requests/new?office=CSC&source=telephone&kind=expedite",
    come: (page) => page.getByRole("button", { name: "Take the request" }).click(),
  },
];

/** Whole and valid as the server sent it, and without a barrier at any width, text size or spacing. */
async function good(page: Page) {
  const response = await page.reload();
  const wrong = await invalid((await response?.text()) ?? "");
  // Where no scripts run, the page of a session that has ended leaves the screen by itself: AC-11.
  expect.soft(wrong.filter((what) => !/^meta-refresh.*noscript/.test(what)), "valid").toEqual([]);
  await expect(page).toHaveTitle(/^\S.* \| Console \| \S/);
  await expect(title(page)).toHaveCount(1);
  await expect(page.getByRole("main")).toHaveCount(1);
  expect.soft(await skippedLevels(page), "levels of headings that are left out").toEqual([]);
  await unfoldAll(page);
  const resize = (width: number) => page.setViewportSize({ width, height: 800 });
  for (const width of WIDTHS) {
    await resize(width);
    expect.soft(await overflowing(page), `${width} pixels wide`).toEqual([]);
    expect.soft(await smallTargets(page), `${width} pixels wide`).toEqual([]);
    await axe(page);
  }
  await addStyle(page, SPACED);
  for (const width of WIDTHS) {
    await resize(width);
    expect.soft(await overflowing(page), `spaced out, ${width} pixels wide`).toEqual([]);
  }
  await addStyle(page, "html { font-size: 200% !important; }");
  await resize(640);
  expect.soft(await overflowing(page), "with text twice as large").toEqual([]);
}

test.beforeEach(({ watch }) => {
  test.setTimeout(240_000);
  // The page itself arrives with such a status, and the browser says so.
  watch.allow(/status of 40[34]/);
});

for (const { name, at, come, status } of STATES) {
  test(`${name} is a whole and valid page without a barrier`, { tag: "@once" }, async ({ as }) => {
    const page = await as("supervisor.csc");
    const response = await page.goto(at);
    expect(response?.status()).toBe(status ?? 200);
    await come?.(page);
    await page.waitForLoadState();
    await good(page);
  });
}

test("the way in is whole and valid, and without a barrier at each of its steps", { tag: "@once" }, async ({ page }) => {
  await page.goto("/console/requests");
  await good(page);
  await agree(page);
  await expect(title(page)).toHaveText("Sign in");
  await good(page);
  await typePassword(page, "officer.csc");
  await expect(page.getByLabel("Code", { exact: true })).toBeVisible();
  await good(page);
  await page.goto("/console/sign-in/enrol");
  await good(page);
});

test("accounts are shown on whole and valid pages without a barrier", { tag: "@once" }, async ({ page }) => {
  await signIn(page, "admin.two", "/console/accounts");
  await good(page);
  await page.getByRole("link", { name: "Pavel Dale" }).click();
  await expect(title(page)).toContainText("Account");
  await good(page);
});

test("forced colours leave lists and requests their borders, and the focus can be seen", { tag: "@once" }, async ({ as }) => {
  const page = await as("supervisor.csc");
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(list("waiting"));
  const row = page.getByRole("table").first().locator("tbody tr").first();
  await expect(row.getByRole("cell").first()).not.toHaveCSS("border-block-end-width", "0px");
  for (const target of [row.getByRole("link"), row.getByRole("checkbox"), page.getByRole("button", { name: "Search" })]) {
    await target.focus();
    const { outlineStyle, outlineWidth } = await target.evaluate((element) => ({ ...getComputedStyle(element) }) as CSSStyleDeclaration);
    expect(outlineStyle).not.toBe("none");
    expect(parseFloat(outlineWidth)).toBeGreaterThanOrEqual(2);
  }
  // The list at hand is told by more than a colour.
  const here = page.getByRole("navigation", { name: "Lists" }).locator("[aria-current=page]");
  await expect(here).not.toHaveCSS("border-block-end-width", "0px");
});
