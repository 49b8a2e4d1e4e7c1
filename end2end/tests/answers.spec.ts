import { expect, test } from "./fixtures";
import { ANSWERED, ANSWERED_IN_PART, notYetComplained } from "./answers";
import { LANGUAGES, path } from "./portal";
import { heading, later, long, lookFor, tagged, today } from "./e-request";

const ZIP = { zip: "22150" };

for (const language of LANGUAGES) {
  const { e_request, common } = language.text;

  test.describe(`in ${language.name}`, tagged(language), () => {
    test("the person reads an answer with its time, and keeps it as a letter", async ({ page }) => {
      await lookFor(page, language, ANSWERED[language.tag], ZIP);
      const main = page.getByRole("main");
      await expect(heading(page)).toHaveText(e_request.request_title);
      await expect(main).toContainText(e_request.state_answered);
      const answer = page.getByRole("article", { name: e_request.answer_heading.replace("{{ number }}", "1") });
      await expect(answer).toContainText(`${e_request.answer_given} ${long(language, today())}`);
      await expect(answer).toContainText(e_request.answer_final);
      await expect(answer.locator("time").first()).toHaveAttribute("datetime", new RegExp(`^${today()}T`));
      // Nobody is named, and nothing is left open.
      for (const never of ["A-Number", "Número A", "{"]) await expect(answer).not.toContainText(never);
      const opened = main.locator(".usa-process-list__item").nth(3);
      await expect(opened).toContainText(e_request.done);

      const link = answer.getByRole("link", { name: e_request.answer_pdf.replace("{{ number }}", "1") });
      const address = (await link.getAttribute("href"))!;
      expect(address).toBe(`${path(language, "/e-request/answer.pdf")}?number=1`);
      const [first, second] = [await page.request.get(address), await page.request.get(address)];
      expect(first.headers()["content-type"]).toBe("application/pdf");
      const bytes = await first.body();
      expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
      expect(bytes.equals(await second.body()), "the same bytes each time").toBe(true);
      expect((await page.request.get(address.replace("=1", "=2"))).status()).toBe(404);
      await page.context().clearCookies();
      expect((await page.request.get(address)).status(), "only who has shown that the request is theirs").toBe(404);
    });

    test("an answer that did not help is said so once, and opens the request again", async ({ page }) => {
      const number = notYetComplained(language);
      await lookFor(page, language, number, ZIP);
      const main = page.getByRole("main");
      const question = e_request.not_helped_title.replace("{{ number }}", "1");
      await page.getByText(question).click();
      const send = page.getByRole("button", { name: e_request.not_helped_button, exact: true });
      await send.click();
      const summary = page.getByRole("alert");
      await expect(summary).toBeFocused();
      await expect(page).toHaveTitle(new RegExp(`^${common.error_prefix} `));
      await summary.getByRole("link", { name: e_request.not_helped_empty }).click();
      const why = page.getByRole("textbox", { name: e_request.not_helped_label });
      await expect(why).toBeFocused();
      await expect(why).toHaveAttribute("aria-invalid", "true");
      await why.fill("It does not say which day.\nPlease tell me.");
      await send.click();

      await expect(page.getByRole("heading", { name: e_request.reopened_title })).toBeFocused();
      await expect(main).toContainText(e_request.reopened_text.replace("{{ day }}", long(language, later(today(), 30))));
      await expect(main).toContainText(e_request.state_opened);
      await expect(main).toContainText(`${e_request.not_helped_said} ${long(language, today())}`);
      await expect(why).toHaveCount(0);
      await page.goto(path(language, "/e-request/status/request"));
      await expect(main).toContainText(e_request.state_opened);
      await expect(page.getByText(question)).toHaveCount(0);
    });
  });
}

const english = LANGUAGES[0]!;

test("an answer in part says that another one follows, and the clock runs on", async ({ page }) => {
  const { e_request } = english.text;
  await lookFor(page, english, ANSWERED_IN_PART, ZIP);
  const main = page.getByRole("main");
  await expect(main).toContainText(e_request.state_opened);
  const answer = page.getByRole("article");
  await expect(answer).toContainText(e_request.answer_interim);
  await expect(answer).not.toContainText(e_request.answer_final);
  const last = main.locator(".usa-process-list__item").last();
  await expect(last).toContainText(`${e_request.not_done} ${e_request.by}`);
});

test("an answer in another language says which it is", { tag: "@once" }, async ({ page }) => {
  await lookFor(page, english, ANSWERED.es, ZIP);
  const text = page.locator("article [lang]");
  await expect(text).toHaveAttribute("lang", "es");
  await expect(text).toContainText("El estado de esta solicitud de servicio es:");
});
