import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { draw } from "@/testing";
import { Palette } from "./Palette";

const PLACES = [
  { href: "/", label: "Cases", within: /^\/$/ },
  { href: "/account", label: "Account", within: /^\/account/ },
];
const FOUND = {
  cases: [{ id: "c1", title: "Accident", owner: "Ada" }],
  items: [{ id: "e1", name: "acc.jpg", case_title: "Accident", outcome: "inconclusive", thumbnail: null }],
  total: 11,
};

test("pages, cases and images are found, and the keys open one", async () => {
  const asked = vi.fn();
  vi.stubGlobal("fetch", (request: Request) => {
    asked(new URL(request.url).searchParams.get("words"));
    return Promise.resolve(Response.json(FOUND));
  });
  const close = vi.fn();
  draw(<Palette places={PLACES} opened onClose={close} />);
  const input = await screen.findByRole("combobox");
  expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["CasesPage", "AccountPage"]);
  await userEvent.type(input, "acc");
  expect(await screen.findByRole("option", { name: /acc.jpg/ })).toBeVisible();
  expect(asked).toHaveBeenLastCalledWith("acc");
  const options = screen.getAllByRole("option");
  expect(options.map((one) => one.getAttribute("aria-selected"))).toEqual(["true", "false", "false"]);
  expect(screen.getByText("3 more images; add a word to narrow it down.")).toBeVisible();
  await userEvent.keyboard("{ArrowUp}{Enter}");
  expect(location.pathname).toBe("/evidence/e1");
  expect(close).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
