import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type Page, expect, test as base } from "@playwright/test";

/** What must not happen on any page. A test that provokes something on purpose says so beforehand with `allow`. */
export class Watch {
  private readonly seen: string[] = [];
  private readonly allowed: RegExp[] = [];

  allow(pattern: RegExp) {
    this.allowed.push(pattern);
  }

  note(what: string) {
    this.seen.push(what);
  }

  /** Looks at every page of a browser. */
  over(context: BrowserContext, host: string) {
    context.on("console", (message) => {
      // A refusal by the content security policy arrives as an error here, too.
      if (["error", "warning"].includes(message.type())) this.note(`console ${message.type()}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.note(`page error: ${error.error().message}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) this.note(`third-party request: ${url}`);
    });
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "no reason given";
      // Leaving a page stops what it was still fetching.
      if (reason !== "net::ERR_ABORTED") this.note(`failed request: ${request.url()}: ${reason}`);
    });
  }

  unexpected() {
    return this.seen.filter((what) => !this.allowed.some((pattern) => pattern.test(what)));
  }
}

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ context, baseURL }, use) => {
      if (!baseURL) throw new Error("PORTICO_E2E_URL names the server under test, for example http://127.0.0.1:8080");
      const watch = new Watch();
      watch.over(context, new URL(baseURL).host);
      await use(watch);
      expect(watch.unexpected(), "nothing went wrong in the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Whether this project's pages run scripts. */
export function scripted() {
  return test.info().project.use.javaScriptEnabled !== false;
}

/** Waits until the page has come alive. Without scripts it never does, and nothing may depend on it. */
export async function hydrated(page: Page) {
  if (scripted()) await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

/** No violation of any rule of axe: WCAG A and AA, best practice, and of AAA contrast (7:1) and link purpose. */
export async function axe(page: Page) {
  const subject = scripted() ? page : await copy(page);
  const { violations } = await new AxeBuilder({ page: subject })
    // No page has frames; without this a page of its own would be opened each time to put their findings together.
    .setLegacyMode()
    .options({
      // Of what passes nothing is read: axe need not describe it.
      resultTypes: ["violations"],
      rules: {
        // The enhanced rule asks for more, of the same texts.
        "color-contrast": { enabled: false },
        "color-contrast-enhanced": { enabled: true },
        "identical-links-same-purpose": { enabled: true },
        "target-size": { enabled: true },
      },
    })
    .analyze();
  if (subject !== page) await subject.context().close();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
  expect(found, "accessibility").toEqual([]);
}

/** axe waits on timers, which never run where scripts are off. It looks at a copy that lacks the page's scripts instead. */
async function copy(page: Page) {
  const context = await page.context().browser()!.newContext({ javaScriptEnabled: true, viewport: page.viewportSize() });
  const [url, body] = [page.url(), await page.content()];
  await context.route("**/*.js", (route) => route.abort());
  await context.route(
    (asked) => asked.href === url,
    (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }),
  );
  const twin = await context.newPage();
  await twin.goto(url);
  return twin;
}
