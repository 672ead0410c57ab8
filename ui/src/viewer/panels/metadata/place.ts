import { fixed } from "@/format";
import { words } from "@/words";
import { numbersIn } from "./values";

/** A place on the earth, in degrees; north and east are positive. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** The place that a file states; null where it states none that could be. */
export function placeIn(metadata: Readonly<Record<string, string>>): Place | null {
  const latitude = degrees(metadata["GPS:GPSLatitude"], metadata["GPS:GPSLatitudeRef"]);
  const longitude = degrees(metadata["GPS:GPSLongitude"], metadata["GPS:GPSLongitudeRef"]);
  if (latitude === null || longitude === null) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

/** Degrees, minutes and seconds, and a hemisphere. */
function degrees(parts = "", hemisphere = ""): number | null {
  const [whole, minutes = 0, seconds = 0] = numbersIn(parts);
  if (whole === undefined) return null;
  const value = whole + minutes / 60 + seconds / 3600;
  return /^[SW]/i.test(hemisphere.trim()) ? -value : value;
}

/** "48.85822, 2.29450", as maps take it. */
export function decimal({ latitude, longitude }: Place): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** "48° 51′ 29.6″ N, 2° 17′ 40.2″ E". */
export function sexagesimal({ latitude, longitude }: Place): string {
  const { north, south, east, west } = words.metadata.hemispheres;
  return `${parts(latitude)} ${latitude < 0 ? south : north}, ${parts(longitude)} ${longitude < 0 ? west : east}`;
}

function parts(value: number): string {
  const tenths = Math.round(Math.abs(value) * 36_000);
  return `${Math.floor(tenths / 36_000)}° ${Math.floor(tenths / 600) % 60}′ ${fixed((tenths % 600) / 10, 1)}″`;
}
