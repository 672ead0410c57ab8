import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { EXAMPLES, SHOTS, test } from "./workbench";

const PASSWORD = "a lens, a lamp and patience";
const PYTHON = process.env.PYTHON ?? "python";
// An example enlarged to 4000 × 3000, with noise so that it is no smooth picture.
const MAKE = `
import sys, numpy as np
from PIL import Image
small = Image.open(sys.argv[1]).convert("RGB").resize((4000, 3000), Image.Resampling.LANCZOS)
noise = np.random.default_rng(0).normal(0, 4, (3000, 4000, 3))
Image.fromarray(np.clip(small + noise, 0, 255).astype("uint8")).save(sys.argv[2], quality=92)
`;

/** Figures, not a test: SPEED=1 npm run e2e -- speed */
test("how long a person waits", async ({ page, workbench }) => {
  test.skip(!process.env.SPEED, "set SPEED=1 to measure");
  mkdirSync(SHOTS, { recursive: true });
  const photo = join(SHOTS, "..", "large.jpg");
  execFileSync(PYTHON, ["-c", MAKE, join(EXAMPLES, "untouched.jpg"), photo]);
  const figures: Record<string, number> = {};
  const since = async (name: string, work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    figures[name] = Math.round(performance.now() - started) / 1000;
  };

  await since("first load until the form can be filled in, s", async () => {
    await page.goto(workbench.setUpLink);
    await page.getByLabel("Name").fill("Ada");
  });
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Repeat the password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("button", { name: "New case" }).first().click();
  await page.getByRole("textbox", { name: "Title" }).fill("Speed");
  await page.getByRole("button", { name: "Open the case" }).click();
  await expect(page.getByRole("heading", { name: "Speed" })).toBeVisible();
  await since("dashboard, signed in, until the case is listed, s", async () => {
    await page.goto(workbench.url);
    await expect(page.getByRole("link", { name: /Speed/ }).first()).toBeVisible();
  });
  await page.getByRole("link", { name: /Speed/ }).first().click();

  const dropped = performance.now();
  const passed = () => Math.round(performance.now() - dropped) / 1000;
  await page.getByTestId("files").setInputFiles({ name: "large.jpg", mimeType: "image/jpeg", buffer: readFileSync(photo) });
  await page.getByRole("link", { name: "Open large.jpg" }).click();
  await expect(page.getByText("Error level analysis, the first map")).toBeVisible();
  figures["12 megapixels, drop until the first map is on the screen, s"] = passed();
  await page.screenshot({ path: join(SHOTS, "speed-first-map.png") });
  await expect(page.getByRole("tab", { name: "Opinions" })).toBeVisible();
  figures["12 megapixels, drop until the finding is complete, s"] = passed();

  writeFileSync(join(SHOTS, "..", "speed.json"), `${JSON.stringify(figures, null, 1)}\n`);
});
