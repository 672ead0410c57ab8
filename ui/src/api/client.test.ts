import { expect, test } from "vitest";
import { words } from "@/words";
import { refused } from "./client";

test("the server's own sentence is shown as a sentence", () => {
  expect(refused(401, { detail: "name or password is wrong" })).toMatchObject({ message: "Name or password is wrong.", lang: "en" });
});

test("what is wrong with a field names the field", () => {
  const body = { detail: "a field of the request is wrong", errors: { json: { title: ["begins or ends with a space; leave it out"] } } };
  expect(refused(422, body).message).toBe("Title: begins or ends with a space; leave it out.");
});

test("too many requests and bodies that are not JSON have words too", () => {
  expect(refused(429, { detail: "slow down" })).toMatchObject({ message: words.tooMany, lang: undefined });
  expect(refused(502, null).message).toContain("502");
  expect(refused(502, null).lang).toBeUndefined();
});
