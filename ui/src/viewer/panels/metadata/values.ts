import { list, trimmed } from "@/format";
import { words } from "@/words";

/** Decimal numbers in a text such as "(48.0, 51.0, 29.6)" or "0.004". */
export function numbersIn(text: string): number[] {
  return (text.match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);
}

const tell = words.metadata;
const day = new Intl.DateTimeFormat(words.locale, { dateStyle: "medium", timeZone: "UTC" });
type Teller = (text: string) => string | null;

const unit = (said: string, digits = 1): Teller => (text) => {
  const [number] = numbersIn(text);
  return number === undefined ? null : `${trimmed(number, digits)} ${said}`;
};

const choice = (names: Record<string, string>): Teller => (text) => names[text.trim()] ?? null;

/** "1/250 s", "2.5 s". */
export function exposure(text: string): string | null {
  const [seconds] = numbersIn(text);
  if (!seconds || seconds < 0) return null;
  return seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${trimmed(seconds, 1)} s`;
}

/** "2 May 2026, 12:12:44", from "2026:05:02 12:12:44"; in whatever zone the camera's clock was. */
export function moment(text: string): string | null {
  const [, date, time] = /^(\d{4}:\d\d:\d\d)(?: (\d\d:\d\d:\d\d))?/.exec(text) ?? [];
  const at = new Date(date?.replaceAll(":", "-") ?? "");
  if (Number.isNaN(at.getTime())) return null;
  return day.format(at) + (time ? `, ${time}` : "");
}

/** Bits of the EXIF tag Flash: fired, what came back, mode. */
export function flash(text: string): string | null {
  const [bits] = numbersIn(text);
  if (bits === undefined) return null;
  const said: string[] = [tell.flash.fired[bits & 1] ?? ""];
  const [mode, light] = [tell.flash.modes[(bits >> 3) & 3], tell.flash.returned[(bits >> 1) & 3]];
  if (light) said.push(light);
  if (mode) said.push(mode);
  if (bits & 0x40) said.push(tell.flash.redEye);
  return list(said);
}

/** "10:12:44", from "(10.0, 12.0, 44.0)". */
function clock(text: string): string | null {
  const parts = numbersIn(text);
  return parts.length === 3 ? parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":") : null;
}

/** What stands behind the eight bytes that name the character set. */
const comment: Teller = (text) => text.replace(/^(ASCII|UNICODE|JIS)\s*/, "") || null;
const pixels: Teller = (text) => (numbersIn(text)[0] ? `${numbersIn(text)[0]} px` : null);

/** How the value of a tag is told; whatever is not here, or cannot be read, is shown as it is stored. */
export const TELLERS: Record<string, Teller> = {
  ExposureTime: exposure,
  FNumber: (text) => (numbersIn(text)[0] ? `f/${trimmed(numbersIn(text)[0] ?? 0, 1)}` : null),
  ISOSpeedRatings: (text) => (numbersIn(text)[0] ? `ISO ${numbersIn(text)[0]}` : null),
  PhotographicSensitivity: (text) => (numbersIn(text)[0] ? `ISO ${numbersIn(text)[0]}` : null),
  FocalLength: unit("mm"),
  FocalLengthIn35mmFilm: unit("mm", 0),
  ExposureBiasValue: unit("EV", 2),
  SubjectDistance: unit("m", 2),
  Flash: flash,
  ExposureProgram: choice(tell.values.ExposureProgram),
  ExposureMode: choice(tell.values.ExposureMode),
  MeteringMode: choice(tell.values.MeteringMode),
  WhiteBalance: choice(tell.values.WhiteBalance),
  SceneCaptureType: choice(tell.values.SceneCaptureType),
  LightSource: choice(tell.values.LightSource),
  Orientation: choice(tell.values.Orientation),
  ColorSpace: choice(tell.values.ColorSpace),
  ResolutionUnit: choice(tell.values.ResolutionUnit),
  YCbCrPositioning: choice(tell.values.YCbCrPositioning),
  DateTime: moment,
  DateTimeOriginal: moment,
  DateTimeDigitized: moment,
  ExifImageWidth: pixels,
  ExifImageHeight: pixels,
  ImageWidth: pixels,
  ImageLength: pixels,
  UserComment: comment,
  GPSAltitude: unit("m", 1),
  GPSSpeed: unit("", 1),
  GPSImgDirection: unit("°", 1),
  GPSDateStamp: moment,
  GPSTimeStamp: clock,
};
