import { expect, test } from "vitest";
import { words } from "@/words";
import { explain } from "./client";

test("the server's own sentence is shown as a sentence", () => {
  expect(explain(401, { detail: "name or password is wrong" })).toBe("Name or password is wrong.");
});

test("what is wrong with a field names the field", () => {
  const body = { detail: "a field of the request is wrong", errors: { json: { title: ["begins or ends with a space; leave it out"] } } };
  expect(explain(422, body)).toBe("Title: begins or ends with a space; leave it out.");
});

test("too many requests and bodies that are not JSON have words too", () => {
  expect(explain(429, null)).toBe(words.tooMany);
  expect(explain(502, null)).toContain("502");
});
