import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Annotation } from "@/api/types";
import { draw } from "@/testing";
import { AnnotationCard } from "./AnnotationCard";

const SAID: Annotation = {
  id: "a".repeat(32), shape: "rectangle", points: [[1, 2], [3, 4]], text: "the shadow", by: "Ada",
  at: "2026-11-30T12:00:00Z", changed_at: null, version: "v".repeat(32),
};
const asked: Request[] = [];

function answer(request: Request): Response {
  asked.push(request);
  const path = new URL(request.url).pathname;
  if (path.endsWith("/session")) return Response.json({ id: "1", name: "Ada", role: "examiner", csrf_token: "t" });
  return request.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({ items: [] });
}

beforeEach(() => {
  asked.length = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation((given) => Promise.resolve(answer(new Request(given))));
});
afterEach(() => void vi.restoreAllMocks());

const card = (said: Annotation, mayWrite: boolean) => <AnnotationCard evidenceId="e" said={said} number={3} mayWrite={mayWrite} onClose={() => undefined} />;

test("its author may remove it, as it was read", async () => {
  draw(card(SAID, true));
  await userEvent.click(await screen.findByRole("button", { name: "Remove the region" }));
  const removal = asked.find(({ method }) => method === "DELETE");
  expect(removal?.headers.get("If-Match")).toBe(`"${SAID.version}"`);
});

test.each([
  ["another examiner", { ...SAID, by: "Bob" }, true],
  ["who only reads", SAID, false],
])("%s sees the comment alone", async (_who, said, mayWrite) => {
  draw(card(said, mayWrite));
  expect(screen.getByText("the shadow")).toBeInTheDocument();
  await expect(screen.findByRole("button", { name: /Change|Remove/ }, { timeout: 400 })).rejects.toThrow();
  expect(asked.some(({ url }) => url.endsWith("/session"))).toBe(true);
});
