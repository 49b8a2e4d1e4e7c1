import type { Page } from "@playwright/test";
import { E_REQUEST } from "./e-request-states";
import { expect, hydrated, test } from "./fixtures";
import { ANSWERS, EVIDENCE, LANGUAGES, PAGES, field, path, reach, result } from "./portal";

const english = LANGUAGES[0]!;

/** Of radio buttons that belong together the tab key knows one: the chosen one, or the first. */
const RADIO = "input[type=radio]:checked, fieldset:not(:has(:checked)) .usa-radio:first-of-type input";
const FOCUSABLE = `a[href], button, input:not([type=hidden], [type=radio]), ${RADIO}, select, textarea, summary`;

/** Where the focus is: what it is called, where it stands, and how it is drawn. */
type Stop = { name: string; order: number; middle: number; outline: number; contrast: number; isCovered: boolean };

for (const language of LANGUAGES) {
  const { text, tag } = language;

  test.describe(`in ${language.name}`, () => {
    test("a person goes from the front page to the answer and clears it by keyboard alone", async ({ page }) => {
      await page.goto(path(language, "/"));
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: text.common.skip });
      await expect(skip).toBeFocused();
      await expect(skip).toBeInViewport({ ratio: 1 });
      await page.keyboard.press("Enter");
      await expect(page.getByRole("main")).toBeFocused();
      await page.keyboard.press("Tab");
      await expect(page.getByRole("link", { name: text.home.check_button })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(path(language, "/case-status"));

      await hydrated(page);
      await tabTo(page, text.case_status.label);
      await page.keyboard.type(EVIDENCE.typed);
      await page.keyboard.press("Enter");
      await expect(result(page)).toHaveText(EVIDENCE.title[tag]);

      await tabTo(page, text.answer.clear_button);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.case_status.title);

      await hydrated(page);
      await tabTo(page, text.notice.privacy_act);
      await page.keyboard.press("Enter");
      await expect(page.getByText(text.notice.purpose_case_status)).toBeVisible();
      await page.keyboard.press("Enter");
      await expect(page.getByText(text.notice.purpose_case_status)).toBeHidden();
    });

    test("a mistake is mended by keyboard alone", async ({ page }) => {
      await reach(page, language, { name: "a mistake", page: "/case-status", typed: "12345" });
      await expect(page.getByRole("alert")).toBeFocused();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect(field(page, language)).toBeFocused();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(EVIDENCE.typed);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await expect(result(page)).toHaveText(EVIDENCE.title[tag]);
    });
  });
}

const STATES = [...PAGES, ...ANSWERS].map((state) => ({ state, tag: [] as string[] }));
// They are the same in every project.
const OF_E_REQUEST = E_REQUEST.map((state) => ({ state, tag: ["@once"] }));

for (const { state, tag } of [...STATES, ...OF_E_REQUEST]) {
  test(`the focus goes through ${state.name} in order, in sight, and out again`, { tag }, async ({ page, watch }) => {
    watch.allow(/status of 404/);
    await reach(page, english, state);
    // From the top, wherever the page has put the focus.
    await page.getByRole("link", { name: english.text.common.skip }).focus();
    const stops = await walk(page);
    const names = stops.map(({ name }) => name);
    expect(names[0]).toBe(english.text.common.skip);
    const reachable = page.locator(FOCUSABLE).filter({ visible: true });
    expect(names, "every link and control can be reached").toHaveLength(await reachable.count());
    expect(
      stops.map(({ order }) => order),
      `in the order of the page: ${names.join(", ")}`,
    ).toEqual(stops.map((_, index) => index));
    const below = stops.slice(1);
    expect(
      below.filter(({ middle }, index) => middle < (below[index - 1]?.middle ?? 0) - 24),
      "never upwards",
    ).toEqual([]);
    expect(
      stops.filter(({ outline }) => outline < 2),
      "drawn at least two pixels wide",
    ).toEqual([]);
    expect(
      stops.filter(({ contrast }) => contrast < 3),
      "drawn in a colour that stands out",
    ).toEqual([]);
    expect(
      stops.filter(({ isCovered }) => isCovered),
      "not behind anything",
    ).toEqual([]);
  });
}

/** Goes on until something of this name has the focus. */
async function tabTo(page: Page, name: string) {
  const passed: string[] = [];
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    if (stop?.name === name) return;
    passed.push(stop?.name ?? "nothing");
  }
  expect(passed, "the way there").toContain(name);
}

/** Goes through the whole page. More than a page has would be a trap. */
async function walk(page: Page) {
  const stops: Stop[] = [];
  for (let step = 0; step < 60; step++) {
    const stop = await focused(page);
    if (!stop || (step > 0 && stop.order === 0)) return stops;
    stops.push(stop);
    await page.keyboard.press("Tab");
  }
  throw new Error(`the focus does not leave: ${stops.map(({ name }) => name).join(", ")}`);
}

function focused(page: Page) {
  return page.evaluate((focusable): Stop | null => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return null;
    const visible = [...document.querySelectorAll<HTMLElement>(focusable)].filter((candidate) => candidate.checkVisibility());
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent;
    const style = getComputedStyle(element);
    const box = element.getClientRects()[0]!;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];

    const luminance = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    // The outline is drawn outside, on what lies behind.
    let behind: HTMLElement | null = parseFloat(style.outlineOffset) < 0 ? element : element.parentElement;
    while (behind && /, 0\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
    const [lighter = 1, darker = 1] = [
      luminance(style.outlineColor),
      behind ? luminance(getComputedStyle(behind).backgroundColor) : 1,
    ].sort((a, b) => b - a);

    return {
      name: (label ?? "").trim(),
      order: visible.indexOf(element),
      middle: y + scrollY,
      outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      contrast: (lighter + 0.05) / (darker + 0.05),
      isCovered: !element.contains(document.elementFromPoint(x, y)),
    };
  }, FOCUSABLE);
}
