import { expect, test } from "vitest";
import type { LedgerRecord } from "@/api/types";
import { deed, gathered } from "./EvidenceHistory";

const record = (seq: number, action: string, actor: string, details = {}) => ({ seq, action, actor, actor_id: actor, details }) as unknown as LedgerRecord;

test("looking several times in a row is one line; other deeds stay apart", () => {
  const made = gathered([record(5, "viewed", "Ada"), record(4, "viewed", "Ada"), record(3, "viewed", "Bob"), record(2, "noted", "Bob"), record(1, "noted", "Bob")]);
  expect(made.map(({ record: { seq }, times }) => [seq, times])).toEqual([[5, 2], [3, 1], [2, 1], [1, 1]]);
});

test("a move, which is two records, is one line", () => {
  const made = gathered([record(3, "image moved out", "Ada"), record(2, "image moved in", "Ada"), record(1, "uploaded", "Ada")]);
  expect(made.map(({ record: { seq } }) => seq)).toEqual([2, 1]);
});

test("deeds are told with what they were about", () => {
  expect(deed(record(1, "uploaded", "Ada", { name: "beach.jpg", sha256: "a" }))).toBe("added it: beach.jpg");
  expect(deed(record(2, "concluded", "Ada", { outcome: "consistent", text: "x" }))).toBe("concluded: Consistent");
  expect(deed(record(5, "reviewed", "Ada", { verdict: "sign-off" }))).toBe("reviewed a conclusion: signs off");
  expect(deed(record(3, "viewed", "Ada"), 3)).toBe("viewed it, 3 times");
  expect(deed(record(4, "something new", "Ada"))).toBe("something new");
});
