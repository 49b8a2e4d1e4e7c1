import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { LANGUAGES, SERVERS, overflowing, reach } from "./portal";

for (const { url, states } of SERVERS) {
  test.describe(() => {
    test.use({ baseURL: url, viewport: { width: 320, height: 800 } });
    test.beforeEach(({ watch }) => watch.allow(/status of (404|429|503)/));

    for (const state of states) {
      test(`${state.name} has room for a language that takes more of it`, { tag: "@once" }, async ({ page }) => {
        await reach(page, LANGUAGES[0]!, state);
        const before = (await page.locator("body").innerText()).length;
        await lengthen(page);
        expect((await page.locator("body").innerText()).length).toBeGreaterThan(before * 1.35);
        expect(await overflowing(page)).toEqual([]);
      });
    }
  });
}

/** Makes every word 40 % longer: what a translation needs, and the long words of some languages. */
async function lengthen(page: Page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode as Text;
      if (node.parentElement?.closest("script")) continue;
      node.data = node.data.replaceAll(
        /\S+/g,
        (word) => word + "ñẅ".repeat(word.length).slice(0, Math.ceil(word.length * 0.4)),
      );
    }
  });
}
