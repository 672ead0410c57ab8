import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Case } from "@/api/types";
import { draw } from "@/testing";
import { GroupShares } from "./GroupShares";

afterEach(() => vi.unstubAllGlobals());

const SHARE = { group_id: "g1", name: "Night shift", access: "read", members: [{ user_id: "u1", name: "Bob" }] };

function server() {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    if (request.method === "DELETE") return Promise.resolve(new Response(null, { status: 204 }));
    return Promise.resolve(Response.json({ items: [SHARE], total: 1, page: 1, per_page: 200 }));
  });
  return asked;
}

test("who is in a group that sees the case is named, and its owner withdraws the share", async () => {
  const asked = server();
  draw(<GroupShares item={{ id: "c1", access: "owner" } as Case} />);
  expect(await screen.findByText("Bob")).toBeVisible();
  fireEvent.click(screen.getByRole("button", { name: "Stop sharing with Night shift" }));
  await waitFor(() => expect(asked).toContain("DELETE /api/v1/cases/c1/groups/g1"));
});

test("whoever does not own it sees the groups and changes nothing", async () => {
  server();
  draw(<GroupShares item={{ id: "c1", access: "read" } as Case} />);
  expect(await screen.findByText("Night shift")).toBeVisible();
  expect(screen.queryByRole("button")).toBeNull();
});
