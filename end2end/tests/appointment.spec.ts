import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures";
import { APPOINTMENT, EVIDENCE, LANGUAGES, betrays, lookUp, path } from "./portal";

const SUMMARY = { en: "Biometrics appointment", es: "Cita de datos biométricos" };

for (const language of LANGUAGES) {
  const { tag, text } = language;

  test.describe(`in ${language.name}`, () => {
    test("the next appointment stands beside the status and goes into a calendar", async ({ page }) => {
      await lookUp(page, language, APPOINTMENT);
      const appointment = page.locator(".portico-appointment");
      await expect(appointment.getByRole("heading", { level: 3 })).toHaveText(text.answer.appointment_title);
      await expect(appointment).toContainText(text.answer.appointment_notice);
      const when = appointment.locator(".portico-appointment__when");
      const day = (await when.locator("time").getAttribute("datetime")) ?? "";
      const [, hour, minute, half] = /, (\d+):(\d\d)\u00a0([ap])\.m\.$/.exec(await when.innerText()) ?? [];
      expect(Date.parse(day)).toBeGreaterThan(Date.now());

      const link = appointment.getByRole("link", { name: text.answer.appointment_link });
      const download = page.waitForEvent("download");
      await link.click();
      const file = await download;
      expect(file.suggestedFilename()).toBe("appointment.ics");
      const lines = readFileSync(await file.path(), "utf8").split("\r\n");
      const hours = String((Number(hour) % 12) + (half === "p" ? 12 : 0)).padStart(2, "0");
      expect(lines).toContain(`DTSTART:${day.replaceAll("-", "")}T${hours}${minute}00`);
      expect(lines).toContain(`SUMMARY:${SUMMARY[tag]}`);
      expect(lines[0]).toBe("BEGIN:VCALENDAR");
      expect(lines.slice(-2)).toEqual(["END:VCALENDAR", ""]);
      expect(
        lines.filter((line) => Buffer.byteLength(line) > 75),
        "lines that should have been folded",
      ).toEqual([]);
      expect(betrays(lines.join(" "), APPOINTMENT), "calendars are shared").toBe(false);

      const response = await page.request.get((await link.getAttribute("href")) ?? "");
      expect(response.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
      expect(response.headers()["cache-control"]).toBe("no-store");
    });

    test("without an appointment there is none to put into a calendar", async ({ page }) => {
      await lookUp(page, language, EVIDENCE.number);
      await expect(page.locator(".portico-appointment")).toHaveCount(0);
      await page.goto(path(language, "/appointment.ics"));
      await expect(page).toHaveURL(path(language, "/case-status"));
      await expect(page.getByRole("heading", { name: EVIDENCE.title[tag] })).toBeVisible();
    });
  });
}
