import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

type Values = Record<string, string>;

/** The part of an address behind "?": what differs from the defaults, or "". */
export function searchOf(values: Values, defaults: Values, kept = ""): string {
  const params = new URLSearchParams(kept);
  for (const [name, value] of Object.entries(values)) {
    if (value === (defaults[name] ?? "")) params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/**
 * What is shown, as the page's address says it, so that a link, a reload and the way back show the same.
 *
 * What equals its default is left out; what other parts of the page keep in the address stays. A change replaces the
 * address unless it is a step that the browser's way back shall undo. `defaults` must be the same object each time.
 */
export function useAddress<Shown extends Values>(defaults: Shown) {
  const search = useSearch();
  const [, navigate] = useLocation();
  const shown = useMemo(() => {
    const params = new URLSearchParams(search);
    const read = Object.entries(defaults).map(([name, value]) => [name, params.get(name) ?? value]);
    return Object.fromEntries(read) as Shown;
  }, [search, defaults]);
  const show = useCallback(
    (change: Partial<Shown>, step = false) => {
      const next = searchOf(change as Values, defaults, location.search);
      if (next !== location.search) navigate(location.pathname + next, { replace: !step });
    },
    [defaults, navigate],
  );
  return [shown, show] as const;
}
