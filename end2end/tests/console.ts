import { createHash, createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { axe, expect, test as base } from "./fixtures";
import { overflowing } from "./portal";

/** The password of everybody of the demo. */
export const PASSWORD = "garza tero lapacho rocio";

const STEP = 30_000;

/** The secret of the authenticator of somebody of the demo. */
function secretOf(name: string) {
  return createHash("sha256").update(`portico demo ${name}`).digest().subarray(0, 20);
}

/** What an authenticator shows in a step of half a minute: RFC 6238. */
export function codeOf(secret: Buffer, step: number) {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(step));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const number = hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

export function stepNow() {
  return Math.floor(Date.now() / STEP);
}

/** From base 32, as a page shows a secret. */
export function decoded(secret: string) {
  const bits = [...secret.replace(/\s/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/**
 * A code that was not used yet, by any worker: the server takes each once, and no older one after it. That of the step to come is good,
 * too; then the next has to be waited for, as a person would. That of the step before would be too old if half a minute ended meanwhile.
 */
export async function freshCode(name: string, secret = secretOf(name)) {
  const used = folder(join("codes", name));
  let step = 0;
  await expect
    .poll(
      () => {
        const last = Math.max(0, ...readdirSync(used).map(Number));
        step = [0, 1].map((off) => stepNow() + off).find((step) => step > last) ?? 0;
        if (!step) return false;
        try {
          writeFileSync(join(used, String(step)), "", { flag: "wx" });
          return true;
        } catch {
          return false;
        }
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return codeOf(secret, step);
}

export async function agree(page: Page) {
  await page.getByRole("button", { name: "I agree" }).click();
}

export async function typePassword(page: Page, name: string, password = PASSWORD) {
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
}

export async function typeCode(page: Page, code: string) {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** A folder of this run, which its workers share. */
function folder(name: string) {
  const path = join(process.env.PORTICO_E2E_MAILS!, "..", name);
  mkdirSync(path, { recursive: true });
  return path;
}

/**
 * Types a code that is taken. Those who sign in by one name at one time wait for each other: after a code no older one is good, so
 * none may be overtaken between its choice and the server.
 */
export async function typeFreshCode(page: Page, name: string) {
  const turn = join(folder("turns"), name);
  await expect.poll(() => isFree(turn), { timeout: 90_000, message: `${name} signs in elsewhere` }).toBe(true);
  try {
    await typeCode(page, await freshCode(name));
    await page.waitForURL(({ pathname }) => !pathname.startsWith("/console/sign-in"));
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

/** Does something that changes what others look at, while none of them does anything in the same turn. */
export async function inTurn(name: string, longest: number, act: () => Promise<void>) {
  const turn = join(folder("turns"), name);
  await expect.poll(() => isFree(turn, longest), { timeout: longest, message: `${name} is somebody else's turn` }).toBe(true);
  try {
    await act();
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

/** Takes a turn, if nobody has it. Who was stopped in theirs has it no longer. */
function isFree(turn: string, longest = 75_000) {
  const age = statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (age > 0 && Date.now() - age > longest) rmSync(turn, { recursive: true, force: true });
  try {
    mkdirSync(turn);
    return true;
  } catch {
    return false;
  }
}

/** From the use notice to the page that was asked for. */
export async function signIn(page: Page, name: string, at = "/console") {
  await page.goto(at);
  await agree(page);
  await typePassword(page, name);
  await typeFreshCode(page, name);
  await expect(page).toHaveURL(at);
}

/** A receipt number, or the number of a request: they stand in no address. */
const NUMBER = /[a-z]{3}\d{10}|sr\d\d-?[2-9a-z]{4}/i;

/** Opens the browser of somebody who is signed in. */
export type As = (name: string) => Promise<Page>;

/** Tests of officers at work. */
export const test = base.extend<{
  /** A browser of somebody who is signed in, of the kind of this project. They sign in once in a run, since a code is good once. */
  as: As;
}>({
  as: async ({ browser, watch }, use) => {
    const opened: Page[] = [];
    await use(async (name) => {
      const { viewport, javaScriptEnabled, hasTouch, isMobile, locale, timezoneId } = test.info().project.use;
      const state = join(folder("sessions"), `${name}.json`);
      const context = await browser.newContext({
        baseURL: process.env.PORTICO_E2E_URL,
        storageState: existsSync(state) ? state : undefined,
        ...{ viewport, javaScriptEnabled, hasTouch, isMobile, locale, timezoneId },
      });
      watch.over(context, new URL(process.env.PORTICO_E2E_URL!).host);
      context.on("request", (request) => {
        if (NUMBER.test(decodeURIComponent(request.url()))) watch.note(`a number in an address: ${request.url()}`);
      });
      const page = await context.newPage();
      opened.push(page);
      await page.goto("/console");
      if (new URL(page.url()).pathname.startsWith("/console/sign-in")) {
        await signIn(page, name);
        await context.storageState({ path: state });
      }
      return page;
    });
    for (const page of opened) await page.context().close();
  },
});

/** An office for each project, so that none changes what another looks at. */
const OFFICES = {
  "no-script": { code: "NSC", agent: "agent.nsc", supervisor: "supervisor.nsc", supervisorName: "Lars Weir", officer: "officer.nsc", officerName: "Mona Heath", second: "second.nsc", secondName: "Nils Fern" },
  hydrated: { code: "CSC", agent: "agent.csc", supervisor: "supervisor.csc", supervisorName: "Olga Moor", officer: "officer.csc", officerName: "Pavel Dale", second: "second.csc", secondName: "Quinn Vale" },
  mobile: { code: "TSC", agent: "agent.tsc", supervisor: "supervisor.tsc", supervisorName: "Jonas Reed", officer: "officer.tsc", officerName: "Karen Glen", second: "officer.tsc", secondName: "Karen Glen" },
};
export const here = () => OFFICES[test.info().project.name as keyof typeof OFFICES];

export const title = (page: Page) => page.getByRole("heading", { level: 1 });
/** What the page says above all else. */
export const said = (page: Page) => page.getByRole("main").locator(".usa-alert").first();
export const table = (page: Page) => page.getByRole("table").first();
export const rows = (page: Page) => table(page).locator("tbody tr");

/** A phone, or a wide screen at 400 %; a tablet; a desk, from where on a list stands beside a request. */
const WIDTHS = [320, 768, 1280];

/** No barrier at any width, and nothing that makes the page scroll sideways. What differs without scripts is looked at at one width. */
export async function accessible(page: Page) {
  const size = page.viewportSize()!;
  for (const width of test.info().project.name === "hydrated" ? WIDTHS : [size.width]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await overflowing(page), `${width} pixels wide`).toEqual([]);
    await axe(page);
  }
  await page.setViewportSize(size);
}

/** Opens a part of the page that is folded. */
export async function unfold(page: Page, summary: string) {
  const part = page.locator("details").filter({ has: page.locator("summary", { hasText: summary }) });
  if ((await part.getAttribute("open")) === null) await part.locator("summary").first().click();
  return part;
}

/** Signs in, signs what is at an address, and signs out: a signature wants a second factor of these minutes. */
export async function sign(page: Page, name: string, address: string, button: string, outcome: string) {
  await signIn(page, name, address);
  await accessible(page);
  await page.getByRole("button", { name: button }).click();
  await expect(said(page)).toContainText(outcome);
  await expect(page.getByRole("button", { name: button })).toHaveCount(0);
  await accessible(page);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
}

/** Somebody of the demo for each project, so that two projects do not sign in as one person at one time. */
export function somebody(project: string, role: "officer" | "other" | "third" = "officer") {
  const names = {
    officer: { "no-script": "officer.one", hydrated: "officer.two", mobile: "officer.tsc" },
    other: { "no-script": "reviewer", hydrated: "supervisor.nbc", mobile: "supervisor.tsc" },
    // Theirs are the sessions that a test ends: nobody else may be at work by these names.
    third: { "no-script": "tier.one", hydrated: "tier.two", mobile: "auditor" },
  }[role];
  return names[project as keyof typeof names];
}
