import { randomBytes } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { accessible, agree, codeOf, decoded, signIn, somebody, stepNow, title, typeCode, typeFreshCode, typePassword } from "./console";
import { expect, hydrated, test } from "./fixtures";

// A code is good once, so a test may have to wait for the next one, as a person would.
test.beforeEach(() => test.setTimeout(240_000));

const alert = (page: Page) => page.getByRole("main").getByRole("alert").filter({ visible: true });

/** A browser of its own, as this project has them. */
async function another(browser: Browser) {
  const { baseURL, viewport, javaScriptEnabled, hasTouch, isMobile } = test.info().project.use;
  const context = await browser.newContext({ baseURL: process.env.PORTICO_E2E_URL ?? baseURL, viewport, javaScriptEnabled, hasTouch, isMobile });
  return context.newPage();
}

test("an officer agrees to the notice, signs in with two factors, and signs out", async ({ page }, { project }) => {
  await page.goto("/console/sessions");
  await expect(title(page)).toHaveText("Before you sign in");
  await expect(page.getByRole("main")).toContainText("monitored, recorded and audited");
  await accessible(page);
  await agree(page);
  await expect(title(page)).toHaveText("Sign in");
  await accessible(page);
  const name = somebody(project.name);
  await typePassword(page, name);
  await expect(page.getByRole("main")).toContainText("Your password is right");
  await accessible(page);
  await typeFreshCode(page, name);
  await expect(page, "where one was").toHaveURL("/console/sessions");
  await accessible(page);
  await page.goto("/console");
  await accessible(page);
  await expect(page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Accounts" })).toHaveCount(0);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/console/sign-in");
  await expect(title(page)).toHaveText("Before you sign in");
  await expect(page.getByRole("status")).toHaveText("You are signed out.");
  await page.goto("/console");
  await expect(page).toHaveURL(/\/console\/sign-in\?/);
});

test("a wrong password and a wrong code say so, and show nothing of either", async ({ page, watch }, { project }) => {
  watch.allow(/status of 403/);
  const name = somebody(project.name, "other");
  await page.goto("/console");
  await agree(page);
  await typePassword(page, name, "not the password at all");
  await expect(alert(page)).toContainText("do not belong together");
  await expect(page.getByLabel("Sign-in name"), "typed once is enough").toHaveValue(name);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  expect(page.url()).not.toContain(name);
  await accessible(page);
  await typePassword(page, name);
  await typeCode(page, "000000");
  await expect(alert(page)).toContainText("code is not right");
  await accessible(page);
  await page.reload();
  await expect(alert(page), "said once").toHaveCount(0);
  await typeFreshCode(page, name);
  await expect(page).toHaveURL("/console");
});

test("a name is locked after three failures, whether or not somebody has it", async ({ page }) => {
  const name = `nobody.${randomBytes(6).toString("hex")}`;
  await page.goto("/console");
  await agree(page);
  for (const said of ["do not belong together", "do not belong together", "locked for some hours"]) {
    await typePassword(page, name, "not the password at all");
    await expect(alert(page)).toContainText(said);
  }
  await accessible(page);
});

test("sessions are listed, and one is ended from another", async ({ page, browser }, { project }) => {
  const name = somebody(project.name, "third");
  const other = await another(browser);
  await signIn(page, name);
  await signIn(other, name);
  await page.goto("/console/sessions");
  const rows = page.getByRole("table", { name: "Where you are signed in" }).getByRole("row");
  await expect(rows.filter({ hasText: "This session" })).toHaveCount(1);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByRole("status")).toContainText("ended");
  await expect(rows).toHaveCount(2);
  await other.goto("/console/sessions");
  await expect(other).toHaveURL(/sign-in\?next=%2Fconsole%2Fsessions&ended$/);
  await expect(other.getByRole("main")).toContainText("Your session has ended");
  await accessible(other);
  await other.context().close();
});

test("a locked session is opened by the second factor alone", async ({ page }, { project }) => {
  const name = somebody(project.name, "other");
  await signIn(page, name, "/console/sessions");
  // The button of the page locks it in place where scripts run; that is another test.
  await page.evaluate(() => document.getElementById("lock-now")?.removeAttribute("id")).catch(() => {});
  const form = page.locator("form[action$='/session/lock']");
  if (project.name === "no-script") await form.getByRole("button").click();
  else await form.evaluate((form: HTMLFormElement) => form.submit());
  await expect(title(page)).toHaveText("Show your second factor");
  await accessible(page);
  await page.goto("/console/sessions");
  await expect(page).toHaveURL(/sign-in\/again/);
  await typeFreshCode(page, name);
  await expect(page).toHaveURL("/console/sessions");
});

test("a new colleague is let in by two administrators, and sets the account up", async ({ page, browser }) => {
  const name = `new.${randomBytes(5).toString("hex")}`;
  const second = await another(browser);
  const colleague = await another(browser);
  await signIn(page, "admin.one", "/console/accounts");
  await accessible(page);
  await page.getByLabel("Name", { exact: true }).fill(`Nora ${name}`);
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Office").fill("NBC");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("status")).toContainText("The account is added");
  const waits = (page: Page) => page.getByRole("row", { name: new RegExp(`Nora ${name}.*way in`) });
  await expect(waits(page), "whoever proposed it cannot agree").toContainText("Somebody else has to");

  await page.getByRole("link", { name: `Nora ${name}` }).click();
  await accessible(page);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "IIO" });
  await page.getByRole("button", { name: "Give", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("The role holds");
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Administrator" });
  await page.getByRole("button", { name: "Give", exact: true }).click();
  await expect(alert(page)).toContainText("An administrator has no other role");
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "SIIO" });
  await page.getByRole("button", { name: "Give", exact: true }).click();
  await expect(page.getByRole("row", { name: /SIIO/ })).toContainText("Waits for a second administrator");

  await signIn(second, "admin.two", "/console/accounts");
  await second.getByRole("row", { name: new RegExp(`Nora ${name}.*SIIO`) }).getByRole("button", { name: "Agree" }).click();
  await expect(second.getByRole("status")).toContainText("the role holds");
  await waits(second).getByRole("button", { name: "Agree" }).click();
  const code = await second.locator("#once").innerText();
  await accessible(second);
  await second.reload();
  await expect(second.locator("#once"), "shown once").toHaveCount(0);

  await colleague.goto("/console/sign-in/enrol");
  await accessible(colleague);
  await colleague.getByLabel("Your code").fill("not-the-code");
  await colleague.getByRole("button", { name: "Continue" }).click();
  await expect(alert(colleague)).toContainText("wrong, too old, or was used");
  await colleague.getByLabel("Your code").fill(code);
  await colleague.getByRole("button", { name: "Continue" }).click();
  await expect(colleague.getByRole("main")).toContainText(`Nora ${name}`);
  await accessible(colleague);
  const withApp = colleague.locator("form[action$='/sign_in/enrol']");
  const secret = decoded(await colleague.locator("#secret").innerText());
  const setUp = async (password: string, repeated: string, code: string) => {
    await withApp.getByLabel("New password").fill(password);
    await withApp.getByLabel("The same password again").fill(repeated);
    await withApp.getByLabel("Code", { exact: true }).fill(code);
    await withApp.getByRole("button").click();
  };
  const password = "lluvia sobre el mar azul";
  await setUp("short", "short", codeOf(secret, stepNow()));
  await expect(alert(colleague)).toContainText("at least 15 characters");
  await setUp(password, "something else entirely", codeOf(secret, stepNow()));
  await expect(alert(colleague)).toContainText("not the same");
  expect(decoded(await colleague.locator("#secret").innerText()), "the key stays the same").toEqual(secret);
  const step = stepNow();
  await setUp(password, password, codeOf(secret, step));
  await expect(title(colleague)).toHaveText("Before you sign in");
  await agree(colleague);
  await typePassword(colleague, name, password);
  await typeCode(colleague, codeOf(secret, step + 1));
  await expect(colleague).toHaveURL("/console");
  await second.context().close();
  await colleague.context().close();
});

test.describe(() => {
  test.describe.configure({ mode: "serial" });

  test("a passkey sets an account up, and signs in", { tag: "@once" }, async ({ page, browser }) => {
    const name = `key.${randomBytes(5).toString("hex")}`;
    const [second, colleague] = [await another(browser), await another(browser)];
    await signIn(page, "admin.one", "/console/accounts");
    await page.getByLabel("Name", { exact: true }).fill(`Kira ${name}`);
    await page.getByLabel("Sign-in name").fill(name);
    await page.getByLabel("Office").fill("NBC");
    await page.getByRole("button", { name: "Add" }).click();
    await signIn(second, "admin.two", "/console/accounts");
    await second.getByRole("row", { name: new RegExp(`Kira ${name}`) }).getByRole("button", { name: "Agree" }).click();
    const code = await second.locator("#once").innerText();

    const devtools = await colleague.context().newCDPSession(colleague);
    await devtools.send("WebAuthn.enable");
    const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true } as const;
    await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, automaticPresenceSimulation: true } });
    await colleague.goto("/console/sign-in/enrol");
    await colleague.getByLabel("Your code").fill(code);
    await colleague.getByRole("button", { name: "Continue" }).click();
    await hydrated(colleague);
    const withPasskey = colleague.locator("form[action$='/enrol_passkey']");
    await withPasskey.getByLabel("New password").fill("lluvia sobre el mar azul");
    await withPasskey.getByLabel("The same password again").fill("lluvia sobre el mar azul");
    await withPasskey.getByRole("button", { name: "Set up with a passkey" }).click();
    await expect(title(colleague)).toHaveText("Before you sign in");
    await agree(colleague);
    await typePassword(colleague, name, "lluvia sobre el mar azul");
    await hydrated(colleague);
    await accessible(colleague);
    await colleague.getByRole("button", { name: "Use a passkey" }).click();
    await expect(colleague).toHaveURL("/console");
    await colleague.goto("/console/sessions");
    await expect(colleague.getByRole("row", { name: /This session/ })).toContainText("Password and passkey");
    await second.context().close();
    await colleague.context().close();
  });
});

test.describe("somebody who goes away", () => {
  test("is warned, and says that they are here", { tag: "@script" }, async ({ page }, { project }) => {
    await signIn(page, somebody(project.name), "/console/sessions");
    await page.clock.install();
    await page.reload();
    await hydrated(page);
    const warning = page.getByRole("dialog", { name: "Are you still there?" });
    await page.clock.fastForward("12:50");
    await expect(warning).toBeHidden();
    await page.clock.fastForward("00:20");
    await expect(warning).toBeVisible();
    await accessible(page);
    await warning.getByRole("button", { name: "I am here" }).click();
    await expect(warning).toBeHidden();
    await page.clock.fastForward("12:00");
    await expect(warning).toBeHidden();
  });

  test("finds a locked page, and after signing in again what they typed", { tag: "@script" }, async ({ page, context }) => {
    await signIn(page, "admin.one", "/console/accounts");
    await page.clock.install();
    await page.reload();
    await hydrated(page);
    await page.getByLabel("Name", { exact: true }).fill("Half a name");
    await page.clock.fastForward("16:00");
    const locked = page.getByRole("dialog", { name: "This page is locked" });
    await expect(locked).toBeVisible();
    await expect(page.getByRole("main"), "concealed").toBeHidden();
    await expect(page).toHaveTitle("Locked");
    await page.keyboard.press("Escape");
    await expect(locked).toBeVisible();
    await accessible(page);
    // The session is over for the server as well: it would be after so long.
    await context.clearCookies({ name: "portico-officer" });

    const [tab] = await Promise.all([context.waitForEvent("page"), locked.getByRole("link", { name: "Sign in in a new tab" }).click()]);
    await agree(tab);
    await typePassword(tab, "admin.one");
    await typeFreshCode(tab, "admin.one");
    await expect(title(tab)).toHaveText("You are signed in again");
    await accessible(tab);
    await expect(locked).toBeHidden();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Half a name");
    // The page's forms are of the new session.
    await page.getByRole("button", { name: "Add" }).click();
    await expect(alert(page)).toContainText("Nothing was added");
  });

  test("locks the page by a button, and opens it by a second factor in another tab", { tag: "@script" }, async ({ page, context }, { project }) => {
    const name = somebody(project.name, "third");
    await signIn(page, name, "/console/sessions");
    await hydrated(page);
    await page.getByRole("button", { name: "Lock" }).click();
    const locked = page.getByRole("dialog", { name: "This page is locked" });
    await expect(locked).toBeVisible();
    await expect(page.getByRole("main"), "concealed").toBeHidden();
    const [tab] = await Promise.all([context.waitForEvent("page"), locked.getByRole("link", { name: "Sign in in a new tab" }).click()]);
    await expect(title(tab)).toHaveText("Show your second factor");
    await typeFreshCode(tab, name);
    await expect(title(tab)).toHaveText("You are signed in again");
    await expect(locked).toBeHidden();
    await expect(page.getByRole("main")).toBeVisible();
  });

  test("shows nothing to somebody else who signs in", { tag: "@script" }, async ({ page, context }, { project }) => {
    await signIn(page, somebody(project.name), "/console/sessions");
    await page.clock.install();
    await page.reload();
    await hydrated(page);
    await page.clock.fastForward("16:00");
    await context.clearCookies({ name: "portico-officer" });
    const other = await context.newPage();
    await signIn(other, somebody(project.name, "other"));
    await hydrated(other);
    await expect(page.getByRole("dialog", { name: "This page is locked" })).toBeHidden();
    await expect(page.getByRole("banner"), "the page of who is here now").not.toContainText("Elsa Marsh");
  });

  test("leaves no page behind where no scripts run", { tag: "@no-script" }, async ({ page }, { project }) => {
    await signIn(page, somebody(project.name), "/console/sessions");
    const refresh = await page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").getAttribute("content");
    const [seconds, address] = refresh!.split(";url=");
    expect(Number(seconds)).toBeGreaterThan(800);
    expect(Number(seconds)).toBeLessThanOrEqual(900);
    expect(address).toBe("/console/sign-in?next=%2Fconsole%2Fsessions&ended");
  });
});

test("a page of the console is a whole page before its client comes, and without", { tag: "@once" }, async ({ page, watch }) => {
  watch.allow(/wasm|ERR_FAILED|Failed to fetch/);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto("/console");
  await expect(title(page)).toHaveText("Before you sign in");
});
