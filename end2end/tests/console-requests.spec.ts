import type { Page } from "@playwright/test";
import { accessible, here, rows, said, table, test, title, unfold } from "./console";
import { kind, newCase } from "./e-request";
import { expect, hydrated, scripted } from "./fixtures";
import { UNKNOWN, log } from "./portal";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const list = (page: Page, name: string) => page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name });

/** How many requests a list says that it has. */
async function count(page: Page, name: string) {
  return Number(/(\d+)$/.exec((await list(page, name).innerText()).trim())![1]);
}

/** Takes the next request, and gives its number. */
async function takeNext(page: Page) {
  await page.goto(`/console/requests?office=${here().code}`);
  await page.getByRole("button", { name: "Take the next" }).click();
  await expect(said(page)).toContainText("You have this request now. The next one");
  return (await title(page).innerText()).replace("Request ", "");
}

test("lists, their counts and pages stand in the address", async ({ as }) => {
  const page = await as(here().supervisor);
  await page.goto("/console/requests");
  await expect(title(page)).toHaveText("Requests");
  await expect(list(page, "Unassigned")).toHaveAttribute("aria-current", "page");
  await accessible(page);
  const all = await count(page, "Closed");
  await list(page, "Closed").click();
  await expect(page).toHaveURL(new RegExp(`office=${here().code}&queue=closed$`));
  await expect(table(page)).toContainText(`Closed at ${here().code}: ${all} in all`);
  await unfold(page, "Filters, order, columns");
  await accessible(page);
  await page.getByLabel("On a page").selectOption("25");
  await page.getByLabel("Came by", { exact: true }).first().selectOption("telephone");
  await page.getByRole("group", { name: "Columns" }).getByLabel("Form").uncheck();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/source=telephone/);
  await expect(table(page).getByRole("columnheader", { name: "Form" })).toHaveCount(0);
  for (const row of await rows(page).all()) await expect(row).toContainText("Telephone");
  // Back and forth through all of them, each once.
  await page.goto(`/console/requests?office=${here().code}&queue=closed&size=25`);
  const first = await rows(page).first().getByRole("link").innerText();
  const seen = new Set<string>();
  for (;;) {
    for (const number of await rows(page).getByRole("link").allInnerTexts()) {
      expect(seen.has(number), `${number} comes once`).toBe(false);
      seen.add(number);
    }
    const next = page.getByRole("link", { name: "Next page" });
    if ((await next.count()) === 0) break;
    await next.click();
  }
  expect(seen.size).toBe(all);
  await page.getByRole("link", { name: "First page" }).click();
  await expect(rows(page).first().getByRole("link")).toHaveText(first);
  await page.getByRole("link", { name: "Last page" }).click();
  await page.getByRole("link", { name: "Page before" }).click();
  await expect(page.getByRole("link", { name: "Next page" })).toBeVisible();
  // Another order is a link in the heading.
  await page.goto(`/console/requests?office=${here().code}&queue=unassigned`);
  await expect(table(page).getByRole("columnheader", { name: "Due" })).toHaveAttribute("aria-sort", "ascending");
  await table(page).getByRole("link", { name: "Received" }).click();
  await expect(table(page).getByRole("columnheader", { name: "Received" })).toHaveAttribute("aria-sort", "ascending");
  for (const name of ["Overdue", "Due soon", "Waiting", "Mail came back", "Not read in time", "Second reading", "Mine"]) {
    // Colleagues read and answer meanwhile: a number may be old before its list is there.
    await expect(async () => {
      const requests = await count(page, name);
      await list(page, name).click();
      await expect(table(page)).toContainText(`: ${requests} in all`, { timeout: 2_000 });
    }).toPass();
  }
});

test("a list is kept under a name, and forgotten", async ({ as }, { project }) => {
  const page = await as(here().supervisor);
  const name = `Letters that wait (${project.name})`;
  await page.goto(`/console/requests?office=${here().code}&queue=waiting&source=letter`);
  await unfold(page, "Save this list");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("For everybody at this office").check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(said(page)).toHaveText("The list is saved.");
  const officer = await as(here().officer);
  await officer.goto(`/console/requests?office=${here().code}`);
  await officer.getByRole("navigation", { name: "Saved lists" }).getByRole("link", { name }).click();
  await expect(officer).toHaveURL(/queue=waiting&source=letter/);
  await expect(officer.getByRole("button", { name: `Forget ${name}` }), "the office's are the supervisor's").toHaveCount(0);
  await accessible(officer);
  await page.getByRole("button", { name: `Forget ${name}` }).click();
  await expect(said(page)).toHaveText("The saved list is forgotten.");
});

test("a supervisor gives out several at once, sees what that does, and undoes it", async ({ as }) => {
  test.skip(here().code === "TSC", "two projects are enough to change things");
  const page = await as(here().supervisor);
  await page.goto(`/console/requests?office=${here().code}&queue=unassigned&size=25&order=received&way=down`);
  const before = await count(page, "Unassigned");
  await page.getByRole("button", { name: "Show what that does" }).click();
  await expect(said(page)).toHaveText("Tick at least one request first.");
  const numbers: string[] = [];
  for (const at of [0, 1, 2]) {
    numbers.push(await rows(page).nth(at).getByRole("link").innerText());
    await rows(page).nth(at).getByRole("checkbox").check();
  }
  await page.getByLabel("Give the ticked requests to").selectOption({ label: here().officerName });
  await page.getByRole("button", { name: "Show what that does" }).click();
  await expect(title(page)).toHaveText("Give requests to an officer");
  await expect(page.getByRole("main")).toContainText("Nothing has been done yet");
  for (const number of numbers) await expect(table(page).getByRole("row").filter({ hasText: number })).toContainText("Will be given");
  await accessible(page);
  await page.getByRole("button", { name: `Give 3 to ${here().officerName}` }).click();
  await expect(table(page)).toContainText(`3 of 3 given to ${here().officerName}`);
  await accessible(page);
  // One of them moves on before it is undone.
  const officer = await as(here().officer);
  await officer.goto(`/console/requests?office=${here().code}&queue=mine&size=100`);
  await officer.getByRole("link", { name: numbers[0]! }).click();
  await officer.getByRole("button", { name: "Open: begin to work" }).click();
  await expect(said(officer)).toContainText("it is open");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table(page)).toContainText("What was undone");
  await expect(table(page).getByRole("row").filter({ hasText: numbers[0] })).toContainText("Not undone");
  await expect(table(page).getByRole("row").filter({ hasText: numbers[1] })).toContainText("Back where it was");
  await page.getByRole("link", { name: "Back to the list" }).click();
  await expect(page.getByRole("navigation", { name: "Lists" })).toBeVisible();
  expect(await count(page, "Unassigned")).toBeLessThan(before + 1);
});

test("an officer takes the next one, is told why it is this one, and sees all there is of it", async ({ as }) => {
  test.skip(here().code === "TSC", "two projects are enough to change things");
  const page = await as(here().officer);
  const number = await takeNext(page);
  await expect(page.getByRole("region", { name: "History" })).toContainText("Opened by " + here().officerName);
  await expect(page.getByRole("region", { name: "History" })).toContainText("of those that nobody has");
  await expect(page.getByRole("region", { name: "What was told" })).toContainText("Receipt number");
  await expect(page.getByRole("region", { name: "Clock" }).getByRole("listitem").first()).toContainText("The clock started on");
  await expect(page.getByRole("table", { name: "Steps, as the person sees them" })).toContainText("Read by an officer");
  await expect(page.getByRole("table", { name: "History of the case" }).or(page.getByText("protected"))).not.toHaveCount(0);
  expect(page.url(), "an id and a list, and nothing of a person").toMatch(/\/console\/requests\/[0-9a-f-]{36}\?office=\w+&queue=mine$/);
  expect(await page.title()).toContain(number);
  await accessible(page);
  // What the applicant saw before anything had happened.
  await page.getByLabel("What the applicant saw on").fill("2001-01-01");
  await page.getByLabel("In", { exact: true }).selectOption("es");
  await page.getByRole("region", { name: /^Case, as/ }).getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("heading", { name: "Case, as it was told on 2001-01-01" })).toBeVisible();
  await expect(page.getByRole("region", { name: /^Case, as/ })).toContainText("not recognised");
  await page.getByRole("link", { name: "As it is told now" }).click();
  await expect(page.getByRole("heading", { name: "Case, as it is told now" })).toBeVisible();
});

test("a request is paused, noted, asked about and redirected, and its clock goes on", async ({ as, watch }) => {
  test.skip(here().code === "TSC", "two projects are enough to change things");
  const page = await as(here().officer);
  const number = await takeNext(page);
  await unfold(page, "Stop the clock");
  await page.getByLabel("Why the clock stands").selectOption("file_requested");
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(said(page)).toHaveText("The clock stands.");
  await accessible(page);
  await page.getByRole("button", { name: "Let the clock run again" }).click();
  await expect(said(page)).toHaveText("The clock runs again.");
  // Words that are missing are said at their field; those that are there are kept.
  await unfold(page, "Write a note");
  await page.getByRole("button", { name: "Add the note" }).click();
  await expect(said(page)).toContainText("Nothing was done: write some words");
  await accessible(page);
  await page.getByLabel("Note", { exact: true }).fill("Called the file room, sagebrush.");
  await page.getByRole("button", { name: "Add the note" }).click();
  await expect(page.getByRole("region", { name: "Notes" })).toContainText("sagebrush");
  await unfold(page, "Ask another office");
  await page.locator("#ask-office").selectOption("TSC");
  await page.getByLabel("Question", { exact: true }).fill("Is the file with you?");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(page.getByRole("region", { name: "Questions between offices" })).toContainText("TSC may read this request until");
  await accessible(page);
  // The other office reads it because it was asked, and answers.
  const other = await as("officer.tsc");
  await other.goto("/console/requests/questions?office=TSC");
  await accessible(other);
  await other.getByRole("link", { name: number }).click();
  await expect(title(other)).toHaveText(`Request ${number}`);
  await expect(other.getByText("Redirect it to another office"), "reading is all").toHaveCount(0);
  await other.getByLabel("Your answer").fill("Yes, on its way.");
  await other.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(said(other)).toContainText("closed to this office again");
  watch.allow(/status of 404/);
  await other.goto(page.url());
  await expect(title(other)).toHaveText("There is no such request");
  await page.reload();
  await expect(page.getByRole("region", { name: "Questions between offices" })).toContainText("Yes, on its way.");
  // A word of the note finds it; a letter less does not.
  await page.goto("/console/requests/search");
  await accessible(page);
  await page.getByRole("searchbox").fill("sagebrush");
  await page.getByRole("button", { name: "Search" }).click();
  expect(page.url()).not.toContain("sagebrush");
  expect(log(), "nor in the log").not.toContain("sagebrush");
  await expect(table(page)).toContainText(number);
  await accessible(page);
  await page.getByRole("searchbox").fill("sagebrus");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Nothing was found.")).toBeVisible();
  await page.getByRole("searchbox").fill(number);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: number }).click();
  const due = await page.locator("#clock ~ ol li").nth(1).innerText();
  await unfold(page, "Redirect it");
  await page.locator("#redirect-to").selectOption("TSC");
  await page.locator("#redirect-reason").selectOption("office_bandwidth");
  await page.getByRole("button", { name: "Redirect", exact: true }).click();
  await expect(said(page)).toContainText("write some words");
  await expect(page.locator("#redirect-to"), "what was chosen is kept").toHaveValue("TSC");
  await page.getByLabel("In your words").fill("You have the file.");
  await page.getByRole("button", { name: "Redirect", exact: true }).click();
  await expect(said(page)).toContainText("Redirected to TSC");
  await other.goto("/console/requests?office=TSC&queue=unassigned&size=100");
  await other.getByRole("searchbox").fill(number);
  await other.getByRole("button", { name: "Search" }).click();
  await other.getByRole("link", { name: number }).click();
  await expect(other.locator("#clock ~ ol li").nth(1)).toHaveText(due);
  await expect(other.getByRole("region", { name: "History" })).toContainText("Redirected to TSC: Office bandwidth");
  await expect(other.getByRole("region", { name: "History" })).toContainText("You have the file.");
});

test("two browsers on one request: nothing is overwritten, nothing typed is lost", async ({ as }) => {
  test.skip(here().code === "TSC", "it has one officer");
  const page = await as(here().officer);
  await takeNext(page);
  const address = page.url().split("?")[0]!;
  await page.clock.install();
  await page.reload();
  await hydrated(page);
  await expect(page.locator("#present")).toBeEmpty();
  const other = await as(here().supervisor);
  await other.goto(address);
  // A script asks who else is here; without one the page says it when it is loaded.
  if (scripted()) await page.clock.fastForward("00:31");
  else await page.reload();
  await expect(page.locator("#present")).toHaveText(`Also open at: ${here().supervisorName}`);
  // The officer pauses it, and the supervisor, who has seen it open, gives it away.
  await unfold(page, "Stop the clock");
  await page.getByLabel("Why the clock stands").selectOption("system_outage");
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(said(page)).toHaveText("The clock stands.");
  await unfold(other, "Give it to another officer");
  await other.locator("#give-to").selectOption({ label: here().secondName });
  await other.locator("#give-text").fill("Please finish this one.");
  await other.getByRole("button", { name: "Give", exact: true }).click();
  await expect(said(other)).toContainText("somebody else changed this request");
  await expect(other.locator("#give-text")).toHaveValue("Please finish this one.");
  await expect(other.getByRole("region", { name: "Clock" })).toContainText("The clock stands");
  await accessible(other);
  await other.getByRole("button", { name: "Give", exact: true }).click();
  await expect(said(other)).toHaveText("Given.");
});

test("a request is taken in by telephone, and found by the caller's digits", async ({ as }) => {
  test.skip(here().code === "TSC", "two projects are enough to change things");
  const page = await as(here().officer);
  await page.goto(`/console/requests/new?office=${here().code}`);
  await expect(title(page)).toHaveText("Take a request");
  await accessible(page);
  await page.getByLabel("It came by").selectOption("telephone");
  await page.getByLabel("It is about").selectOption("expedite");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Take the request" }).click();
  await expect(page.getByRole("alert").first()).toContainText(/receipt number/i);
  await accessible(page);
  await page.locator("#receipt_number").fill(UNKNOWN);
  await page.locator("#requester").selectOption("representative");
  await page.locator("#expedite_reason").selectOption({ index: 1 });
  await page.locator("#explanation").fill("The operation is next week.");
  await page.locator("#family_name").fill("Ejemplo");
  await page.getByRole("button", { name: "Take the request" }).click();
  // Who asks for somebody else is asked for their own name, too.
  await page.locator("#representative_name").fill("Luz Abogada");
  await page.getByRole("button", { name: "Take the request" }).click();
  await expect(said(page), "of an unknown case nothing else is said").toContainText("no case of this number");
  await expect(page.locator("#explanation")).toHaveValue("The operation is next week.");
  const { number } = newCase(kind("typographic_error").story);
  await page.locator("#receipt_number").fill(number);
  await page.getByRole("button", { name: "Take the request" }).click();
  await expect(said(page)).toContainText("The request is taken in as");
  const digits = await page.locator("#once").innerText();
  expect(digits).toMatch(/^\d{8}$/);
  await accessible(page);
  await page.reload();
  await expect(page.getByText(digits), "shown once").toHaveCount(0);
  // Somebody else answers the telephone next time, at the office that has the case.
  const colleague = await as("officer.one");
  await colleague.goto("/console/requests/search");
  await colleague.getByRole("searchbox").fill(`${digits.slice(0, 4)} ${digits.slice(4)}`);
  await colleague.getByRole("button", { name: "Search" }).click();
  expect(colleague.url()).not.toContain(digits.slice(0, 4));
  await expect(rows(colleague)).toHaveCount(1);
  await rows(colleague).getByRole("link").click();
  expect(colleague.url(), "why it is read is noted").toContain("for=call_back");
  for (const told of ["The operation is next week.", "Luz Abogada", "Ejemplo"])
    await expect(colleague.getByRole("region", { name: "What was told" })).toContainText(told);
  await expect(colleague.getByRole("region", { name: "History" })).toContainText(here().officerName);
  expect(log()).not.toContain(digits);
});

test("a supervisor keeps the roster", async ({ as }) => {
  const page = await as(here().supervisor);
  await page.goto(`/console/roster?office=${here().code}`);
  const roster = page.getByRole("table");
  await expect(roster).toContainText(here().officerName);
  await accessible(page);
  const part = await unfold(page, `${here().officerName}: what they take`);
  await part.getByLabel("Room for so many open requests").fill("0");
  await part.getByLabel("Expedite").check();
  await part.getByRole("button", { name: `Save for ${here().officerName}` }).click();
  await expect(said(page)).toHaveText("The roster is changed.");
  await expect(roster.getByRole("row").filter({ hasText: here().officerName })).toContainText("Expedite");
  const again = await unfold(page, `${here().officerName}: what they take`);
  await accessible(page);
  await again.getByLabel("Expedite").uncheck();
  await again.getByRole("button", { name: `Save for ${here().officerName}` }).click();
  await expect(roster.getByRole("row").filter({ hasText: here().officerName })).toContainText("All");
  const leave = await unfold(page, `${here().officerName}: what they take`);
  await leave.getByLabel("Away from").fill("2031-07-01");
  await leave.getByLabel("until, that day included").fill("2031-07-14");
  await leave.getByRole("button", { name: "Note the leave" }).click();
  await expect(roster.getByRole("row").filter({ hasText: here().officerName })).toContainText("2031-07-01 to 2031-07-14");
  const gone = await unfold(page, `${here().officerName}: what they take`);
  await gone.getByRole("button", { name: "Take away" }).click();
  await expect(roster).not.toContainText("2031-07-01");
});

test("what supervisors must know has its pages, and others do not see them", async ({ as, watch }) => {
  watch.allow(/status of 40[34]/);
  const page = await as(here().supervisor);
  for (const [address, name] of [
    ["escalations", "Escalations"],
    ["unrouted", "Requests with no office"],
    ["questions", "Questions to this office"],
  ] as const) {
    await page.goto(`/console/requests/${address}?office=${here().code}`);
    await expect(title(page)).toHaveText(name);
    await expect(page.getByRole("table")).toBeVisible();
    await accessible(page);
  }
  const officer = await as(here().officer);
  for (const address of [`escalations?office=${here().code}`, "unrouted", "../roster", "escalations?office=NBC", "questions?office=NBC"]) {
    await officer.goto(`/console/requests/${address}`);
    await expect(officer.getByRole("main"), address).toContainText("Your roles do not allow this");
  }
  await officer.goto("/console/requests/00000000-0000-0000-0000-000000000000");
  await expect(title(officer)).toHaveText("There is no such request");
  await accessible(officer);
  await officer.goto("/console/requests?office=NBC");
  await expect(officer.getByRole("main")).toContainText("Your roles do not allow this");
});

test("the keyboard alone is enough @script", async ({ as }) => {
  test.skip(here().code === "TSC", "a telephone has no keys");
  const page = await as(here().supervisor);
  await page.goto(`/console/requests?office=${here().code}&queue=unassigned`);
  await hydrated(page);
  await page.keyboard.press("j");
  await expect(rows(page).nth(0).getByRole("link")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  await expect(rows(page).nth(2).getByRole("link")).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await expect(rows(page).nth(1).getByRole("checkbox")).toBeChecked();
  await page.keyboard.press("?");
  await expect(page.locator("#shortcuts")).toHaveAttribute("open", "");
  await page.keyboard.press("?");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("jkx?");
  await expect(page.getByRole("searchbox"), "what is typed is typed").toHaveValue("jkx?");
  await page.getByRole("searchbox").fill("");
  await page.getByRole("searchbox").blur();
  await page.keyboard.press("j");
  const number = await rows(page).nth(0).getByRole("link").innerText();
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText(`Request ${number}`);
  await hydrated(page);
  await page.keyboard.press("c");
  await expect(page.getByLabel("Note", { exact: true })).toBeFocused();
  await page.keyboard.type("Written without a mouse.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Notes" })).toContainText("Written without a mouse.");
  await hydrated(page);
  await page.keyboard.press("u");
  await expect(title(page)).toHaveText("Requests");
  await hydrated(page);
  // Off, and on again.
  await unfold(page, "Keyboard shortcuts");
  await page.getByRole("button", { name: "Turn single keys off" }).click();
  await expect(said(page)).toContainText("turned off");
  await hydrated(page);
  await page.keyboard.press("j");
  await expect(rows(page).nth(0).getByRole("link")).not.toBeFocused();
  await unfold(page, "Keyboard shortcuts");
  await page.getByRole("button", { name: "Turn single keys on" }).click();
  await expect(said(page)).toContainText("turned on");
});

test("a wide screen shows the list beside the request; print leaves it out @once", async ({ as }) => {
  const page = await as("supervisor.csc");
  await page.goto("/console/requests?office=CSC&queue=waiting");
  await rows(page).first().getByRole("link").click();
  const beside = page.getByRole("complementary", { name: "List" });
  await expect(beside).toBeVisible();
  await expect(beside.locator("tr[aria-current=true]")).toHaveCount(1);
  await page.setViewportSize({ width: 1279, height: 900 });
  await expect(beside).toBeHidden();
  await expect(page.getByRole("link", { name: "Back to the list" })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: "print" });
  await expect(beside).toBeHidden();
  await expect(page.locator("#acts")).toBeHidden();
  await expect(page.locator(".console-printed")).toContainText(/Record \/console\/requests\/.* Printed by Olga Moor/);
});
