import type { Page } from "@playwright/test";
import { type As, here, said, title } from "./console";
import { come, kind, later, newCase, newForm, numberOf, today } from "./e-request";
import { expect } from "./fixtures";
import { LANGUAGES } from "./portal";

const english = LANGUAGES[0]!;

/** What answers a request about a typographic error, part by part; the day is filled in. */
export const ANSWER = [
  "We looked at your notice. The name on it is not the name on your form. The mistake is ours.",
  "Your name is now as you wrote it. We will mail a new notice by {done_by}. You do not need to do anything.",
];

/** Somebody asks the agency about a case of this project's office; gives the number. */
export async function asked(page: Page, key = "typographic_error") {
  const story = { ...kind(key).story, office: here().code };
  await come(page, english, newForm(key, { known: newCase(story) }), "");
  await page.goto("/e-request/sent");
  return numberOf(page);
}

/** Opens a request by its number. It comes to its office a moment after it was sent. */
export async function find(page: Page, number: string) {
  await expect(async () => {
    await page.goto(`/console/requests?office=${here().code}`);
    await page.getByRole("searchbox").fill(number);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: number }).click({ timeout: 2000 });
  }).toPass();
  await expect(title(page)).toHaveText(`Request ${number}`);
  await page.goto(page.url().split("?")[0]!);
}

/** A request that an officer has opened: the officer's browser, at its page. */
export async function opened(as: As, person: Page, key?: string) {
  const number = await asked(person, key);
  const page = await as(here().officer);
  await find(page, number);
  await page.getByRole("button", { name: "Take and open" }).click();
  await expect(said(page)).toContainText("it is open");
  return { page, number };
}

export async function write(page: Page, parts: string[], addressed: Record<string, number>) {
  await page.getByLabel("Text", { exact: true }).fill(parts.join("\n\n"));
  for (const [issue, part] of Object.entries(addressed)) await page.locator(`#issue-${issue}`).fill(String(part));
  await page.getByRole("button", { name: "Save and check" }).click();
  await expect(said(page)).toContainText("The draft is saved");
  const day = page.getByLabel("Day by which we will have done it");
  if (await day.count()) await day.fill(later(today(), 20));
}

export const begin = (page: Page) => page.getByRole("link", { name: /^(Write|Go on with) the answer$/ }).click();

/** Writes what the check lets through, and releases it. */
export async function release(page: Page, parts = ANSWER, addressed: Record<string, number> = { matter: 1, correction: 2 }) {
  await begin(page);
  await write(page, parts, addressed);
  await page.getByRole("button", { name: /^(Release|Hand in)/ }).click();
}
