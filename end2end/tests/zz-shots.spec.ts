import { signIn } from "./console";
import { test } from "./fixtures";
test("shots @once", async ({ page, watch }) => {
  watch.allow(/./);
  test.setTimeout(120_000);
  await signIn(page, "supervisor.csc");
  const shot = async (name: string, address: string, act?: () => Promise<unknown>) => {
    await page.goto(address);
    await act?.();
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `/tmp/desk_shots/${name}-${width}.png`, fullPage: width === 360 });
    }
  };
  await shot("list", "/console/requests?office=CSC&queue=unassigned&size=25");
  await shot("filters", "/console/requests?office=CSC&queue=closed&source=letter");
  await page.goto("/console/requests?office=CSC&queue=waiting");
  const href = (await page.locator("[data-row-link]").first().getAttribute("href"))!;
  await shot("request", href);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(href);
  await page.screenshot({ path: "/tmp/desk_shots/request-full.png", fullPage: true });
  await shot("redirect", href.replace("waiting", "mine"), () => page.locator("#act-note summary").click());
  await shot("intake", "/console/requests/new?office=CSC&source=letter&kind=typographic_error");
  await shot("roster", "/console/roster?office=CSC", () => page.locator("details summary").first().click());
  await shot("escalations", "/console/requests/escalations?office=CSC");
  await page.emulateMedia({ media: "print" });
  await page.goto(href);
  await page.pdf({ path: "/tmp/desk_shots/request.pdf" });
});
