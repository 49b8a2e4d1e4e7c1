import { accessible, inTurn, rows, said, sign, test, title, unfold, type As } from "./console";
import { expect } from "./fixtures";
import { fingerprints } from "./nist";
import { HIDDEN } from "./portal";
import type { Page } from "@playwright/test";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

/** Somebody for each project, with photograph and fingerprints, so that two projects do not change one profile. */
const PEOPLE = { "no-script": "EAC9999103405", hydrated: "SRC9999132719", mobile: "LIN9999106498" };
const person = () => PEOPLE[test.info().project.name as keyof typeof PEOPLE];

/** What is done with fingerprints is the same for everybody: who looks at it, or changes it, does so in turn. */
const TERMS = "ident-terms";
const LONGEST = 400_000;

/** Opens somebody's profile. */
async function opened(as: As, name: string, purpose: string | undefined, number = person()) {
  const page = await as(name);
  await page.goto("/console/profiles");
  const form = page.getByRole("region", { name: "By a number" });
  if (purpose) await form.getByLabel("What for").selectOption({ label: purpose });
  await form.getByLabel("Number").fill(number);
  await form.getByRole("button", { name: "Find" }).click();
  await rows(page).first().getByRole("button", { name: "Open" }).click();
  return page;
}

const photographs = (page: Page) => page.getByRole("region", { name: "Photographs" });

/** The picture of a photograph: one that there is already. */
async function picture(page: Page) {
  const src = await photographs(page).getByRole("img").first().getAttribute("src");
  const answer = await page.request.get(src!);
  expect(answer.headers()["cache-control"]).toBe("no-store");
  return answer.body();
}

const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

test("a photograph is looked at, another one is added, and two people end it", async ({ as }) => {
  const raio = await opened(as, "raio", "Decide an application or petition");
  const shown = photographs(raio).getByRole("img");
  await expect(shown.first()).toHaveAttribute("alt", /^Photograph, from the front, \d{4}-\d\d-\d\d$/);
  expect(await shown.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(raio.getByRole("region", { name: "Biometric records" })).toContainText("Fingerprints, ten fingers");
  await accessible(raio);
  const profile = new URL(raio.url()).pathname;
  const before = await picture(raio);

  // What is wrong is said, and what was typed stays.
  await raio.getByRole("link", { name: "Add a photograph or a biometric record" }).click();
  await accessible(raio);
  await raio.getByLabel("What it is").selectOption({ label: "Photograph, left side" });
  await raio.getByLabel("Where it comes from").selectOption({ label: "An interview" });
  await raio.getByLabel("When it was taken, of a photograph").fill("2026-01-31");
  await raio.getByLabel("File", { exact: true }).setInputFiles(file("photo.jpg", "image/jpeg", Buffer.from("no picture")));
  await raio.getByRole("button", { name: "Add", exact: true }).click();
  await expect(raio.locator("#wrong")).toContainText("choose a JPEG or PNG picture");
  await expect(raio.getByLabel("What it is")).toHaveValue("photograph.left_side");
  await expect(raio.getByLabel("When it was taken, of a photograph")).toHaveValue("2026-01-31");
  await accessible(raio);
  await raio.getByLabel("File", { exact: true }).setInputFiles(file("photo.png", "image/png", before));
  await raio.getByRole("button", { name: "Add", exact: true }).click();
  await expect(said(raio)).toContainText("Added.");
  const added = photographs(raio).getByRole("listitem").filter({ hasText: "left side, 2026-01-31" });
  await expect(added.getByRole("img")).toHaveAttribute("alt", "Photograph, left side, 2026-01-31");
  await accessible(raio);

  // A file of fingerprints is none of an iris.
  await raio.getByRole("link", { name: "Add a photograph or a biometric record" }).click();
  const add = async (what: string) => {
    await raio.getByLabel("What it is").selectOption({ label: what });
    await raio.getByLabel("Where it comes from").selectOption({ label: "A file that I was given" });
    await raio.getByLabel("File", { exact: true }).setInputFiles(file("capture.an2", "application/octet-stream", fingerprints()));
    await raio.getByRole("button", { name: "Add", exact: true }).click();
  };
  await add("Iris");
  await expect(raio.locator("#wrong")).toContainText("it holds something else than was chosen");
  await add("Fingerprints");
  await expect(said(raio)).toContainText("Added.");
  await expect(raio.getByRole("region", { name: "Biometric records" })).toContainText("Fingerprints, right hand");

  await added.getByRole("link", { name: /^Not so ?: Photograph, left side, 2026-01-31$/ }).click();
  await expect(raio.getByRole("main")).toContainText("Not so: Photograph, left side, 2026-01-31");
  await raio.getByLabel("Why", { exact: true }).fill("It shows somebody else.");
  await raio.getByRole("button", { name: "Propose" }).click();
  await expect(said(raio)).toContainText("Proposed.");
  await expect(added).toHaveCount(1);

  const second = await as("icts.two");
  await second.goto(profile);
  if ((await title(second).textContent()) === "What do you open this profile for?") {
    await second.getByLabel("What for").selectOption({ label: "Correct the profile" });
    await second.getByRole("button", { name: "Open the profile" }).click();
  }
  await second.getByRole("row").filter({ hasText: "It shows somebody else." }).getByRole("button", { name: "Agree" }).first().click();
  await expect(said(second)).toContainText("Done.");
  await expect(photographs(second)).not.toContainText("2026-01-31");
  const history = await unfold(second, "What was known before");
  await expect(history).toContainText("Photograph, left side, 2026-01-31");
  await expect(history).toContainText("It shows somebody else.");
  await accessible(second);
});

test("nothing is taken of who is here before the notice was read and acknowledged", async ({ as }) => {
  test.setTimeout(660_000);
  await inTurn(TERMS, LONGEST, async () => {
    const raio = await opened(as, "raio", "Decide an application or petition");
    const before = await picture(raio);
    await raio.getByRole("link", { name: "The person is here: verify who it is" }).click();
    await expect(raio.getByRole("heading", { name: "Read this aloud" })).toBeVisible();
    await expect(raio.locator("[lang=es]")).toContainText("huellas dactilares");
    await accessible(raio);
    const bring = async () => {
      await raio.getByLabel("Fingerprints", { exact: true }).setInputFiles(file("capture.an2", "application/octet-stream", fingerprints()));
      await raio.getByLabel("Photograph", { exact: true }).setInputFiles(file("photo.png", "image/png", before));
      await raio.getByRole("button", { name: "Ask IDENT" }).click();
    };
    await raio.getByLabel("The notice was read in").selectOption({ label: "Spanish" });
    await bring();
    await expect(raio.locator("#wrong")).toContainText("Go on when the person has acknowledged the notice");
    await expect(raio.getByLabel("The notice was read in")).toHaveValue("es");
    await accessible(raio);
    await raio.getByLabel("The person acknowledged it").check();
    await bring();
    const answer = raio.getByRole("region", { name: "What IDENT answered" });
    await expect(answer).toContainText("IDENT did not know the fingerprints");
    await accessible(raio);

    // Prints that IDENT knows: its photograph and its facts stand beside ours.
    await raio.getByLabel("The notice was read in").selectOption({ label: "English" });
    await raio.getByLabel("The person acknowledged it").check();
    await raio.getByLabel("Fingerprints", { exact: true }).setInputFiles(`${process.env.PORTICO_E2E_PRINTS}/capture-1.an2`);
    await raio.getByRole("button", { name: "Ask IDENT" }).click();
    await expect(answer).toContainText("IDENT knew the fingerprints");
    await expect(answer.getByRole("img", { name: "IDENT's photograph" })).toBeVisible();
    await expect(answer).toContainText("MUESTRA, PERSONA");
    await expect(answer).toContainText("4700001");
    await accessible(raio);
    await raio.goto(new URL(raio.url()).pathname.replace(/\/verify$/, ""));
    const verifications = raio.getByRole("region", { name: "Verifications of identity" });
    await expect(verifications).toContainText("notice read in Spanish");
    await expect(verifications).toContainText("destroyed");
    await accessible(raio);
  });
});

/** Somebody for each project who is in a case of the officer's, and whose prints IDENT has. */
const ENROLLED = { "no-script": { number: "SRC9999102780", prints: 2 }, hydrated: { number: "SRC9999102781", prints: 3 }, mobile: { number: "", prints: 0 } };

interface Added {
  transaction_number: string;
  fin: string;
  eid: string;
}

/** Whom IDENT was given to keep. */
async function added(fin: string): Promise<Added[]> {
  const all: Added[] = await (await fetch(`${process.env.PORTICO_E2E_SIMULATORS}/control/enrolments`)).json();
  return all.filter((one) => one.fin === fin);
}

test("who is here is added to IDENT while its terms let it, and else only searched with", async ({ as, page }) => {
  test.setTimeout(900_000);
  const { number, prints } = ENROLLED[test.info().project.name as keyof typeof ENROLLED];
  const fin = `47${String(prints).padStart(5, "0")}`;
  await inTurn(TERMS, LONGEST, async () => {
    const raio = await opened(as, "raio", "Decide an application or petition", number);
    const profile = new URL(raio.url()).pathname;
    const main = raio.getByRole("main");
    const bring = async () => {
      await raio.getByLabel("The notice was read in").selectOption({ label: "English" });
      await raio.getByLabel("The person acknowledged it").check();
      await raio.getByLabel("Fingerprints", { exact: true }).setInputFiles(`${process.env.PORTICO_E2E_PRINTS}/capture-${prints}.an2`);
      await raio.getByRole("button", { name: "Ask IDENT" }).click();
    };
    const answer = raio.getByRole("region", { name: "What IDENT answered" });
    const verifications = raio.getByRole("region", { name: "Verifications of identity" });

    /** Drafts that enrolment is as is said, and has two people sign it. */
    const terms = async (status: string) => {
      const manager = await as("agreements");
      await manager.goto("/console/agreements/IDENT");
      await expect(title(manager)).toHaveText("Agreement with IDENT");
      await accessible(manager);
      await manager.getByRole("link", { name: "Draft another version" }).click();
      await manager.getByRole("group", { name: /^Enrolment from/ }).getByLabel("Status").selectOption({ label: status });
      await accessible(manager);
      await manager.getByRole("button", { name: "Draft it" }).click();
      await expect(said(manager)).toContainText("Drafted.");
      await expect(manager.getByRole("main")).toContainText(`enrolment: ${status.toLowerCase()}, was`);
      await expect(manager.getByRole("main")).toContainText("this would be added to IDENT");
      const address = new URL(manager.url()).pathname;
      await sign(page, "privacy", address, "Sign as privacy officer", "It waits for the other signature.");
      await sign(page, "counsel", address, "Sign as counsel", "It is in force now.");
    };

    await raio.goto(`${profile}/verify`);
    await expect(main).toContainText("Fingerprints that you take are only searched with");
    await bring();
    await expect(answer).toContainText(/IDENT knew the fingerprints|The fingerprints are of who has the FIN/);
    await raio.goto(profile);
    await expect(verifications.getByRole("row").nth(1)).toContainText("destroyed");
    expect(await added(fin), "IDENT keeps nothing").toEqual([]);

    // What was shown before the terms changed is not what is done: nothing is sent.
    await raio.goto(`${profile}/verify`);
    await terms("Live");
    await bring();
    await expect(raio.locator("#wrong")).toContainText("What is done with fingerprints has changed since the page was shown.");
    await expect(main).toContainText("Fingerprints that you take are added to IDENT and kept in the profile.");
    await accessible(raio);
    expect(await added(fin)).toEqual([]);
    await bring();
    await expect(answer).toContainText("The fingerprints are of who has the FIN");
    await accessible(raio);
    const [encounter, ...others] = await added(fin);
    expect(encounter!.transaction_number).toMatch(/^ENROL-/);
    expect(others, "once").toEqual([]);
    await raio.goto(profile);
    await expect(verifications.getByRole("row").nth(1)).toContainText("kept, and added to IDENT");
    await expect(raio.getByRole("region", { name: "What is known" })).toContainText(encounter!.eid);
    await accessible(raio);

    await terms("Suspended");
    await raio.goto(`${profile}/verify`);
    await expect(main).toContainText("Fingerprints that you take are only searched with");
  });
});

test("a protected person's photograph is none to those who may not know", async ({ as, watch }) => {
  watch.allow(/status of 404/);
  const counsel = await opened(as, "counsel", "Answer the person about their own record", HIDDEN[0]);
  const src = await photographs(counsel).getByRole("img").first().getAttribute("src");
  expect((await counsel.request.get(src!)).status()).toBe(200);
  await expect(counsel.getByRole("link", { name: "Add a photograph or a biometric record" })).toHaveCount(0);
  const raio = await as("raio");
  const asked = async (path: string) => {
    const answer = (await raio.goto(path))!;
    expect(answer.status()).toBe(404);
    return answer.text();
  };
  const none = src!.replace(/[^/]+$/, "00000000-0000-0000-0000-000000000000");
  expect(await asked(src!)).toBe(await asked(none));
});

test("who only reads adds nothing", async ({ as, watch }) => {
  watch.allow(/status of 404/);
  const fdns = await opened(as, "fdns", undefined);
  await expect(photographs(fdns).getByRole("img").first()).toBeVisible();
  await expect(fdns.getByRole("link", { name: "Add a photograph or a biometric record" })).toHaveCount(0);
  for (const page of ["biometrics", "verify"]) {
    const answer = await fdns.goto(`${new URL(fdns.url()).pathname.split("/").slice(0, 4).join("/")}/${page}`);
    expect(answer?.status()).toBe(404);
  }
});
