import { accessible, rows, said, sign, test, title, unfold } from "./console";
import { expect } from "./fixtures";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

/** A partner for each project, so that none signs what another drafted. Not Canada, whose requests other tests have answered. */
const PARTNERS = {
  "no-script": { code: "AU", name: "Australia" },
  hydrated: { code: "NZ", name: "New Zealand" },
};
const partner = () => PARTNERS[test.info().project.name as keyof typeof PARTNERS];
const at = (more = "") => `/console/agreements/${partner().code}${more}`;

test("the manager drafts, and what a privacy officer and counsel sign is in force", async ({ as, page }) => {
  const manager = await as("agreements");
  await manager.goto("/console");
  await manager.getByRole("main").getByRole("link", { name: "Agreements" }).click();
  await expect(rows(manager), "four partners, and IDENT").toHaveCount(5);
  await accessible(manager);
  await manager.getByRole("link", { name: partner().name, exact: true }).click();
  await expect(manager.getByRole("main")).toContainText("Version 1 is in force since");
  const operated = manager.getByRole("region", { name: "What is operated" });
  await expect(operated.getByRole("row", { name: "They ask, third query Document" })).toContainText("Live");
  await expect(manager.getByRole("region", { name: "What was signed with the partner" })).toContainText("PIA-060(a), Appendix A");
  await accessible(manager);

  // What is wrong is said, and what was typed stays.
  await manager.getByRole("link", { name: "Draft another version" }).click();
  await accessible(manager);
  const slot = "They ask, third query, document";
  const capability = await unfold(manager, `${slot}:`);
  await accessible(manager);
  await capability.getByLabel("Queries in a year").fill("many");
  await capability.getByLabel("Status").selectOption({ label: "Suspended" });
  await manager.getByRole("button", { name: "Draft it" }).click();
  await expect(manager.locator("#wrong")).toContainText(`${slot}: type the queries in a year as a whole number, or nothing.`);
  await accessible(manager);
  const again = await unfold(manager, `${slot}:`);
  await expect(again.getByLabel("Status")).toHaveValue("suspended");
  await expect(again.getByLabel("Queries in a year")).toHaveValue("many");
  await again.getByLabel("Queries in a year").fill("500");
  await again.getByLabel("Image of visa").selectOption({ label: "if counsel says so" });
  await manager.getByRole("button", { name: "Draft it" }).click();

  await expect(said(manager)).toContainText("Drafted.");
  const changes = manager.getByRole("region", { name: "Changed since version 1" });
  await expect(changes).toContainText(`${slot}: suspended, was live`);
  await expect(changes).toContainText(`${slot}: 500 queries in a year, was`);
  await expect(changes).toContainText(`${slot}: may tell Image of visa if counsel says so, was`);
  await expect(manager.getByRole("main")).toContainText("The checker finds nothing wrong.");
  await expect(manager.getByRole("main")).toContainText(/past requests?/);
  await expect(manager.getByRole("button", { name: /^Sign as/ }), "who drafts does not sign").toHaveCount(0);
  await accessible(manager);
  const address = new URL(manager.url()).pathname;
  await manager.goto("/console/agreements");
  await expect(manager.getByRole("row", { name: partner().name })).toContainText("waits for privacy officer and counsel");

  await sign(page, "privacy", address, "Sign as privacy officer", "It waits for the other signature.");
  await manager.goto(at());
  await expect(manager.getByRole("main")).toContainText("Version 1 is in force since");
  await sign(page, "counsel", address, "Sign as counsel", "It is in force now.");
  await manager.goto(address);
  const signatures = manager.getByRole("region", { name: "Signatures" });
  await expect(signatures).toContainText("Zeno Shaw");
  await expect(signatures).toContainText("Yara Bay");
  await manager.goto(at());
  await expect(manager.getByRole("main")).toContainText(`Version ${address.split("/").pop()} is in force since`);
  await expect(operated.getByRole("row", { name: "They ask, third query Document" })).toContainText("Suspended");
  await accessible(manager);

  // Out as a file, and in again: as it is there is nothing to sign, and changed it is a draft.
  const file = await (await manager.request.get(`${address}/file`)).text();
  const take = async (text: string) => {
    await manager.goto(at("/draft"));
    await manager.getByLabel("File", { exact: true }).setInputFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await manager.getByRole("button", { name: "Draft from the file" }).click();
  };
  await take("{}");
  await expect(manager.getByRole("alert")).toContainText("Nothing was drafted: line 1");
  await accessible(manager);
  await take(file);
  await expect(manager.getByRole("alert")).toContainText("Nothing differs from the version that was signed last.");
  await take(file.replace('"quota_per_year": 500', '"quota_per_year": 0'));
  await expect(manager.getByRole("region", { name: "It cannot be signed" })).toContainText("a quota of none; suspend it instead");
  await accessible(manager);
  await unfold(manager, "Withdraw it");
  await manager.getByRole("button", { name: "Withdraw the draft" }).click();
  await expect(said(manager)).toContainText("Withdrawn.");
  await expect(manager.getByRole("main")).toContainText("Withdrawn by Anouk Ridge");
});

test("who asks partners reads what is in force, and others have no such page", async ({ as, watch }) => {
  watch.allow(/status of 40[34]/);
  const icts = await as("icts.one");
  await icts.goto(at("/versions/1"));
  await expect(title(icts)).toHaveText(`${partner().name}: version 1`);
  await expect(icts.getByRole("button", { name: /^Sign as|^Withdraw/ })).toHaveCount(0);
  expect((await icts.goto(at("/draft")))?.status()).toBe(404);
  await accessible(icts);
  for (const nothing of ["/versions/99", "/versions/x", "x"]) expect((await icts.goto(at(nothing)))?.status()).toBe(404);
  const fdns = await as("fdns");
  expect((await fdns.goto("/console/agreements/templates"))?.status()).toBe(403);
  expect((await fdns.goto("/console/agreements"))?.status()).toBe(403);
  await expect(fdns.getByRole("main")).toContainText("Your roles do not allow this.");
  await expect(fdns.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Agreements" })).toHaveCount(0);
});

test("each template says what its lines are, and what it has no place for", async ({ as }) => {
  const icts = await as("icts.one");
  await icts.goto("/console/agreements");
  await icts.getByRole("link", { name: "Partners' templates" }).click();
  await expect(title(icts)).toHaveText("Partners' templates");
  await expect(icts.getByRole("main").getByRole("heading", { level: 2 }), "four partners' own, and the uniform one").toHaveCount(5);
  const canada = icts.getByRole("region", { name: "Information request (Canada), version 1", exact: true });
  await expect(canada).toContainText("Fact: that Canada has a template of its own");
  await expect(canada).toContainText("a day as 1990-02-03");
  await expect(canada).toContainText("Justification");
  await accessible(icts);
  const lines = await unfold(icts, "Information request (Canada): lines of a request");
  await expect(lines.getByRole("row", { name: "Surname and given names" })).toContainText("Required");
  await unfold(icts, "Information request (Canada): lines of a reply");
  await accessible(icts);
  await icts.goto(at());
  await icts.getByRole("link", { name: "The template of its messages" }).click();
  await expect(icts).toHaveURL(new RegExp(`/console/agreements/templates#${partner().code}$`));
});
