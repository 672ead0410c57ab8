import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Divider } from "./Divider";

function Held() {
  const [at, setAt] = useState(0.5);
  return <Divider at={at} onMove={setAt} />;
}

test("the keys move the divider, and never beyond the stage", async () => {
  render(<Held />);
  const divider = screen.getByRole("slider");
  divider.focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(divider).toHaveAttribute("aria-valuenow", "52");
  await userEvent.keyboard("{End}{ArrowRight}");
  expect(divider).toHaveAttribute("aria-valuenow", "100");
  await userEvent.keyboard("{Home}{PageDown}");
  expect(divider).toHaveAttribute("aria-valuenow", "0");
});
