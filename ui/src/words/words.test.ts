import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import de from "./de";
import en from "./en";
import { type Language, languageFor, LANGUAGES } from "./language";

type Text = string | ((...given: never[]) => string);

/** Every text with the path to it. */
function texts(of: object, path = ""): [string, Text][] {
  return Object.entries(of).flatMap(([name, value]): [string, Text][] => {
    const at = path ? `${path}.${name}` : name;
    return typeof value === "object" ? texts(value as object, at) : [[at, value as Text]];
  });
}

/** Marks that pass through a text; some texts know only an outcome or a role. */
const GIVEN = [["⟦0⟧", "⟦1⟧", "⟦2⟧", "⟦3⟧"], ["consistent", "⟦1⟧"], ["examiner", "⟦1⟧"]];

/** What a text says of each of these that it takes; numbers are marks too, for they are only printed. */
function said(text: Text, given: readonly unknown[]): string | null {
  if (typeof text === "string") return text;
  try {
    return (text as (...given: readonly unknown[]) => string)(...given);
  } catch {
    return null;
  }
}

const marksIn = (text: string) => [...new Set(text.match(/⟦\d⟧/g))].sort();

/** Texts that are the same as in English; a new language has a row of its own. */
const SAME: Record<Exclude<Language, "en">, string> = {
  de: `brand percent case.details case.concluded case.dimensions conclusion.by table.head.2 case.score case.sorts.score case.sorts.name
   session.code session.name admin.name originals.sha marking.place marking.colour finding.score viewer.scaleLow viewer.scaleHigh
   file.weights.neutral metadata.tags.Copyright metadata.tags.HostComputer metadata.flash.returned.0 metadata.flash.returned.1
   metadata.flash.modes.0 metadata.values.ColorSpace.1 metadata.values.ColorSpace.2
   metadata.hemispheres.north metadata.hemispheres.south metadata.hemispheres.west roles.administrator account.secret webhooks.title upload.list`,
};

test.each(Object.entries(SAME))("%s has every text, in its own words, and says what English says of what it is given", async (tag, listed) => {
  const english = new Map(texts(en));
  const own = texts((await LANGUAGES[tag as Language].read()).default);
  expect(own.map(([path]) => path).sort()).toEqual([...english.keys()].sort());
  const same: string[] = [];
  let compared = 0;
  for (const [path, text] of own)
    for (const given of GIVEN) {
      const [one, other] = [said(english.get(path) as Text, given), said(text, given)];
      if (one === null || other === null) continue;
      expect(marksIn(other), path).toEqual(marksIn(one));
      if (one === other) same.push(path);
      compared += 1;
      break;
    }
  expect(compared).toBe(own.length);
  expect(same.sort()).toEqual(listed.split(/\s+/).sort());
});

test("German counts, and writes numbers, as Germans do", () => {
  expect([1, 2, 12_345].map((count) => de.cases.images(count))).toEqual(["1 Bild", "2 Bilder", "12.345 Bilder"]);
  expect([60, 120, 7_200].map((seconds) => de.live.left(seconds))).toEqual(["noch etwa 1 Minute", "noch etwa 2 Minuten", "noch etwa 2 Stunden"]);
  expect(de.percent(2.5, 1)).toBe("2,5 %");
  expect(de.marking.area(5120, 300.25)).toBe("5.120 px², Umfang 300,3 px");
});

test("the chosen language comes first, then the person's own, then English", () => {
  expect(languageFor("en", ["de-DE", "en"])).toBe("en");
  expect(languageFor(null, ["fr", "de-AT", "en"])).toBe("de");
  expect(languageFor("xx", ["toString", "fr"])).toBe("en");
});

test("every language names itself, and needs nothing but its own file, for the page waits for it", () => {
  for (const tag of Object.keys(LANGUAGES)) {
    const source = readFileSync(`src/words/${tag}.ts`, "utf8");
    expect(source.match(/^import (?!type ).*/gm) ?? []).toEqual([]);
  }
});
