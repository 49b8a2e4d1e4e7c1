import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { axe, expect, hydrated, test } from "./fixtures";
import {
  APPROVED,
  EVIDENCE,
  HIDDEN,
  LANGUAGES,
  RETURNED,
  UNKNOWN,
  askTooOften,
  betrays,
  log,
  lookUp,
  other,
  overflowing,
  path,
  result,
  type Language,
} from "./portal";

const KEY = "portico.watch-list";
const english = LANGUAGES[0]!;

/** What the browser keeps of a case. */
type Written = {
  receipt_number: string;
  name?: string;
  seen_on?: string;
  updated_on?: string;
  title_en?: string;
  title_es?: string;
  changed_since?: string;
};

const list = (...cases: Written[]) => JSON.stringify({ version: 1, cases });

/** As it was seen some years ago. */
const LONG_AGO = { seen_on: "2020-03-03", updated_on: "2020-03-01", title_en: "Case Was Sent", title_es: "Se envió su caso" };

async function open(page: Page, language: Language) {
  await page.goto(path(language, "/watch-list"));
  await hydrated(page);
}

/** Opens the page with a list in the browser, and waits until all of it was asked for. */
async function openWith(page: Page, language: Language, text: string) {
  await open(page, language);
  await page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [KEY, text]);
  await page.reload();
  await hydrated(page);
}

async function optIn(page: Page, language: Language) {
  await page.getByRole("checkbox", { name: language.text.watch_list.opt_own }).check();
  await page.getByRole("button", { name: language.text.watch_list.opt_button }).click();
  await expect(notice(page)).toBeFocused();
}

const notice = (page: Page) => page.locator("#notice");
const entry = (page: Page, name: string) =>
  page.locator(".portico-watched").filter({ has: page.getByRole("heading", { name, exact: true }) });
const kept = (page: Page) => page.evaluate((key) => localStorage.getItem(key), KEY);
const keptCases = async (page: Page) => JSON.parse((await kept(page)) ?? "null")?.cases as Written[];

/** Waits until the asking has ended. */
async function settled(page: Page, language: Language) {
  const { checked_nothing, checked_single, checked_several, stopped_title } = language.text.watch_list;
  const ends = [checked_nothing, checked_single, checked_several.split("}} ")[1]!, stopped_title];
  await expect(page.getByRole("status")).toHaveText(new RegExp(ends.map((end) => end.replace(/[.]/g, "\\.")).join("|")));
}

async function add(page: Page, language: Language, number: string, name: string) {
  await page.getByRole("textbox", { name: language.text.case_status.label }).fill(number);
  await page.getByRole("textbox", { name: language.text.watch_list.name_optional }).fill(name);
  await page.getByRole("button", { name: language.text.watch_list.add_button }).click();
}

/** Everything that a browser can keep for a site, but for cookies. */
function stored(page: Page) {
  return page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

const NOTHING = { local: [], session: [], databases: 0, caches: [], workers: 0 };

for (const language of LANGUAGES) {
  const { text, tag } = language;
  const words = text.watch_list;

  test.describe(`in ${language.name}`, () => {
    test("without scripts the page says that it needs them and leads to the look-up", { tag: "@no-script" }, async ({ page }) => {
      await page.goto(path(language, "/"));
      await page.getByRole("link", { name: words.home_link }).click();
      await expect(page).toHaveURL(path(language, "/watch-list"));
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.title);
      await expect(page.getByRole("region", { name: words.script_title })).toContainText(words.script_text);
      await page.getByRole("link", { name: words.instead }).click();
      await expect(page).toHaveURL(path(language, "/case-status"));
    });

    test("nothing is stored before the person says that the device is theirs", { tag: "@script" }, async ({ page }) => {
      await lookUp(page, language, APPROVED.number);
      await page.getByRole("link", { name: words.keep_link }).click();
      await hydrated(page);
      const own = page.getByRole("checkbox", { name: words.opt_own });
      await expect(own).not.toBeChecked();
      for (const said of [words.opt_here, words.opt_see, words.opt_shared, words.opt_danger, words.opt_nothing]) {
        await expect(page.getByText(said)).toBeVisible();
      }
      await page.getByRole("button", { name: words.opt_button }).click();
      await expect(own).toBeFocused();
      await expect(own).toHaveAccessibleDescription(`${text.common.error_prefix} ${words.opt_missing} ${words.opt_nothing}`);
      expect(await stored(page)).toEqual(NOTHING);
      await axe(page);
      await page.reload();
      await hydrated(page);
      await expect(own).not.toBeChecked();
      expect(await stored(page)).toEqual(NOTHING);
    });

    test("a case goes from its answer onto the list, and shows where it stands", { tag: "@script" }, async ({ page }) => {
      await lookUp(page, language, EVIDENCE.number);
      await page.getByRole("link", { name: words.keep_link }).click();
      await hydrated(page);
      await optIn(page, language);
      await expect(notice(page)).toHaveText(words.started);
      await expect(page.getByRole("textbox", { name: text.case_status.label })).toHaveValue(EVIDENCE.number);
      await axe(page);
      await page.getByRole("textbox", { name: words.name_optional }).fill("  Ana’s  card ");
      await page.getByRole("button", { name: words.add_button }).click();

      await expect(notice(page)).toHaveText(words.added.replace("{{ name }}", "Ana’s card"));
      await expect(notice(page)).toBeFocused();
      const ana = entry(page, "Ana’s card");
      await expect(ana).toContainText(EVIDENCE.title[tag]);
      await expect(ana).toContainText(EVIDENCE.number);
      await expect(ana.getByRole("term")).toHaveText([text.answer.receipt_number, text.answer.updated, words.checked_on]);
      await expect(page.getByRole("status")).toHaveText(words.checked_nothing);
      await expect(page.getByText(words.new_since.split(" {{")[0]!)).toHaveCount(0);
      await axe(page);

      await expect(page.getByRole("textbox", { name: text.case_status.label })).toHaveValue("");
      await page.reload();
      await hydrated(page);
      await expect(ana).toContainText(EVIDENCE.title[tag]);
      await expect(page.getByRole("textbox", { name: text.case_status.label }), "it is on the list").toHaveValue("");
      expect(betrays(page.url(), EVIDENCE.number)).toBe(false);
    });

    test("what changed since the last visit is marked, in either language and for the day", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: RETURNED.number, name: "Card", ...LONG_AGO }));
      const since = (of: Language) =>
        of.text.watch_list.new_since.replace("{{ day }}", of.tag === "en" ? "March 3, 2020" : "3 de marzo de 2020");
      await expect(entry(page, "Card")).toContainText(`${since(language)}: ${RETURNED.title[tag]}`);
      await expect(page.getByRole("status")).toHaveText(words.checked_single);
      await axe(page);
      await page.reload();
      await hydrated(page);
      await settled(page, language);
      await expect(entry(page, "Card")).toContainText(since(language));
      await page.getByRole("link", { name: text.common.language_link }).click();
      await hydrated(page);
      const second = other(language);
      await expect(entry(page, "Card")).toContainText(`${since(second)}: ${RETURNED.title[second.tag]}`);

      // As if that had been yesterday.
      const [card] = await keptCases(page);
      await openWith(page, language, list({ ...card!, seen_on: "2021-01-01" }));
      await settled(page, language);
      await expect(entry(page, "Card")).toContainText(RETURNED.title[tag]);
      await expect(entry(page, "Card")).not.toContainText("2020");
    });

    test("the whole answer is one press away, and its number in no address", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: APPROVED.number, name: "Work" }));
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await entry(page, "Work").getByRole("button", { name: `${words.open} Work` }).click();
      await expect(page).toHaveURL(path(language, "/case-status"));
      await expect(result(page)).toHaveText(APPROVED.title[tag]);
      expect(asked.filter((url) => betrays(url, APPROVED.number))).toEqual([]);
      expect(betrays(log(), APPROVED.number), "the log").toBe(false);
    });

    test("a name can be changed, and a case removed and brought back", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: APPROVED.number }, { receipt_number: EVIDENCE.number, name: "Two" }));
      await settled(page, language);
      const rename = entry(page, APPROVED.number).getByRole("button", { name: words.rename });
      const field = page.getByRole("textbox", { name: words.name_label, exact: true });
      await entry(page, "Two").getByRole("button", { name: words.rename }).click();
      await expect(field).toHaveValue("Two");
      await rename.click();
      await expect(field, "one at a time").toHaveValue("");
      await expect(field).toBeFocused();
      await axe(page);
      await field.fill("x".repeat(41));
      await page.keyboard.press("Enter");
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(new RegExp(words.name_too_long.replace("{{ most }}", "40")));
      await expect(field).toBeFocused();
      await field.fill("One");
      await page.keyboard.press("Enter");
      await expect(entry(page, "One").getByRole("button", { name: words.rename })).toBeFocused();
      await expect(page.getByRole("status")).toHaveText(words.renamed);
      expect((await keptCases(page)).map(({ name }) => name)).toEqual(["One", "Two"]);

      await entry(page, "One").getByRole("button", { name: `${words.remove} One` }).click();
      await expect(notice(page)).toBeFocused();
      await expect(notice(page)).toHaveText(words.removed.replace("{{ name }}", "One"));
      await expect(page.locator(".portico-watched")).toHaveCount(1);
      expect((await keptCases(page)).map(({ name }) => name)).toEqual(["Two"]);
      await axe(page);
      await page.getByRole("button", { name: words.undo }).click();
      await expect(notice(page)).toHaveText(words.put_back.replace("{{ name }}", "One"));
      await expect(page.locator(".portico-watched").getByRole("heading")).toHaveText(["One", "Two"]);
      expect((await keptCases(page)).map(({ name }) => name)).toEqual(["One", "Two"]);
    });

    test("what cannot be added is explained at its field", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: APPROVED.number }));
      const number = page.getByRole("textbox", { name: text.case_status.label });
      for (const [typed, why] of [
        ["", text.case_status.empty],
        ["12345", text.case_status.malformed],
        [APPROVED.number.toLowerCase(), words.already_there],
      ] as const) {
        await add(page, language, typed, "");
        await expect(number).toBeFocused();
        await expect(number).toHaveAccessibleDescription(`${text.common.error_prefix} ${why} ${text.case_status.hint}`);
      }
      await axe(page);
      await add(page, language, EVIDENCE.number, "x".repeat(41));
      await expect(page.getByRole("textbox", { name: words.name_optional })).toBeFocused();
      await expect(number).not.toHaveAttribute("aria-invalid");
      expect(await keptCases(page)).toHaveLength(1);
    });

    test("a list goes into a file and comes back from it", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: APPROVED.number, name: "Niño" }, { receipt_number: UNKNOWN }));
      await settled(page, language);
      const before = await keptCases(page);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: words.save_file }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe(words.file_name);
      const saved = readFileSync(await file.path(), "utf8");
      expect(JSON.parse(saved).cases).toEqual(before);
      await expect(notice(page)).toHaveText(words.saved);

      await openWith(page, language, list({ receipt_number: EVIDENCE.number, name: "Here" }));
      await takeFile(page, language, saved);
      await expect(notice(page)).toHaveText(words.imported);
      await expect(page.getByText(words.imported_added.replace("{{ count }}", "2"))).toBeVisible();
      await expect(page.getByText(words.imported_there.replace("{{ count }}", "0"))).toBeVisible();
      await expect(entry(page, "Niño")).toContainText(APPROVED.title[tag]);
      await axe(page);
      await takeFile(page, language, saved);
      await expect(page.getByText(words.imported_there.replace("{{ count }}", "2"))).toBeVisible();
      expect((await keptCases(page)).map(({ name }) => name)).toEqual(["Here", "Niño", undefined]);
    });

    test("what a file holds is taken or refused with the reason", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: EVIDENCE.number, name: "Here" }));
      await settled(page, language);
      await page.getByRole("button", { name: words.take_file }).click();
      await expect(notice(page)).toBeFocused();
      await expect(page.getByText(words.file_missing)).toBeVisible();
      const before = await kept(page);
      for (const [content, why] of [
        ["no list at all", words.not_a_list],
        [JSON.stringify({ version: 7, cases: [] }), words.other_version],
        [" ".repeat(200_000), words.too_large],
        ["\u0000\uffff", words.not_a_list],
      ] as const) {
        await takeFile(page, language, content);
        await expect(notice(page)).toHaveText(words.not_imported);
        await expect(page.getByText(why)).toBeVisible();
      }
      await axe(page);
      expect(await kept(page), "nothing changed").toBe(before);

      const bad = Array.from({ length: 12 }, () => ({ receipt_number: "x" }));
      await takeFile(page, language, list({ receipt_number: APPROVED.number, name: "<b>Bold</b>" }, ...bad));
      await expect(page.getByText(words.imported_added.replace("{{ count }}", "1"))).toBeVisible();
      await expect(page.getByText(words.imported_refused.replace("{{ count }}", "12"))).toBeVisible();
      await expect(page.getByText(`${words.refused_entry.replace("{{ entry }}", "2")} ${words.why_number}`)).toBeVisible();
      await expect(page.getByText(words.refused_more.replace("{{ count }}", "2"))).toBeVisible();
      await expect(entry(page, "<b>Bold</b>")).toBeVisible();
      await axe(page);
    });

    test("clearing the device leaves nothing, and says so", { tag: "@script" }, async ({ page }) => {
      await lookUp(page, language, APPROVED.number);
      await page.getByRole("link", { name: words.keep_link }).click();
      await hydrated(page);
      await optIn(page, language);
      await page.getByRole("button", { name: words.add_button }).click();
      await expect(entry(page, APPROVED.number)).toContainText(APPROVED.title[tag]);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      expect((await stored(page)).caches).toHaveLength(1);

      const clear = page.getByRole("button", { name: words.clear_button });
      await clear.click();
      await expect(page.getByRole("heading", { name: words.clear_sure })).toBeFocused();
      await axe(page);
      await page.getByRole("button", { name: words.clear_no }).click();
      await expect(clear).toBeFocused();
      expect(await keptCases(page)).toHaveLength(1);
      await clear.click();
      await page.getByRole("button", { name: words.clear_yes }).click();
      await expect(notice(page)).toHaveText(words.cleared);
      await expect(notice(page)).toBeFocused();
      await expect(page.getByText(words.cleared_text)).toBeVisible();
      await axe(page);
      expect(await stored(page)).toEqual(NOTHING);
      await expect(page.getByRole("checkbox", { name: words.opt_own })).not.toBeChecked();

      await page.goto(path(language, "/case-status"));
      await expect(result(page)).toHaveText(text.answer.cleared);
      await open(page, language);
      await optIn(page, language);
      await expect(page.getByText(words.list_empty)).toBeVisible();
      await expect(page.getByRole("textbox", { name: text.case_status.label })).toHaveValue("");
    });

    test("a list that cannot be read is no list, and can be cleared", { tag: "@script" }, async ({ page }) => {
      for (const [broken, why] of [
        ["{", words.not_a_list],
        [list({ receipt_number: APPROVED.number }, { receipt_number: "<b>" }), words.why_number],
        [list({ receipt_number: APPROVED.number, ...LONG_AGO, seen_on: "soon" }), words.why_status],
        [list({ receipt_number: APPROVED.number }, { receipt_number: APPROVED.number }), words.why_twice],
        [JSON.stringify({ version: 2 }), words.other_version],
      ] as const) {
        await openWith(page, language, broken);
        await expect(page.getByRole("region", { name: words.unreadable_title })).toContainText(why);
        expect(await kept(page), "it stays as it is").toBe(broken);
      }
      await axe(page);
      await page.getByRole("button", { name: words.clear_button }).click();
      await page.getByRole("button", { name: words.clear_yes }).click();
      await expect(notice(page)).toHaveText(words.cleared);
      expect(await kept(page)).toBeNull();
    });

    test("a browser that keeps nothing is told apart from one that has no list", { tag: "@script" }, async ({ page }) => {
      await page.addInitScript(() => {
        Object.defineProperty(window, "localStorage", {
          get: () => {
            throw new DOMException("denied", "SecurityError");
          },
        });
      });
      await open(page, language);
      await expect(page.getByRole("region", { name: words.forbidden_title })).toContainText(words.forbidden_text);
      await expect(page.getByRole("link", { name: words.instead })).toBeVisible();
      await expect(page.getByRole("checkbox")).toHaveCount(0);
      await axe(page);
    });

    test("a change that the browser has no room for is not shown as made", { tag: "@script" }, async ({ page }) => {
      await openWith(page, language, list({ receipt_number: APPROVED.number, name: "One" }));
      await settled(page, language);
      await page.evaluate(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException("full", "QuotaExceededError");
        };
      });
      await add(page, language, EVIDENCE.number, "");
      await expect(notice(page)).toHaveText(words.not_kept);
      await expect(page.locator(".portico-watched")).toHaveCount(1);
      await entry(page, "One").getByRole("button", { name: words.remove }).click();
      await expect(entry(page, "One")).toBeVisible();
      await axe(page);
    });

    test("a hidden case looks like a number that nobody has", { tag: "@script" }, async ({ page }) => {
      const told = async (number: string) => {
        await openWith(page, language, list({ receipt_number: number, name: "Case", ...LONG_AGO }));
        await settled(page, language);
        await expect(entry(page, "Case")).toContainText(words.not_recognised);
        const said = [await page.getByRole("main").innerHTML(), await kept(page)].join("\n");
        return said.replaceAll(number, "[number]").replaceAll(/value="[\w-]{40,}"/g, "[chance]");
      };
      const expected = await told(UNKNOWN);
      expect(expected, "what was seen before is gone").not.toContain(LONG_AGO[`title_${tag}`]);
      for (const number of HIDDEN.slice(0, 3)) expect(await told(number), number).toBe(expected);
    });

    test("all of it can be done by keyboard", { tag: "@script" }, async ({ page }) => {
      await open(page, language);
      const to = async (role: "button" | "checkbox" | "textbox", name: string, back = false) => {
        const target = page.getByRole(role, { name, exact: true });
        for (let step = 0; step < 40; step++) {
          if (await target.evaluate((element) => element === document.activeElement)) return;
          await page.keyboard.press(back ? "Shift+Tab" : "Tab");
        }
        await expect(target).toBeFocused();
      };
      await to("checkbox", words.opt_own);
      await page.keyboard.press("Space");
      await to("button", words.opt_button);
      await page.keyboard.press("Enter");
      await expect(notice(page)).toBeFocused();
      await to("textbox", text.case_status.label);
      await page.keyboard.type(APPROVED.number);
      await page.keyboard.press("Tab");
      await page.keyboard.type("Mine");
      await page.keyboard.press("Enter");
      await expect(notice(page)).toBeFocused();
      await settled(page, language);
      await to("button", `${words.rename} Mine`);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("textbox", { name: words.name_label, exact: true })).toBeFocused();
      await to("button", words.cancel);
      await page.keyboard.press("Space");
      await expect(page.getByRole("button", { name: `${words.rename} Mine` })).toBeFocused();
      await to("button", `${words.remove} Mine`);
      await page.keyboard.press("Enter");
      await expect(notice(page)).toBeFocused();
      await to("button", words.undo);
      await page.keyboard.press("Enter");
      await expect(notice(page)).toBeFocused();
      await to("button", words.check_now);
      await page.keyboard.press("Enter");
      await settled(page, language);
      await expect(page.getByRole("button", { name: words.check_now }), "it keeps the focus").toBeFocused();
      await to("button", words.clear_button);
      await page.keyboard.press("Enter");
      await to("button", words.clear_yes);
      await page.keyboard.press("Enter");
      await expect(notice(page)).toHaveText(words.cleared);
    });

    test("every state fits a narrow screen", { tag: "@once" }, async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 800 });
      await open(page, language);
      await expect(page.getByRole("checkbox")).toBeVisible();
      expect(await overflowing(page)).toEqual([]);
      const name = "W".repeat(40);
      await openWith(page, language, list({ receipt_number: RETURNED.number, name, ...LONG_AGO }, { receipt_number: UNKNOWN }));
      await settled(page, language);
      expect(await overflowing(page)).toEqual([]);
      await entry(page, UNKNOWN).getByRole("button", { name: words.rename }).click();
      expect(await overflowing(page)).toEqual([]);
      await page.getByRole("button", { name: words.clear_button }).click();
      await entry(page, name).getByRole("button", { name: words.remove }).click();
      await expect(notice(page)).toBeFocused();
      expect(await overflowing(page)).toEqual([]);
    });
  });
}

async function takeFile(page: Page, { text }: Language, content: string) {
  const file = { name: "list.json", mimeType: "application/json", buffer: Buffer.from(content) };
  await page.getByLabel(text.watch_list.file_label, { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: text.watch_list.take_file }).click();
  await expect(notice(page)).toBeFocused();
}

test("checking the list leaves the last answer as it was", { tag: "@once" }, async ({ page, context }) => {
  await lookUp(page, english, APPROVED.number);
  const before = await context.cookies();
  await openWith(page, english, list({ receipt_number: EVIDENCE.number, name: "Other" }));
  await expect(entry(page, "Other")).toContainText(EVIDENCE.title.en);
  expect(await context.cookies()).toEqual(before);
  await page.goto("/case-status");
  await expect(result(page)).toHaveText(APPROVED.title.en);
});

test("a list changed in one window changes in the other", { tag: "@once" }, async ({ page, context }) => {
  await openWith(page, english, list({ receipt_number: APPROVED.number, name: "One" }));
  const second = await context.newPage();
  await open(second, english);
  await add(second, english, EVIDENCE.number, "Two");
  await expect(entry(page, "Two")).toContainText(EVIDENCE.title.en);
  await add(page, english, RETURNED.number, "Three");
  await expect(entry(second, "Three")).toContainText(RETURNED.title.en);
  await second.getByRole("button", { name: english.text.watch_list.clear_button }).click();
  await second.getByRole("button", { name: english.text.watch_list.clear_yes }).click();
  await expect(page.getByRole("checkbox")).toBeVisible();
  expect(await kept(page)).toBeNull();
});

test("the worker keeps static files and nothing else", { tag: "@once" }, async ({ page }) => {
  await open(page, english);
  await optIn(page, english);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  // In charge from the next page on.
  await add(page, english, APPROVED.number, "");
  await expect(entry(page, APPROVED.number)).toContainText(APPROVED.title.en);
  for (const language of LANGUAGES) {
    await lookUp(page, language, EVIDENCE.number);
    await page.goto(path(language, "/watch-list"));
    await hydrated(page);
    await settled(page, language);
    await page.goto(path(language, "/privacy"));
  }
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null), "the worker is at work").toBe(true);
  const files = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ method, url }) => `${method} ${new URL(url).pathname.replace(/\.\w{16}\./, ".")}`);
  });
  expect(files.sort()).toEqual(
    ["portal-boot.js", "portal-offline.html", "portal.css", "portal.js", "portal.wasm"].map((file) => `GET /pkg/${file}`),
  );
});

test("without a connection a page says so, in both languages and without a barrier", { tag: "@once" }, async ({ page, context, watch }) => {
  watch.allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await open(page, english);
  await optIn(page, english);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await context.setOffline(true);
  await page.goto("/case-status");
  await expect(page.getByRole("heading", { name: "You are offline" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "No hay conexión" })).toBeVisible();
  await axe(page);
  await context.setOffline(false);
  await page.getByRole("link", { name: "try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(english.text.case_status.title);
});

test("a service out of reach stops the asking, and the list says of which day it is", { tag: "@once" }, async ({ page, watch }) => {
  watch.allow(/Failed to load resource|failed request/);
  const { text } = english;
  await open(page, english);
  await page.route("**/_fn/**", (route) => route.abort("connectionfailed"));
  await openWith(page, english, list({ receipt_number: RETURNED.number, name: "Card", ...LONG_AGO }));
  await settled(page, english);
  const stopped = page.getByRole("region", { name: text.watch_list.stopped_title });
  await expect(stopped).toContainText(text.watch_list.stopped_failed);
  await expect(entry(page, "Card")).toContainText(LONG_AGO.title_en);
  await expect(entry(page, "Card")).toContainText("March 3, 2020");
  await axe(page);
  await page.unroute("**/_fn/**");
  await page.getByRole("button", { name: text.watch_list.check_now }).click();
  await expect(entry(page, "Card")).toContainText(RETURNED.title.en);
  await expect(stopped).toHaveCount(0);
});

test.describe("where few look-ups are allowed", () => {
  test.use({ baseURL: process.env.PORTICO_E2E_STRICT });
  test.beforeEach(({ watch }) => watch.allow(/status of 429/));

  for (const language of LANGUAGES) {
    test(`checking stops and says when to go on, in ${language.name}`, { tag: "@once" }, async ({ page }) => {
      const words = language.text.watch_list;
      await askTooOften(page, language);
      await openWith(page, language, list({ receipt_number: APPROVED.number, name: "One", ...LONG_AGO }, { receipt_number: UNKNOWN }));
      const stopped = page.getByRole("region", { name: words.stopped_title });
      await expect(stopped).toContainText(/minut[eo]|hour|hora/);
      await expect(stopped).toContainText(words.stopped_rest);
      await settled(page, language);
      await expect(entry(page, "One")).toContainText(LONG_AGO[`title_${language.tag}`]);
      await expect(entry(page, UNKNOWN)).toContainText(words.not_checked);
      await axe(page);
    });
  }
});
