import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { accessible, here, said, test, title, unfold } from "./console";
import { CONTACT, fill, hide, kind, newCase } from "./e-request";
import { expect } from "./fixtures";
import { UNKNOWN } from "./portal";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));
// One agent is in one call at a time.
test.describe.configure({ mode: "default" });

type Words = { en: string; es: string };
type Script = { title: Words; nodes: { key: string; name: string; step: Record<string, { text?: Words; question?: Words }> }[] };

/** A script of the starter set, as its file has it. */
function script(name: string): Script {
  const file = join(__dirname, `../../server/domain/src/call_script/starter/${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")).script;
}

/** What is read aloud at a node. */
function words(of: Script, key: string): Words {
  const [step] = Object.values(of.nodes.find((node) => node.key === key)!.step);
  return (step!.text ?? step!.question)!;
}

const first = (text: string) => text.split("\n\n")[0]!;
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const node = (page: Page) => page.locator(".console-node");
const caller = (page: Page) => page.getByRole("region", { name: "Caller" });

/** Takes a call of a Spanish speaker. One that another test left is broken off first. */
async function takeCall(page: Page) {
  await page.goto("/console/calls");
  const left = page.getByRole("link", { name: "Go on with it" });
  if (await left.count()) {
    await left.click();
    await press(page, "Broken off");
  }
  await page.getByLabel("The caller speaks").selectOption("es");
  await press(page, "Take a call");
  await expect(title(page)).toHaveText("What information are you seeking?");
}

async function look(page: Page, text: string) {
  await page.getByLabel("Look for a script").fill(text);
  await press(page, "Look");
}

async function identify(page: Page, typed: { number: string; born?: string; zip?: string; name?: string }) {
  await caller(page).getByLabel("Receipt number").fill(typed.number);
  await caller(page).getByLabel("Date of birth").fill(typed.born ?? "");
  await caller(page).getByLabel("ZIP code").fill(typed.zip ?? "");
  await caller(page).getByLabel("Name, for the request").fill(typed.name ?? "");
  await press(page, "Compare with the record");
}

const CASE = { office: "NBC", events: [{ code: "IAA", days: 90 }] };

test("a call goes from the first question to a request that has the version of the script", async ({ as }) => {
  const page = await as(here().agent);
  const known = newCase(CASE);
  const card = script("card-not-received");
  await takeCall(page);
  await accessible(page);
  await look(page, "zzz");
  await expect(page.getByRole("main")).toContainText("No script has these words.");
  await look(page, "tarjet");
  await press(page, card.title.en);
  await expect(title(page)).toHaveText(card.title.en);

  // Both languages, the caller's first.
  const sides = node(page).locator(".console-aloud > div");
  await expect(sides.nth(0)).toHaveAttribute("lang", "es");
  await expect(sides.nth(0)).toContainText(first(words(card, "greeting").es));
  await expect(sides.nth(1)).toContainText(first(words(card, "greeting").en));
  await press(page, "Go on");
  await expect(node(page)).toContainText("Read this out, word for word: the disclaimer.");
  await accessible(page);
  await press(page, "I have read it out");
  await press(page, "Llegó con un error");
  await press(page, "No: el formulario estaba bien");

  // A slip of the agent's is no try of the caller's, and what was typed stays.
  await identify(page, { number: known.number, born: "1990-02-03", zip: "2215" });
  await expect(caller(page).getByRole("alert")).toContainText("A ZIP code has five digits");
  await expect(caller(page).getByLabel("Receipt number")).toHaveValue(known.number);
  await identify(page, { number: known.number, born: "1990-02-04", zip: "22150", name: "Ana Ejemplo" });
  await expect(said(page)).toContainText("something else does not agree. Do not say what.");
  await identify(page, { number: known.number, born: "1990-02-03", zip: "22150", name: "Ana Ejemplo" });
  await expect(said(page)).toContainText("You may also say when to ask, and what was asked.");
  await page.getByLabel("What the caller said").fill("Dice Anna y es Ana.");
  await press(page, "Keep the notes");
  await expect(said(page)).toContainText("The notes are kept");

  // Back, and forward again.
  await page.getByRole("navigation", { name: "The way so far" }).getByRole("button", { name: "Whose mistake" }).click();
  await press(page, "No lo sé");
  await press(page, "Sí, todo");
  await expect(node(page)).toContainText("There is nothing that may be said here about the caller's case.");
  await press(page, "Go on without it");
  await expect(node(page)).toContainText("Read this out, word for word: the Privacy Act statement.");
  await press(page, "I have read it out");
  await press(page, "Tiene un error");
  await accessible(page);
  await page.getByRole("link", { name: "Take the request" }).click();

  await expect(page.locator("#receipt_number"), "what was said is not asked again").toHaveValue(known.number);
  await expect(page.locator("#family_name")).toHaveValue("Ejemplo");
  await expect(page.locator("#given_name")).toHaveValue("Ana");
  await expect(page.locator("#intake-locale")).toHaveValue("es");
  await accessible(page);
  await fill(page, { requester: "applicant", birth_date: "1990-2-3", ...kind("typographic_error").issue });
  await press(page, "Take the request");
  await expect(page.getByRole("main"), "mended, it is still this call's").toContainText("There is a problem");
  await fill(page, CONTACT);
  await press(page, "Take the request");
  await expect(said(page)).toContainText(/SR\d\d-/);
  const number = /SR\d\d-[\w-]+\w/.exec(await said(page).innerText())![0];
  await page.goto("/console/calls");
  await expect(page.getByRole("button", { name: "Take a call" }), "the call is over").toBeVisible();

  // A case of the National Benefits Center's: its supervisor reads what the caller was read.
  const supervisor = await as("supervisor.nbc");
  await supervisor.goto("/console/requests/search");
  await supervisor.getByRole("searchbox").fill(number);
  await supervisor.getByRole("button", { name: "Search" }).click();
  await supervisor.getByRole("link", { name: number }).click();
  const call = supervisor.getByRole("region", { name: "The call" });
  await expect(call).toContainText(`Script: ${card.title.en}, version 1.`);
  for (const step of ["Legal disclaimer: read out", "Whose mistake: I do not know", "Request under way?: not said"]) await expect(call).toContainText(step);
});

test("of a hidden case an agent learns no more than of a number that is none", async ({ as }) => {
  const page = await as(here().agent);
  const known = newCase(CASE);
  const status = script("case-status");
  await takeCall(page);
  await identify(page, { number: known.number });
  await expect(said(page)).toContainText("The receipt number is right.");
  await look(page, "status");
  await press(page, status.title.en);
  await press(page, "Go on");
  await press(page, "I have read it out");
  hide(known);
  const tried = async (number: string) => {
    await identify(page, { number, born: "1990-02-03", zip: "22150" });
    return [await said(page).innerText(), await caller(page).locator("p").first().innerText()];
  };
  const [ofHidden, ofUnknown] = [await tried(known.number), await tried(UNKNOWN)];
  expect(ofHidden).toEqual(ofUnknown);
  expect(ofHidden[0]).toContain("There is nothing that may be said about this number.");
  expect(ofHidden[1]).toContain("Say nothing about a case.");
  await accessible(page);

  // Up to the node where the status would be read.
  for (let steps = 0; steps < 8 && !(await node(page).getByText("There is nothing that may be said here").count()); steps++) {
    const go = node(page).getByRole("button", { name: /^(Go on|I have read it out)$/ });
    if (await go.count()) await go.click();
    else await node(page).getByRole("listitem").first().getByRole("button").click();
  }
  await expect(node(page)).toContainText("There is nothing that may be said here about the caller's case.");
  await expect(page.getByRole("main")).not.toContainText("I-765");
  await accessible(page);
  await page.getByRole("region", { name: "Or else" }).getByRole("button", { name: "Hand to Tier 2" }).click();
  await expect(said(page)).toContainText("The call was handed to Tier 2.");
});

test("a script is written by one person, read by another, and read to callers then", async ({ as, watch }, { project }) => {
  watch.allow(/status of 40[34]/);
  const page = await as(here().supervisor);
  const key = `trial-${project.name}-${Date.now().toString(36)}`;
  const wanted = `Trial of ${key}`;
  await page.goto("/console/scripts");
  await accessible(page);
  await page.getByLabel("Name", { exact: true }).fill("No Good");
  await page.getByLabel("What the caller wants, in English").fill(wanted);
  await press(page, "Begin a draft");
  await expect(page.getByRole("alert")).toContainText("small letters, digits and dashes");
  await expect(page.getByLabel("What the caller wants, in English"), "nothing typed is lost").toHaveValue(wanted);
  await page.getByLabel("Name", { exact: true }).fill(key);
  await page.getByLabel("The same, in Spanish").fill(`Prueba de ${key}`);
  await press(page, "Begin a draft");
  await expect(title(page)).toHaveText(wanted);
  const findings = page.getByRole("region", { name: /finding/ });
  await expect(findings).toContainText("there is no node");

  const add = async (kind: string, fields: Record<string, string>, answers: string[][] = []) => {
    await page.getByRole("list", { name: "Add a node" }).getByRole("link", { name: kind, exact: true }).click();
    for (const [field, value] of Object.entries(fields)) {
      const element = page.locator(`#node-${field}`);
      if ((await element.evaluate((element) => element.tagName)) === "SELECT") await element.selectOption(value);
      else await element.fill(value);
    }
    for (const [at, [en, es, then]] of answers.entries()) {
      await page.locator(`#answer-${at}-en`).fill(en!);
      await page.locator(`#answer-${at}-es`).fill(es!);
      await page.locator(`#answer-${at}-then`).fill(then!);
    }
    await press(page, "Save");
  };
  await add("Ask a question", { key: "which", name: "Which", en: "Which one?", es: "¿Cuál?" }, [["One", "Uno", "bye"], ["Two", "Dos", ""]]);
  await expect(page.getByRole("alert")).toContainText("Where answer 2 leads");
  await expect(page.locator("#node-en")).toHaveValue("Which one?");
  await accessible(page);
  await page.locator("#answer-1-then").fill("bye");
  await press(page, "Save");
  await expect(said(page)).toContainText("which is saved");
  await expect(findings).toContainText("which leads to bye, which is not there");
  await add("End the call", { key: "bye", name: "Goodbye", en: "Goodbye.", es: "" });
  await expect(findings).toContainText("the text of bye is missing in Spanish");
  await press(page, "Hand in to be read");
  await expect(said(page)).toContainText("Not handed in");
  await findings.getByRole("link", { name: "Mend bye" }).first().click();
  await page.locator("#node-es").fill("Adiós.");
  await press(page, "Save");
  await expect(findings).toContainText("without the disclaimer");
  await add("Read a text", { key: "law", name: "Disclaimer", en: "No legal advice.", es: "No es asesoría legal.", what: "disclaimer", then: "which" });
  await page.getByRole("table").first().getByRole("link", { name: "law" }).click();
  await press(page, "Have calls begin here");
  await expect(page.getByRole("main")).toContainText("Nothing is wrong with its ways");
  await accessible(page);
  await press(page, "Hand in to be read");
  await expect(said(page)).toContainText("It waits for a second person now");
  await expect(page.getByRole("button", { name: "Publish" }), "nobody reads their own").toHaveCount(0);
  const draft = new URL(page.url()).pathname;

  const reader = await as("reviewer");
  await reader.goto("/console/scripts");
  await reader.getByRole("link", { name: wanted }).click();
  await reader.getByLabel("What is to be mended").fill("Say goodbye twice.");
  await press(reader, "Send back");
  await expect(said(reader)).toContainText("It is back with who writes it");
  await page.goto(draft);
  await expect(page.getByRole("main")).toContainText("Say goodbye twice.");
  await press(page, "Hand in to be read");
  await reader.goto(draft);
  await accessible(reader);
  await press(reader, "Publish");
  await expect(said(reader)).toContainText("Published: it is read to callers from");

  const agent = await as(here().agent);
  await takeCall(agent);
  await look(agent, key);
  await press(agent, wanted);
  await expect(node(agent)).toContainText("No es asesoría legal.");
  await press(agent, "Broken off");

  // Out as a file, and in again: as a draft that changes nothing yet.
  await page.goto(draft);
  const file = await (await page.request.get(`${draft}/file`)).body();
  await page.goto("/console/scripts");
  const take = async (name: string, buffer: Buffer) => {
    await page.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "application/json", buffer });
    await press(page, "Take it in");
  };
  await take("not.json", Buffer.from("{}"));
  await expect(page.getByRole("alert")).toContainText("The file was not taken in: line 1");
  await take("script.json", file);
  await expect(title(page)).toHaveText(wanted);
  await expect(page.getByRole("region", { name: "Changed since version 1" })).toContainText("Nothing yet.");
  await unfold(page, "Give it up");
  await page.locator("details[open]").getByRole("button", { name: "Give it up" }).click();
  await expect(said(page)).toContainText("The draft is given up");
  await page.goto(draft);
  await unfold(page, "Read it to nobody any more");
  await press(page, "Withdraw");
  await expect(said(page)).toContainText("it is read to nobody");
  await takeCall(agent);
  await look(agent, key);
  await expect(agent.getByRole("main")).toContainText("No script has these words.");
  await press(agent, "Broken off");
});
