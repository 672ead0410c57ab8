import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Finding, FindingView } from "@/api/types";
import { draw } from "@/testing";
import { words } from "@/words";
import { around, FindingPanel } from "./FindingPanel";
import { JpegBlock } from "./JpegBlock";
import { Kinds } from "./Kinds";
import { OpinionsPanel } from "./OpinionsPanel";

const opinion = (system: string, more: Partial<Finding["opinions"][number]> = {}) => ({
  system,
  title: system,
  score: 0.5,
  outcome: "inconclusive" as const,
  applicable: true,
  reason: `because of ${system}`,
  log10_likelihood_ratio: 0.1,
  ...more,
});

const FINDING: Finding = {
  schema_version: "1.2",
  file: "beach.jpg",
  sha256: "0".repeat(64),
  width: 640,
  height: 427,
  outcome: "inconsistent",
  score: 0.904,
  log10_likelihood_ratio: 0.97,
  log10_constant: 0.01,
  false_alarm_rate: 0.05,
  thresholds: [0.22, 0.69],
  kind: null,
  kinds: {},
  mask: null,
  mask_threshold: 0.5,
  patches: [{ left: 72, top: 56, width: 224, height: 224, score: 0.99 }],
  copies: [],
  opinions: [
    opinion("grid", { applicable: false, reason: "a PNG has no JPEG grid", log10_likelihood_ratio: null }),
    opinion("copy-move", { outcome: "inconsistent", score: 0.97, log10_likelihood_ratio: 0.19 }),
  ],
  agreements: [],
  counter_tests: [],
  history: [],
  facts: [],
  limits: ["A score is no proof."],
  evidence: {
    format: "PNG",
    bytes: 1,
    stored_mode: "RGB",
    orientation: 1,
    frames: 1,
    steps: [],
    warnings: [],
    metadata: {},
    jpeg: null,
  },
  versions: {},
};
const VIEW: FindingView = {
  headline: "Inconsistent with an original",
  meaning: "What was measured is rare among untouched photographs.",
  support: "",
  finding: FINDING,
  maps: [],
  outline: [],
  reports: {},
};

test("opinions without a say come last, and say why", () => {
  draw(<OpinionsPanel view={VIEW} />);
  const rows = screen.getAllByRole("row").map((row) => row.textContent);
  const place = (text: string) => rows.findIndex((row) => row.includes(text));
  expect(place("copy-move")).toBeLessThan(place("No say"));
  expect(place("a PNG has no JPEG grid")).toBe(place("No say") + 1);
  expect(rows[place("because of copy-move")]).toContain("unusual for an original");
});

test("the sum is the finding's own, with its constant", () => {
  draw(<OpinionsPanel view={VIEW} />);
  const total = screen.getByRole("row", { name: /All together/ });
  expect(total).toHaveTextContent("0.90");
  expect(total).toHaveTextContent("+0.97");
  expect(screen.getByText(/a constant of \+0.01/)).toBeVisible();
});

test("without kinds it is said that none is told; with kinds the likeliest comes first", () => {
  const { unmount } = draw(<Kinds kinds={{}} likeliest={null} />);
  expect(screen.getByText(words.finding.noKinds)).toBeVisible();
  unmount();
  draw(<Kinds kinds={{ splicing: 0.2, "copy-move": 0.7 }} likeliest="copy-move" />);
  const [first] = screen.getAllByRole("listitem");
  expect(within(first as HTMLElement).getByText("copy-move")).toBeVisible();
  expect(first).toHaveTextContent("70 %");
});

test("a part that is chosen is shown", async () => {
  const choose = vi.fn();
  draw(<FindingPanel view={VIEW} onChoose={choose} />);
  await userEvent.click(screen.getByRole("button", { name: /Part 1/ }));
  expect(choose).toHaveBeenCalledWith(FINDING.patches[0]);
  expect(screen.getByText("A score is no proof.")).toBeVisible();
});

test("two boxes lie in the one around them", () => {
  expect(around({ left: 10, top: 5, width: 4, height: 4 }, { left: 0, top: 8, width: 2, height: 10 })).toEqual({
    left: 0,
    top: 5,
    width: 14,
    height: 13,
  });
});

test("a file that is no JPEG has no structure to show, and says so", () => {
  draw(<JpegBlock jpeg={null} />);
  expect(screen.getByText(words.file.notJpeg)).toBeVisible();
});
