import { defineConfig } from "@playwright/test";

/** Debian's Chromium; Playwright's own download does not work everywhere. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "e2e/out/failures",
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [["list"]],
  use: {
    actionTimeout: 60_000,
    // The stories are told in English; a story in another language says so.
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    // What fades in is not legible yet; colours are judged as they stay.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    },
    trace: "retain-on-failure",
  },
});
