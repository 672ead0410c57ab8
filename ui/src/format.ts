/** Numbers, times and lists as a person reads them, in the language of the page. */

import { words } from "@/words";

const { locale } = words;
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const listing = new Intl.ListFormat(locale, { type: "unit", style: "short" });
const wholeBytes = new Intl.NumberFormat(locale, { style: "unit", unit: "byte", unitDisplay: "long" });
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "5 minutes ago"; after a month the date itself. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Math.abs(seconds) > 30 * 86_400) return when(iso);
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return Math.abs(seconds) < 60 ? words.justNow : relative.format(Math.round(seconds / length), unit);
}

/** "21 Nov 2026, 18:05", in the person's own zone. */
export function when(iso: string): string {
  return moment.format(new Date(iso));
}

/** "2026-11-21 18:05:09", UTC; as in the ledger, in every language. */
export function utc(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replace("T", " ");
}

/** "71.7 kB". */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  if (power === 0) return wholeBytes.format(count);
  const unit = ["kilobyte", "megabyte", "gigabyte"][power - 1] ?? "";
  return fixed(count / 1000 ** power, 1, { style: "unit", unit });
}

/** A number with so many digits behind the point. */
export function fixed(value: number, digits: number, more: Intl.NumberFormatOptions = {}): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...more });
}

/** A number with so many digits behind the point at most. */
export function trimmed(value: number, digits: number): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits });
}

/** A probability with two digits, as the report prints it. */
export function probability(value: number): string {
  return fixed(value, 2);
}

/** "+0.97". */
export function signed(value: number): string {
  return `${value < -0.005 ? "−" : "+"}${fixed(Math.abs(value), 2)}`;
}

/** Whole percent of a share. */
export function percent(share: number): number {
  return Math.round(100 * share);
}

/** "Ada, Bob". */
export function list(names: readonly string[]): string {
  return listing.format(names);
}
