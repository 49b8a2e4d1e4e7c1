import { opened, release } from "./answering";
import { accessible, here, rows, said, test, title, unfold } from "./console";
import { lookFor } from "./e-request";
import { expect } from "./fixtures";
import { LANGUAGES } from "./portal";

const english = LANGUAGES[0]!;
const WORDS = "It does not say which notice. Please write once more, with its name.";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

test("a supervisor has answers read again, and sends one back to its officer", async ({ as, page: person }) => {
  const supervisor = await as(here().supervisor);
  await supervisor.goto("/console/quality");
  await accessible(supervisor);
  await supervisor.getByRole("link", { name: /^Which answers are read again/ }).click();
  await unfold(supervisor, "Add a rule");
  await supervisor.getByLabel("How many").fill("0");
  await supervisor.getByRole("button", { name: "Add the rule" }).click();
  await expect(said(supervisor)).toContainText("No rule was added: a share is from 1 to 100");
  await unfold(supervisor, "Add a rule");
  await supervisor.getByLabel("How many").fill("100");
  await supervisor.getByLabel("About", { exact: true }).selectOption("typographic_error");
  await supervisor.getByRole("button", { name: "Add the rule" }).click();
  await expect(said(supervisor)).toContainText("The rule is in use.");
  await accessible(supervisor);

  const { page: officer, number } = await opened(as, person);
  await release(officer);
  await expect(said(officer)).toContainText("Released as answer 1.");
  await officer.goto("/console/quality");
  await expect(officer.getByRole("link", { name: number })).toHaveCount(0);

  await supervisor.goto("/console/quality");
  await supervisor.getByRole("link", { name: number }).click();
  await expect(title(supervisor)).toHaveText(`Read again: ${number}`);
  const main = supervisor.getByRole("main");
  for (const words of ["The mistake is ours.", "Nothing has happened to the request since.", "The person, by letter", here().officerName]) {
    await expect(main).toContainText(words);
  }
  await accessible(supervisor);
  // What is missing is said, and what was typed stays.
  await supervisor.getByLabel("Words to the writer").fill(WORDS);
  await supervisor.getByRole("radio", { name: "Send back" }).check();
  await supervisor.getByRole("button", { name: "Keep what you found" }).click();
  const alert = supervisor.getByRole("alert");
  await expect(alert).toContainText("Say yes, partly or no: Facts agree with the case.");
  await accessible(supervisor);
  for (const asked of ["Answers what was asked", "Facts agree with the case", "Plain language", "Says what happens next", "Tells no more"]) {
    const score = asked === "Answers what was asked" ? "Partly" : "Yes";
    await supervisor.getByRole("group", { name: asked }).getByRole("radio", { name: score }).check();
  }
  await expect(supervisor.getByLabel("Words to the writer")).toHaveValue(WORDS);
  await supervisor.getByRole("button", { name: "Keep what you found" }).click();
  await expect(said(supervisor)).toContainText("Sent back. The request is open again");
  await expect(supervisor.getByRole("link", { name: number })).toHaveCount(0);

  // The officer has it again, with the words; the person has not.
  await officer.goto("/console/quality");
  const own = officer.getByRole("row").filter({ hasText: number });
  await expect(own).toContainText("New:");
  await expect(own).toContainText("Sent back");
  await accessible(officer);
  await own.getByRole("link", { name: number }).click();
  await expect(officer.getByRole("region", { name: "What was found" })).toContainText(WORDS);
  await accessible(officer);
  await officer.getByRole("link", { name: number }).click();
  await expect(officer.getByRole("main")).toContainText(WORDS);
  await expect(officer.getByRole("link", { name: "Write the answer" })).toBeVisible();
  await person.context().clearCookies();
  await lookFor(person, english, number, { zip: "22150" });
  await expect(person.getByRole("article")).toContainText("The mistake is ours.");
  await expect(person.getByRole("main")).not.toContainText("It does not say which notice");

  await supervisor.goto("/console/quality/figures");
  await expect(supervisor.getByRole("row").filter({ hasText: here().officerName })).toBeVisible();
  await accessible(supervisor);
  await supervisor.goto("/console/quality/rules");
  const rule = rows(supervisor).filter({ hasText: "100 % of them" }).filter({ hasText: here().code });
  while (await rule.count()) await rule.first().getByRole("button", { name: /^End/ }).click();
  await expect(said(supervisor)).toContainText("The rule has ended.");
});

test("a supervisor has answers of a kind read before they go out", async ({ as }) => {
  const supervisor = await as(here().supervisor);
  await supervisor.goto("/console/quality/rules");
  const box = supervisor.getByRole("group", { name: "Read before they go out" }).getByRole("checkbox").last();
  const was = await box.isChecked();
  await box.setChecked(!was);
  await supervisor.getByRole("button", { name: /^Save/ }).click();
  await expect(said(supervisor)).toContainText(`At ${here().code}, a second person reads answers about ${was ? 0 : 1} kinds`);
  expect(await box.isChecked()).toBe(!was);
  await box.setChecked(was);
  await supervisor.getByRole("button", { name: /^Save/ }).click();
  expect(await box.isChecked()).toBe(was);
});
