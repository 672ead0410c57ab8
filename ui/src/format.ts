/** Numbers and times as a person reads them. */

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
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
  return Math.abs(seconds) < 60 ? "just now" : relative.format(Math.round(seconds / length), unit);
}

/** "21 Nov 2026, 18:05", in the person's own zone. */
export function when(iso: string): string {
  return moment.format(new Date(iso));
}

/** "2026-11-21 18:05:09", UTC. */
export function utc(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replace("T", " ");
}

/** "71.7 kB". */
export function bytes(count: number): string {
  const steps = ["bytes", "kB", "MB", "GB"];
  const power = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toFixed(power && 1)} ${steps[power]}`;
}

/** A probability with two digits, as the report prints it. */
export function probability(value: number): string {
  return value.toFixed(2);
}

/** "+0.97". */
export function signed(value: number): string {
  return `${value < -0.005 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** Whole percent of a share. */
export function percent(share: number): number {
  return Math.round(100 * share);
}
