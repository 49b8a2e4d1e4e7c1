import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { accessible, rows, said, signIn, test, title } from "./console";
import { expect } from "./fixtures";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const SIMULATORS = process.env.PORTICO_E2E_SIMULATORS;
/** Whom the simulated IDENT knows by the prints with the number 2. */
const PERSON = { number: "SRC9999102780", prints: 2 };

const unique = () => `${test.info().project.name.slice(0, 2).toUpperCase()}-INFO-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;

/** Canada wants to know more of somebody. */
async function asked(elements: string[], prints = PERSON.prints) {
  const transaction_number = unique();
  const answer = await fetch(`${SIMULATORS}/control/request`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ partner: "CA", transaction_number, prints, step: "third", asked: elements }),
  });
  expect(answer.ok, `request: ${answer.status}`).toBe(true);
  return transaction_number;
}

/** The page once it says something. What happens meanwhile happens between machines. */
async function until(page: Page, words: string) {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("main")).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

async function openRequest(page: Page, number: string) {
  await page.goto("/console/information-requests");
  await until(page, number);
  await page.getByRole("link", { name: number }).click();
  await expect(title(page)).toHaveText(`Canada, ${number}`);
}

/** A white picture with a black square, as a scanner makes one. */
function scan() {
  const [width, height] = [200, 160];
  const line = (y: number) => Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, y > 40 && y < 80 ? 0 : 255)]);
  const chunk = (kind: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), content]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
  const pixels = deflateSync(Buffer.concat([...Array(height).keys()].map(line)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes: Buffer) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

async function addScan(page: Page, what: string) {
  await page.getByLabel("What it is").selectOption({ label: what });
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "scan.png", mimeType: "image/png", buffer: scan() });
  await page.getByRole("button", { name: "Add the document" }).click();
  await expect(said(page)).toContainText("Added.");
}

/** Prepares a request to be reviewed: what is told, and what is held back. */
async function prepare(page: Page, told: string[], heldBack: [string, string][]) {
  for (const element of told) await page.getByLabel(element, { exact: true }).selectOption({ label: "Tell" });
  for (const [element, reason] of heldBack) await page.getByLabel(element, { exact: true }).selectOption({ label: reason });
  await page.getByLabel("Compared with").fill("A-File, paper, today");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect(said(page)).toContainText("Saved.");
}

/** Signs in anew, which shows a second factor, releases a request, and signs out. */
async function release(page: Page, path: string) {
  await signIn(page, "icts.two", path);
  await until(page, "Exactly this is released.");
  await accessible(page);
  await page.getByRole("button", { name: "Release it" }).click();
  await expect(said(page)).toContainText("Released.");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
}

test("a partner's request goes from one person to another, to OBIM, and into the accounting", async ({ as, page }) => {
  const number = await asked(["full_name", "birth_date", "passport_image", "visa_image"]);
  const analyst = await as("icts.one");
  await analyst.goto("/console");
  await analyst.getByRole("main").getByRole("link", { name: "Information requests" }).click();
  await expect(title(analyst)).toHaveText("Information requests");
  await openRequest(analyst, number);
  const path = new URL(analyst.url()).pathname;
  const rulings = analyst.getByRole("region", { name: "Each element that is wanted" });
  await expect(rulings.getByRole("row", { name: "Image of passport" })).toContainText("allowed");
  await accessible(analyst);
  await analyst.getByRole("button", { name: "Take it" }).click();
  await expect(said(analyst)).toContainText("It is with you.");
  await accessible(analyst);

  // What is missing is said, and what was typed stays.
  await analyst.getByLabel("Caveats").fill("For the visa officer alone.");
  await analyst.getByRole("button", { name: "Save the draft" }).click();
  await expect(analyst.locator("#wrong")).toContainText("Compared with:");
  await expect(analyst.getByLabel("Caveats")).toHaveValue("For the visa officer alone.");
  await accessible(analyst);
  await prepare(analyst, ["Full name", "Date of birth", "Image of passport", "Image of visa"], []);
  await analyst.getByRole("button", { name: "Send to review" }).click();
  await expect(said(analyst)).toContainText("there is nothing to tell yet");
  await addScan(analyst, "Image of passport");
  await addScan(analyst, "Image of visa");
  await accessible(analyst);

  // An area is gone from one of them, and not covered.
  const documents = analyst.getByRole("region", { name: "Documents" });
  await documents.getByRole("link", { name: "Image of passport" }).click();
  await accessible(analyst);
  await analyst.getByRole("button", { name: "Take these areas out" }).click();
  await expect(said(analyst)).toContainText("Nothing was taken out:");
  const content = async () => (await analyst.request.get(`${new URL(analyst.url()).pathname}/content`)).body();
  const before = await content();
  for (const [side, at] of Object.entries({ Left: "10", Top: "20", Right: "90", Bottom: "60" })) {
    await analyst.getByLabel(`${side} of area 1, in percent`).fill(at);
  }
  await analyst.getByRole("button", { name: "Take these areas out" }).click();
  await expect(said(analyst)).toContainText("It is gone.");
  expect((await content()).equals(before)).toBe(false);
  await accessible(analyst);
  await analyst.goto(path);
  await expect(documents.getByRole("row", { name: "Image of passport" })).toContainText("1 area");
  await analyst.getByRole("button", { name: "Send to review" }).click();
  await expect(said(analyst)).toContainText("Sent to review.");
  await expect(analyst.getByRole("button", { name: "Release it" }), "not by who prepared it").toHaveCount(0);
  await accessible(analyst);

  // Given back once, with what has to be mended.
  const reviewer = await as("icts.two");
  await reviewer.goto(path);
  await reviewer.getByRole("button", { name: "Give it back" }).click();
  await expect(said(reviewer)).toContainText("say why");
  await reviewer.getByLabel("What has to be mended").fill("Leave the visa out.");
  await reviewer.getByRole("button", { name: "Give it back" }).click();
  await expect(said(reviewer)).toContainText("Given back.");
  await accessible(reviewer);
  await analyst.goto(path);
  await expect(analyst.getByRole("main")).toContainText("Leave the visa out.");
  await analyst.getByRole("button", { name: "Take it" }).click();
  await documents.getByRole("button", { name: "Take out Image of visa" }).click();
  await expect(said(analyst)).toContainText("Taken out.");
  await prepare(analyst, [], [["Image of visa", "Hold back: Does not answer the question"]]);
  await analyst.getByRole("button", { name: "Send to review" }).click();
  await expect(said(analyst)).toContainText("Sent to review.");
  await release(page, path);
  await until(analyst, "Handed to CPMS");
  await expect(analyst.getByRole("main"), "one element is held back").toContainText("Partial");

  // OBIM fetches it and says that it was sent.
  await signIn(page, "obim", "/console/packages");
  await accessible(page);
  const row = page.getByRole("region", { name: /packages?, those/ }).getByRole("row", { name: number });
  const download = page.waitForEvent("download");
  await row.getByRole("button", { name: "Fetch" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^package-[0-9a-f]{32}\.portico$/);
  const sealed = readFileSync((await file.path())!);
  expect(sealed.subarray(0, 15).toString()).toBe("PORTICO-PACKAGE");
  expect(sealed.includes(Buffer.from(number)), "sealed").toBe(false);
  await page.reload();
  await row.getByRole("button", { name: "It was sent" }).click();
  await expect(said(page)).toContainText("it was sent");
  await expect(row).toContainText("Sent");
  await accessible(page);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await analyst.goto(path);
  await analyst.getByRole("button", { name: "Close it" }).click();
  await expect(said(analyst)).toContainText("Closed.");

  // The person's accounting has it.
  const privacy = await as("privacy");
  await privacy.goto("/console/profiles");
  const form = privacy.getByRole("region", { name: "By a number" });
  await form.getByLabel("What for").selectOption({ label: "Answer the person about their own record" });
  await form.getByLabel("Number").fill(PERSON.number);
  await form.getByRole("button", { name: "Find" }).click();
  await rows(privacy).first().getByRole("button", { name: "Open" }).click();
  await privacy.getByRole("link", { name: "Accounting: what was told of the person, and to whom" }).click();
  await expect(privacy.getByRole("main")).toContainText(number);
});

test("a package that could not be sent is packaged anew, and what tells nothing is a refusal", async ({ as, page }) => {
  const number = await asked(["full_name"]);
  const analyst = await as("icts.one");
  await openRequest(analyst, number);
  const path = new URL(analyst.url()).pathname;
  await analyst.getByRole("button", { name: "Take it" }).click();
  await prepare(analyst, [], [["Full name", "Hold back: National security"]]);
  await analyst.getByRole("button", { name: "Send to review" }).click();
  await release(page, path);
  await until(analyst, "Handed to CPMS");
  await signIn(page, "obim", "/console/packages");
  const row = page.getByRole("region", { name: /packages?, those/ }).getByRole("row", { name: number });
  const download = page.waitForEvent("download");
  await row.getByRole("button", { name: "Fetch" }).click();
  await download;
  await page.reload();
  await row.getByRole("button", { name: "It could not be sent" }).click();
  await expect(said(page)).toContainText("say why");
  await row.getByLabel("Why not").fill("The line is down.");
  await row.getByRole("button", { name: "It could not be sent" }).click();
  await expect(said(page)).toContainText("it could not be sent");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  const reviewer = await as("icts.two");
  await reviewer.goto(path);
  await expect(reviewer.getByRole("main")).toContainText("Could not be sent");
  await accessible(reviewer);
  await reviewer.getByRole("button", { name: "Package it anew" }).click();
  await until(analyst, "Handed to CPMS");
});

test("a request about somebody protected, and one about nobody, is on nobody's list", async ({ as }) => {
  const [hidden, nobody, known] = [await asked(["full_name"], 9), await asked(["full_name"], 77), await asked(["full_name"])];
  const analyst = await as("icts.one");
  await analyst.goto("/console/information-requests");
  await until(analyst, known);
  await expect(analyst.getByRole("main")).not.toContainText(hidden);
  await expect(analyst.getByRole("main")).not.toContainText(nobody);
  await accessible(analyst);
});
