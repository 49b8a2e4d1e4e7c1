import { expect, test } from "./fixtures";
import { LANGUAGES, path } from "./portal";

for (const language of LANGUAGES) {
  const { text } = language;

  test.describe(`in ${language.name}`, () => {
    test("a programmer comes from any page to every operation, and to the document for tools", async ({ page, request }) => {
      await page.goto(path(language, "/privacy"));
      await page.getByRole("link", { name: text.common.api }).click();
      await expect(page.getByRole("heading", { level: 1, name: text.api.title })).toBeVisible();

      const link = page.getByRole("link", { name: text.api.document_link });
      const document = await (await request.get((await link.getAttribute("href")) ?? "")).json();
      expect(document.openapi).toMatch(/^3\.1\./);
      for (const [at, operations] of Object.entries<Record<string, Record<string, string>>>(document.paths)) {
        for (const [method, operation] of Object.entries(operations)) {
          const shown = page.locator(`section[aria-labelledby=${operation.operationId}]`);
          const title = operation[language.tag === "es" ? "x-summary-es" : "summary"]!.replace(/\.$/, "");
          await expect(shown.getByRole("heading", { level: 3 })).toHaveText(title);
          await expect(shown.locator(".portico-operation__path")).toHaveText(`${method.toUpperCase()} ${at}`);
          await expect(shown.locator(".portico-operation__answers dt")).toHaveText(Object.keys(operation.responses!));
        }
      }
    });

    test("the contents lead to each group, and a sample answer unfolds without a script", async ({ page }) => {
      await page.goto(path(language, "/api"));
      const contents = page.locator("main a[href^='#']");
      for (const group of await contents.all()) {
        await expect(page.locator(`h2${await group.getAttribute("href")}`)).toHaveText((await group.textContent()) ?? "");
      }
      const sample = page.locator("#readTime ~ details");
      await sample.locator("summary").click();
      await expect(sample.getByText('"service_request_date": "July 01, 2022"')).toBeVisible();
    });
  });
}

test("what the page shows as open to everyone can be tried as it stands", { tag: "@once" }, async ({ page, request }) => {
  await page.goto("/api");
  const commands = await page.locator("pre", { hasText: /^curl / }).allTextContents();
  const open = commands.filter((command) => /^curl \S+$/.test(command));
  expect(open.length).toBeGreaterThan(5);
  // A demo has the months before today.
  const { months } = await (await request.get("/service-report/api/reports")).json();
  for (const command of open) {
    const { pathname } = new URL(command.replace("curl ", ""));
    const answer = await request.get(pathname.replace("/reports/2026-02", `/reports/${months[0]}`));
    expect(answer.status(), command).toBe(200);
    const isTable = answer.headers()["content-type"]!.startsWith("text/csv");
    const said = isTable ? (await answer.text()).split("\r\n") : Object.keys(await answer.json());
    expect(said.length, command).toBeGreaterThan(0);
  }
});
