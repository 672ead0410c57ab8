import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Evidence } from "@/api/types";
import { draw } from "@/testing";
import { EvidenceCard } from "./EvidenceCard";

const ITEM: Evidence = {
  id: "e1",
  case_id: "c1",
  name: "beach.jpg",
  sha256: "0".repeat(64),
  bytes: 71_736,
  format: "JPEG",
  width: 600,
  height: 400,
  uploaded_at: "2026-11-21T12:00:00Z",
  uploaded_by: "Ada",
  state: "done",
  step: "",
  progress: 1,
  attempts: 1,
  error: null,
  finished_at: null,
  outcome: "inconclusive",
  score: 0.294,
  kind: null,
  priority: null,
  duplicate: false,
  match: null,
  conclusions: [],
  disagreement: false,
  notes: 0,
  near_duplicates: 0,
  tags: [],
  thumbnail: null,
  rendition: null,
};

test("an examined image shows its outcome and score, and leads to the viewer", () => {
  draw(<EvidenceCard item={ITEM} mayWrite />);
  expect(screen.getByText("Inconclusive")).toBeVisible();
  expect(screen.getByText("0.29")).toBeVisible();
  expect(screen.getByRole("link", { name: "Open beach.jpg" })).toHaveAttribute("href", "/evidence/e1");
  expect(screen.queryByRole("button")).toBeNull();
});

test("a running one shows how far it is and can be cancelled, but not by a reader", () => {
  const running: Evidence = { ...ITEM, state: "running", step: "noise", progress: 0.4, outcome: null, score: null };
  const { unmount } = draw(<EvidenceCard item={running} mayWrite />);
  expect(screen.getByRole("progressbar", { name: "beach.jpg: 40 %" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Cancel the examination of beach.jpg" })).toBeVisible();
  unmount();
  draw(<EvidenceCard item={running} mayWrite={false} />);
  expect(screen.queryByRole("button")).toBeNull();
});

test("a failed one says why and can be examined again", () => {
  const failed: Evidence = { ...ITEM, state: "failed", error: "the JPEG content is damaged", outcome: null, score: null };
  draw(<EvidenceCard item={failed} mayWrite />);
  expect(screen.getByText("the JPEG content is damaged")).toBeVisible();
  expect(screen.getByRole("button", { name: "Examine beach.jpg again" })).toBeVisible();
});

test("duplicates, known originals, conclusions and notes are remarked", () => {
  const remarked: Evidence = {
    ...ITEM,
    duplicate: true,
    match: { id: "o1", label: "Agency raw", how: "perceptual", distance: 3 },
    conclusions: [{ id: "1", outcome: "consistent", by: "Ada", at: "", agree: [], disagree: [], signed_off: ["Bob"] }],
    notes: 2,
  };
  draw(<EvidenceCard item={remarked} mayWrite />);
  const remarks = screen.getAllByRole("listitem").map((remark) => remark.textContent);
  expect(remarks).toHaveLength(4);
  expect(remarks.join()).toContain("Looks like the registered original “Agency raw”");
  expect(remarks.join()).toContain("Ada: Consistent, signed off by Bob");
});

test("a disagreement of examiners is said first", () => {
  const brief = { at: "", agree: [], disagree: [], signed_off: [] };
  const disputed: Evidence = {
    ...ITEM,
    disagreement: true,
    conclusions: [
      { id: "1", outcome: "consistent", by: "Ada", ...brief },
      { id: "2", outcome: "inconsistent", by: "Bob", ...brief },
    ],
  };
  draw(<EvidenceCard item={disputed} mayWrite />);
  const remarks = screen.getAllByRole("listitem").map((remark) => remark.textContent);
  expect(remarks).toEqual(["Examiners disagree", "Ada: Consistent", "Bob: Inconsistent"]);
});
