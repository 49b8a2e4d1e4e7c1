import { expect, hydrated, scripted, test } from "./fixtures";
import { LANGUAGES, UNKNOWN, ask, askTooOften, field, path, result } from "./portal";

// One look-up an hour is allowed here, to all tests together.
test.use({ baseURL: process.env.PORTICO_E2E_STRICT });

for (const language of LANGUAGES) {
  const { text } = language;

  test.describe(`in ${language.name}`, () => {
    test.beforeEach(({ watch }) => watch.allow(/status of 429/));

    test("who asks too often is told to wait, for how long and whom to call", async ({ page }) => {
      await askTooOften(page, language);
      await expect(page).toHaveURL(path(language, "/case-status"));
      const plea = page.getByRole("region", { name: text.case_status.slow_title });
      await expect(plea).toContainText(text.case_status.slow_reason);
      await expect(plea).toContainText(/minut[eo]|hour|hora/);
      await expect(page).toHaveTitle(new RegExp(`^${text.common.error_prefix} `));
      await expect(plea).toContainText(text.case_status.slow_call);
      await expect(plea.getByRole("link", { name: "1-800-555-0199" })).toHaveAttribute("href", "tel:18005550199");
      await expect(page.getByRole("alert"), "it is no mistake in the field").toHaveCount(0);
      await expect(field(page, language)).not.toHaveAttribute("aria-invalid");
    });

    test("the page says so with the right status and the time to wait", async ({ page }) => {
      await askTooOften(page, language);
      const response = await page.goto(path(language, "/case-status"));
      expect(response?.status()).toBe(429);
      const seconds = Number(response?.headers()["retry-after"]);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(3600);
      await expect(result(page)).toHaveText(text.case_status.slow_title);
    });

    test("an unknown number is answered no differently then", async ({ page }) => {
      await askTooOften(page, language);
      await hydrated(page);
      await ask(page, language, UNKNOWN);
      if (scripted()) await expect(result(page)).toBeFocused();
      await expect(result(page)).toHaveText(text.case_status.slow_title);
      await expect(page.getByText(text.case_status.not_recognised)).toHaveCount(0);
    });
  });
}
