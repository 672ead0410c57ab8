import { expect, test } from "vitest";
import { detailsText } from "./Records";

test("details are told in a line, and hashes cut to what tells them apart", () => {
  const sha256 = "a87ec39eab83".padEnd(64, "0");
  expect(detailsText({ name: "beach.jpg", bytes: 71736, sha256 })).toBe("name beach.jpg · bytes 71736 · sha256 a87ec39eab…");
  expect(detailsText({})).toBe("");
});
