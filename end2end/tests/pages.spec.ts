import { CHANGE_OF_ADDRESS } from "./change-of-address-states";
import { SPACED, addStyle, invalid, skippedLevels, smallTargets, unfoldAll } from "./document";
import { E_REQUEST, E_REQUEST_PAGES } from "./e-request-states";
import { axe, expect, test } from "./fixtures";
import {
  ANSWERS,
  APPOINTMENT,
  EVIDENCE,
  LANGUAGES,
  PAGES,
  SERVERS,
  field,
  lookUp,
  open,
  overflowing,
  path,
  reach,
  result,
} from "./portal";

/** A phone, or a wide screen at 400 %; a tablet; a desk. */
const WIDTHS = [320, 768, 1280];

/** Those of forms of several pages, on the server of the others. */
const FORMS = { url: process.env.PORTICO_E2E_URL, states: [...E_REQUEST, ...CHANGE_OF_ADDRESS] };

for (const { url, states } of [...SERVERS, FORMS]) {
  test.describe(() => {
    test.use({ baseURL: url });
    // The page itself arrives with such a status, and the browser says so.
    test.beforeEach(({ watch }) => watch.allow(/status of (404|429|503)/));

    for (const state of states) {
      for (const language of LANGUAGES) {
        test(`${state.name} in ${language.name} is a whole and valid document`, { tag: "@no-script" }, async ({ page }) => {
          await reach(page, language, state);
          const response = await page.reload();
          expect(await invalid((await response?.text()) ?? "")).toEqual([]);
          await expect(page.locator("html")).toHaveAttribute("lang", language.tag);
          await expect(page).toHaveTitle(/^\S.+ \| \S.+/);
          await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
          await expect(page.getByRole("main")).toHaveCount(1);
          await expect(page.getByRole("banner").getByRole("link", { name: language.text.common.language_link })).toHaveCount(1);
          expect(await skippedLevels(page), "levels of headings that are left out").toEqual([]);
          // The other pages are the same with scripts, and are looked at there.
          await unfoldAll(page);
          if (state.typed !== undefined || state.tooOften) await axe(page);
        });

        test(
          `${state.name} in ${language.name} has no barrier at any width, text size or spacing`,
          { tag: "@once" },
          async ({ page }) => {
            await reach(page, language, state);
            await unfoldAll(page);
            const resize = (width: number) => page.setViewportSize({ width, height: 800 });
            for (const width of WIDTHS) {
              await resize(width);
              expect.soft(await overflowing(page), `${width} pixels wide`).toEqual([]);
              expect.soft(await smallTargets(page), `${width} pixels wide`).toEqual([]);
              await axe(page);
            }
            await addStyle(page, SPACED);
            for (const width of WIDTHS) {
              await resize(width);
              expect.soft(await overflowing(page), `spaced out, ${width} pixels wide`).toEqual([]);
            }
            await addStyle(page, "html { font-size: 200% !important; }");
            await resize(640);
            expect.soft(await overflowing(page), "with text twice as large").toEqual([]);
          },
        );
      }
    }
  });
}

for (const language of LANGUAGES) {
  test.describe(`in ${language.name}`, () => {
    test("every page names itself in both languages", async ({ page }) => {
      for (const { page: at } of [...PAGES.filter(({ status }) => !status), ...E_REQUEST_PAGES]) {
        await page.goto(path(language, at));
        const links = page.locator("link[rel=alternate][hreflang]");
        const targets = await links.evaluateAll((all) =>
          all.map((link) => [link.getAttribute("hreflang"), link.getAttribute("href")]),
        );
        expect(targets.map(([tag, href]) => [tag, new URL(href ?? "").pathname])).toEqual(
          LANGUAGES.map((other) => [other.tag, path(other, at.replace(/\?.*/, ""))]),
        );
      }
    });

    test("a print has the answer, and nothing to click or to fill in", { tag: "@once" }, async ({ page }) => {
      await lookUp(page, language, APPOINTMENT);
      await page.emulateMedia({ media: "print" });
      await expect(result(page)).toBeVisible();
      for (const part of [".portico-next", ".portico-appointment__when", ".portico-facts", ".portico-timeline"]) {
        await expect(page.locator(`.portico-answer ${part}`)).toBeVisible();
      }
      const useless = "form, input, button, summary, nav, footer, .usa-skipnav, .portico-language, main a:not([href^='tel:'])";
      expect.soft(await page.locator(useless).filter({ visible: true }).allInnerTexts(), "on paper").toEqual([]);
      const another = page.getByRole("heading", { name: language.text.case_status.another });
      expect.soft(await another.isVisible(), "the heading of a form that is not printed").toBe(false);
      const outline = await result(page).evaluate((heading) => getComputedStyle(heading).outlineStyle);
      expect.soft(outline, "the focus is not printed").toBe("none");
      expect(await overflowing(page)).toEqual([]);
    });

    test("forced colours leave borders, and the focus can be seen", { tag: "@once" }, async ({ page }) => {
      await open(page, language);
      await page.emulateMedia({ forcedColors: "active" });
      for (const target of [field(page, language), page.getByRole("button"), page.getByRole("link").last()]) {
        await target.focus();
        const { outlineStyle, outlineWidth, outlineColor } = await target.evaluate(
          (element) => ({ ...getComputedStyle(element) }) as CSSStyleDeclaration,
        );
        expect([outlineStyle, outlineColor]).not.toContain("none");
        expect(parseFloat(outlineWidth)).toBeGreaterThanOrEqual(2);
      }
      await lookUp(page, language, EVIDENCE.number);
      await expect(page.locator(".portico-next")).not.toHaveCSS("border-inline-start-width", "0px");
    });

    test("forced colours leave the form of e-Request its borders, steps and focus", { tag: "@once" }, async ({ page }) => {
      await reach(page, language, E_REQUEST.find(({ name }) => name === "the questions about a mistake in print")!);
      await page.emulateMedia({ forcedColors: "active" });
      for (const target of [page.getByRole("radio").first(), page.getByRole("textbox").last(), page.getByRole("button").first()]) {
        await target.focus();
        const { outlineStyle, outlineWidth } = await target.evaluate(
          (element) => ({ ...getComputedStyle(element) }) as CSSStyleDeclaration,
        );
        expect(outlineStyle).not.toBe("none");
        expect(parseFloat(outlineWidth)).toBeGreaterThanOrEqual(2);
      }
      const here = page.locator(".usa-step-indicator__segment--current");
      const next = page.locator(".usa-step-indicator__segment").last();
      const [colour, other] = await Promise.all([here, next].map((segment) => segment.evaluate((element) => getComputedStyle(element, "::after").backgroundColor)));
      expect(colour, "where somebody is stands out").not.toBe(other);
    });

    test("nothing moves for those who asked for less motion", { tag: "@once" }, async ({ page }) => {
      await page.emulateMedia({ reducedMotion: "reduce" });
      for (const state of [...PAGES.slice(0, 2), ...ANSWERS]) {
        await reach(page, language, state);
        const moving = await page.evaluate(() =>
          [...document.querySelectorAll("*")]
            .filter((element) => {
              const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
              return parseFloat(transitionDuration) > 0 || animationName !== "none" || scrollBehavior === "smooth";
            })
            .map((element) => element.outerHTML.slice(0, 100)),
        );
        expect(moving, state.name).toEqual([]);
      }
    });
  });
}
