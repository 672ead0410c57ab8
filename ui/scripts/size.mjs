// Prints what the first load weighs, gzipped, with the heaviest language, and fails above the limit; lazy pages are listed beside it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 350_000;
const folder = new URL("../../src/tamperlens/service/static/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", folder), "utf8"));
const weigh = (file) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length;
const kilo = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;

/** The files that a chunk needs at once: itself, its style sheets, what it imports statically. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  [chunk.file, ...(chunk.css ?? [])].forEach((file) => seen.add(file));
  (chunk.imports ?? []).forEach((name) => filesOf(name, seen));
  return seen;
}

const sum = (files) => [...files].reduce((total, file) => total + weigh(file), 0);
const first = filesOf("index.html");
const languages = Object.keys(manifest).filter((key) => key.startsWith("src/words/"));
const total = sum([...first, "index.html", "scheme.js", "lens.svg"]) + Math.max(...languages.map((key) => weigh(manifest[key].file)));
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const more = [...filesOf(key)].filter((file) => !first.has(file));
  console.log(`${kilo(sum(more))}  later, with ${key.replace("src/", "")}`);
}
console.log(`${kilo(total)}  first load, gzipped; the limit is ${kilo(LIMIT).trim()}`);
if (total > LIMIT) process.exit(1);
