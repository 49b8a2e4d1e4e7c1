import { brotliCompressSync } from "node:zlib";
import type { Page, Response } from "@playwright/test";
import { test, title } from "./console";
import { E_REQUEST } from "./e-request-states";
import { expect, hydrated } from "./fixtures";
import { LANGUAGES, PAGES, path } from "./portal";

const KB = 1000;

type Fetched = { response: Response; path: string; started: number; bytes: number };

/** Opens a page for the first time, and says what came, in order. Page texts count as compressed: a proxy does that. */
async function visit(page: Page, address: string) {
  const responses: Response[] = [];
  page.on("response", (response) => responses.push(response));
  await page.goto(address);
  await hydrated(page);
  const fetched = responses.map(async (response): Promise<Fetched> => {
    await response.finished();
    const isPlain = !response.headers()["content-encoding"];
    const body = isPlain
      ? brotliCompressSync(await response.body()).length
      : (await response.request().sizes()).responseBodySize;
    return { response, path: new URL(response.url()).pathname, started: response.request().timing().startTime, bytes: body };
  });
  return (await Promise.all(fetched)).sort((a, b) => a.started - b.started);
}

/** When the page was first painted and when it had loaded, as requests tell the time. */
async function moments(page: Page) {
  // A busy machine brings the page to life before it has painted it.
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  return page.evaluate(() => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    if (!paint || !navigation) throw new Error("nothing was painted");
    return { painted: performance.timeOrigin + paint.startTime, loaded: performance.timeOrigin + navigation.loadEventStart };
  });
}

for (const language of LANGUAGES) {
  const address = path(language, "/case-status");

  test.describe(`in ${language.name}`, () => {
    test("the first visit is light, and the client comes after the page", { tag: "@once" }, async ({ page }) => {
      const fetched = await visit(page, address);
      const { painted, loaded } = await moments(page);
      const isClient = ({ path }: Fetched) => path.endsWith(".wasm") || /\/portal\.\w+\.js$/.test(path);
      const [client, first] = [fetched.filter(isClient), fetched.filter((one) => !isClient(one))];
      const weight = (of: Fetched[]) => of.reduce((sum, { bytes }) => sum + bytes, 0);
      const list = fetched.map(({ path, bytes }) => `${path}: ${bytes}`).join("\n");

      const names = first.map(({ path }) => path.replace(/\.\w{16}\./, ".")).filter((name) => !name.startsWith("/favicon."));
      // The style sheet and the script are asked for at once, in either order.
      expect(names.toSorted(), list).toEqual(["/pkg/portal-boot.js", "/pkg/portal.css", address].toSorted());
      expect(weight(first), list).toBeLessThanOrEqual(35 * KB);
      // What is asked for after the page has loaded holds up no painting, however late a busy machine paints.
      expect(fetched.filter(({ started }) => started < Math.min(painted, loaded)).length, list).toBeLessThanOrEqual(5);
      expect(client, list).toHaveLength(2);
      expect(weight(client), list).toBeLessThanOrEqual(250 * KB);
      expect(
        client.filter(({ started }) => started < loaded),
        "nothing of the client before the page has loaded",
      ).toEqual([]);
      expect(new Set(fetched.map(({ response }) => new URL(response.url()).origin)).size, "origins").toBe(1);
    });
  });
}

test("every page of e-Request is light before the client", { tag: "@once" }, async ({ page }) => {
  for (const language of LANGUAGES) {
    for (const state of E_REQUEST) {
      await page.context().clearCookies();
      await state.prepare?.(page, language);
      const text = await (await page.request.get(path(language, state.page))).text();
      const styles = /href="(\/pkg\/portal\.\w+\.css)"/.exec(text)![1]!;
      const sheet = await page.request.get(styles, { headers: { "accept-encoding": "identity" } });
      const weight = brotliCompressSync(Buffer.from(text)).length + brotliCompressSync(await sheet.body()).length;
      expect(weight, state.name).toBeLessThanOrEqual(35 * KB);
    }
  }
});

test("files are compressed and kept for ever, pages are never kept", { tag: "@once" }, async ({ page }) => {
  const [document, ...files] = await visit(page, "/case-status");
  expect(document?.response.headers()["cache-control"]).toBe("no-store");
  const hashed = files.filter(({ path }) => path.startsWith("/pkg/"));
  expect(hashed.map(({ path }) => path.split(".").at(-1)).sort()).toEqual(["css", "js", "js", "wasm"]);
  for (const { path, response } of hashed) {
    const headers = response.headers();
    expect(headers["cache-control"], path).toBe("public, max-age=31536000, immutable");
    expect(headers["content-encoding"], path).toBe("br");
    expect(headers["content-type"], path).toMatch(/^(text\/css|text\/javascript|application\/wasm)/);
  }
});

test("a second visit fetches the page alone", { tag: "@once" }, async ({ page }) => {
  await visit(page, "/case-status");
  await visit(page, "/es/case-status");
  const sizes = await page.evaluate(() =>
    (performance.getEntries() as PerformanceResourceTiming[])
      .filter(({ entryType }) => ["navigation", "resource"].includes(entryType))
      .map(({ name, transferSize }) => [new URL(name).pathname, transferSize] as const),
  );
  expect(sizes.length).toBeGreaterThan(4);
  expect(sizes.filter(([, size]) => size > 0).map(([path]) => path)).toEqual(["/es/case-status"]);
});

test("pages without a form bring no script at all", { tag: "@once" }, async ({ page }) => {
  test.setTimeout(90_000);
  const scripts: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script" || request.url().endsWith(".wasm")) scripts.push(request.url());
  });
  for (const { page: at } of PAGES.filter(({ page, status }) => !["/case-status", "/watch-list"].includes(page) && !status)) {
    for (const language of LANGUAGES) await page.goto(path(language, at), { waitUntil: "networkidle" });
  }
  expect(scripts).toEqual([]);
});

test("the console can be used before its client comes, which is light", { tag: "@once" }, async ({ as }) => {
  const page = await as("supervisor.csc");
  const client = new Map<string, number>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!/^\/pkg\/.+\.(wasm|js)$/.test(pathname)) return;
    expect(response.headers()["content-encoding"], pathname).toBe("br");
    client.set(pathname, Number(response.headers()["content-length"]));
  });
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  // What is routed comes from no cache.
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto("/console/requests?office=CSC&queue=waiting");
  const number = page.getByRole("table").locator("tbody").getByRole("link").first();
  const heading = `Request ${await number.innerText()}`;
  await number.click();
  await expect(title(page)).toHaveText(heading);
  await page.locator("summary", { hasText: "Write a note" }).click();
  await page.getByLabel("Note", { exact: true }).fill("Written before the client came.");
  await page.getByRole("button", { name: "Add the note" }).click();
  await expect(page.getByRole("region", { name: "Notes" })).toContainText("Written before the client came.");
  await expect(page.locator("html[data-hydrated]"), "the client is not there").toHaveCount(0);

  release();
  await hydrated(page);
  const list = [...client].map(([path, bytes]) => `${path}: ${bytes}`).join("\n");
  const names = [...client.keys()].map((path) => path.replace(/\.\w{16}\./, "."));
  expect(names.sort(), list).toEqual(["/pkg/console-boot.js", "/pkg/console.js", "/pkg/console.wasm"]);
  expect([...client.values()].reduce((sum, bytes) => sum + bytes, 0), list).toBeLessThanOrEqual(320 * KB);
});
