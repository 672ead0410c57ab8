import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { EXAMPLES, expectAccessible, invited, PASSWORD, share, SHOTS, test } from "./workbench";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };

/** Pictures of what a page shows on a desk and on a phone. */
async function shots(page: Page, name: string): Promise<void> {
  for (const [where, size] of [["phone", PHONE], ["desk", DESKTOP]] as const) {
    await page.setViewportSize(size);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(SHOTS, `cases-${name}-${where}.png`) });
  }
}

async function openCase(page: Page, title: string): Promise<string> {
  await page.goto(new URL("/", page.url()).href);
  await page.getByRole("button", { name: "New case" }).first().click();
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByRole("button", { name: "Open the case" }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  return page.url();
}

test("images move between cases, many are deleted at once, near-duplicates are listed alone", async ({ browser, page, workbench }) => {
  test.setTimeout(1_500_000);
  await page.goto(workbench.setUpLink);
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Repeat the password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByText("No case yet")).toBeVisible();
  const bob = await invited(browser, page, "Bob");
  const target = await openCase(page, "Claim 2026-115, warehouse");
  const source = await openCase(page, "Claim 2026-114, harbour");
  await share(page, "Bob");
  await page.getByRole("tab", { name: "Images" }).click();
  const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });
  const retouch = readFileSync(join(EXAMPLES, "retouch.jpg"));
  await page.getByTestId("files").setInputFiles([
    jpeg("north-gate.jpg", readFileSync(join(EXAMPLES, "copy-move.jpg"))),
    jpeg("quay.jpg", retouch),
    jpeg("quay, sent again.jpg", retouch),
    jpeg("cut off.jpg", retouch.subarray(0, 300)),
  ]);
  const cards = page.getByRole("article");
  await expect(cards).toHaveCount(4);
  await expect(cards.getByText(/^(Waiting|Examining)/)).toHaveCount(0, { timeout: 900_000 });

  await test.step("only near-duplicates, as the address keeps it", async () => {
    await page.getByRole("switch", { name: "Near-duplicates only" }).press("Space");
    await expect(cards).toHaveCount(2);
    await expect(page).toHaveURL(/near=1/);
    await page.reload();
    await expect(cards).toHaveCount(2);
    await expectAccessible(page);
    await shots(page, "near");
    await page.getByRole("link", { name: "Open quay.jpg" }).click();
    await expect(page.getByText(/^\d of 2$/)).toBeVisible();
    await page.getByRole("link", { name: "To the case", exact: true }).click();
    await page.getByRole("switch", { name: "Near-duplicates only" }).press("Space");
    await expect(cards).toHaveCount(4);
  });

  const moved = await page.getByRole("link", { name: "Open north-gate.jpg" }).getAttribute("href");
  const imageUrl = new URL((moved ?? "").split("?")[0] ?? "", page.url()).href;

  await test.step("one image moves, with a reason, and who may not follow is told", async () => {
    await bob.goto(imageUrl);
    await expect(bob.getByRole("heading", { name: "north-gate.jpg" })).toBeVisible();
    await page.getByRole("button", { name: "More for north-gate.jpg" }).click();
    await page.getByRole("menuitem", { name: "Move to another case" }).click();
    await page.getByRole("combobox", { name: "Case" }).click();
    await page.getByRole("option", { name: "Claim 2026-115, warehouse" }).click();
    await page.getByRole("textbox", { name: "Reason" }).fill("The picture shows the warehouse.");
    await expectAccessible(page);
    await shots(page, "move");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await expect(page.getByText("1 image moved.")).toBeVisible();
    await expect(cards).toHaveCount(3);
    await expect(bob.getByRole("heading", { name: "No longer here" })).toBeVisible();
    await expect(bob.getByText(/moved to another case on .* by Ada because: The picture shows the warehouse/)).toBeVisible();
    await expectAccessible(bob);
    await shots(bob, "gone");
  });

  await test.step("both histories tell it, and the old address leads on", async () => {
    await page.getByRole("tab", { name: "History" }).click();
    await expect(page.getByRole("cell", { name: "image moved out" })).toBeVisible();
    await shots(page, "history");
    await page.getByRole("link", { name: "Open it where it is now" }).click();
    await expect(page).toHaveURL((url) => url.href.startsWith(imageUrl));
    await page.getByRole("tab", { name: "File" }).click();
    await expect(page.getByText(/moved it here from another case: north-gate.jpg, The picture shows the warehouse/)).toBeVisible();
    await page.getByRole("button", { name: "More for north-gate.jpg" }).click();
    await expect(page.getByRole("menuitem", { name: "Delete the image" })).toBeVisible();
    await shots(page, "viewer-menu");
    await page.goto(`${target}?tab=history`);
    await expect(page.getByRole("link", { name: "Open the case it came from" })).toHaveAttribute("href", new URL(source).pathname);
  });

  await test.step("many images move, and what stays says why", async () => {
    await page.goto(source);
    await page.getByLabel("Choose quay.jpg").check();
    await page.getByRole("button", { name: "Choose all 3" }).click();
    await page.getByRole("region", { name: "Chosen images" }).getByRole("button", { name: "More" }).click();
    await shots(page, "bulk-menu");
    await page.getByRole("menuitem", { name: "Move to a case" }).click();
    await page.getByRole("combobox", { name: "Case" }).click();
    await page.getByRole("option", { name: "Claim 2026-115, warehouse" }).click();
    await page.getByRole("textbox", { name: "Reason" }).fill("All of them belong there.");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await expect(page.getByText(/2 images moved\. 1 image skipped: is in that case already, as/)).toBeVisible();
    await shots(page, "bulk-moved");
    await expect(cards).toHaveCount(1);
  });

  await test.step("many images are deleted, once their number is typed", async () => {
    await page.goto(target);
    await expect(cards).toHaveCount(3);
    await page.getByLabel("Choose north-gate.jpg").check();
    await page.getByRole("button", { name: "Choose all 3" }).click();
    await page.getByRole("region", { name: "Chosen images" }).getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete the images" }).click();
    await page.getByRole("textbox", { name: "Reason" }).fill("By order of the court.");
    await expect(page.getByRole("button", { name: "Delete", exact: true })).toBeDisabled();
    await page.getByRole("textbox", { name: /type the number/ }).fill("3");
    await expect(page.getByRole("button", { name: "Delete", exact: true })).toBeEnabled();
    await expectAccessible(page);
    await shots(page, "delete-many");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page.getByText("3 images deleted.")).toBeVisible();
    await expect(page.getByText("No image yet")).toBeVisible();
  });

  await test.step("a group gets another name, an account an address", async () => {
    await page.goto(new URL("/admin/groups", page.url()).href);
    await page.getByLabel("Name of the group").fill("Night shift");
    await page.getByRole("button", { name: "Create a group" }).click();
    await page.getByRole("button", { name: "Rename Night shift" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name of the group").fill("Late shift");
    await shots(page, "rename");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("cell", { name: "Late shift", exact: true })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expectAccessible(page);
    await shots(page, "groups");
    await page.goto(new URL("/admin/users", page.url()).href);
    await page.getByRole("button", { name: "Actions for Bob" }).click();
    await page.getByRole("menuitem", { name: "E-mail address" }).click();
    await page.getByRole("dialog").getByLabel("E-mail address").fill("bob@example.org");
    await shots(page, "email");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("bob@example.org")).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expectAccessible(page);
    await shots(page, "users");
  });
});
