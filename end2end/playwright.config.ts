import { defineConfig } from "@playwright/test";

/**
 * Tests without a tag run in every project. The others:
 * `@script` is about what scripts add; `@no-script` about what the server sends; `@once` looks at what is the same in every
 * project, or sets scripts and width itself.
 */
export default defineConfig({
  testDir: "tests",
  outputDir: "../target/end2end",
  reporter: "list",
  workers: 2,
  // A slow machine is no fault of a page.
  expect: { timeout: 15_000 },
  fullyParallel: true,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: process.env.PORTICO_E2E_URL,
    // What does not come is said, and not waited for until the test is over.
    actionTimeout: 30_000,
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "America/New_York",
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "no-script", grepInvert: /@script|@once/, use: { javaScriptEnabled: false } },
    { name: "hydrated", grepInvert: /@no-script/ },
    {
      name: "mobile",
      // The console is for desks; its pages on a narrow screen are looked at in `console-pages`.
      testIgnore: /console-|api\.spec|mistakes\.spec|pseudo-locale\.spec|weight\.spec/,
      grepInvert: /@no-script|@once/,
      use: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    },
  ],
});
