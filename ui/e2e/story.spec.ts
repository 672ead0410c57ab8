import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { EXAMPLES, expectAccessible, shot, test } from "./workbench";

const PASSWORD = "a lens, a lamp and patience";

test("from the set-up link to the signed-out workbench", async ({ page, workbench, complaints }) => {
  await test.step("set up by the one-time link", async () => {
    await page.goto(workbench.setUpLink);
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("New password").fill("short");
    await page.getByLabel("Repeat the password").fill("short");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByText("Use at least 12 characters.")).toBeVisible();
    await expectAccessible(page);
    await shot(page, "set-up");
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByLabel("Repeat the password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByText("No case yet")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("sign out, and in again", async () => {
    await page.getByRole("button", { name: "Signed in as Ada" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Name").fill("Ada");
    await page.getByRole("textbox", { name: "Password" }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("Name or password is wrong.")).toBeVisible();
    await expectAccessible(page);
    await shot(page, "sign-in");
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Cases" })).toBeVisible();
  });

  await test.step("open a case", async () => {
    await page.getByRole("button", { name: "New case" }).first().click();
    await page.getByRole("textbox", { name: "Title" }).fill("Launch pad 39A");
    await page.getByRole("textbox", { name: "Description" }).fill("Is the second rocket real? Asked by the picture desk.");
    await page.getByRole("button", { name: "Open the case" }).click();
    await expect(page.getByRole("heading", { name: "Launch pad 39A" })).toBeVisible();
    await expectAccessible(page);
    await shot(page, "case-empty");
  });

  await test.step("hand in an example, a broken file and what is no image, and watch", async () => {
    const whole = readFileSync(join(EXAMPLES, "retouch.jpg"));
    await page.getByTestId("files").setInputFiles([
      { name: "copy-move.jpg", mimeType: "image/jpeg", buffer: readFileSync(join(EXAMPLES, "copy-move.jpg")) },
      { name: "broken.jpg", mimeType: "image/jpeg", buffer: whole.subarray(0, 300) },
      { name: "notes.txt", mimeType: "image/jpeg", buffer: Buffer.from("no image at all") },
    ]);
    await expect(page.getByText("This is not an image in a supported format")).toBeVisible();
    await expect(page.getByText("2 of 3 files added")).toBeVisible();
    await expect(page.getByRole("progressbar", { name: /copy-move.jpg: \d+ %/ })).toBeVisible();
    await shot(page, "case-progress");
    const cards = page.getByRole("article");
    await expect(cards.filter({ hasText: "broken.jpg" }).getByText("Failed")).toBeVisible({ timeout: 60_000 });
    await expect(cards.filter({ hasText: "copy-move.jpg" }).getByText("Inconsistent")).toBeVisible({ timeout: 90_000 });
    await expectAccessible(page);
    await shot(page, "case");
  });

  await test.step("drop a file on the page, and paste one", async () => {
    const photo = readFileSync(join(EXAMPLES, "retouch.jpg")).toString("base64");
    await give(page, "drop", photo, "retouch.jpg");
    await expect(page.getByText("3 of 4 files added")).toBeVisible();
    await give(page, "paste", photo, "image.png");
    await expect(page.getByText("4 of 5 files added")).toBeVisible();
    await expect(page.getByRole("article").filter({ hasText: /pasted/i })).toBeVisible();
  });

  await test.step("look at it: overlay, opacity, split, three points, every panel", async () => {
    await page.getByRole("link", { name: "Open copy-move.jpg" }).click();
    await expect(page.getByText("Inconsistent with an original")).toBeVisible();
    await expect(page.getByRole("status", { name: "Loading the picture…" })).toHaveCount(0);
    await expectAccessible(page);
    await shot(page, "viewer-overlay");

    const opacity = page.getByRole("slider", { name: "Opacity" });
    await opacity.focus();
    const before = Number(await opacity.getAttribute("aria-valuenow"));
    await page.keyboard.press("ArrowRight");
    await expect(opacity).toHaveAttribute("aria-valuenow", String(before + 5));

    const zoom = page.getByTestId("zoom");
    /** The picture moves on for a moment after a key. */
    const settled = async () => {
      let last = "";
      await expect
        .poll(async () => {
          const before = last;
          last = (await zoom.textContent()) ?? "";
          return last === before;
        }, { intervals: [500] })
        .toBe(true);
      return last;
    };
    const whole = await settled();
    await page.getByRole("application").focus();
    await page.keyboard.press("+");
    await expect(zoom).not.toHaveText(whole);
    await settled();
    await page.keyboard.press("0");
    // A scroll bar that came meanwhile may take a pixel of the stage.
    await expect.poll(async () => Math.abs(parseInt(await settled()) - parseInt(whole))).toBeLessThanOrEqual(1);

    await page.getByRole("button", { name: /Part 1:/ }).first().click();
    await shot(page, "viewer-part");
    await page.getByRole("button", { name: "Whole image" }).click();

    await page.getByText("Split", { exact: true }).click();
    const divider = page.getByRole("slider", { name: "Divider between photograph and map" });
    const stage = await divider.locator("xpath=..").boundingBox();
    const handle = await divider.boundingBox();
    if (!stage || !handle) throw new Error("the divider is not on the stage");
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(stage.x + stage.width * 0.3, stage.y + stage.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect(divider).toHaveAttribute("aria-valuenow", "30");
    await shot(page, "viewer-split");

    await page.getByText("Three-point", { exact: true }).click();
    await expect(page.getByRole("application")).toHaveCount(3);
    await expect(page.getByText(/Error levels mark \d+\s% of the mask/)).toBeVisible();
    await expect(page.getByRole("status", { name: "Loading the picture…" })).toHaveCount(0);
    await shot(page, "viewer-three");
    for (const panel of ["Maps", "Opinions", "File", "Conclusion"]) {
      await page.getByRole("tab", { name: panel }).click();
      await expectAccessible(page);
      await shot(page, `viewer-${panel.toLowerCase()}`);
    }
  });

  await test.step("conclude and note", async () => {
    await page.getByLabel("inconsistent with an original").check();
    await page.getByLabel("Reasons").fill("The second rocket repeats the first, down to the lamp beside it.");
    await page.getByRole("button", { name: "Record the conclusion" }).click();
    await expect(page.getByRole("heading", { name: "Ada (you)" })).toBeVisible();
    await page.getByLabel("New note").fill("Asked the agency for the raw file.");
    await page.getByRole("button", { name: "Add the note" }).click();
    await expect(page.getByText("Asked the agency for the raw file.")).toBeVisible();
  });

  await test.step("read the report, and take it away", async () => {
    await page.getByRole("button", { name: "Report" }).click();
    await page.getByRole("menuitem", { name: "Preview" }).click();
    await expect(page.frameLocator("iframe").getByRole("heading", { name: "copy-move.jpg", exact: true })).toBeVisible();
    await shot(page, "report");
    await page.getByRole("button", { name: "Close" }).click();
    const files = [["HTML", /^copy-move\.jpg\.html$/], ["PDF", /^copy-move\.jpg\.pdf$/], ["JSON", /^copy-move\.jpg\.json$/], ["With conclusions", /^case-.+\.pdf$/]] as const;
    for (const [item, file] of files) {
      await page.getByRole("button", { name: "Report" }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: new RegExp(`^${item}`) }).click();
      expect((await download).suggestedFilename()).toMatch(file);
    }
  });

  await test.step("the history holds what was done, and the ledger is whole", async () => {
    await page.getByRole("link", { name: "To the case", exact: true }).click();
    await page.getByRole("tab", { name: "History" }).click();
    await expect(page.getByRole("cell", { name: "concluded" })).toBeVisible();
    await shot(page, "history");
    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByRole("link", { name: "Ledger" }).click();
    await page.getByRole("button", { name: "Verify the whole ledger" }).click();
    await expect(page.getByText(/The ledger is intact/)).toBeVisible();
    await expectAccessible(page);
    await shot(page, "ledger");
  });

  await test.step("sign out: nothing is shown any more", async () => {
    await page.getByRole("button", { name: "Signed in as Ada" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  });

  // The two that the story provokes: a wrong password and what is no image; nothing else, no refused style or script.
  expect(complaints.filter((text) => !/status of (401|415)/.test(text))).toEqual([]);
});

/** Hand over a file as a person does who drags or pastes it. */
async function give(page: Page, how: "drop" | "paste", base64: string, name: string): Promise<void> {
  const data = await page.evaluateHandle(([bytes = "", name = ""]) => {
    const held = new DataTransfer();
    held.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type: "image/jpeg" }));
    return held;
  }, [base64, name]);
  if (how === "drop") {
    await page.getByText("Drop photographs here").dispatchEvent("drop", { dataTransfer: data });
  } else {
    await page.evaluate((held) => document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held })), data);
  }
}
