import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { draw } from "@/testing";
import { SignIn } from "./SignIn";

afterEach(() => vi.unstubAllGlobals());

const ME = { id: "1", name: "Eve", role: "examiner", csrf_token: "t", must_enrol: false, max_upload_bytes: 1 };

/** A server that lets in who gives the code 123456. */
function server() {
  const tried: unknown[] = [];
  const refused = (detail: string) =>
    Response.json({ detail, errors: { json: { code: [detail] } } }, { status: 401 });
  const answer = async (request: Request) => {
    if (request.method === "GET") return Response.json({ needed: false });
    const given = (await request.json()) as { code?: string };
    tried.push(given);
    if (!given.code) return refused("enter the code that your authenticator shows");
    return given.code === "123456" ? Response.json(ME, { status: 201 }) : refused("this code is wrong");
  };
  vi.stubGlobal("fetch", vi.fn(answer));
  return tried;
}

test("the code is asked for in place, and only of who has a second factor", async () => {
  const tried = server();
  draw(<SignIn />);
  fireEvent.change(screen.getByRole("textbox", { name: /Name/ }), { target: { value: "Eve" } });
  fireEvent.change(screen.getByLabelText(/Password/), { target: { value: "secret" } });
  expect(screen.queryByRole("textbox", { name: /Code/ })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  const code = await screen.findByRole("textbox", { name: /Code/ });
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.change(code, { target: { value: "000000" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("This code is wrong.");
  fireEvent.change(code, { target: { value: "123456" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(tried).toHaveLength(3));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(tried[2]).toEqual({ name: "Eve", password: "secret", code: "123456" });
});

test("a provider of identities is offered where there is one, and its refusal is explained", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ needed: false, provider: "login.example.org" })));
  window.history.replaceState(null, "", "/?refused=unknown");
  draw(<SignIn />);
  expect(await screen.findByRole("link", { name: "Sign in with login.example.org" })).toHaveAttribute("href", "/api/v1/oidc/start");
  expect(screen.getByRole("alert")).toHaveTextContent("Nobody has invited you yet.");
  window.history.replaceState(null, "", "/");
});
