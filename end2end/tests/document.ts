import type { Page } from "@playwright/test";
import { HtmlValidate } from "html-validate";

/** Spacing that readers may set for themselves: WCAG 1.4.12. */
export const SPACED =
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }" +
  "p { margin-block-end: 2em !important; }";

const html = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // For search engines. The name of the agency is a setting, and may be long.
    "long-title": "off",
    // Copied into a dialler, a no-break hyphen is none. The style keeps the parts together where there is room.
    "tel-non-breaking": "off",
    // A table that scrolls by itself is a region; it has its heading inside of it, or none.
    "prefer-native-element": ["error", { exclude: ["region"] }],
    // Boxes of one question have one name.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }],
  },
});

/** What is wrong with a document as the server sent it. */
export async function invalid(text: string) {
  const { results } = await html.validateString(text);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
  );
}

/** Opens what is folded, so that it is looked at, too. */
export async function unfoldAll(page: Page) {
  await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
}

/** Headings of the main part that come more than one level below the one before. */
export async function skippedLevels(page: Page) {
  const tags = await page
    .locator("main")
    .locator("h1, h2, h3, h4")
    .evaluateAll((all) => all.map(({ tagName }) => tagName));
  const levels = tags.map((tag) => Number(tag[1]));
  return tags.filter((_, index) => levels[index]! > (levels[index - 1] ?? 2) + 1);
}

/** A style that the reader's browser brings along. The content security policy does not hold for it. */
export async function addStyle(page: Page, text: string) {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, text);
}

/** Controls and links that are smaller than 24 by 24 pixels (WCAG 2.5.8), but for links within a sentence. */
export function smallTargets(page: Page) {
  return page.evaluate(() => {
    const targets = [...document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=hidden]), summary")];
    return targets
      .filter((target) => {
        const { width, height } = target.getBoundingClientRect();
        const isInSentence =
          target.matches("p > a, li > a, span > a") && target.parentElement!.textContent!.trim() !== target.textContent!.trim();
        return target.checkVisibility() && !isInSentence && !target.matches(".usa-skipnav") && (width < 24 || height < 24);
      })
      .map((target) => `${target.outerHTML.slice(0, 120)}: ${JSON.stringify(target.getBoundingClientRect())}`);
  });
}
