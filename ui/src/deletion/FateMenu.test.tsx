import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { draw } from "@/testing";
import { FateMenu } from "./FateMenu";

const HOLD = { reason: "litigation", by: "Ada", by_administrator: true, at: "2026-11-21T12:00:00Z" };

afterEach(() => vi.unstubAllGlobals());

function answering(body: unknown) {
  const asked = vi.fn<(request: Request) => Promise<Response>>(() => Promise.resolve(Response.json(body)));
  vi.stubGlobal("fetch", asked);
  return asked;
}

test("a case is deleted only with a reason", async () => {
  const asked = answering({ images: 2 });
  const deleted = vi.fn();
  draw(<FateMenu item={{ id: "c1", hold: null, images: 2 }} label="More" onDeleted={deleted} />);
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Delete the case" }));
  const button = await screen.findByRole("button", { name: "Delete" });
  const reason = screen.getByRole("textbox", { name: /Reason/ });
  fireEvent.change(reason, { target: { value: "    x " } });
  expect(button).toBeDisabled();
  fireEvent.change(reason, { target: { value: " by order of the court " } });
  fireEvent.click(button);
  await waitFor(() => expect(deleted).toHaveBeenCalled());
  const request = asked.mock.calls[0]?.[0];
  expect(request?.url).toContain("/api/v1/cases/c1/deletion");
  expect(await request?.json()).toEqual({ reason: "by order of the court" });
});

test("a held case can be let go, but not deleted", async () => {
  const asked = answering({ hold: null });
  draw(<FateMenu item={{ id: "c1", hold: HOLD, images: 2 }} label="More" />);
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  expect(await screen.findByRole("menuitem", { name: "Delete the case" })).toBeDisabled();
  fireEvent.click(screen.getByRole("menuitem", { name: "Lift the hold" }));
  fireEvent.change(await screen.findByRole("textbox", { name: /Reason/ }), { target: { value: "settled" } });
  fireEvent.click(screen.getByRole("button", { name: "Lift the hold" }));
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect(await asked.mock.calls[0]?.[0].json()).toEqual({ held: false, reason: "settled" });
});
