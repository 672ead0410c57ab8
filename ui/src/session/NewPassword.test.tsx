import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { draw } from "@/testing";
import { words } from "@/words";
import { NewPassword, passwordProblem, SHORTEST } from "./NewPassword";

test("short ones and unequal ones are refused, in that order", () => {
  expect(passwordProblem("short", "other")).toBe(words.session.tooShort(SHORTEST));
  expect(passwordProblem("long enough, this", "long enough, that")).toBe(words.session.differs);
  expect(passwordProblem("x".repeat(SHORTEST), "x".repeat(SHORTEST))).toBeNull();
});

test("only a password that was typed twice alike is sent", async () => {
  const send = vi.fn();
  draw(<NewPassword submit="Set" pending={false} error={null} onSubmit={send} />);
  await userEvent.type(screen.getByLabelText(/New password/), "a lamp and patience");
  await userEvent.type(screen.getByLabelText(/Repeat the password/), "a lamp and patienc");
  await userEvent.click(screen.getByRole("button", { name: "Set" }));
  expect(screen.getByText(words.session.differs)).toBeVisible();
  expect(send).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText(/Repeat the password/), "e");
  await userEvent.click(screen.getByRole("button", { name: "Set" }));
  expect(send).toHaveBeenCalledWith("a lamp and patience");
});
