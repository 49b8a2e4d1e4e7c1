import { expect, hydrated, test } from "./fixtures";
import {
  APPROVED,
  EVIDENCE,
  LANGUAGES,
  RETURNED,
  UNKNOWN,
  ask,
  betrays,
  field,
  log,
  lookUp,
  open,
  other,
  path,
  result,
} from "./portal";

const DAY = 24 * 60 * 60 * 1000;

const later = (iso: string, days: number) => new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);

for (const language of LANGUAGES) {
  const { tag, text } = language;
  const title = EVIDENCE.title[tag];
  const long = (iso: string) => new Intl.DateTimeFormat(tag, { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));

  test.describe(`in ${language.name}`, () => {
    test("a person goes from the front page to the status of the case", async ({ page }) => {
      await page.goto(path(language, "/"));
      await page.getByRole("link", { name: text.home.check_button }).click();
      await expect(page).toHaveURL(path(language, "/case-status"));
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title);
      await hydrated(page);
      await ask(page, language, EVIDENCE.typed);

      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title_shown);
      const answer = page.getByRole("region", { name: title });
      await expect(answer.getByRole("heading", { level: 2 })).toHaveText(title);
      await expect(answer.getByRole("paragraph").first()).toContainText(EVIDENCE.number);
      await expect(page).toHaveURL(path(language, "/case-status"));
      await expect(page).toHaveTitle(new RegExp(`^${text.case_status.title_shown} \\|`));
    });

    test("the answer says what it means, what happens next and by when", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.typed);
      const answer = page.getByRole("region", { name: title });
      const fact = (name: string) =>
        answer
          .locator("dl > div")
          .filter({ has: page.getByText(name, { exact: true }) })
          .locator("dd");
      const updated = (await fact(text.answer.updated).locator("time").getAttribute("datetime")) ?? "";
      await expect(fact(text.answer.updated)).toHaveText(long(updated));
      await expect(fact(text.answer.form)).toHaveText(new RegExp(`^${EVIDENCE.form}, .{10}`));
      await expect(fact(text.answer.receipt_number)).toHaveText(EVIDENCE.number);
      await expect(fact(text.answer.stage)).toHaveText(text.answer.stage_action_needed);
      await expect(answer.getByRole("paragraph").first()).toContainText(long(updated));

      const next = answer.locator(".portico-next");
      await expect(next.getByRole("heading")).toHaveText(text.answer.next_title);
      await expect(next).toContainText(long(later(updated, 30)));
      await expect(next.locator("strong"), "it is no day to act by").toHaveCount(0);
    });

    test("a day by which the person has to act stands out", async ({ page }) => {
      await lookUp(page, language, RETURNED.number);
      const answer = page.getByRole("region", { name: RETURNED.title[tag] });
      const updated = (await answer.locator("dl time").getAttribute("datetime")) ?? "";
      const day = answer.locator(".portico-next strong time");
      await expect(day).toHaveAttribute("datetime", later(updated, 84));
      await expect(day).toHaveText(long(later(updated, 84)));
      await expect(answer.locator(".portico-next")).toContainText(text.answer.deadline);
    });

    test("the history stands with the newest first", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.typed);
      const history = page.getByRole("region", { name: title }).getByRole("list").getByRole("listitem");
      await expect(history).toHaveCount(4);
      await expect(history.first()).toContainText(title);
      await expect(history.last()).toContainText(EVIDENCE.first[tag]);
      const days = await history
        .locator("time")
        .evaluateAll((times) => times.map((time) => time.getAttribute("datetime") ?? ""));
      expect(days).toEqual([...days].sort().reverse());
    });

    test("a reload shows the answer again", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.typed);
      await page.reload();
      await expect(page.getByRole("region", { name: title })).toContainText(EVIDENCE.number);
    });

    test("another case can be checked beside the answer", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.typed);
      await expect(page.getByRole("heading", { name: text.case_status.another })).toBeVisible();
      await expect(field(page, language)).toHaveValue("");
      await ask(page, language, APPROVED.number);
      await expect(result(page)).toHaveText(APPROVED.title[tag]);
      await expect(page.getByText(EVIDENCE.number)).toHaveCount(0);
    });

    test("the answer can be cleared, and going back does not bring it up again", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.typed);
      await page.getByRole("button", { name: text.answer.clear_button }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title);
      await expect(result(page)).toContainText(text.answer.cleared);
      await expect(result(page)).toBeFocused();
      await expect(page).toHaveURL(path(language, "/case-status"));
      await page.reload();
      await expect(field(page, language)).toHaveValue("");
      await expect(page.getByText(EVIDENCE.number)).toHaveCount(0);
      await page.goBack();
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText(EVIDENCE.number)).toHaveCount(0);
    });

    test("the language link keeps the place and the answer", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.typed);
      await page.getByRole("link", { name: text.common.language_link }).click();
      await expect(page).toHaveURL(path(other(language), "/case-status"));
      await expect(result(page)).toHaveText(EVIDENCE.title[other(language).tag]);
      await page.getByRole("link", { name: other(language).text.common.language_link }).click();
      await expect(result(page)).toHaveText(title);
    });

    test("the answer comes without another page, takes the focus and is said aloud", { tag: "@script" }, async ({ page }) => {
      await open(page, language);
      let pages = 0;
      page.on("framenavigated", (frame) => (pages += frame === page.mainFrame() ? 1 : 0));
      await ask(page, language, EVIDENCE.typed);
      await expect(result(page)).toBeFocused();
      await expect(result(page)).toHaveText(title);
      await expect(page.getByRole("status")).toHaveText(`${text.answer.announced} ${title}`);
      expect(pages, "pages loaded").toBe(0);
    });

    test("while the case is looked up the button says so, and one question is enough", { tag: "@script" }, async ({ page }) => {
      await open(page, language);
      let asked = 0;
      let letThrough = () => {};
      const seen = new Promise<void>((resolve) => (letThrough = resolve));
      await page.route("**/_fn/**", async (route) => {
        asked += 1;
        await seen;
        await route.continue();
      });
      await field(page, language).fill(EVIDENCE.typed);
      const size = () => page.locator("button[type=submit]").boundingBox();
      const before = await size();
      await page.keyboard.press("Enter");
      const busy = page.getByRole("button", { name: text.case_status.button_busy });
      await expect(busy).toHaveAttribute("aria-disabled", "true");
      await expect(page.getByRole("status")).toHaveText(text.case_status.button_busy);
      expect(await size(), "nothing moves").toEqual(before);
      await page.keyboard.press("Enter");
      letThrough();
      await expect(result(page)).toHaveText(title);
      await expect(page.getByRole("button", { name: text.case_status.button })).not.toHaveAttribute("aria-disabled");
      expect(asked).toBe(1);
    });

    test("the form works while the client cannot be loaded", { tag: "@script" }, async ({ page, watch }) => {
      watch.allow(/\.wasm|Failed to load resource|Failed to fetch/);
      const blocked = page.waitForEvent("requestfailed", (request) => request.url().endsWith(".wasm"));
      await page.route("**/*.wasm", (route) => route.abort("connectionfailed"));
      await page.goto(path(language, "/case-status"));
      await blocked;
      await ask(page, language, EVIDENCE.typed);
      await expect(result(page)).toHaveText(title);
      await ask(page, language, UNKNOWN);
      await expect(result(page)).toContainText(text.case_status.not_recognised);
    });
  });
}

test("the receipt number stands in no address, title, referrer, store or log", async ({ page, context }) => {
  const seen: string[] = [];
  const sent: string[] = [];
  const headers: Promise<void>[] = [];
  page.on("request", (request) => {
    seen.push(request.url());
    sent.push(request.postData() ?? "");
    headers.push(request.allHeaders().then(({ referer }) => void seen.push(referer ?? "")));
  });
  page.on("response", (response) => seen.push(response.headers().location ?? ""));
  const look = async () => seen.push(page.url(), await page.title(), await page.evaluate(() => document.referrer));

  for (const language of LANGUAGES) {
    await lookUp(page, language, EVIDENCE.typed);
    await look();
    await page.reload();
    await look();
    await page.getByRole("link", { name: language.text.common.language_link }).click();
    await expect(result(page)).toHaveText(EVIDENCE.title[other(language).tag]);
    await look();
    await lookUp(page, language, UNKNOWN);
    await look();
    await page.getByRole("link", { name: language.text.case_status.right_lost }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(language.text.lost.title);
    await look();
  }
  await Promise.all(headers);
  seen.push(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])));
  seen.push(JSON.stringify(await context.cookies()), log());

  for (const number of [EVIDENCE.number, UNKNOWN]) {
    expect(
      sent.filter((what) => betrays(what, number)),
      "it is sent in the forms alone",
    ).toHaveLength(LANGUAGES.length);
    expect(seen.filter((what) => betrays(what, number))).toEqual([]);
  }
  expect(log()).toContain('"route":"/_fn/case_status/find"');
});

test("what was typed before the client was there stays in the field", { tag: "@script" }, async ({ page }) => {
  const english = LANGUAGES[0]!;
  let letThrough = () => {};
  const typed = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route("**/*.wasm", async (route) => {
    await typed;
    await route.continue();
  });
  await page.goto("/case-status");
  await field(page, english).fill("src-99");
  letThrough();
  await hydrated(page);
  await expect(field(page, english)).toHaveValue("src-99");
  await expect(field(page, english)).toBeFocused();
  await field(page, english).pressSequentially("99-132710");
  await page.keyboard.press("Enter");
  await expect(result(page)).toHaveText(EVIDENCE.title.en);
});

test.describe("the field", { tag: "@script" }, () => {
  const english = LANGUAGES[0]!;
  const { malformed } = english.text.case_status;

  // The field waits a moment before it speaks: time passes as the tests say.
  test.beforeEach(({ page }) => page.clock.install());

  test("tells a malformed number after it was left, and not while somebody types for the first time", async ({ page }) => {
    await open(page, english);
    const input = field(page, english);
    const message = page.locator("#receipt_number-error");
    await input.pressSequentially("SRC99");
    await page.clock.runFor(5000);
    await expect(message).toHaveCount(0);
    await expect(input).not.toHaveAttribute("aria-invalid");
    await input.press("Tab");
    await page.clock.runFor(1000);
    await expect(message).toContainText(malformed);
    await expect(input).toHaveAttribute("aria-invalid", "true");
    await expect(input).toHaveAttribute("aria-describedby", /receipt_number-error/);

    await input.fill(EVIDENCE.typed);
    await expect(message).toHaveCount(0);
    await expect(input).not.toHaveAttribute("aria-invalid");
  });

  test("says nothing when it is left empty", async ({ page }) => {
    await open(page, english);
    await field(page, english).press("Tab");
    await page.clock.runFor(5000);
    await expect(page.getByRole("button", { name: english.text.case_status.button })).toBeFocused();
    await expect(page.locator("#receipt_number-error")).toHaveCount(0);
  });
});
