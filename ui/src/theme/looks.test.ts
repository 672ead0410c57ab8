import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const SHEETS = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css"));
const SIZES = ["xs", "s", "m", "l", "xl"].map((name) => `var(--text-${name})`);

test("every size of type is one of the five", () => {
  const found = SHEETS.flatMap((name) =>
    [...readFileSync(`src/${name}`, "utf8").matchAll(/font-size: ([^;]+)/g)].map(([, size = ""]) => [name, size] as const),
  );
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter(([, size]) => !SIZES.includes(size))).toEqual([]);
});

/** Licences that ask for no more than to be named. */
const PERMISSIVE = new Set(["MIT", "0BSD", "BSD-3-Clause", "Apache-2.0", "ISC", "Unlicense", "OFL-1.1", "(MIT OR CC0-1.0)"]);

interface Locked {
  packages: Record<string, { license?: string; dev?: boolean }>;
}

test("what the pages are made of is under permissive licences", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Locked;
  const shipped = Object.entries(packages).filter(([name, { dev }]) => name && !dev);
  expect(shipped.filter(([, { license = "" }]) => !PERMISSIVE.has(license))).toEqual([]);
  expect(packages["node_modules/@fontsource-variable/inter"]?.license).toBe("OFL-1.1");
});
