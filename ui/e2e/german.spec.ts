import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import de from "../src/words/de";
import en from "../src/words/en";
import { EXAMPLES, expectAccessible, PASSWORD, shot, test } from "./workbench";

test.use({ locale: "de-DE" });

const SIZES = [
  { name: "wide", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
] as const;

/** English texts that are not German ones too. */
const ENGLISH = difference(stringsOf(en), stringsOf(de));

function stringsOf(words: object): Set<string> {
  return new Set(Object.values(words).flatMap((value) => (typeof value === "string" ? [value] : typeof value === "object" ? [...stringsOf(value)] : [])));
}

function difference(one: Set<string>, other: Set<string>): string[] {
  return [...one].filter((text) => /\p{L}{3}/u.test(text) && !other.has(text));
}

/** German, as wide as the screen, with nothing cut off that can be pressed, and English only where it is marked. */
async function expectGerman(page: Page): Promise<void> {
  const found = await page.evaluate((english) => {
    const marked = (element: Element | null) => element?.closest("[lang]")?.getAttribute("lang") === "en";
    const left: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? "";
      if (english.includes(text) && !marked(walker.currentNode.parentElement)) left.push(text);
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
      for (const name of ["aria-label", "title", "placeholder", "alt"]) if (english.includes(element.getAttribute(name) ?? "")) left.push(`${name}: ${element.getAttribute(name)}`);
    const cut = [...document.querySelectorAll<HTMLElement>("button, [role=tab], label, summary, th, a[href]")]
      .filter((element) => [element, ...element.querySelectorAll<HTMLElement>("*")].some((part) => part.innerText?.trim() && part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible"))
      .map((element) => element.innerText || element.outerHTML.slice(0, 120));
    const { scrollWidth, clientWidth } = document.documentElement;
    return { language: document.documentElement.lang, left, cut, over: scrollWidth - clientWidth };
  }, ENGLISH);
  expect.soft(found).toEqual({ language: "de", left: [], cut: [], over: 0 });
}

async function look(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400);
  await expectGerman(page);
  await expectAccessible(page);
  await shot(page, `german/${name}`);
}

test("the workbench in German, on a screen and on a phone", async ({ page, workbench, complaints }) => {
  await test.step("set up, sign in, and choose a language by keys", async () => {
    await page.goto(workbench.setUpLink);
    await page.getByLabel("Name").fill("Ada");
    await look(page, "set-up");
    await page.getByLabel("Neues Passwort").fill(PASSWORD);
    await page.getByLabel("Passwort wiederholen").fill(PASSWORD);
    await page.getByRole("button", { name: "Einrichten" }).click();
    await expect(page.getByText("Noch kein Fall")).toBeVisible();
    await page.getByRole("button", { name: "Angemeldet als Ada" }).click();
    await page.getByRole("menuitem", { name: "Abmelden" }).click();
    await page.getByLabel("Name").fill("Ada");
    await page.getByRole("textbox", { name: "Passwort" }).fill("nicht das Passwort");
    await page.getByRole("button", { name: "Anmelden" }).click();
    await expect(page.getByText("Name or password is wrong.")).toHaveAttribute("lang", "en");
    for (const { name, width, height } of SIZES) {
      await page.setViewportSize({ width, height });
      await look(page, `sign-in-${name}`);
    }
    await choose(page, "Sprache", "English");
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await choose(page, "Language", "Deutsch");
    await page.getByLabel("Name").fill("Ada");
    await page.getByRole("textbox", { name: "Passwort" }).fill(PASSWORD);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await expect(page.getByRole("heading", { name: "Fälle" })).toBeVisible();
  });

  await test.step("a case with an image that is altered, and one that is damaged", async () => {
    await page.getByRole("button", { name: "Neuer Fall" }).first().click();
    await page.getByRole("textbox", { name: "Titel" }).fill("Startrampe 39A, Anfrage der Bildredaktion");
    await look(page, "new-case-phone");
    await page.getByRole("button", { name: "Fall anlegen" }).click();
    await expect(page.getByText("Noch kein Bild")).toBeVisible();
    await look(page, "empty-case-phone");
    const whole = readFileSync(join(EXAMPLES, "copy-move.jpg"));
    await page.getByTestId("files").setInputFiles([
      { name: "copy-move.jpg", mimeType: "image/jpeg", buffer: whole },
      { name: "broken.jpg", mimeType: "image/jpeg", buffer: whole.subarray(0, 300) },
    ]);
    await expect(page.getByText("2 von 2 Dateien hinzugefügt")).toBeVisible();
    const cards = page.getByRole("article");
    await expect(cards.filter({ hasText: "broken.jpg" }).getByText("Fehlgeschlagen")).toBeVisible();
    await expect(cards.filter({ hasText: "copy-move.jpg" }).getByText("Inkonsistent")).toBeVisible({ timeout: 200_000 });
  });

  for (const { name, width, height } of SIZES) {
    await page.setViewportSize({ width, height });
    await test.step(`every page, ${name}`, () => tour(page, workbench.url, name));
  }
  expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
});

/** Choose a language in the menu, with the keyboard alone. */
async function choose(page: Page, menu: string, language: string): Promise<void> {
  await page.getByRole("button", { name: menu }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: language }).focus();
  await page.keyboard.press("Enter");
}

async function tour(page: Page, url: string, size: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("link", { name: /Startrampe/ }).waitFor();
  await look(page, `dashboard-${size}`);
  await page.getByRole("link", { name: /Startrampe/ }).click();
  await page.getByRole("link", { name: "copy-move.jpg öffnen" }).waitFor();
  await page.getByRole("checkbox", { name: "copy-move.jpg auswählen" }).check();
  await look(page, `case-${size}`);
  for (const tab of ["Verlauf", "Freigabe"]) {
    await page.getByRole("tab", { name: tab }).click();
    await look(page, `case-${tab}-${size}`);
  }
  await page.getByRole("tab", { name: "Bilder" }).click();
  await page.getByRole("link", { name: "copy-move.jpg öffnen" }).click();
  await page.getByRole("heading", { level: 1, name: "copy-move.jpg" }).waitFor();
  for (const tab of Object.values(de.finding.tabs)) {
    await page.getByRole("tab", { name: tab }).click();
    await look(page, `viewer-${tab}-${size}`);
  }
  await page.getByRole("button", { name: "Bericht" }).click();
  await page.waitForTimeout(400);
  await expectGerman(page); // axe objects to what Mantine itself puts into an open menu
  await shot(page, `german/report-menu-${size}`);
  await page.keyboard.press("Escape");
  for (const path of ["originals", "account", "admin/users", "admin/groups", "admin/retention", "admin/ledger", "nowhere"]) {
    await page.goto(`${url}/${path}`);
    await page.getByRole("heading").first().waitFor();
    await look(page, `${path.replace("/", "-")}-${size}`);
  }
}
