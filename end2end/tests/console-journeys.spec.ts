import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { accessible, said, somebody, signIn, test, title, typeFreshCode, unfold } from "./console";
import { come, later, long, lookFor, newForm, numberOf, today } from "./e-request";
import { expect, hydrated } from "./fixtures";
import { LANGUAGES, UNKNOWN, path } from "./portal";

const english = LANGUAGES[0]!;

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** Finds a request by its number, and opens it. */
async function find(page: Page, number: string) {
  await page.goto("/console/requests/search");
  await page.getByRole("searchbox").fill(number);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: number }).click();
  await expect(title(page)).toHaveText(`Request ${number}`);
}

async function redirect(page: Page, number: string, office: string, why: string) {
  await find(page, number);
  await unfold(page, "Redirect it");
  await page.locator("#redirect-to").selectOption(office);
  await page.locator("#redirect-reason").selectOption("office_alignment");
  await page.getByLabel("In your words").fill(why);
  await page.getByRole("button", { name: "Redirect", exact: true }).click();
}

test("a person sees that their request was sent on, its clock is not reset, and the third time is a supervisor's", async ({ page, as }) => {
  const { e_request } = english.text;
  await come(page, english, newForm("typographic_error"), "");
  await page.goto("/e-request/sent");
  const number = await numberOf(page);
  const main = page.getByRole("main");
  const due = `${e_request.line_due} ${long(english, later(today(), 30))}.`;
  const moved = e_request.moved.replace("{{ day }}", long(english, today()));
  const office = page.locator(".portico-facts > div").filter({ hasText: e_request.office });
  const look = async () => {
    await lookFor(page, english, number, { zip: "22150" });
    await page.getByText(e_request.arithmetic_title).click();
    await expect(main).toContainText(due);
  };
  await look();
  await expect(office).toContainText("National Benefits Center");
  await expect(main).not.toContainText(moved);

  const atNbc = await as("officer.one");
  await redirect(atNbc, number, "TSC", "The file is with you.");
  await expect(said(atNbc)).toContainText("Redirected to TSC");
  await look();
  await expect(office).toContainText("Texas Service Center");
  await expect(main).toContainText(moved);
  await expect(main, "nothing of what offices tell each other").not.toContainText("The file is with you.");
  await accessible(page);
  const spanish = LANGUAGES[1]!;
  await page.goto(path(spanish, "/e-request/status/request"));
  await expect(main).toContainText(spanish.text.e_request.moved.replace("{{ day }}", long(spanish, today())));

  const atTsc = await as("officer.tsc");
  await redirect(atTsc, number, "NSC", "The file went on.");
  await expect(said(atTsc)).toContainText("Redirected to NSC");
  const atNsc = await as("officer.nsc");
  await redirect(atNsc, number, "CSC", "It is not here either.");
  await expect(said(atNsc)).toContainText("A third time is for a supervisor to decide");
  await expect(atNsc.getByLabel("In your words"), "nothing typed is lost").toHaveValue("It is not here either.");
  await expect(atNsc.locator("#redirect-to")).toHaveValue("CSC");
  await look();
  await expect(office).toContainText("Nebraska Service Center");

  const supervisor = await as("supervisor.nsc");
  await redirect(supervisor, number, "CSC", "It is not here either.");
  await expect(said(supervisor)).toContainText("Redirected to CSC");
  await look();
  await expect(office).toContainText("California Service Center");
  await expect(page.locator(".usa-process-list__item").last()).toContainText(long(english, later(today(), 30)));
});

test("what is half written stays when the page was locked", { tag: "@script" }, async ({ as, page }, { project }) => {
  // A session of this test's alone: it is locked.
  const name = project.name === "mobile" ? "second.nsc" : "second.csc";
  await signIn(page, name, "/console/requests");
  await page.getByRole("button", { name: "Take the next" }).click();
  await expect(title(page)).toHaveText(/^Request SR/);
  await unfold(page, "Write a note");
  // Before the client has come, or after: neither is lost.
  await page.getByLabel("Note", { exact: true }).fill("Half a note");
  await hydrated(page);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  const locked = page.getByRole("dialog", { name: "This page is locked" });
  await expect(locked).toBeVisible();
  for (const hidden of [title(page), page.getByLabel("Note", { exact: true }), page.getByRole("banner")]) await expect(hidden).toBeHidden();
  await expect(page, "the tab tells nobody which request it is").toHaveTitle("Locked");
  const [tab] = await Promise.all([page.context().waitForEvent("page"), locked.getByRole("link", { name: "Sign in in a new tab" }).click()]);
  await expect(title(tab)).toHaveText("Show your second factor");
  await typeFreshCode(tab, name);
  await expect(locked).toBeHidden();
  await expect(page.getByLabel("Note", { exact: true })).toHaveValue("Half a note");
  await page.getByRole("button", { name: "Add the note" }).click();
  await expect(region(page, "Notes"), "its forms are of the session as it is now").toContainText("Half a note");
});

/** Server functions of a module that pages call, by their address. */
function functions(module: string) {
  const place = join(__dirname, `../../app/src/console/${module}/server`);
  const files = existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : [`${place}.rs`];
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  return [...source.matchAll(/endpoint = "(console\/[\w/]+)"/g)].map(([, endpoint]) => `/_fn/${endpoint}`);
}

/** The client does not come; the page is what the server sent. */
async function withoutWasm(page: Page) {
  await page.context().route("**/*.wasm", (route) => route.abort());
  const posted: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") posted.push(new URL(request.url()).pathname);
  });
  return posted;
}

test.describe("without the client", () => {
  test.beforeEach(({ watch }) => watch.allow(/wasm|ERR_FAILED|Failed to fetch/));

  test("everything about requests can be done", { tag: "@once" }, async ({ as }) => {
    const officer = await as("officer.two");
    const supervisor = await as("supervisor.nbc");
    const posted = [await withoutWasm(officer), await withoutWasm(supervisor)];
    const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

    // On the roster, so that something can be given to her; away for a while; off, and on again.
    await supervisor.goto("/console/roster?office=NBC");
    const put = async () => {
      await supervisor.locator("#add-officer").selectOption({ label: "Elsa Marsh" });
      await press(supervisor, "Put on the roster");
      await expect(said(supervisor)).toHaveText("The roster is changed.");
    };
    const entry = "Elsa Marsh: what they take";
    if (await supervisor.locator("summary", { hasText: entry }).count()) {
      await (await unfold(supervisor, entry)).getByRole("button", { name: "Take off the roster" }).click();
      await expect(said(supervisor)).toContainText("Off the roster");
    }
    await put();
    const away = await unfold(supervisor, entry);
    await away.getByLabel("Away from").fill("2031-07-01");
    await away.getByLabel("until, that day included").fill("2031-07-14");
    await away.getByRole("button", { name: "Note the leave" }).click();
    await expect(said(supervisor)).toContainText("The leave is noted");
    await (await unfold(supervisor, entry)).getByRole("button", { name: "Take away" }).click();
    await expect(said(supervisor)).toContainText("taken away");
    await (await unfold(supervisor, entry)).getByRole("button", { name: "Take off the roster" }).click();
    await expect(said(supervisor)).toContainText("Off the roster");
    await put();

    // Two are given to her at once, and taken back.
    await supervisor.goto("/console/requests?office=NBC&queue=unassigned&size=25&way=down");
    for (const at of [0, 1]) await supervisor.getByRole("checkbox", { name: /^Tick SR/ }).nth(at).check();
    await supervisor.getByLabel("Give the ticked requests to").selectOption({ label: "Elsa Marsh" });
    await press(supervisor, "Show what that does");
    await press(supervisor, "Give 2 to Elsa Marsh");
    await supervisor.getByRole("button", { name: /^Undo/ }).click();
    await expect(supervisor.getByRole("table")).toContainText("What was undone");
    await supervisor.goto("/console/requests?office=NBC&queue=waiting");
    await unfold(supervisor, "Save this list");
    await supervisor.getByLabel("Name", { exact: true }).fill("Without the client");
    await press(supervisor, "Save");
    await expect(said(supervisor)).toHaveText("The list is saved.");
    await press(supervisor, "Forget Without the client");
    await expect(said(supervisor)).toHaveText("The saved list is forgotten.");
    await unfold(supervisor, "Keyboard shortcuts");
    await press(supervisor, "Turn single keys off");
    await expect(said(supervisor)).toContainText("turned off");
    await supervisor.goto("/console/requests/escalations?office=NBC");
    await supervisor.getByRole("button", { name: /^Noted/ }).first().click();
    await expect(said(supervisor)).toContainText("Noted");

    // The work on one request.
    await officer.goto("/console/requests?office=NBC");
    await officer.getByRole("button", { name: /^Take the next/ }).click();
    await expect(said(officer)).toContainText("You have this request now");
    const number = (await title(officer).innerText()).replace("Request ", "");
    await unfold(officer, "Stop the clock");
    await officer.getByLabel("Why the clock stands").selectOption("file_requested");
    await press(officer, "Pause");
    await press(officer, "Let the clock run again");
    await expect(said(officer)).toHaveText("The clock runs again.");
    await unfold(officer, "Write a note");
    await officer.getByLabel("Note", { exact: true }).fill("Looked at the file.");
    await press(officer, "Add the note");
    await expect(region(officer, "Notes")).toContainText("Looked at the file.");
    await press(officer, "Lay back");
    await press(officer, "Take and open");
    await expect(said(officer)).toContainText("it is open");
    await unfold(officer, "Ask another office");
    await officer.locator("#ask-office").selectOption("TSC");
    await officer.getByLabel("Question", { exact: true }).fill("Have you the file?");
    await press(officer, "Ask");
    await expect(said(officer)).toContainText("Asked");
    const asked = await as("officer.tsc");
    posted.push(await withoutWasm(asked));
    await asked.goto("/console/requests/questions?office=TSC");
    await asked.getByRole("link", { name: number }).click();
    await asked.getByLabel("Your answer").fill("No.");
    await press(asked, "Answer");
    await expect(said(asked)).toContainText("Answered");
    await officer.reload();
    await unfold(officer, "Hand it over");
    await officer.locator("#hand-over-to").selectOption({ index: 1 });
    await officer.getByLabel("What they need to know").fill("The file is not here.");
    await press(officer, "Hand over");
    await expect(said(officer)).toHaveText("Handed over.");
    await find(supervisor, number);
    await unfold(supervisor, "Give it to another officer");
    await supervisor.locator("#give-to").selectOption({ label: "Elsa Marsh" });
    await press(supervisor, "Give");
    await expect(said(supervisor)).toHaveText("Given.");
    await redirect(officer, number, "TSC", "Everything of this kind is yours.");
    await expect(said(officer)).toContainText("Redirected to TSC");

    // Taking one in; and one that was answered is opened again.
    await officer.goto("/console/requests/new?office=NBC&source=telephone&kind=expedite");
    await officer.locator("#receipt_number").fill(UNKNOWN);
    await press(officer, "Take the request");
    await expect(officer.getByRole("alert").first()).toBeVisible();
    await officer.goto("/console/requests?office=NBC&queue=closed&state=answered");
    await officer.getByRole("table").locator("tbody").getByRole("link").last().click();
    await unfold(officer, "Open it again");
    await officer.getByLabel("Why the answer was none").fill("It was about another form.");
    await press(officer, "Open it again");
    await expect(region(officer, "History")).toContainText("It was about another form.");

    // What came to no office, and a question by itself, need what a browser cannot bring about.
    const known = functions("service_request").filter((path) => !/\/(here|send_to)$/.test(path));
    expect(known.filter((path) => !posted.flat().includes(path)), "what was not tried").toEqual([]);
  });

  test("somebody signs in, locks the page, opens it and signs out", { tag: "@once" }, async ({ page }, { project }) => {
    const posted = await withoutWasm(page);
    const name = somebody(project.name, "other");
    await signIn(page, name, "/console/sessions");
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    await expect(title(page)).toHaveText("Show your second factor");
    await typeFreshCode(page, name);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await expect(page.getByRole("status")).toHaveText("You are signed out.");
    for (const done of ["sign_in/agree", "sign_in/password", "sign_in/code", "session/lock", "sign_in/code_again", "session/sign_out"])
      expect(posted).toContain(`/_fn/console/${done}`);
  });
});
