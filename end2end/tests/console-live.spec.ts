import type { Page } from "@playwright/test";
import { accessible, here, rows, said, test, title, unfold } from "./console";
import { expect, hydrated, scripted } from "./fixtures";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const bar = (page: Page) => page.locator("#live");
const words = (page: Page) => bar(page).getByRole("status");
const unassigned = () => `/console/requests?office=${here().code}&queue=unassigned&size=100`;

test("the bar says as of when a page is, and loads it again", async ({ as }) => {
  const page = await as(here().supervisor);
  await page.goto(unassigned());
  await expect(words(page)).toHaveText(/^As of \d{4}-\d\d-\d\d \d\d:\d\d\.$/);
  await bar(page).getByRole("link", { name: "Load again" }).click();
  await expect(page).toHaveURL(unassigned());
  await rows(page).first().getByRole("link").click();
  await expect(words(page)).toContainText("As of");
  await accessible(page);
});

test("what a colleague takes is told on the list, and no row moves until somebody wants it", async ({ as }) => {
  test.skip(!scripted(), "it is told by a script");
  test.skip(here().code === "TSC", "two projects are enough to change things");
  const [page, officer] = [await as(here().supervisor), await as(here().officer)];
  await page.goto(unassigned());
  await hydrated(page);
  const before = await rows(page).allInnerTexts();
  const count = page.locator("[data-count=unassigned]");
  const was = await count.innerText();
  const place = await rows(page).last().boundingBox();

  await officer.goto(`/console/requests?office=${here().code}`);
  await officer.getByRole("button", { name: "Take the next" }).click();
  await expect(said(officer)).toContainText("You have this request now.");
  const number = (await title(officer).innerText()).replace("Request ", "");

  await expect(words(page)).toHaveText(/gone/);
  await expect(count).not.toHaveText(was);
  expect(await rows(page).allInnerTexts()).toEqual(before);
  expect(await rows(page).last().boundingBox()).toEqual(place);
  await expect(rows(page).filter({ hasText: number })).toHaveCount(1);
  await accessible(page);

  await bar(page).getByRole("link", { name: "Show" }).click();
  await expect(rows(page).filter({ hasText: number })).toHaveCount(0);
  await expect(words(page)).toContainText("As of");
});

test("who changed an open request is told, and what is typed there stays", async ({ as }) => {
  test.skip(!scripted(), "it is told by a script");
  test.skip(here().code === "TSC", "two projects are enough to change things");
  const [page, officer] = [await as(here().supervisor), await as(here().officer)];
  await officer.goto(`/console/requests?office=${here().code}`);
  await officer.getByRole("button", { name: "Take the next" }).click();
  await expect(said(officer)).toContainText("You have this request now.");
  const path = new URL(officer.url()).pathname;

  await page.goto(path);
  await hydrated(page);
  await unfold(page, "Write a note");
  const note = page.getByLabel("Note", { exact: true });
  await note.fill("What I was about to say");
  await note.focus();
  const typed = await note.elementHandle();

  await officer.goto(path);
  await officer.getByRole("button", { name: "Lay back" }).first().click();
  await expect(words(page)).toContainText(`${here().officerName} changed this request:`);
  await expect(note).toHaveValue("What I was about to say");
  expect(await typed!.evaluate((field) => field === document.activeElement)).toBe(true);

  await bar(page).getByRole("link").click();
  await expect(bar(page).getByRole("link")).toHaveText("What you typed here was not sent. Load the page without it");
  await expect(note).toHaveValue("What I was about to say");
  await bar(page).getByRole("link").click();
  await expect(words(page)).toContainText("As of");
  await expect(note).toHaveValue("");
});
