import { expect, test } from "./fixtures";
import { EVIDENCE, LANGUAGES, UNKNOWN, lookUp, path } from "./portal";

/** Readers at once, and how often each of them loads the page. */
const [READERS, TIMES] = [32, 10];

for (const language of LANGUAGES) {
  const { tag, text } = language;
  const questions = [
    { what: "an answer", number: EVIDENCE.number, title: text.case_status.title_shown, holds: EVIDENCE.title[tag] },
    { what: "a mistake", number: UNKNOWN, title: text.case_status.title, holds: text.case_status.not_recognised },
  ];

  for (const { what, number, title, holds } of questions) {
    test(`many readers at once are all shown ${what} in ${language.name}`, { tag: "@once" }, async ({ page }) => {
      await lookUp(page, language, number);
      const statuses: number[] = [];
      const read = async () => {
        for (let time = 0; time < TIMES; time++) {
          const response = await page.request.get(path(language, "/case-status"));
          statuses.push(response.status());
          const body = await response.text();
          if (!response.ok()) continue;
          expect(/<title>([^|]*) \|/.exec(body)?.[1]).toContain(title);
          expect(body).toContain(holds);
        }
      };
      await Promise.all(Array.from({ length: READERS }, read));
      expect(statuses.filter((status) => status !== 200), `of ${statuses.length} answers`).toEqual([]);
    });
  }
}
