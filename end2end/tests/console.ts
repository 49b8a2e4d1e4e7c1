import { createHash, createHmac } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

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
 * A code that was not used yet, by any worker: the server takes each once, and no older one after it. A step before and after the
 * present one are good, too; then the next has to be waited for, as a person would.
 */
export async function freshCode(name: string, secret = secretOf(name)) {
  const used = join(process.env.PORTICO_E2E_MAILS!, "..", "codes", name);
  mkdirSync(used, { recursive: true });
  let step = 0;
  await expect
    .poll(
      () => {
        const last = Math.max(0, ...readdirSync(used).map(Number));
        step = [-1, 0, 1].map((off) => stepNow() + off).find((step) => step > last) ?? 0;
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

/** From the use notice to the page that was asked for. */
export async function signIn(page: Page, name: string, at = "/console") {
  await page.goto(at);
  await agree(page);
  await typePassword(page, name);
  await typeCode(page, await freshCode(name));
  await expect(page).toHaveURL(at);
}

/** Somebody of the demo for each project, so that two projects do not sign in as one person at one time. */
export function somebody(project: string, role: "officer" | "other" | "third" = "officer") {
  const names = {
    officer: { "no-script": "officer.one", hydrated: "officer.two", mobile: "officer.tsc" },
    other: { "no-script": "tier.one", hydrated: "tier.two", mobile: "supervisor.tsc" },
    third: { "no-script": "reviewer", hydrated: "supervisor.nbc", mobile: "auditor" },
  }[role];
  return names[project as keyof typeof names];
}
