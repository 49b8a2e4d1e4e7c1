import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, type TestInfo } from "@playwright/test";

/** A mail as its reader gets it; `smtp.mjs` wrote it. */
export type Mail = { envelope: { to: string[] }; headers: Record<string, string>; subject: string; text: string; html: string };

/** What has come for an address, in its order. */
export function mails(address: string): Mail[] {
  const folder = process.env.PORTICO_E2E_MAILS ?? "";
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  return files
    .sort()
    .map((name): Mail => JSON.parse(readFileSync(join(folder, name), "utf8")))
    .filter(({ envelope }) => envelope.to.includes(address));
}

/** Waits for the mail with this number, from 1, and gives it; there is none after it. */
export async function mail(address: string, number: number): Promise<Mail> {
  await expect.poll(() => mails(address).length, { message: "mails for this address" }).toBe(number);
  return mails(address)[number - 1]!;
}

/** Path and query of the link in a mail that leads to a page. The servers under test are at other ports than they believe. */
export function link({ text, html }: Mail, page: string) {
  const found = text.match(/https?:\/\/\S+/g)?.find((address) => new URL(address).pathname === page);
  expect(found, `a link to ${page} in ${text}`).toBeDefined();
  expect(html).toContain(`href="${found}"`);
  const { pathname, search } = new URL(found!);
  return pathname + search;
}

/** A person of the demo's feed, with the newest line about the case. */
export type Case = { number: string; month: string; day: string; year: string; zip: string; line: Record<string, unknown> };

/** A case of the demo that no other test looks at, for each project and each turn another one. */
export function ownCase(info: TestInfo, turn: number): Case {
  const lines = readFileSync(process.env.PORTICO_E2E_FEED ?? "", "utf8").trim().split("\n");
  const newest = new Map(lines.map((text) => JSON.parse(text)).map((line) => [line.receipt_number, line]));
  const open = [...newest.values()].filter(
    ({ receipt_number, protection_markers, form, applicant }) =>
      !/^[A-Z]{3}9999/.test(receipt_number) && !protection_markers?.length && form === "I-765" && applicant?.birth_date,
  );
  const line = open[turn + 10 * info.config.projects.findIndex(({ name }) => name === info.project.name)];
  expect(line, "a case for this test").toBeDefined();
  const [year, month, day] = line.applicant.birth_date.split("-");
  return {
    number: line.receipt_number,
    month: String(Number(month)),
    day: String(Number(day)),
    year,
    zip: line.mailing_address.postal_code,
    line,
  };
}

/** Something public happens to a case. */
export function happens({ line }: Case, code: string) {
  const at = new Date().toISOString().replace(/\.\d+/, "");
  const event = { ...line, event_id: `e2e-${line.receipt_number}-${code}`, action: { code, at } };
  execFileSync(process.env.PORTICO_E2E_PORTICO ?? "", ["import", "cases", "-"], { input: `${JSON.stringify(event)}\n` });
}
