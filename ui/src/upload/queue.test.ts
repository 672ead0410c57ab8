import { expect, test } from "vitest";
import { words } from "@/words";
import { AT_ONCE, isOpen, reduce, startable, type Upload } from "./queue";

const MIB = 1 << 20;
const file = (name: string, size = 10) => new File([new Uint8Array(size)], name);
const add = (files: File[], uploads: readonly Upload[] = []) =>
  reduce(uploads, { type: "add", files, firstKey: uploads.length, largest: MIB });

test("files wait in the order in which they came, and only so many start", () => {
  const uploads = add(["a", "b", "c", "d", "e"].map((name) => file(name)));
  expect(startable(uploads).map((upload) => upload.file.name)).toEqual(["a", "b", "c"].slice(0, AT_ONCE));
});

test("what is on its way leaves fewer places", () => {
  const uploads = reduce(add([file("a"), file("b"), file("c"), file("d")]), {
    type: "change",
    key: 0,
    change: { state: "sending" },
  });
  expect(startable(uploads)).toHaveLength(AT_ONCE - 1);
});

test("empty and too large files are refused before anything is sent", () => {
  const [empty, large, fine] = add([file("empty", 0), file("large", MIB + 1), file("fine", MIB)]);
  expect(empty).toMatchObject({ state: "refused", text: words.upload.empty });
  expect(large).toMatchObject({ state: "refused", text: words.upload.tooLarge(1) });
  expect(fine).toMatchObject({ state: "waiting" });
});

test("clearing keeps what is not finished", () => {
  const uploads = reduce(add([file("a"), file("b")]), { type: "change", key: 0, change: { state: "sent" } });
  const left = reduce(uploads, { type: "clear" });
  expect(left.map((upload) => upload.file.name)).toEqual(["b"]);
  expect(left.every(isOpen)).toBe(true);
});
