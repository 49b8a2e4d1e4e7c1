import type { Page } from "@playwright/test";
import { ANSWER, asked, begin, find, opened, release, write } from "./answering";
import { type As, accessible, here, said, test, title, unfold } from "./console";
import { later, lookFor, today } from "./e-request";
import { expect, hydrated, scripted } from "./fixtures";
import { LANGUAGES } from "./portal";

const english = LANGUAGES[0]!;

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const ZIP = { zip: "22150" };
const ADDRESS = /\/console\/requests\/[0-9a-f-]{36}$/;

/** Another answer to the same. */
const OTHER = [
  "Our records show the mistake. It came from a form that we typed by hand.",
  "A clerk has set it right. Please look for the mail by {done_by}.",
];

const findings = (page: Page) => page.getByRole("region", { name: "The check" });

test("a request is assigned, answered, read, and open again because the answer did not help", async ({ as, page: person }) => {
  const { e_request } = english.text;
  const number = await asked(person);
  const supervisor = await as(here().supervisor);
  await find(supervisor, number);
  await unfold(supervisor, "Give it to an officer");
  await supervisor.locator("#give-to").selectOption({ label: here().officerName });
  await supervisor.getByRole("button", { name: "Give", exact: true }).click();
  await expect(said(supervisor)).toHaveText("Given.");

  const officer = await as(here().officer);
  await officer.goto(`/console/requests?office=${here().code}&queue=mine&size=100`);
  await officer.getByRole("link", { name: number }).click();
  await officer.getByRole("button", { name: "Open: begin to work" }).click();
  await expect(said(officer)).toContainText("it is open");
  await expect(officer.getByRole("region", { name: "Answers" })).toContainText("None went out.");
  await begin(officer);
  await expect(title(officer)).toHaveText(`Answer to ${number}`);
  await expect(officer.getByRole("main")).toContainText("The person: letter");
  await expect(findings(officer)).toContainText("Nothing to send");
  await accessible(officer);

  // Nothing goes out that the check holds back, and it says what to do.
  await officer.getByRole("button", { name: "Release" }).click();
  await expect(said(officer)).toContainText("Not released. What keeps it from going out");
  await officer.getByLabel("Text", { exact: true }).fill(`${ANSWER.join("\n\n")}\n\nMr. Perez of case EAC9999103404 has the same one. [date]`);
  await officer.getByRole("button", { name: "Release" }).click();
  await expect(said(officer)).toContainText("Not released.");
  await expect(officer.locator("#findings-summary")).toContainText("It cannot go out.");
  for (const words of ["{done_by}", "[date]", "Fill it in, or take it out.", "EAC9999103404", "Whether the mistake will be corrected"]) {
    await expect(findings(officer)).toContainText(words);
  }
  await accessible(officer);
  await officer.getByLabel("Day by which we will have done it").fill(later(today(), 20));
  await write(officer, ANSWER, { matter: 1, correction: 2 });
  await officer.getByRole("button", { name: "Save and check" }).click();
  await expect(findings(officer)).toContainText("The check finds nothing.");
  await accessible(officer);

  // As the person will read it, online and on paper.
  await officer.getByRole("button", { name: "Save and look at it" }).click();
  await expect(title(officer)).toHaveText("As the person will read it");
  const shown = officer.getByRole("article", { name: "To be read online" });
  await expect(shown).toContainText("We will mail a new notice by ");
  await expect(shown).not.toContainText("Ejemplo");
  await accessible(officer);
  for (const copy of ["To be read online (PDF)", "Letter on paper: The person (PDF)"]) {
    const href = (await officer.getByRole("link", { name: copy }).getAttribute("href"))!;
    const pdf = await officer.request.get(href);
    expect([pdf.status(), pdf.headers()["content-type"], pdf.headers()["cache-control"]]).toEqual([200, "application/pdf", "no-store"]);
  }
  await officer.getByRole("link", { name: "Go on writing" }).click();
  await officer.getByRole("button", { name: "Release" }).click();
  await expect(said(officer)).toContainText("Released as answer 1.");
  await expect(officer).toHaveURL(ADDRESS);
  const answers = officer.getByRole("region", { name: "Answers" });
  await expect(answers.getByRole("row").filter({ hasText: "letter" })).toContainText("Waits for the printer");
  await unfold(officer, "What answer 1 says");
  await expect(answers).toContainText("The mistake is ours.");
  await accessible(officer);

  await person.context().clearCookies();
  await lookFor(person, english, number, ZIP);
  const read = person.getByRole("article");
  await expect(read).toContainText("The mistake is ours.");
  await expect(person.getByRole("main")).toContainText(e_request.state_answered);
  await person.getByText(e_request.not_helped_title.replace("{{ number }}", "1")).click();
  await person.getByRole("textbox", { name: e_request.not_helped_label }).fill("It is the birth date, too.");
  await person.getByRole("button", { name: e_request.not_helped_button, exact: true }).click();
  await expect(person.getByRole("heading", { name: e_request.reopened_title })).toBeVisible();

  await officer.reload();
  await expect(answers).toContainText("It is the birth date, too.");
  await expect(officer.getByRole("main")).toContainText("Opened again: the answer was none");
  await begin(officer);
  await expect(officer.getByLabel("Why answer 1 did not help")).toBeVisible();
  // What was said before is not said again.
  await write(officer, ANSWER, { matter: 1, correction: 2, "not_helped-1": 2 });
  await officer.getByRole("button", { name: "Release" }).click();
  await expect(findings(officer)).toContainText("Says the same again");
  await write(officer, OTHER, { matter: 1, correction: 2, "not_helped-1": 1 });
  await officer.getByLabel("How much of an answer").selectOption("interim");
  await officer.getByRole("button", { name: "Release" }).click();
  await expect(said(officer)).toContainText("Released as answer 2.");
  await person.reload();
  await expect(read.first()).toContainText("A clerk has set it right.");
});

test("two browsers on one answer: both versions are shown, and nothing typed is lost", async ({ as, page: person }) => {
  const { page, number } = await opened(as, person);
  await begin(page);
  const other = await as(here().supervisor);
  await other.goto(page.url());
  await expect(title(other)).toHaveText(`Answer to ${number}`);
  const text = (of: Page) => of.getByLabel("Text", { exact: true });
  await text(page).fill("First version of the officer.");
  await page.getByRole("button", { name: "Save and check" }).click();
  await expect(said(page)).toContainText("The draft is saved");
  await text(other).fill("Another version, of the supervisor.");
  await other.locator("#issue-matter").fill("1");
  await other.getByRole("button", { name: "Save and check" }).click();
  await expect(said(other)).toContainText("Both are here");
  await expect(other.locator("#their-draft")).toHaveText("First version of the officer.");
  await expect(text(other)).toHaveValue("Another version, of the supervisor.");
  await expect(other.locator("#issue-matter")).toHaveValue("1");
  expect(other.url(), "nothing of it stands in the address").toMatch(/\/answer\?kept=[0-9a-f-]{36}$/);
  await accessible(other);
  await other.getByRole("button", { name: "Save and check" }).click();
  await expect(said(other)).toContainText("The draft is saved");
  await page.reload();
  await expect(text(page)).toHaveValue("Another version, of the supervisor.");
  // A draft that was changed is not thrown away by who has not read it.
  await text(other).fill("A third one.");
  await other.getByRole("button", { name: "Save and check" }).click();
  await expect(said(other)).toContainText("The draft is saved");
  await unfold(page, "Throw the draft away");
  await page.getByRole("button", { name: "Throw it away" }).click();
  await expect(said(page)).toContainText("Not thrown away");
  await expect(text(page)).toHaveValue("A third one.");
  await unfold(page, "Throw the draft away");
  await accessible(page);
  await page.getByRole("button", { name: "Throw it away" }).click();
  await expect(said(page)).toHaveText("The draft is thrown away.");
  await expect(page.getByRole("link", { name: "Write the answer" })).toBeVisible();
});

test("an answer is read a second time, given back with words, and released by another person", async ({ as, page: person }) => {
  const { page, number } = await opened(as, person, "beneficiary_change");
  const parts = ["We changed the name in your petition. It is as you wrote it.", "You will see it on the next notice. You do not need to do anything."];
  const addressed = { matter: 1, explanation: 2 };
  await release(page, parts, addressed);
  await expect(said(page)).toContainText("Handed in.");
  await expect(page.getByRole("region", { name: "Answers" })).toContainText("Waits for a second reader");
  await page.goto(`${page.url()}/answer`);
  await expect(page.getByRole("main")).toContainText("It can be changed when it is given back.");
  await accessible(page);

  const reader = await as(here().supervisor);
  await reader.goto("/console/reviews");
  await accessible(reader);
  await reader.getByRole("link", { name: number }).click();
  await expect(title(reader)).toHaveText(`Second reading: ${number}`);
  await expect(reader.getByRole("article", { name: "To be read online" })).toContainText("We changed the name");
  await expect(reader.getByRole("main")).toContainText(here().officerName);
  await accessible(reader);
  await unfold(reader, "Give it back with words");
  await reader.getByRole("button", { name: "Give it back" }).click();
  const words = reader.getByLabel("What is to be done about it");
  await expect(words).toHaveAttribute("aria-invalid", "true");
  await accessible(reader);
  await words.fill("Say which notice.");
  await reader.getByRole("button", { name: "Give it back" }).click();
  await expect(said(reader)).toContainText("Given back.");

  await page.goto(page.url().replace(/\/answer$/, ""));
  await begin(page);
  await expect(page.getByRole("region", { name: "Given back by a second reader" })).toContainText("Say which notice.");
  await accessible(page);
  await write(page, [parts[0]!, "You will see it on the receipt notice. You do not need to do anything."], addressed);
  await page.getByRole("button", { name: "Hand in for a second reading" }).click();
  await expect(said(page)).toContainText("Handed in.");
  await reader.goto("/console/reviews");
  await reader.getByRole("link", { name: number }).click();
  await reader.getByRole("button", { name: "Release" }).click();
  await expect(said(reader)).toContainText("Released as answer 1.");
  await expect(reader.getByRole("link", { name: number })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("region", { name: "Answers" })).toContainText(`Written by ${here().officerName}, released by`);
});

test("nobody reads their own answer a second time", async ({ as, page: person }) => {
  const number = await asked(person, "beneficiary_change");
  const page = await as(here().supervisor);
  await find(page, number);
  await page.getByRole("button", { name: "Take and open" }).click();
  const parts = ["We changed the name in your petition.", "You will see it on the next notice. You do not need to do anything."];
  await release(page, parts, { matter: 1, explanation: 2 });
  await expect(said(page)).toContainText("Handed in.");
  const request = page.url();
  await page.goto("/console/reviews");
  await expect(page.getByRole("link", { name: number })).toHaveCount(0);
  await page.goto(`${request}/review`);
  await expect(page.getByRole("main")).toContainText("You wrote this answer. Another person reads it.");
  await expect(page.getByRole("button", { name: "Release" })).toHaveCount(0);
  await accessible(page);
});

test("letters are printed in a batch and acknowledged, and one that comes back opens its request again", async ({
  as,
  page: person,
}) => {
  const { page, number } = await opened(as, person);
  await release(page);
  await expect(said(page)).toContainText("Released as answer 1.");
  const request = page.url();
  await page.goto(`/console/letters?office=${here().code}`);
  await expect(page.locator("#letters-waiting")).toHaveText(new RegExp(`^Waiting at ${here().code}: [1-9]`));
  await unfold(page, "Requests that they answer");
  await expect(page.getByRole("link", { name: number })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Put the letters together" }).click();
  await expect(said(page)).toContainText("put together");
  const batch = page.getByRole("region", { name: "Batches that nobody has acknowledged" }).locator("tbody tr").last();
  await expect(batch).toContainText("Not fetched yet");
  await accessible(page);
  const name = await batch.locator("code").innerText();
  const letters = Number(await batch.getByRole("cell").first().innerText());
  const link = batch.getByRole("link", { name: "Letters (PDF)" });
  const [first, second] = [await page.request.get((await link.getAttribute("href"))!), await page.request.get((await link.getAttribute("href"))!)];
  expect([first.status(), first.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  expect((await first.body()).equals(await second.body()), "the same bytes each time").toBe(true);
  await page.reload();
  await expect(batch).toContainText("Fetched, ");
  const manifest = await page.request.get((await batch.getByRole("link", { name: "Manifest" }).getAttribute("href"))!);
  const listed = await manifest.json();
  expect([listed.letters, listed.list.length, listed.office]).toEqual([letters, letters, here().code]);
  expect(JSON.stringify(listed)).not.toContain("Ejemplo");

  // Somebody of another office gets nothing of it.
  const stranger = await as(here().code === "TSC" ? "officer.nsc" : "officer.tsc");
  expect((await stranger.request.get((await link.getAttribute("href"))!)).status()).toBe(404);

  const part = await unfold(page, `Batch ${name} was mailed`);
  await part.getByLabel("How many letters were printed and mailed").fill(String(letters + 1));
  await accessible(page);
  await part.getByRole("button", { name: "Note it" }).click();
  await expect(said(page)).toContainText("look for those that are missing");
  const again = await unfold(page, `Batch ${name} was mailed`);
  await again.getByLabel("How many letters were printed and mailed").fill(String(letters));
  await again.getByRole("button", { name: "Note it" }).click();
  await expect(said(page)).toContainText(`Noted: ${letters} printed and mailed.`);
  await expect(page.locator("code", { hasText: name })).toHaveCount(0);
  expect((await page.request.get(first.url())).status(), "what was mailed is not printed again").toBe(404);

  await page.goto(request);
  const letter = page.getByRole("region", { name: "Answers" }).getByRole("row").filter({ hasText: "letter" });
  await expect(letter).toContainText("Mailed");
  await letter.getByRole("button", { name: "It came back" }).click();
  await expect(said(page)).toContainText("the request is open again");
  await expect(letter).toContainText("Came back");
  await accessible(page);
  await page.goto(`/console/requests?office=${here().code}&queue=mail&size=100`);
  await expect(page.getByRole("link", { name: number })).toBeVisible();
});

test("templates are checked, put in while one writes, and taken out of use", async ({ as, page: person, watch }) => {
  watch.allow(/status of 40[34]/);
  const supervisor = await as(here().supervisor);
  const key = `notice-again-${test.info().project.name}`;
  await supervisor.goto("/console/templates");
  await accessible(supervisor);
  await supervisor.getByRole("link", { name: "New template" }).click();
  await supervisor.getByLabel("Name", { exact: true }).fill("Notice again");
  await supervisor.getByLabel("Title", { exact: true }).fill(`Notice, again (${test.info().project.name})`);
  await supervisor.getByLabel("Typographic error").check();
  await supervisor.getByLabel("English", { exact: true }).fill("We will mail it by {someday}.");
  await supervisor.getByRole("button", { name: "Save", exact: true }).click();
  const wrong = supervisor.locator("#wrong");
  await expect(wrong).toContainText("small letters, digits and dashes");
  await expect(wrong).toContainText("there is no placeholder {someday}; take one of the list");
  await expect(wrong).toContainText("The Spanish text is empty");
  await expect(supervisor.getByLabel("Typographic error"), "what was typed is still there").toBeChecked();
  await expect(supervisor.getByLabel("English", { exact: true })).toHaveValue("We will mail it by {someday}.");
  await accessible(supervisor);
  await supervisor.getByLabel("Name", { exact: true }).fill(key);
  await supervisor.getByLabel("English", { exact: true }).fill("We will mail it by {done_by}.");
  await supervisor.getByLabel("Spanish", { exact: true }).fill("Lo enviamos pronto.");
  await supervisor.getByRole("button", { name: "Save", exact: true }).click();
  await expect(wrong).toContainText("{done_by} stands in one language only");
  await supervisor.getByLabel("Spanish", { exact: true }).fill("Lo enviamos antes del {done_by}.");
  await supervisor.getByRole("button", { name: "Save", exact: true }).click();
  await expect(said(supervisor)).toContainText(`Saved as version 1 of ${key}`);
  await supervisor.goto("/console/templates/new");
  await supervisor.getByLabel("Name", { exact: true }).fill(key);
  await supervisor.getByRole("button", { name: "Save", exact: true }).click();
  await expect(wrong).toContainText("There is a template of this name");

  const { page } = await opened(as, person);
  await begin(page);
  await page.getByLabel("Text", { exact: true }).fill("The mistake is ours.");
  await page.getByLabel("Template").selectOption(key);
  await page.getByRole("button", { name: "Put in at the end" }).click();
  await expect(said(page)).toContainText("Put in at the end of the text");
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue("The mistake is ours.\n\nWe will mail it by {done_by}.");
  await expect(page.getByLabel("Day by which we will have done it")).toBeVisible();
  await accessible(page);
  for (const address of ["/console/templates", "/console/templates/new"]) {
    await page.goto(address);
    await expect(page.getByRole("main"), address).not.toContainText("Placeholders");
    await expect(page.getByRole("main"), address).not.toContainText("in use");
  }

  await supervisor.goto(`/console/templates/${key}`);
  await supervisor.getByLabel("Title", { exact: true }).fill(`Notice, once more (${test.info().project.name})`);
  await supervisor.getByRole("button", { name: "Save", exact: true }).click();
  await expect(said(supervisor)).toContainText("Saved as version 2");
  await supervisor.getByRole("link", { name: `Notice, once more (${test.info().project.name})` }).click();
  await unfold(supervisor, "Take it out of use");
  await accessible(supervisor);
  await supervisor.getByRole("button", { name: "Take it out of use" }).click();
  await expect(said(supervisor)).toContainText("Out of use.");
  await expect(supervisor.getByRole("main")).not.toContainText(key);
});

test("the case system is asked to do something, and what becomes of it is shown", async ({ as, page: person }) => {
  const { page } = await opened(as, person);
  await page.getByRole("link", { name: "What the case system is to do" }).click();
  await expect(page.getByRole("table")).toContainText("0 asked for");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(said(page)).toContainText("Choose what is to be done.");
  await page.getByLabel("What is to be done").selectOption("correct_data");
  await page.getByLabel("What is wrong").fill("given name");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(said(page)).toContainText("What is right is empty.");
  await expect(page.getByLabel("What is wrong"), "what was typed is still there").toHaveValue("given name");
  await accessible(page);
  await page.getByLabel("As it is right").fill("Ana");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(said(page)).toContainText("Asked: Correct data.");
  await page.getByLabel("What is to be done").selectOption("remail_card");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(said(page)).toContainText("Asked: Re-mail the card.");
  await expect(page.getByRole("row").filter({ hasText: "Correct data" })).toContainText("given name: to “Ana”");
  await expect(page.getByRole("row").filter({ hasText: "Re-mail the card" })).toContainText("Asked; not fetched yet");
  await accessible(page);
});

test("what is typed is kept while one types, and the keyboard is enough @script", async ({ as, page: person }) => {
  test.skip(here().code === "TSC", "a telephone has no keys");
  const { page } = await opened(as, person);
  await hydrated(page);
  await page.keyboard.press("d");
  await expect(title(page)).toContainText("Answer to ");
  await hydrated(page);
  expect(scripted()).toBe(true);
  const text = page.getByLabel("Text", { exact: true });
  await text.focus();
  await page.keyboard.type("The mistake is ours.");
  await expect(page.locator("#answer-state")).toContainText("Kept.");
  await page.keyboard.type(" We are sorry.");
  await page.keyboard.press("Tab");
  await expect(page.locator("#issue-matter")).toBeFocused();
  await page.keyboard.type("1");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Save and check" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(said(page)).toContainText("The draft is saved");
  await expect(text).toHaveValue("The mistake is ours. We are sorry.");
  await page.goto(page.url());
  await hydrated(page);
  await page.locator("#issue-matter").fill("2");
  await expect(page.locator("#answer-state")).toContainText("Kept.");
  await page.reload();
  await expect(page.locator("#issue-matter"), "what was kept is there after the page went away").toHaveValue("2");
  await expect(text).toHaveValue("The mistake is ours. We are sorry.");
});
