import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { draw } from "@/testing";
import { useSelection } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { SIEVE } from "./sieve";

const ALL = Array.from({ length: 1_200 }, (_, i) => i.toString(16).padStart(32, "0"));
const asked = vi.fn();

function Chosen() {
  const selection = useSelection();
  return (
    <>
      <button onClick={() => selection.toggle(ALL[0] ?? "")}>toggle</button>
      <SelectionBar caseId="c1" selection={selection} sieve={{ ...SIEVE, sort: "name" }} total={ALL.length} mayWrite />
    </>
  );
}

afterEach(() => vi.unstubAllGlobals());

test("a whole list is chosen, and an action is sent in parts that the server takes", async () => {
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    asked(request.method, pathname + search, request.method === "POST" ? (await request.json()).evidence.length : null);
    if (request.method === "GET") return Response.json({ keys: ALL });
    return Response.json({ done: 1, skipped: [{ id: "x", why: "is queued already" }] });
  });
  draw(<Chosen />);
  expect(screen.queryByRole("region")).toBeNull();
  await userEvent.click(screen.getByText("toggle"));
  expect(screen.getByText("1 image chosen")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Choose all 1,200" }));
  expect(await screen.findByText("1,200 images chosen")).toBeVisible();
  expect(asked).toHaveBeenLastCalledWith("GET", "/api/v1/cases/c1/evidence/keys?search=&sort=name", null);
  asked.mockClear();
  await userEvent.click(screen.getByRole("button", { name: "More" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Examine again" }));
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(3));
  expect(asked.mock.calls.map(([, , count]) => count)).toEqual([500, 500, 200]);
  await userEvent.click(screen.getByText("toggle"));
  expect(screen.getByText("1,199 images chosen")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Choose none" }));
  expect(screen.queryByRole("region")).toBeNull();
});
