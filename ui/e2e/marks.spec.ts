import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { EXAMPLES, expectAccessible, invited, PASSWORD, share, shot, test } from "./workbench";

interface Part {
  /** Left, top, width and height of what is kept, as shares of the whole. */
  kept: readonly [number, number, number, number];
  width: number;
  height: number;
}

/** A part of an example, saved anew by the browser on a page without the workbench's policy. */
async function saved(workbench: Page, example: string, part: Part): Promise<Buffer> {
  const page = await workbench.context().newPage();
  const source = `data:image/jpeg;base64,${readFileSync(join(EXAMPLES, example)).toString("base64")}`;
  const base64 = await page.evaluate(
    async ([source, { kept: [left, top, wide, high], width, height }]) => {
      const picture = new Image();
      picture.src = source;
      await picture.decode();
      const { naturalWidth: w, naturalHeight: h } = picture;
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const ink = canvas.getContext("2d") as CanvasRenderingContext2D;
      ink.imageSmoothingQuality = "high";
      ink.drawImage(picture, left * w, top * h, wide * w, high * h, 0, 0, width, height);
      return canvas.toDataURL("image/jpeg", 0.8).split(",")[1] as string;
    },
    [source, part] as const,
  );
  await page.close();
  return Buffer.from(base64, "base64");
}

/** The picture on the stage, and the way to a place on it, in shares of its sides. */
async function onStage(page: Page) {
  const canvas = page.locator(".openseadragon-canvas").first();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (!box) throw new Error("There is no stage.");
  return async (x: number, y: number) => page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
}

test("two examiners mark what they see, measure it, and compare images", async ({ browser, page, workbench, complaints }) => {
  test.setTimeout(1_200_000);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(workbench.setUpLink);
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Repeat the password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("button", { name: "New case" }).first().click();
  await page.getByRole("textbox", { name: "Title" }).fill("Launch pad 39A");
  await page.getByRole("button", { name: "Open the case" }).click();
  await expect(page.getByRole("heading", { name: "Launch pad 39A" })).toBeVisible();
  const caseUrl = page.url();
  const bob = await invited(browser, page, "Bob");
  await share(page, "Bob", "Can write");
  await page.getByRole("tab", { name: "Images" }).click();
  const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });
  await page.getByTestId("files").setInputFiles([
    jpeg("rockets.jpg", readFileSync(join(EXAMPLES, "copy-move.jpg"))),
    jpeg("part.jpg", await saved(page, "copy-move.jpg", { kept: [0.2, 0.1, 0.6, 0.8], width: 288, height: 256 })),
    jpeg("again.jpg", await saved(page, "copy-move.jpg", { kept: [0, 0, 1, 1], width: 640, height: 427 })),
  ]);
  await expect(page.getByText("3 of 3 files added")).toBeVisible();
  // Pages that move would take the time that the examinations need.
  for (const one of [page, bob]) await one.goto("about:blank");
  const listed = `${caseUrl.replace("/cases", "/api/v1/cases")}/evidence`;
  const states = async () => ((await (await page.request.get(listed)).json()) as { items: { state: string }[] }).items.map(({ state }) => state);
  await expect.poll(states, { timeout: 900_000, intervals: [2_000] }).toEqual(["done", "done", "done"]);
  await page.goto(caseUrl);

  await test.step("one marks a rectangle with the pointer, and the other sees it at once, but may not change it", async () => {
    await page.getByRole("link", { name: "Open rockets.jpg" }).click();
    await bob.goto(page.url());
    await expect(bob.getByRole("button", { name: "Mark a rectangle" })).toBeVisible();
    const to = await onStage(page);
    await page.getByRole("button", { name: "Mark a rectangle" }).click();
    await to(0.4, 0.3);
    await page.mouse.down();
    await to(0.6, 0.7);
    await page.mouse.up();
    await page.getByLabel("Comment").fill("This rocket stands there twice.");
    await expect(page.getByText("Draft kept. Not recorded yet.")).toBeVisible();
    await expectAccessible(page);
    await shot(page, "mark");
    await page.getByRole("button", { name: "Record the region" }).click();
    await expect(page.getByRole("region", { name: "Region 1, marked by Ada" })).toBeVisible();
    await bob.getByRole("button", { name: "Region 1, marked by Ada" }).click();
    await expect(bob.getByText("This rocket stands there twice.")).toBeVisible();
    await expect(bob.getByRole("button", { name: "Remove the region" })).toHaveCount(0);
    await expectAccessible(bob);
    await shot(bob, "phone-mark");
    await bob.getByRole("region", { name: "Region 1, marked by Ada" }).getByRole("button", { name: "Close" }).click();
  });

  await test.step("the other marks one by keys alone", async () => {
    await bob.getByRole("button", { name: "Mark a rectangle" }).click();
    await expect(bob.getByRole("application", { name: /Enter sets a corner/ })).toBeFocused();
    for (const key of ["Enter", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"]) await bob.keyboard.press(key);
    await bob.getByLabel("Comment").fill("And its shadow?");
    await bob.getByRole("button", { name: "Record the region" }).click();
    await expect(page.getByRole("button", { name: "Region 2, marked by Bob" })).toBeVisible();
    expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  await test.step("its author changes the comment, and the report carries both", async () => {
    await page.getByRole("button", { name: "Change the comment" }).click();
    await page.getByLabel("Comment").fill("This rocket stands there twice, down to the noise.");
    await page.getByRole("button", { name: "Record the region" }).click();
    await expect(page.getByText("down to the noise.")).toBeVisible();
    await page.getByRole("tab", { name: "Conclusion" }).click();
    await expect(page.getByRole("button", { name: "Go to region 2" })).toBeVisible();
    const report = await page.evaluate(async (url) => (await fetch(url)).text(), `${page.url().replace("/evidence", "/api/v1/evidence").split("?")[0]}/report.html`);
    expect(report).toContain("Regions that examiners marked");
    expect(report).toContain("This rocket stands there twice, down to the noise.");
    expect(report).toContain("And its shadow?");
    await page.getByRole("button", { name: "Region 1, marked by Ada" }).click();
  });

  await test.step("a distance is measured, and the loupe shows the pixels with their colours", async () => {
    const to = await onStage(page);
    await page.getByRole("button", { name: "Measure a distance" }).click();
    await to(0.3, 0.5);
    await page.mouse.down();
    await to(0.7, 0.5);
    await page.mouse.up();
    await expect(page.getByTestId("measure")).toContainText(/^\d+\.\d px \(\d+ across, 0 down\)$/);
    await page.getByRole("button", { name: "Loupe", exact: true }).click();
    await to(0.45, 0.45); // beside the number of a region
    await expect(page.getByTestId("pixel")).toContainText(/^x \d+ y \d+ ·\s+R \d+ G \d+ B \d+$/);
    await page.getByLabel("Stretch the contrast").check({ force: true });
    await expectAccessible(page);
    await shot(page, "loupe");
    await page.getByRole("button", { name: "Loupe", exact: true }).click();
  });

  await test.step("a part of the image is laid on it by what both show", async () => {
    await page.getByRole("button", { name: "Compare with another image" }).click();
    await page.getByRole("link", { name: "part.jpg" }).click();
    await expect(page.getByText(/Aligned by content: the second is enlarged 1\.33\d times, with its corner at \(12[789], 4[234]\)/)).toBeVisible();
    await expect(page.getByRole("application")).toHaveCount(2);
    await expectAccessible(page);
    await shot(page, "compare-side");
    await page.getByText("Slider", { exact: true }).click();
    const divider = page.getByRole("slider", { name: "Divider between the two images" });
    await divider.focus();
    await page.keyboard.press("PageUp");
    await expect(divider).toHaveAttribute("aria-valuetext", "60 % the first image");
    await shot(page, "compare-slider");
    await page.getByText("Blink", { exact: true }).click();
    await page.getByRole("button", { name: "Show the other (B)" }).click();
    await expect(page.getByText("part.jpg", { exact: true })).toBeVisible();
    await expectAccessible(page);
    await bob.goto(page.url());
    await expect(bob.getByText(/Aligned by content/)).toBeVisible();
    await expectAccessible(bob);
    expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await shot(bob, "phone-compare");
  });

  await test.step("a match with a registered original stands at the top, with the way to compare", async () => {
    await page.goto(caseUrl);
    await page.getByRole("link", { name: "Open rockets.jpg" }).click();
    await page.getByRole("tab", { name: "Conclusion" }).click();
    await page.getByLabel("Label of the original").fill("From the agency");
    await page.getByRole("button", { name: "Declare authentic" }).click();
    await expect(page.getByText("The fingerprints are in the registry.")).toBeVisible();
    await page.goto(caseUrl);
    await page.getByRole("link", { name: "Open again.jpg" }).click();
    await expect(page.getByRole("region", { name: "Registered original" })).toContainText("Looks like the registered original “From the agency”");
    await expectAccessible(page);
    await shot(page, "match");
    await page.getByRole("link", { name: "Compare with the original" }).click();
    await expect(page.getByRole("heading", { name: "again.jpg and rockets.jpg" })).toBeVisible();
    await expect(page.getByText(/Aligned by content/)).toBeVisible();
  });

  await test.step("what was marked is removed by its author", async () => {
    await page.goto(caseUrl);
    await page.getByRole("link", { name: "Open rockets.jpg" }).click();
    await page.getByRole("button", { name: "Region 1, marked by Ada" }).click();
    await page.getByRole("button", { name: "Remove the region" }).click();
    await expect(page.getByRole("button", { name: "Region 1, marked by Bob" })).toBeVisible();
    await page.getByRole("tab", { name: "File" }).click();
    await expect(page.getByText("removed a marked region")).toBeVisible();
  });

  expect(complaints).toEqual([]);
});
