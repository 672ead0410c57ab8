import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { EXAMPLES, expectAccessible, invited, PASSWORD, share, shot, test } from "./workbench";

test("two examiners of one case, one of them on a phone", async ({ browser, page, workbench }) => {
  test.setTimeout(1_200_000);
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

  await test.step("what the first hands in and finds appears before the second by itself", async () => {
    await share(page, "Bob", "Can write");
    await bob.goto(caseUrl);
    await expect(bob.getByText("No image yet")).toBeVisible();
    await page.getByRole("tab", { name: "Images" }).click();
    await page.getByTestId("files").setInputFiles({
      name: "née 写真.jpg", mimeType: "image/jpeg", buffer: readFileSync(join(EXAMPLES, "copy-move.jpg")),
    });
    await expect(bob.getByRole("article").filter({ hasText: "née 写真.jpg" })).toBeVisible();
    await expect(bob.getByRole("article").getByText("Inconsistent")).toBeVisible({ timeout: 400_000 });
    await shot(bob, "phone-case");
  });

  await test.step("words outlive a change of panel, a reload, and leaving, which asks", async () => {
    await page.getByRole("link", { name: /Open née/ }).click();
    await page.getByRole("tab", { name: "Conclusion" }).click();
    await page.getByLabel("inconsistent with an original").check();
    await page.getByLabel("Reasons").fill("The second rocket repeats the first.");
    await expect(page.getByText("Draft kept. Not recorded yet.")).toBeVisible();
    await page.getByRole("tab", { name: "Maps" }).click();
    await page.getByRole("tab", { name: "Conclusion" }).click();
    await expect(page.getByLabel("Reasons")).toHaveValue("The second rocket repeats the first.");
    await page.getByRole("link", { name: "To the case", exact: true }).click();
    await expect(page.getByText("You have not recorded your text")).toBeVisible();
    await expectAccessible(page);
    await shot(page, "leaving");
    await page.getByRole("button", { name: "Stay" }).click();
    await page.evaluate(() => localStorage.clear());
    page.once("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await expect(page.getByLabel("Reasons")).toHaveValue("The second rocket repeats the first.");
  });

  await test.step("an ended session asks for the password in place, and the conclusion is recorded", async () => {
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Record the conclusion" }).click();
    await expect(page.getByText("Your session has ended")).toBeVisible();
    await expectAccessible(page);
    await shot(page, "session-ended");
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("heading", { name: "Ada (you)" })).toBeVisible();
    await expect(page.getByText("Ada: Inconsistent")).toBeVisible();
  });

  await test.step("the second disagrees on the phone, and both see it at once", async () => {
    await expect(bob.getByText("Ada: Inconsistent")).toBeVisible();
    await bob.getByRole("link", { name: /Open née/ }).click();
    await bob.getByRole("tab", { name: "Conclusion" }).click();
    await bob.getByRole("button", { name: "Review" }).click();
    await bob.getByText("Disagree", { exact: true }).click();
    await expect(bob.getByRole("button", { name: "Record the review" })).toBeDisabled();
    await bob.getByRole("textbox", { name: "Reason", exact: true }).fill("Two rockets stood there.");
    await bob.getByRole("button", { name: "Record the review" }).click();
    await expect(bob.getByText("Bob disagrees")).toBeVisible();
    await expectAccessible(bob);
    await bob.screenshot({ path: "e2e/out/shots/phone-conclusion.png", fullPage: true });
    expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await expect(page.getByText("Examiners disagree").first()).toBeVisible();
    await shot(page, "disagreement");
  });

  await test.step("the way back leads to the list as it was filtered", async () => {
    await page.goto(`${caseUrl}?sort=name`);
    await page.getByRole("textbox", { name: "Search the images" }).fill("née");
    await expect(page).toHaveURL(/search=n%C3%A9e/);
    await page.getByRole("link", { name: /Open née/ }).click();
    await expect(page.getByText("1 of 1")).toBeVisible();
    await page.getByRole("link", { name: "To the case", exact: true }).click();
    await expect(page.getByRole("textbox", { name: "Search the images" })).toHaveValue("née");
    await page.goBack();
    await page.goBack();
    await expect(page.getByRole("textbox", { name: "Search the images" })).toHaveValue("née");
  });

  await test.step("without a connection a banner says so, and goes when it is back", async () => {
    await bob.context().setOffline(true);
    await expect(bob.getByText("No connection to the workbench.")).toBeVisible();
    await expectAccessible(bob);
    await shot(bob, "phone-offline");
    await bob.getByRole("button", { name: "Review" }).click();
    await bob.getByRole("textbox", { name: "Reason", exact: true }).fill("Written without a connection.");
    await expect(bob.getByText("Kept in this browser; not on the server yet.")).toBeVisible();
    await bob.context().setOffline(false);
    await expect(bob.getByText("No connection to the workbench.")).toHaveCount(0);
  });
});
