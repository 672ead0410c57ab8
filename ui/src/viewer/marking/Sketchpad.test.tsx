import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { draw } from "@/testing";
import { Sketchpad } from "./Sketchpad";
import { ToolBox } from "./ToolBox";
import { useSketch } from "./useSketch";

const SIZE = { width: 100, height: 80 };
const VIEW = { scale: 1, x: 0, y: 0 };

function Held({ mayWrite = true }: { mayWrite?: boolean }) {
  const sketching = useSketch();
  const { points, isDone } = sketching.sketch;
  return (
    <>
      <ToolBox tool={sketching.tool} mayWrite={mayWrite} onTake={sketching.take} />
      <div>
        <Sketchpad viewer={null} size={SIZE} view={VIEW} sketching={sketching} />
      </div>
      <output>{JSON.stringify({ points: points.map(({ x, y }) => [x, y]), isDone })}</output>
    </>
  );
}

const sketch = () => JSON.parse(screen.getByText(/"points"/).textContent ?? "") as { points: number[][]; isDone: boolean };

test("a rectangle is marked by keys alone, and Escape lays the tool down", async () => {
  draw(<Held />);
  await userEvent.click(screen.getByRole("button", { name: "Mark a rectangle" }));
  const pad = screen.getByRole("application");
  expect(pad).toHaveFocus();
  await userEvent.keyboard("{ArrowRight}{Enter}{ArrowRight}{ArrowDown}{Shift>}{ArrowDown}{/Shift}{Enter}");
  expect(sketch()).toEqual({ points: [[12, 0], [24, 13]], isDone: true });
  await userEvent.keyboard("{Escape}");
  expect(sketch().points).toEqual([]);
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("application")).toBeNull();
});

test("an area is closed by Enter at the same place, and told", async () => {
  draw(<Held />);
  await userEvent.click(screen.getByRole("button", { name: "Measure an area" }));
  await userEvent.keyboard("{Enter}{ArrowRight}{Enter}{ArrowDown}{Enter}{Enter}");
  expect(sketch().isDone).toBe(true);
  expect(screen.getByText(/72 px²/)).toBeInTheDocument();
});

test("who only reads may look and measure, but not mark", () => {
  draw(<Held mayWrite={false} />);
  expect(screen.queryByRole("button", { name: /Mark/ })).toBeNull();
  expect(screen.getByRole("button", { name: "Loupe" })).toBeInTheDocument();
});
