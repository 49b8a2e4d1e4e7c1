import { hydrated, expect, test } from "./fixtures";
import { mail } from "./mailbox";
import { LANGUAGES, type Language, betrays, log, lookUp, other, path } from "./portal";
import {
  type Form,
  KINDS,
  choose,
  come,
  fill,
  filled,
  heading,
  kind,
  later,
  long,
  lookFor,
  newForm,
  numberOf,
  onward,
  send,
  steps,
  today,
  typedOn,
  walk,
  word,
} from "./e-request";

const english = LANGUAGES[0]!;

/** Each kind in one language in each project, and in both over all of them. */
function languageOf(turn: number) {
  const { config, project } = test.info();
  return LANGUAGES[(turn + config.projects.findIndex(({ name }) => name === project.name)) % 2]!;
}

const address = (what: string) => `${what}+${test.info().project.name}.${test.info().testId}@example.org`.toLowerCase();

for (const [turn, { key, days, takesFiles }] of KINDS.entries()) {
  test(`${key}: a person asks, gets a number, and sees what becomes of it`, async ({ page }) => {
    const language = languageOf(turn);
    const { e_request } = language.text;
    const form = newForm(key);
    await walk(page, language, form, "check");
    await expect(heading(page)).toHaveText(e_request.check_title);
    await expect(page.getByText(e_request.check_lead)).toBeVisible();
    const main = page.getByRole("main");
    await expect(main).toContainText(word(language, `kind.${key}.title`));
    const { receipt_number, mailing_zip } = form.known.typed;
    const asWords = [long(language, "1990-02-03"), word(language, "field.requester.choices.applicant")];
    const asTyped = [receipt_number!, mailing_zip!, form.person.family_name!, form.contact.telephone!];
    const choices = Object.entries(form.issue).map(([field, typed]) => choice(language, field, typed));
    for (const shown of [...asTyped, ...asWords, ...choices]) await expect(main).toContainText(shown);
    await onward(page, language).click();

    await expect(heading(page)).toHaveText(e_request.sent_title);
    await expect(page).toHaveURL(path(language, "/e-request/sent"));
    const number = await numberOf(page);
    await expect(main).toContainText(`${e_request.sent_due} ${long(language, later(today(), days))}`);
    await expect(page.getByRole("link", { name: e_request.sent_pdf })).toBeVisible();

    await page.getByRole("link", { name: e_request.have_one_link }).click();
    await expect(heading(page)).toHaveText(e_request.status_title);
    const proof = turn % 2 ? { zip: mailing_zip } : { born: "1990-2-3" };
    await lookFor(page, language, number.toLowerCase().replaceAll("-", " "), proof);
    await expect(heading(page)).toHaveText(e_request.request_title);
    await expect(page).toHaveURL(path(language, "/e-request/status/request"));
    await expect(main).toContainText(number);
    await expect(main).toContainText(word(language, `kind.${key}.title`));
    // A job gives it to an office, seconds after it was stored.
    await expect(async () => {
      await page.reload();
      await expect(main).toContainText(e_request.state_routed, { timeout: 1 });
    }).toPass();
    const items = main.locator(".usa-process-list__item");
    await expect(items.getByRole("paragraph").nth(1)).toContainText(`${e_request.done} ${long(language, today())}`);
    await expect(items.last()).toContainText(`${e_request.not_done} ${e_request.by} ${long(language, later(today(), days))}.`);
    expect(takesFiles, "the catalogue and this test agree").toBe(steps(kind(key)).includes("documents"));
  });
}

/** What somebody chose, in words; what was typed, as it is. */
function choice(language: Language, field: string, typed: string) {
  const row = `field.${field}.choices.${typed}`;
  return /^[a-z_]+$/.test(typed) ? word(language, row) : typed.replace(/\n/g, " ");
}

for (const language of LANGUAGES) {
  const { e_request, common, case_status, notice, home } = language.text;

  test.describe(`in ${language.name}`, () => {
    test("from the front page, with what the law wants read before the first question", async ({ page }) => {
      await page.goto(path(language, "/"));
      await page.getByRole("link", { name: home.ask_link }).click();
      await expect(heading(page)).toHaveText(e_request.title);
      for (const words of [notice.privacy_act, notice.purpose_e_request]) {
        const [told, first] = [page.getByText(words), page.getByRole("radio").first()];
        await expect(told).toBeVisible();
        const [above, below] = [await told.boundingBox(), await first.boundingBox()];
        expect(above!.y).toBeLessThan(below!.y);
      }
      await expect(page.getByText(notice.pra)).toBeVisible();
    });

    test("nothing is asked twice, and no more than twelve fields for the commonest journey", async ({ page }) => {
      for (const key of ["outside_normal_time", "typographic_error"]) {
        const form = newForm(key, { who: { requester: "representative" }, person: { representative_name: "Luz Abogada", family_name: "Ejemplo", birth_date: "1990-2-3" } });
        await page.context().clearCookies();
        await choose(page, language, key);
        const [labels, fields]: [string[], string[]] = [[], []];
        for (const step of steps(kind(key))) {
          const frames = page.locator("[data-field]");
          fields.push(...(await frames.evaluateAll((all) => all.map((frame) => frame.getAttribute("data-field")!))));
          labels.push(...(await frames.locator("> label, > fieldset > legend").allInnerTexts()));
          await fill(page, typedOn(form, step));
          if (step !== "check") await onward(page, language).click();
        }
        expect(new Set(fields).size, fields.join()).toBe(fields.length);
        expect(new Set(labels).size, labels.join()).toBe(labels.length);
        const own = fields.filter((field) => field !== "representative_name");
        if (key === "outside_normal_time") expect(own.length, own.join()).toBeLessThanOrEqual(12);
      }
    });

    test("the way back leads from page to page and keeps what was typed", async ({ page }) => {
      const form = newForm("typographic_error");
      await walk(page, language, form, "check");
      for (const step of steps(kind("typographic_error")).reverse().slice(1)) {
        await page.getByRole("link", { name: e_request.back, exact: true }).click();
        await expect(page).toHaveURL(path(language, `/e-request/${step}`));
        await filled(page, typedOn(form, step));
      }
      await page.getByRole("link", { name: e_request.back, exact: true }).click();
      await expect(page).toHaveURL(path(language, "/e-request"));
      await expect(page.getByRole("radio", { checked: true })).toHaveAccessibleName(
        new RegExp(`^${word(language, "kind.typographic_error.title")}`),
      );
      await page.getByRole("link", { name: e_request.go_on, exact: true }).click();
      await expect(heading(page)).toHaveText(e_request.check_title);
    });

    test("each answer is changed from the last page, and one press leads back to it", async ({ page }) => {
      const form = newForm("typographic_error");
      await walk(page, language, form, "check");
      const changes: [string, string, Form["issue"]][] = [
        ["who", e_request.step_who, { requester: "petitioner" }],
        ["issue", e_request.step_issue, { printed_text: "Annna" }],
        ["person", e_request.step_person, { given_name: "Anita" }],
        ["contact", e_request.step_contact, { telephone: "202-555-0199" }],
      ];
      for (const [step, name, change] of changes) {
        await page.getByRole("link", { name: `${e_request.change}: ${name}` }).click();
        await expect(page).toHaveURL(path(language, `/e-request/${step}`));
        await filled(page, typedOn(form, step));
        await fill(page, change);
        await onward(page, language).click();
        await expect(heading(page)).toHaveText(e_request.check_title);
        for (const [field, typed] of Object.entries(change)) {
          await expect(page.getByRole("main")).toContainText(choice(language, field, typed));
        }
      }
      // Another case has to be shown to be one's own, and gets its own answer first.
      await page.getByRole("link", { name: `${e_request.change}: ${e_request.step_case}` }).click();
      await fill(page, { mailing_zip: "00000" });
      await onward(page, language).click();
      await expect(page.getByRole("heading", { name: e_request.refused_title })).toBeVisible();
      await page.goto(path(language, "/e-request/check"));
      await expect(page).toHaveURL(path(language, "/e-request/case"));
    });

    test("what is about something else after all keeps who asks and the case", async ({ page }) => {
      const form = newForm("typographic_error");
      await walk(page, language, form, "check");
      await choose(page, language, "accommodation");
      await expect(page).toHaveURL(path(language, "/e-request/answer"));
      await expect(page.getByRole("main")).toContainText(form.known.number);
      await onward(page, language).click();
      await expect(heading(page)).toHaveText(word(language, "kind.accommodation.title"));
    });

    test("the other language has the same page with what was typed", async ({ page }) => {
      const form = newForm("typographic_error");
      await walk(page, language, form, "check");
      await page.goto(path(language, "/e-request/issue"));
      await page.getByRole("link", { name: common.language_link }).click();
      await expect(page).toHaveURL(path(other(language), "/e-request/issue"));
      await expect(heading(page)).toHaveText(word(other(language), "kind.typographic_error.title"));
      await filled(page, form.issue);
    });

    test("a number that was looked up is not asked again", async ({ page }) => {
      const { known } = newForm("typographic_error");
      await lookUp(page, language, known.number);
      await page.getByRole("link", { name: language.text.answer.ask_link }).click();
      await choose(page, language, "typographic_error");
      await fill(page, { requester: "applicant" });
      await onward(page, language).click();
      await filled(page, { receipt_number: known.number });
      await expect(page).toHaveURL(path(language, "/e-request/case"));
    });

    test("a form is deleted for good, and going back does not bring it up again", async ({ page }) => {
      const form = newForm("typographic_error");
      await walk(page, language, form, "person");
      await fill(page, form.person);
      await onward(page, language).click();
      await page.getByRole("button", { name: e_request.forget }).click();
      await expect(heading(page)).toHaveText(e_request.forgotten_title);
      for (const step of ["contact", "person", "check", "case"]) {
        await page.goto(path(language, `/e-request/${step}`));
        await expect(page).toHaveURL(path(language, "/e-request"));
      }
      await expect(page.getByRole("heading", { name: e_request.going_on })).toHaveCount(0);
      await page.goBack();
      await expect(heading(page)).toBeVisible();
      await expect(page.getByText(form.known.number)).toHaveCount(0);
      await expect(page.getByRole("heading", { name: case_status.problem })).toHaveCount(0);
    });

    test("pages are reached in their order only", async ({ page }) => {
      for (const step of steps(kind("typographic_error"))) {
        await page.goto(path(language, `/e-request/${step}`));
        await expect(page, step).toHaveURL(path(language, "/e-request"));
      }
      await come(page, language, newForm("typographic_error"), "answer");
      for (const step of ["issue", "documents", "person", "contact", "check", "sent"]) {
        await page.goto(path(language, `/e-request/${step}`));
        await expect(page, step).toHaveURL(path(language, step === "sent" ? "/e-request" : "/e-request/answer"));
      }
    });
  });
}

test("two presses, a reload, the way back and another try make one request with one number", async ({ page }) => {
  const { e_request } = english.text;
  const email = address("once");
  const form = newForm("typographic_error", { contact: { email } });
  await walk(page, english, form, "check");
  await onward(page, english).dblclick();
  await expect(heading(page)).toHaveText(e_request.sent_title);
  const number = await numberOf(page);
  await page.reload();
  expect(await numberOf(page)).toBe(number);
  await page.goBack();
  await expect(heading(page)).toHaveText(e_request.sent_title);
  expect(await numberOf(page)).toBe(number);
  expect(await send(page, english, "send", {})).toBe("/e-request/sent");
  await page.goto("/e-request/check");
  expect(await numberOf(page)).toBe(number);
  // Nor can the sender make another one of this kind.
  await come(page, english, form, "answer");
  await page.goto("/e-request/answer");
  await expect(page.getByRole("heading", { name: e_request.open_title })).toBeVisible();
  const stored = await mail(email, 1);
  expect(stored.subject).toBe(e_request.mail_stored_subject);
  expect(stored.text).toContain(number);
  for (const part of [stored.subject, stored.text, stored.html]) {
    for (const own of [form.known.number, "Ejemplo", "22150", "1990"]) expect(part).not.toContain(own);
  }
});

test("the same form in two tabs makes one request", async ({ page, context }) => {
  const { e_request } = english.text;
  await walk(page, english, newForm("typographic_error"), "check");
  const second = await context.newPage();
  await second.goto("/e-request/check");
  await onward(page, english).click();
  await expect(heading(page)).toHaveText(e_request.sent_title);
  await onward(second, english).click();
  await expect(heading(second)).toHaveText(e_request.sent_title);
  expect(await numberOf(second)).toBe(await numberOf(page));
});

test("what was typed before the client was there is checked and sent like any other", { tag: "@script" }, async ({ page }) => {
  const form = newForm("typographic_error");
  await come(page, english, form, "person");
  await page.goto("/e-request/person");
  await fill(page, { family_name: "Ejemplo" });
  await hydrated(page);
  await fill(page, { given_name: "Ana", birth_date: "1990-2-3" });
  await onward(page, english).click();
  await expect(page).toHaveURL("/e-request/contact");
});

test("nothing that somebody types stands in an address, title, referrer, store, message of the browser or log", async ({
  page,
  context,
}) => {
  const seen: string[] = [];
  const headers: Promise<void>[] = [];
  page.on("console", (message) => seen.push(message.text()));
  page.on("request", (request) => {
    seen.push(request.url());
    headers.push(request.allHeaders().then(({ referer }) => void seen.push(referer ?? "")));
  });
  page.on("response", (response) => seen.push(response.headers().location ?? ""));
  page.on("load", async () => seen.push(await page.title().catch(() => "")));

  const email = address("secret");
  const person = { family_name: "Ejemplosecreto", given_name: "Anasecreta", birth_date: "1990-2-3" };
  const issue = { ...kind("typographic_error").issue, printed_text: "Textosecreto", explanation: "Historiasecreta" };
  const form = newForm("typographic_error", { person, issue, contact: { email, telephone: "202-555-0143" } });
  for (const language of LANGUAGES) {
    await walk(page, language, form, "check");
    await page.getByRole("link", { name: language.text.e_request.later_link }).click();
    await page.getByRole("textbox").fill("secretwrong@");
    await page.getByRole("button", { name: language.text.e_request.later_button }).click();
    await expect(page.getByRole("alert")).toBeVisible();
  }
  await page.goto("/e-request/check");
  await onward(page, english).click();
  const number = await numberOf(page);
  await lookFor(page, english, number, { zip: "00000" });
  await expect(page.getByRole("alert")).toBeVisible();
  await lookFor(page, english, number, { born: "1990-2-3" });
  await page.getByRole("textbox").fill("Agregadosecreto");
  await page.getByRole("button", { name: english.text.e_request.add_button }).click();
  await expect(page.getByRole("heading", { name: english.text.e_request.added })).toBeVisible();

  await Promise.all(headers);
  seen.push(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])));
  seen.push(JSON.stringify(await context.cookies()), log());
  const secrets = [form.known.number, number, email, "secretwrong", "Ejemplosecreto", "Anasecreta", "Textosecreto"];
  for (const secret of [...secrets, "Historiasecreta", "Agregadosecreto", "2025550143"]) {
    const plain = secret.toUpperCase().replace(/[^A-Z0-9]/g, "");
    expect(
      seen.filter((what) => betrays(what, plain)),
      secret,
    ).toEqual([]);
  }
  const route = (verb: string) => `"route":"/_fn/e_request/${verb}"`;
  for (const verb of ["begin", "save", "send", "keep", "find", "add"]) expect(log()).toContain(route(verb));
});
