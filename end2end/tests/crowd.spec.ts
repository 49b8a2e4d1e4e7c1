import { expect, test } from "./fixtures";
import { APPOINTMENT, EVIDENCE, LANGUAGES, UNKNOWN, lookUp, path } from "./portal";

/** Readers of each page at once, and how often each of them loads it. */
const [READERS, TIMES] = [12, 10];

test("many readers at once are each shown the page of their own session", { tag: "@once" }, async ({ browser, baseURL }) => {
  const [english, spanish] = [LANGUAGES[0]!, LANGUAGES[1]!];
  const sessions = [
    { language: english, number: EVIDENCE.number, holds: EVIDENCE.title.en },
    { language: english, number: UNKNOWN, holds: english.text.case_status.not_recognised },
    { language: spanish, number: APPOINTMENT, holds: spanish.text.answer.appointment_title },
  ];
  const wrong: string[] = [];
  const readers = sessions.map(async ({ language, number, holds }) => {
    const page = await browser.newPage({ baseURL });
    await lookUp(page, language, number);
    const title = await page.title();
    const read = async () => {
      for (let time = 0; time < TIMES; time++) {
        const response = await page.request.get(path(language, "/case-status"));
        const body = await response.text();
        const shown = /<title>([^<]*)/.exec(body)?.[1];
        if (!response.ok() || shown !== title || !body.includes(holds))
          wrong.push(`${response.status()}, "${shown}" for "${title}"`);
      }
    };
    return () => Promise.all(Array.from({ length: READERS }, read)).finally(() => page.context().close());
  });
  const start = await Promise.all(readers);
  await Promise.all(start.map((read) => read()));
  expect(wrong, `of ${sessions.length * READERS * TIMES} pages`).toEqual([]);
});
