import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Evidence } from "@/api/types";
import { draw } from "@/testing";
import { MatchBanner } from "./MatchBanner";
import { placeOf } from "./useAlignment";

const ONE = { width: 600, height: 400 };
const OTHER = { width: 300, height: 300 };

test("a place that was found is used, and one that fits badly gives way to the sizes", () => {
  const found = { scale: 1.5, left: 10, top: -20, correlation: 0.97 };
  expect(placeOf(ONE, OTHER, found)).toEqual({
    box: { left: 10, top: -20, width: 450, height: 450 }, isFound: true, correlation: 0.97,
  });
  expect(placeOf(ONE, OTHER, { ...found, correlation: 0.5 })).toEqual({
    box: { left: 100, top: 0, width: 400, height: 400 }, isFound: false, correlation: 0.5,
  });
  expect(placeOf(ONE, OTHER, null).isFound).toBe(false);
});

const answered = (evidence_id: string | null) =>
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(Response.json({ evidence_id })));

const item = (how: string) => ({ id: "a", match: { id: "o", label: "From the camera", how, distance: 3 } }) as unknown as Evidence;

afterEach(() => void vi.restoreAllMocks());

test("a match is announced, with the way to compare where one may see the original", async () => {
  answered("b");
  draw(<MatchBanner item={item("perceptual")} />);
  expect(screen.getByText(/Looks like the registered original “From the camera”/)).toBeInTheDocument();
  expect(await screen.findByRole("link", { name: "Compare with the original" })).toHaveAttribute("href", "/compare/a/b");
});

test("where the original is in a foreign case, that is said instead", async () => {
  answered(null);
  draw(<MatchBanner item={item("perceptual")} />);
  expect(await screen.findByText("Its image is not in any case you can see.")).toBeInTheDocument();
  expect(screen.queryByRole("link")).toBeNull();
});

test("the same bytes need no comparison, and without a match nothing is said", () => {
  answered("b");
  const { unmount } = draw(<MatchBanner item={item("exact")} />);
  expect(screen.getByText(/The bytes are the same/)).toBeInTheDocument();
  unmount();
  draw(<MatchBanner item={{ id: "a", match: null } as Evidence} />);
  expect(screen.queryByRole("region")).toBeNull();
});
