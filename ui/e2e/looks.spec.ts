import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { EXAMPLES, expectAccessible, shot, test } from "./workbench";

const LONG = `Surveillance still ${"of the north gate, camera 7, ".repeat(7)}2026-11-21.jpg`;
const SIZES = [
  { name: "wide", width: 1440, height: 900 },
  { name: "small", width: 1024, height: 768 },
  { name: "tablet", width: 768, height: 1024 },
] as const;

/** A picture of a size of its own, drawn by the browser from an example, on a page without the workbench's policy. */
async function drawn(workbench: Page, width: number, height: number): Promise<Buffer> {
  const page = await workbench.context().newPage();
  const source = `data:image/jpeg;base64,${readFileSync(join(EXAMPLES, "splice.jpg")).toString("base64")}`;
  const base64 = await page.evaluate(
    async ([source, width, height]) => {
      const picture = new Image();
      picture.src = source;
      await picture.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const ink = canvas.getContext("2d") as CanvasRenderingContext2D;
      for (let x = 0; x < width; x += 600) for (let y = 0; y < height; y += 400) ink.drawImage(picture, x, y);
      return canvas.toDataURL("image/jpeg", 0.9).split(",")[1] as string;
    },
    [source, width, height] as const,
  );
  await page.close();
  return Buffer.from(base64, "base64");
}

async function prepare(page: Page, setUpLink: string): Promise<void> {
  await page.goto(setUpLink);
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("New password").fill("a lens, a lamp and patience");
  await page.getByLabel("Repeat the password").fill("a lens, a lamp and patience");
  await page.getByRole("button", { name: "Set up" }).click();
  for (const title of ["An empty case", "Harbour photographs, insurance claim 2026-114"]) {
    await page.getByRole("button", { name: "New case" }).first().click();
    await page.getByRole("textbox", { name: "Title" }).fill(title);
    await page.getByRole("button", { name: "Open the case" }).click();
    await expect(page.getByText("No image yet")).toBeVisible();
    if (title !== "An empty case") break;
    await page.getByRole("link", { name: "All cases" }).click();
  }
  const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });
  await page.getByTestId("files").setInputFiles([
    ...["copy-move.jpg", "retouch.jpg"].map((name) => jpeg(name, readFileSync(join(EXAMPLES, name)))),
    jpeg("broken.jpg", readFileSync(join(EXAMPLES, "splice.jpg")).subarray(0, 400)),
    jpeg(LONG, readFileSync(join(EXAMPLES, "removal.jpg"))),
    jpeg("panorama.jpg", await drawn(page, 1800, 300)),
    jpeg("tower.jpg", await drawn(page, 240, 1200)),
  ]);
  await expect(page.getByText("6 of 6 files added")).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0, { timeout: 400_000 });
  await page.getByRole("button", { name: "Clear the list" }).click();
}

/** Every page as it is now, at one size. */
async function tour(page: Page, url: string, name: string, check: boolean): Promise<void> {
  const keep = async (what: string) => {
    await page.waitForTimeout(400);
    if (check) await expectAccessible(page);
    await shot(page, `looks/${what}-${name}`);
  };
  await page.goto(url);
  await page.getByRole("link", { name: /Harbour/ }).waitFor();
  await keep("dashboard");
  await page.getByRole("link", { name: /Harbour/ }).click();
  await page.getByRole("link", { name: "Open tower.jpg" }).waitFor();
  await keep("case");
  for (const image of ["copy-move.jpg", "panorama.jpg", "tower.jpg", "broken.jpg", LONG]) {
    await page.getByRole("link", { name: `Open ${image}`, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: image }).waitFor();
    await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
    await keep(`viewer-${image.slice(0, 6)}`);
    if (image === "copy-move.jpg") {
      await page.getByText("Three-point", { exact: true }).click();
      await expect(page.getByRole("application")).toHaveCount(3);
      await keep("viewer-three");
    }
    await page.getByRole("link", { name: "To the case", exact: true }).click();
  }
  for (const path of ["originals", "account", "admin/users", "admin/ledger", "nowhere"]) {
    await page.goto(`${url}/${path}`);
    await page.getByRole("heading").first().waitFor();
    await keep(path.replace("/", "-"));
  }
}

test("every page at every size, dark and light", async ({ page, workbench, complaints }) => {
  test.setTimeout(1_500_000);
  await prepare(page, workbench.setUpLink);
  for (const theme of ["dark", "light"])
    for (const { name, width, height } of SIZES) {
      await page.setViewportSize({ width, height });
      await page.evaluate((chosen) => localStorage.setItem("mantine-color-scheme-value", chosen), theme);
      await tour(page, workbench.url, `${theme}-${name}`, name !== "small");
    }
  await test.step("a case of 200 images", async () => {
    await page.goto(workbench.url);
    await page.route("**/api/v1/cases/*/evidence?*", async (route) => {
      const answer = await route.fetch();
      const listed = (await answer.json()) as { items: { id: string }[] };
      const items = Array.from({ length: 48 }, (_, i) => ({ ...listed.items[i % listed.items.length], id: String(i) }));
      await route.fulfill({ json: { ...listed, items, total: 200, per_page: 48 } });
    });
    await page.getByRole("link", { name: /Harbour/ }).click();
    await expect(page.getByRole("article")).toHaveCount(48);
    await page.getByRole("navigation", { name: "Pages" }).scrollIntoViewIfNeeded();
    await shot(page, "looks/case-of-200");
  });
  expect(complaints).toEqual([]);
});
