import { expect, test, vi } from "vitest";
import { ago, bytes, percent, probability, signed, utc } from "./format";

const NOON = Date.parse("2026-11-21T12:00:00Z");

test("times are told from now, and after a month by their date", () => {
  expect(ago("2026-11-21T11:59:30Z", NOON)).toBe("just now");
  expect(ago("2026-11-21T11:55:00Z", NOON)).toBe("5 minutes ago");
  expect(ago("2026-11-20T12:00:00Z", NOON)).toBe("yesterday");
  expect(ago("2026-01-02T12:00:00Z", NOON)).toContain("2026");
});

test("the ledger's times are UTC, to the second", () => {
  expect(utc("2026-11-21T13:05:09.250+01:00")).toBe("2026-11-21 12:05:09");
});

test("sizes have the unit that leaves few digits", () => {
  expect([0, 599, 71_736, 4_200_000].map(bytes)).toEqual(["0 bytes", "599 bytes", "71.7 kB", "4.2 MB"]);
});

test("numbers read as in the printed report", () => {
  expect(probability(0.904142)).toBe("0.90");
  expect([0.974607, -0.380128, -0.0004].map(signed)).toEqual(["+0.97", "−0.38", "+0.00"]);
  expect(percent(0.082397)).toBe(8);
});

test("in German they read as Germans write them", async () => {
  localStorage.setItem("tamperlens-language", "de");
  vi.resetModules();
  const german = await import("./format");
  localStorage.removeItem("tamperlens-language");
  vi.resetModules();
  expect(german.ago("2026-11-20T12:00:00Z", NOON)).toBe("gestern");
  expect(german.when("2026-11-21T12:00:00Z")).toMatch(/^21\.11\.2026, \d\d:00$/);
  expect([0, 71_736].map(german.bytes)).toEqual(["0 Byte", "71,7 kB"]);
  expect([german.probability(0.904142), german.signed(-0.380128), german.trimmed(1234.56, 1)]).toEqual(["0,90", "−0,38", "1.234,6"]);
  expect(german.list(["Ada", "Bob", "Eve"])).toBe("Ada, Bob und Eve");
});
