import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test as base, type Browser, expect, type Page } from "@playwright/test";

const HERE = dirname(fileURLToPath(import.meta.url));
export const SHOTS = join(HERE, "out", "shots");
export const EXAMPLES = join(HERE, "..", "..", "examples");
/** Of everybody in the stories. */
export const PASSWORD = "a lens, a lamp and patience";
/** What starts the workbench; `tamperlens` of the surrounding environment unless told otherwise. */
const COMMAND = (process.env.TAMPERLENS ?? "tamperlens").split(" ");

/** A running workbench with a home of its own. */
export interface Workbench {
  url: string;
  /** The one-time link of the first administrator. */
  setUpLink: string;
}

interface Fixtures {
  workbench: Workbench;
  /** Every message that the page's console gives; a broken content security policy is told there. */
  complaints: string[];
}

export const test = base.extend<Fixtures>({
  workbench: [
    async ({}, provide) => {
      const home = mkdtempSync(join(tmpdir(), "workbench-"));
      const [program = "", ...words] = COMMAND;
      const server = spawn(program, [...words, "serve", "--home", home, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        await provide(await announced(server));
      } finally {
        const ended = new Promise((done) => server.once("exit", done));
        server.kill("SIGTERM");
        await ended;
        rmSync(home, { recursive: true, force: true });
      }
    },
    { timeout: 300_000 },
  ],
  complaints: [
    async ({ page }, provide) => {
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await provide(complaints);
    },
    { auto: true },
  ],
});

/** Read the address and the link from what `tamperlens serve` prints, then wait until it answers. */
async function announced(server: ChildProcess): Promise<Workbench> {
  const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const setUpLink = /(https?:\S+\/setup#\S+)/.exec(line)?.[1];
    if (!setUpLink) continue;
    const url = new URL(setUpLink).origin;
    await expect.poll(() => fetch(`${url}/api/v1/health`).then((answer) => answer.ok, () => false), { timeout: 60_000 }).toBe(true);
    return { url, setUpLink };
  }
  throw new Error("`tamperlens serve` ended before it printed a set-up link.");
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  nodes: { html: string }[];
}

/** What axe finds fault with on the page as it is now, of any weight. */
async function faultsOf(page: Page): Promise<string[]> {
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: Violation[] }> } };
    return (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations;
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** No fault on the page; one that is gone a second later was a button or dialog on its way to its colours. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE);
  let faults = await faultsOf(page);
  if (faults.length > 0) {
    await page.waitForTimeout(1000);
    faults = await faultsOf(page);
  }
  expect.soft(faults).toEqual([]);
}

/** A picture of the page, kept by CI. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** Share the case that is open; groups, listed below as soon as they are read, are given access in the same words. */
export async function share(page: Page, name: string, access?: string): Promise<void> {
  await page.getByRole("tab", { name: "Sharing" }).click();
  const person = page.locator("form").filter({ has: page.getByLabel("Name of the person") });
  await person.getByLabel("Name of the person").fill(name);
  if (access) {
    await person.getByRole("combobox", { name: "Access" }).click();
    await page.getByRole("option", { name: access }).click();
  }
  await person.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("cell", { name, exact: true })).toBeVisible();
}

/** A second person with a browser of their own, by an invitation of the first. */
export async function invited(browser: Browser, page: Page, name: string): Promise<Page> {
  const link = await page.evaluate(async (who) => {
    const { csrf_token } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
    const answer = await fetch("/api/v1/users", { method: "POST", headers, body: JSON.stringify({ name: who, role: "examiner" }) });
    return (await answer.json()).link as string;
  }, name);
  const other = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await other.goto(new URL(link, page.url()).href);
  await other.getByLabel("New password").fill(PASSWORD);
  await other.getByLabel("Repeat the password").fill(PASSWORD);
  await other.getByRole("button", { name: "Set the password" }).click();
  await expect(other.getByText("No case yet")).toBeVisible();
  return other;
}
