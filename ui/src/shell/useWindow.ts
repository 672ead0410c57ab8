import { type RefObject, useEffect, useState } from "react";

/** Rows beyond the edges that are drawn too, so that a quick turn of the wheel finds them there. */
const MORE = 8;

/** Which rows of a long list are within a box that scrolls: from the first to before the last. */
export function useWindow(box: RefObject<HTMLElement | null>, total: number, row: number): { from: number; to: number } {
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [box]);
  return rowsWithin(seen.top, seen.height, total, row);
}

export function rowsWithin(top: number, height: number, total: number, row: number): { from: number; to: number } {
  const from = Math.min(Math.max(0, Math.floor(top / row) - MORE), Math.max(0, total - 1));
  return { from, to: Math.min(total, Math.ceil((top + height) / row) + MORE) };
}
