import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Evidence, FindingView, ReportView } from "@/api/types";
import { draw } from "@/testing";
import { around, readBox, writeBox } from "../view";
import { square } from "./Crop";
import { FindingPanel } from "./FindingPanel";
import { Gauge } from "./Gauge";
import { Kinds } from "./Kinds";
import { OpinionsPanel } from "./OpinionsPanel";

type Row = ReportView["opinions"]["rows"][number];

const row = (title: string, more: Partial<Row> = {}): Row => ({
  name: title,
  title,
  alone: "0.50",
  adds: "+0.10",
  bar: 0.05,
  says: "–",
  void: false,
  reason: `because of ${title}`,
  ...more,
});

const REGION = { left: 72, top: 56, width: 224, height: 224, score: 0.99 };
const SAYS: ReportView = {
  name: "beach.jpg",
  outcome: "inconsistent",
  headline: "Inconsistent with an original",
  answer: {
    labels: {}, what: "Signs of alteration found", how: "", because: "", where: "Most clearly at the left.",
    reasons: [], why: "", short: "", next: [], request: "", declared: "", sure: [], outlined: true,
  },
  meaning: "Measurements like these are rare in untouched photographs.",
  support: "",
  summary: [],
  titles: { limits: "What this finding cannot tell", kinds: "How" },
  gauge: { score: 0.904, text: "0.90", thresholds: [0.22, 0.69], low: "original", high: "alteration", note: "Read it so." },
  where: {
    sentence: "",
    parts: [{ text: "Part 1: 224 × 224 px", score: "0.99", region: REGION }],
    note: "The most suspicious parts.",
    three_points: "",
  },
  copies: null,
  pairs: [],
  agreements: null,
  kinds: { sentence: "No kind of edit is named: nothing is marked.", systems: [], rows: [], note: "Supposing it was." },
  explanations: [],
  explained: "",
  counter_tests: null,
  opinions: {
    fused: true,
    rows: [
      row("Copied regions", { says: "unusual for an original", alone: "0.97" }),
      row("JPEG grid", { void: true, says: "not used", reason: "a PNG has no JPEG grid" }),
    ],
    total: row("All together", { alone: "0.90", adds: "+0.97", bar: 0, reason: "the sum, plus a constant of +0.01" }),
    note: "How to read the columns.",
  },
  history: [],
  facts: { marked: [], all: [], note: "" },
  layers: [],
  traces: [],
  method: [],
  references: [],
  limits: ["A score is not proof."],
  file: [],
  repeat: { sentence: "", command: "", versions: [], cards: [] },
};
const VIEW = { says: SAYS, finding: { copies: [] }, maps: [], outline: [], reports: {} } as unknown as FindingView;

const ITEM = { id: "e1", rendition: null } as unknown as Evidence;

test("an opinion without a say spans its row, and says why below", () => {
  draw(<OpinionsPanel says={SAYS} />);
  const rows = screen.getAllByRole("row").map((one) => one.textContent);
  const place = (text: string) => rows.findIndex((one) => one.includes(text));
  expect(rows[place("JPEG grid")]).toBe("JPEG gridnot used");
  expect(place("a PNG has no JPEG grid")).toBe(place("not used") + 1);
  expect(rows[place("because of Copied regions")]).toBe("unusual for an original: because of Copied regions");
});

test("the sum is the finding's own, with its constant", () => {
  draw(<OpinionsPanel says={SAYS} />);
  const total = screen.getByRole("row", { name: /All together/ });
  expect(total).toHaveTextContent("0.90");
  expect(total).toHaveTextContent("+0.97");
  expect(screen.getByText(/a constant of \+0.01/)).toBeVisible();
});

test("without kinds the reason stands alone; with kinds the likeliest is ticked", () => {
  const { unmount } = draw(<Kinds kinds={SAYS.kinds} />);
  expect(screen.getByText(SAYS.kinds.sentence)).toBeVisible();
  expect(screen.queryByRole("list")).toBeNull();
  unmount();
  const kind = (title: string, ticked: boolean) =>
    ({ name: title, title, meaning: "", probability: 0.5, percent: "50 %", ticked, said: [] });
  draw(<Kinds kinds={{ ...SAYS.kinds, rows: [kind("Copy-move", true), kind("Splicing", false)] }} />);
  const [first, second] = screen.getAllByRole("listitem") as [HTMLElement, HTMLElement];
  expect(within(first).getByText("Copy-move")).toBeVisible();
  expect([first.dataset.likeliest, second.dataset.likeliest]).toEqual(["true", undefined]);
});

test("a finding without a score shows no bar, and says why", () => {
  const gauge = { ...SAYS.gauge, score: null, text: "–", note: "No score is given, because it is a drawing." };
  draw(<Gauge says={{ ...SAYS, gauge }} />);
  expect(screen.queryByRole("img")).toBeNull();
  expect(screen.getByText(gauge.note)).toBeVisible();
});

test("a part that is chosen is shown", async () => {
  const choose = vi.fn();
  draw(<FindingPanel item={ITEM} view={VIEW} onReason={vi.fn()} onChoose={choose} />);
  await userEvent.click(screen.getByRole("button", { name: /Part 1/ }));
  expect(choose).toHaveBeenCalledWith(REGION);
  expect(screen.getByText("A score is not proof.")).toBeVisible();
});

test("the answer comes first, and a reason shows its map and unfolds its step", async () => {
  const reason = {
    name: "copy-move", title: "Copied regions", layer: "copy-move", altered: true, towards: "points to an alteration",
    adds: "+0.90", bar: 0.45, here: "Two regions repeat.", rest: "No region repeats.", witness: "None.", harmless: "", refute: "A scratch.",
  };
  const answer = {
    ...SAYS.answer, labels: { what: "What", why: "Why", here: "Here", harmless: "Harmless" }, reasons: [reason], next: ["Ask for the original."],
  };
  const show = vi.fn();
  draw(<FindingPanel item={ITEM} view={{ ...VIEW, says: { ...SAYS, answer } }} onReason={show} onChoose={vi.fn()} />);
  const headings = screen.getAllByRole("heading").map((one) => one.textContent);
  expect(headings[0]).toBe("What");
  expect(screen.getByText("Signs of alteration found")).toBeVisible();
  expect(screen.queryByText("Two regions repeat.")).toBeNull();
  const button = screen.getByRole("button", { name: /Copied regions/ });
  await userEvent.click(button);
  expect(show).toHaveBeenCalledExactlyOnceWith(reason);
  expect(screen.getByText("Two regions repeat.")).toBeVisible();
  expect(screen.queryByText("Harmless")).toBeNull();
  await userEvent.click(button);
  expect(screen.queryByText("Two regions repeat.")).toBeNull();
  expect(show).toHaveBeenCalledOnce();
});

test("a crop is a square within the picture where that is large enough", () => {
  expect(square({ left: 0, top: 90, width: 10, height: 5 }, { width: 200, height: 100 })).toEqual({ left: 0, top: 85.5, side: 14 });
  expect(square({ left: 0, top: 0, width: 200, height: 50 }, { width: 200, height: 100 })).toEqual({ left: 0, top: -50, side: 200 });
});

test("a box is read back from an address, and nothing else is", () => {
  expect(readBox(writeBox({ left: -3.4, top: 2, width: 4.6, height: 9 }))).toEqual({ left: -3, top: 2, width: 5, height: 9 });
  for (const none of ["", "1,2,3", "1,2,0,4", "1,2,3,4,5", "a,b,c,d", "1e9,2,3,4"]) expect(readBox(none)).toBeNull();
});

test("two boxes lie in the one around them", () => {
  expect(around({ left: 10, top: 5, width: 4, height: 4 }, { left: 0, top: 8, width: 2, height: 10 })).toEqual({
    left: 0,
    top: 5,
    width: 14,
    height: 13,
  });
});
