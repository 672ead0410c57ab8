import { beforeEach, expect, test } from "vitest";
import { dropSynced, localKey, readLocal, resume, same, writeLocal } from "./drafts";

const RECORDED = { choice: "consistent", text: "as recorded" };
const SERVER = { choice: "inconclusive", text: "on the server" };
const LOCAL = { choice: null, text: "only here" };

beforeEach(() => localStorage.clear());

test("what the server never got comes first, then what it has, then what is recorded", () => {
  expect(resume({ ...LOCAL, synced: false }, SERVER, RECORDED)).toEqual(LOCAL);
  expect(resume({ ...LOCAL, synced: true }, SERVER, RECORDED)).toEqual(SERVER);
  expect(resume({ ...LOCAL, synced: true }, undefined, RECORDED)).toEqual(RECORDED);
  expect(resume(null, undefined, RECORDED)).toEqual(RECORDED);
});

test("spaces at the ends are no change", () => {
  expect(same(RECORDED, { ...RECORDED, text: " as recorded\n" })).toBe(true);
  expect(same(RECORDED, { ...RECORDED, choice: null })).toBe(false);
});

test("whoever signs out leaves behind only what the server does not have", () => {
  const [kept, only] = [localKey("u", "e", "note"), localKey("u", "e", "conclusion")];
  writeLocal(kept, { ...LOCAL, synced: true });
  writeLocal(only, { ...LOCAL, synced: false });
  localStorage.setItem("something else", "1");
  dropSynced();
  expect([readLocal(kept), readLocal(only)?.text, localStorage.getItem("something else")]).toEqual([null, "only here", "1"]);
});

test("a damaged entry is no draft", () => {
  localStorage.setItem("k", "{");
  expect(readLocal("k")).toBeNull();
});
