import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { link, mail, mails } from "./mailbox";
import { LANGUAGES, type Language, log, path } from "./portal";
import { come, fill, filled, heading, later, long, lookFor, newForm, numberOf, onward, question, send, today, walk, word } from "./e-request";

const english = LANGUAGES[0]!;

/** A request that was sent, and what its sender knows of it. */
async function sent(page: Page, language: Language, kind = "typographic_error") {
  const form = newForm(kind);
  await come(page, language, form, "");
  await page.goto(path(language, "/e-request/sent"));
  return { form, number: await numberOf(page) };
}

const address = (what: string) => `${what}+${test.info().project.name}.${test.info().testId}@example.org`.toLowerCase();

for (const language of LANGUAGES) {
  const { e_request, common, follow } = language.text;

  test.describe(`in ${language.name}`, () => {
    test("the sender adds something, and takes the request back", async ({ page }) => {
      const { number } = await sent(page, language);
      await page.context().clearCookies();
      await lookFor(page, language, number, { zip: "22150" });
      const main = page.getByRole("main");
      await page.getByText(e_request.arithmetic_title).click();
      await expect(main).toContainText(`${e_request.line_due} ${long(language, later(today(), 30))}.`);

      await page.getByRole("button", { name: e_request.add_button }).click();
      const summary = page.getByRole("alert");
      await expect(summary).toBeFocused();
      await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix} ${e_request.request_title} \\|`));
      await summary.getByRole("link", { name: e_request.add_empty }).click();
      const information = page.getByRole("textbox", { name: e_request.add_label });
      await expect(information).toBeFocused();
      await expect(information).toHaveAttribute("aria-invalid", "true");
      // As much as fits, with ends of lines, which browsers send as two characters.
      await information.fill("Otra\n".repeat(400).trim());
      await page.getByRole("button", { name: e_request.add_button }).click();
      await expect(page.getByRole("heading", { name: e_request.added })).toBeFocused();
      await expect(main).toContainText(e_request.additions);
      await expect(summary).toHaveCount(0);

      await page.getByRole("button", { name: e_request.withdraw_button }).click();
      await expect(main).toContainText(e_request.state_withdrawn);
      await expect(information).toHaveCount(0);
      await expect(page.getByRole("button", { name: e_request.withdraw_button })).toHaveCount(0);
      await expect(main.locator(".usa-process-list__item").last()).toContainText(e_request.no_longer);
      // It stays taken back, and what is sent from an old page changes nothing.
      expect(await send(page, language, "add", { information: "Otra cosa" })).toBe(path(language, "/e-request/status/request"));
      await page.reload();
      await expect(main).toContainText(e_request.state_withdrawn);
    });

    test("a form is kept for a week: a mail with a link that asks for the ZIP code and works once", async ({ page }) => {
      const email = address(`kept.${language.tag}`);
      const form = newForm("typographic_error");
      await walk(page, language, form, "person");
      await page.getByRole("link", { name: e_request.later_link }).click();
      await expect(heading(page)).toHaveText(e_request.later_title);
      await page.getByRole("textbox", { name: follow.email_label }).fill(email);
      await page.getByRole("button", { name: e_request.later_button }).click();
      await expect(heading(page)).toHaveText(e_request.kept_title);

      const kept = await mail(email, 1);
      expect(kept.subject).toBe(e_request.mail_kept_subject);
      for (const own of [form.known.number, form.known.number.slice(-4), "Anna", "22150"]) expect(kept.text).not.toContain(own);
      const resume = link(kept, path(language, "/e-request/resume"));
      await page.context().clearCookies();
      await page.goto(resume);
      await expect(heading(page)).toHaveText(e_request.resume_title);
      await expect(page.getByRole("main")).not.toContainText(form.known.number);
      const zip = page.getByRole("textbox", { name: e_request.resume_zip });
      await zip.fill("00000");
      await page.getByRole("button", { name: e_request.next }).click();
      await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix} ${e_request.resume_title} \\|`));
      const summary = page.getByRole("alert");
      await expect(summary).toBeFocused();
      await summary.getByRole("link", { name: e_request.resume_wrong }).click();
      await expect(zip).toBeFocused();
      await zip.fill("22150");
      await page.getByRole("button", { name: e_request.next }).click();
      await expect(page).toHaveURL(path(language, "/e-request/person"));
      await page.goto(path(language, "/e-request/issue"));
      await filled(page, form.issue);

      await page.context().clearCookies();
      await page.goto(resume);
      await page.getByRole("textbox", { name: e_request.resume_zip }).fill("22150");
      await page.getByRole("button", { name: e_request.next }).click();
      await expect(heading(page)).toHaveText(e_request.over_title);
      expect(mails(email)).toHaveLength(1);
      expect(log()).not.toContain(email);
    });

    test("who asks for a request with the wrong details learns nothing, and keeps what was typed", async ({ page }) => {
      const { number } = await sent(page, language);
      await page.context().clearCookies();
      for (const proof of [{ zip: "22151" }, { born: "1990-2-4" }, { zip: "22151", born: "1990-2-4" }]) {
        await lookFor(page, language, number, proof);
        await expect(page).toHaveURL(path(language, "/e-request/status"));
        await expect(page.getByRole("alert").getByRole("link")).toHaveText([e_request.not_recognised]);
        await expect(question(page).number).toHaveValue(number);
        await expect(question(page).zip).toHaveValue(proof.zip ?? "");
      }
      await expect(page.getByText(word(language, "kind.typographic_error.title"))).toHaveCount(0);
      await page.goto(path(language, "/e-request/status/request"));
      await expect(page).toHaveURL(path(language, "/e-request/status"));
      await lookFor(page, language, number, { zip: "22150", born: "1990-2-4" });
      await expect(heading(page), "one of the two is enough").toHaveText(e_request.request_title);
    });

    test("a shown request is cleared from the device and stays with the agency", async ({ page }) => {
      const { number } = await sent(page, language);
      await lookFor(page, language, number, { born: "1990-2-3" });
      await page.getByRole("button", { name: e_request.clear_button }).click();
      await expect(heading(page)).toHaveText(e_request.forgotten_title);
      for (const at of ["/e-request/status/request", "/e-request/sent"]) {
        await page.goto(path(language, at));
        await expect(page.getByText(number)).toHaveCount(0);
      }
      await page.goBack();
      await expect(heading(page)).toBeVisible();
      await expect(page.getByText(number)).toHaveCount(0);
      await lookFor(page, language, number, { born: "1990-2-3" });
      await expect(page.getByRole("main")).toContainText(number);
    });

    test("a print of the confirmation has the number, the days and the address, and nothing to click", { tag: "@once" }, async ({ page }) => {
      const { number } = await sent(page, language, "card_not_received");
      await page.emulateMedia({ media: "print" });
      const main = page.getByRole("main");
      await expect(main.getByText(number)).toBeVisible();
      await expect(main.getByText(word(language, "kind.card_not_received.title"))).toBeVisible();
      await expect(main.getByText(long(language, later(today(), 7))).first()).toBeVisible();
      await expect(main.getByText(path(language, "/e-request/status"))).toBeVisible();
      const useless = "form, input, button, summary, nav, footer, .usa-skipnav, .portico-language, main a:not([href^='tel:'])";
      expect(await page.locator(useless).filter({ visible: true }).allInnerTexts(), "on paper").toEqual([]);
      const line = await main.locator(".usa-process-list__item").first().evaluate((item) => getComputedStyle(item).borderLeftWidth);
      expect(line, "no line through the numbers of the steps").toBe("0px");
    });
  });
}

test("a number is not tried for ever: after ten tries in a day even the right answer waits", async ({ page, watch }) => {
  watch.allow(/status of 429/);
  const { number } = await sent(page, english);
  await page.context().clearCookies();
  for (let zip = 10; zip < 20; zip++) {
    expect(await send(page, english, "find", { number, zip: `300${zip}` })).toBe("/e-request/status");
  }
  await lookFor(page, english, number, { zip: "22150" });
  await expect(heading(page)).toHaveText(english.text.e_request.slow_title);
  expect(new URL(page.url()).search).toMatch(/^\?outcome=slow&wait=\d+$/);
});

test("a link that is made up or tried too often is over", async ({ page }) => {
  const { e_request } = english.text;
  const email = address("tried");
  await come(page, english, newForm("typographic_error"), "issue");
  expect(await send(page, english, "keep", { email })).toBe("/e-request/done?outcome=kept");
  const resume = new URLSearchParams(link(await mail(email, 1), "/e-request/resume").split("?")[1]).get("link")!;
  await page.context().clearCookies();
  for (let zip = 10; zip < 15; zip++) {
    expect(await send(page, english, "resume", { link: resume, zip: `300${zip}` })).toBe(`/e-request/resume?link=${resume}&wrong`);
  }
  expect(await send(page, english, "resume", { link: resume, zip: "22150" })).toBe("/e-request/done?outcome=over");
  for (const at of ["/e-request/resume", "/e-request/resume?link=abc", "/e-request/resume?link=%3Cb%3E"]) {
    await page.goto(at);
    await page.getByRole("textbox").fill("22150");
    await page.getByRole("button", { name: e_request.next }).click();
    await expect(heading(page)).toHaveText(e_request.over_title);
  }
});

test("the whole form is filled in and sent by keyboard alone", async ({ page }) => {
  const form = newForm("outside_normal_time");
  await page.goto("/e-request");
  await page.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText(english.text.e_request.who_title);
  await page.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText(english.text.e_request.case_title);
  await page.locator("#receipt_number").focus();
  const [year, month, day] = form.known.typed.filed_on!.split("-");
  await page.keyboard.type(form.known.number.toLowerCase());
  await page.keyboard.press("Tab");
  await page.keyboard.type("I-765");
  await page.keyboard.press("Tab");
  await page.keyboard.type("(c)(9)");
  await page.keyboard.press("Tab");
  for (let at = 0; at < Number(month); at++) await page.keyboard.press("ArrowDown");
  for (const part of [day, year, "22150"]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(part!);
  }
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText(english.text.e_request.answer_title);
  await onward(page, english).focus();
  await page.keyboard.press("Enter");
  await onward(page, english).focus();
  await page.keyboard.press("Space");
  await expect(heading(page)).toHaveText(english.text.e_request.person_title);
  await fill(page, form.person);
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText(english.text.e_request.contact_title);
  await page.locator("#email").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.type("202-555-0143");
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText(english.text.e_request.check_title);
  await onward(page, english).focus();
  await page.keyboard.press("Space");
  await expect(heading(page)).toHaveText(english.text.e_request.sent_title);
});
