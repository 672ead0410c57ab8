import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { draw } from "@/testing";
import { useSelection } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { SIEVE } from "./sieve";

const ALL = Array.from({ length: 1_200 }, (_, i) => i.toString(16).padStart(32, "0"));
const asked = vi.fn();
const CASE = (id: string, access: string) => ({ id, title: `Case ${id}`, access, states: { queued: 0, running: 0 } });

function Chosen() {
  const selection = useSelection();
  return (
    <>
      <button onClick={() => selection.toggle(ALL[0] ?? "")}>toggle</button>
      <SelectionBar caseId="c1" selection={selection} sieve={{ ...SIEVE, sort: "name" }} total={ALL.length} mayWrite mayMove mayDelete />
    </>
  );
}

afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockClear();
});

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

test("chosen images move to the case that is picked, with the reason", async () => {
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "GET") return Response.json({ items: [CASE("c1", "owner"), CASE("c2", "write"), CASE("c3", "read")], total: 3 });
    asked(new URL(request.url).pathname, await request.json());
    return Response.json({ done: 1, skipped: [] });
  });
  draw(<Chosen />);
  await userEvent.click(screen.getByText("toggle"));
  await userEvent.click(screen.getByRole("button", { name: "More" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Move to a case" }));
  const button = await screen.findByRole("button", { name: "Move" });
  await userEvent.type(screen.getByRole("textbox", { name: /Reason/ }), "wrong claim");
  expect(button).toBeDisabled();
  await userEvent.click(screen.getByRole("combobox", { name: /Case/ }));
  expect(await screen.findAllByRole("option")).toHaveLength(1);
  await userEvent.click(screen.getByRole("option", { name: "Case c2" }));
  await userEvent.click(button);
  await vi.waitFor(() =>
    expect(asked).toHaveBeenCalledWith("/api/v1/cases/c1/evidence/move", { case_id: "c2", reason: "wrong claim", evidence: [ALL[0]] }),
  );
  await vi.waitFor(() => expect(screen.queryByRole("region")).toBeNull());
});

test("chosen images are deleted only with their number and a reason", async () => {
  vi.stubGlobal("fetch", async (request: Request) => {
    asked(new URL(request.url).pathname, await request.json());
    return Response.json({ done: 1, skipped: [] });
  });
  draw(<Chosen />);
  await userEvent.click(screen.getByText("toggle"));
  await userEvent.click(screen.getByRole("button", { name: "More" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Delete the images" }));
  const button = await screen.findByRole("button", { name: "Delete" });
  await userEvent.type(screen.getByRole("textbox", { name: /Reason/ }), "by order");
  const number = screen.getByRole("textbox", { name: /type the number of images: 1/ });
  await userEvent.type(number, "2");
  expect(button).toBeDisabled();
  await userEvent.clear(number);
  await userEvent.type(number, "1");
  await userEvent.click(button);
  await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("/api/v1/cases/c1/evidence/deletion", { reason: "by order", evidence: [ALL[0]] }));
});
