import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { searchOf, useAddress } from "./useAddress";

const DEFAULTS = { sort: "uploaded", search: "", page: "1" };

beforeEach(() => history.replaceState(null, "", "/cases/1?tab=maps"));

test("only what differs from its default is in the address, beside what others keep there", () => {
  expect(searchOf({ sort: "name", search: "née & more" }, DEFAULTS, "?tab=maps")).toBe("?tab=maps&sort=name&search=n%C3%A9e+%26+more");
  expect(searchOf({ sort: "uploaded" }, DEFAULTS, "?sort=name")).toBe("");
});

test("the address says what is shown, and the way back undoes a step", () => {
  const { result } = renderHook(() => useAddress(DEFAULTS));
  const entries = history.length;
  act(() => result.current[1]({ search: "boat" }));
  expect([result.current[0].search, history.length]).toEqual(["boat", entries]);
  act(() => result.current[1]({ page: "2" }, true));
  expect([location.search, history.length]).toEqual(["?tab=maps&search=boat&page=2", entries + 1]);
  act(() => result.current[1]({ search: "", page: "1" }));
  expect(location.search).toBe("?tab=maps");
});
