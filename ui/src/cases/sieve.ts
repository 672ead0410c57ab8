import { searchOf } from "@/shell/useAddress";
import type { Outcome, State } from "@/words";
import type { EvidenceOrder } from "./queries";

/** Which images of a case are listed, in which order, as the address holds it. */
export const SIEVE: Record<"search" | "sort" | "outcome" | "state" | "near", string> = {
  search: "", sort: "uploaded", outcome: "", state: "", near: "",
};

export type Sieve = typeof SIEVE;

/** Whether a list holds less than the whole case. */
export function isSifted({ search, outcome, state, near }: Sieve): boolean {
  return search.trim() + outcome + state + near !== "";
}

/** The same as the server is asked. */
export function sieveQuery({ search, sort, outcome, state, near }: Sieve) {
  return {
    search: search.trim(),
    sort: sort as EvidenceOrder,
    ...(outcome && { outcome: outcome as Outcome }),
    ...(state && { state: state as State }),
    ...(near && { near_duplicates: true }),
  };
}

/** The part of an address behind "?" that takes a list along: to an image of it, and back. */
export function takeAlong(sieve: Sieve, page = "1"): string {
  return searchOf({ ...sieve, page }, { ...SIEVE, page: "1" });
}
