import type { Page } from "@playwright/test";
import { axe, expect, test } from "./fixtures";
import { type Case, happens, link, mail, mails, ownCase } from "./mailbox";
import { APPROVED, HIDDEN, LANGUAGES, type Language, log, lookUp, other, overflowing, path } from "./portal";

const english = LANGUAGES[0]!;

/** What somebody types; what is left out stays empty. */
type Typed = { number?: string; month?: string; day?: string; year?: string; zip?: string; email?: string };

const fields = (page: Page, { text: { follow, processing_time } }: Language) => ({
  number: page.getByRole("textbox", { name: follow.number_label }),
  month: page.getByRole("combobox", { name: processing_time.month }),
  day: page.getByRole("textbox", { name: processing_time.day, exact: true }),
  year: page.getByRole("textbox", { name: processing_time.year, exact: true }),
  zip: page.getByRole("textbox", { name: follow.zip_label }),
  email: page.getByRole("textbox", { name: follow.email_label }),
});

async function send(page: Page, language: Language, typed: Typed) {
  const { month, ...lines } = fields(page, language);
  await month.selectOption(typed.month ?? "");
  for (const name of ["number", "day", "year", "zip", "email"] as const) await lines[name].fill(typed[name] ?? "");
  await page.getByRole("button", { name: language.text.follow.button }).click();
}

/** An address of this test alone. */
const address = (language: Language) =>
  `reader+${test.info().project.name}.${language.tag}.${test.info().testId}@example.org`.toLowerCase();

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

const from = (known: Case): Typed => ({ number: known.number, month: known.month, day: known.day, year: known.year });

for (const [turn, language] of LANGUAGES.entries()) {
  const { follow, common, case_status, notice } = language.text;

  test.describe(`in ${language.name}`, () => {
    test("a person asks, confirms, is told of news, and stops", async ({ page, request }) => {
      const known = ownCase(test.info(), turn);
      const email = address(language);
      await page.goto(path(language, "/"));
      await page.getByRole("link", { name: follow.home_link }).click();
      await expect(heading(page)).toHaveText(follow.title);
      await expect(page.getByText(notice.purpose_follow), "the Privacy Act statement is read first").toBeVisible();
      await send(page, language, { ...from(known), email });
      await expect(heading(page)).toHaveText(follow.sent_title);
      await expect(page).toHaveURL(path(language, "/follow/done?outcome=sent"));

      const first = await mail(email, 1);
      expect(first.subject).toBe(follow.mail_confirm_subject);
      const confirm = link(first, path(language, "/follow/confirm"));
      await page.goto(confirm);
      await expect(heading(page)).toHaveText(follow.confirm_title);
      // The other language's page has the same button.
      await page.getByRole("link", { name: common.language_link }).click();
      await expect(page.getByRole("button", { name: other(language).text.follow.confirm_button })).toBeVisible();
      await page.goBack();
      await page.getByRole("button", { name: follow.confirm_button }).click();
      await expect(heading(page)).toHaveText(follow.following_title);
      await page.goto(confirm);
      await page.getByRole("button", { name: follow.confirm_button }).click();
      await expect(heading(page)).toHaveText(follow.over_title);

      happens(known, "DA");
      const news = await mail(email, 2);
      expect(news.subject).toBe(follow.mail_news_subject);
      const ending = known.number.slice(-4);
      expect(news.text).toContain(ending);
      for (const part of [news.text, news.html, news.subject]) expect(part).not.toContain(known.number.slice(-5));
      await page.goto(link(news, path(language, "/case-status")));
      await expect(heading(page)).toHaveText(case_status.title);

      await page.goto(link(news, path(language, "/follow/stop")));
      await page.getByRole("button", { name: follow.stop_button }).click();
      await expect(heading(page)).toHaveText(follow.stopped_title);
      // The mail program's own button, after it: nothing is wrong.
      const unsubscribe = new URL(/<(\S+)>/.exec(news.headers["list-unsubscribe"] ?? "")?.[1] ?? "");
      const again = await request.post(unsubscribe.pathname + unsubscribe.search, { form: { "List-Unsubscribe": "One-Click" } });
      expect(again.status()).toBe(200);
      expect(mails(email)).toHaveLength(2);
      expect(log()).not.toContain(known.number);
      expect(log()).not.toContain("example.org");
    });

    test("who does not know the case, or asks for a hidden one, is answered alike and gets nothing", async ({ page }) => {
      const known = ownCase(test.info(), turn + 2);
      const email = address(language);
      for (const wrong of [
        { ...from(known), year: String(Number(known.year) - 1) },
        { number: known.number, zip: known.zip === "12345" ? "12346" : "12345" },
        { ...from(known), number: HIDDEN[0] },
      ]) {
        await page.goto(path(language, "/follow"));
        await send(page, language, { ...wrong, email });
        await expect(heading(page)).toHaveText(follow.sent_title);
      }
      await page.goto(path(language, "/follow"));
      await send(page, language, { number: known.number.toLowerCase(), zip: known.zip, email });
      await mail(email, 1);
    });

    for (const { what, typed, wrong } of [
      {
        what: "an empty form",
        typed: {},
        wrong: [
          ["number", follow.number_empty],
          ["month", follow.nothing_known],
          ["email", follow.email_empty],
        ],
      },
      {
        what: "a form with a mistake in each field",
        typed: { number: "eac 12", month: "2", day: "30", year: "1990", zip: "2215", email: "ana,@example.org" },
        wrong: [
          ["number", follow.number_malformed],
          ["month", follow.birth_wrong],
          ["zip", follow.zip_wrong],
          ["email", follow.email_wrong],
        ],
      },
    ] as { what: string; typed: Typed; wrong: [keyof Typed, string][] }[]) {
      test(`${what} comes back with what was typed, and leads to what has to be mended`, async ({ page }) => {
        await page.goto(path(language, "/follow"));
        await send(page, language, typed);
        await expect(page).toHaveURL(path(language, "/follow"));
        await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix} ${follow.title} \\|`));
        const summary = page.getByRole("alert");
        await expect(summary).toBeFocused();
        await expect(summary).toHaveAccessibleName(case_status.problem);
        await expect(summary.getByRole("link")).toHaveText(wrong.map(([, message]) => message));
        const all = fields(page, language);
        for (const [name, input] of Object.entries(all)) {
          await expect(input).toHaveValue(typed[name as keyof Typed] ?? "");
          const isWrong = wrong.some(([field]) => field === name || (field === "month" && ["day", "year"].includes(name)));
          if (isWrong) await expect(input).toHaveAttribute("aria-invalid", "true");
          else await expect(input).not.toHaveAttribute("aria-invalid");
        }
        for (const [name, message] of wrong) {
          await summary.getByRole("link", { name: message, exact: true }).click();
          await expect(all[name]).toBeFocused();
          await expect(all[name]).toBeInViewport();
          const described = name === "month" ? page.getByRole("group", { name: follow.birth_title }) : all[name];
          await expect(described).toHaveAccessibleDescription(new RegExp(`^${common.error_prefix} ${escaped(message)}`));
        }
        await axe(page);
      });
    }

    test("a mistake is mended, and then forgotten on this device", async ({ page }) => {
      const known = ownCase(test.info(), turn + 4);
      await page.goto(path(language, "/follow"));
      await send(page, language, { ...from(known), email: "reader" });
      await expect(page.getByRole("alert")).toBeVisible();
      await fields(page, language).email.fill(address(language));
      await page.getByRole("button", { name: follow.button }).click();
      await expect(heading(page)).toHaveText(follow.sent_title);
      await mail(address(language), 1);
      await page.getByRole("link", { name: follow.again }).click();
      await expect(page.getByRole("alert")).toHaveCount(0);
      for (const input of Object.values(fields(page, language))) await expect(input).toHaveValue("");
    });

    test("from a case's page the number comes along, and not in the address", async ({ page }) => {
      await lookUp(page, language, APPROVED.number);
      await page.getByRole("link", { name: follow.link }).click();
      await expect(fields(page, language).number).toHaveValue(APPROVED.number);
      await expect(page).toHaveURL(path(language, "/follow"));
    });

    test("a link that is cut off or made up says so and changes nothing", async ({ page }) => {
      for (const at of ["/follow/confirm", "/follow/stop", "/follow/stop?link=", "/follow/confirm?link=%3Cb%3E"]) {
        await page.goto(path(language, at));
        await expect(heading(page)).toHaveText(follow.broken_title);
        await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
      }
      for (const [at, button, title] of [
        ["/follow/confirm?link=abc", follow.confirm_button, follow.over_title],
        ["/follow/stop?link=abc", follow.stop_button, follow.broken_title],
      ] as const) {
        await page.goto(path(language, at));
        await page.getByRole("button", { name: button }).click();
        await expect(heading(page)).toHaveText(title);
        await page.getByRole("link", { name: follow.check_link }).click();
        await expect(heading(page)).toHaveText(case_status.title);
      }
    });

    test("the form is filled in, sent and mended by keyboard alone", async ({ page }) => {
      const known = ownCase(test.info(), turn + 6);
      await page.goto(path(language, "/follow"));
      await page.getByText(notice.privacy_act).focus();
      await page.keyboard.press("Tab");
      await page.keyboard.type(known.number);
      // The month by its first letters, as a list is used without a mouse.
      await page.keyboard.press("Tab");
      for (let month = 0; month < Number(known.month); month++) await page.keyboard.press("ArrowDown");
      for (const part of [known.day, known.year, "", "reader"]) {
        await page.keyboard.press("Tab");
        await page.keyboard.type(part);
      }
      await page.keyboard.press("Enter");
      const summary = page.getByRole("alert");
      await expect(summary).toBeFocused();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect(fields(page, language).email).toBeFocused();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(address(language));
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await expect(heading(page)).toHaveText(follow.sent_title);
      await mail(address(language), 1);
    });

    test("whatever became of it, the page has no barrier and fits a narrow screen", { tag: "@once" }, async ({ page, watch }) => {
      watch.allow(/status of 429/);
      await page.setViewportSize({ width: 320, height: 800 });
      const outcomes = { following: follow.following_title, full: follow.full_title, over: follow.over_title };
      const others = { stopped: follow.stopped_title, broken: follow.broken_title, "slow&wait=3000": follow.slow_title };
      for (const [outcome, title] of Object.entries({ ...outcomes, ...others })) {
        await page.goto(path(language, `/follow/done?outcome=${outcome}`));
        await expect(heading(page)).toHaveText(title);
        expect(await overflowing(page), outcome).toEqual([]);
        await axe(page);
      }
      await page.goto(path(language, "/follow"));
      await send(page, language, { number: "1", month: "2", day: "30", year: "1990", zip: "1", email: "reader" });
      await expect(page.getByRole("alert")).toBeVisible();
      expect(await overflowing(page), "with mistakes").toEqual([]);
      await axe(page);
    });
  });
}

test("too many requests are told how long to wait, and cases can be checked meanwhile", async ({ browser, watch }) => {
  watch.allow(/status of 429/);
  const { text } = english;
  const context = await browser.newContext({ baseURL: process.env.PORTICO_E2E_STRICT_MAIL });
  const page = await context.newPage();
  for (const number of ["EAC9999713403", "EAC9999613403"]) {
    await page.goto("/follow");
    await send(page, english, { number, zip: "12345", email: address(english) });
  }
  await expect(heading(page)).toHaveText(text.follow.slow_title);
  await expect(page.getByText(/You can try again in about/)).toBeVisible();
  await page.goto("/case-status");
  await expect(page.getByRole("heading", { name: text.case_status.slow_title })).toHaveCount(0);
  await context.close();
});

function escaped(text: string) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
