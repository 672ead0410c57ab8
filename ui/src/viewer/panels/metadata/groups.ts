import { words } from "@/words";
import { placeIn } from "./place";
import { TELLERS } from "./values";

export type GroupName = keyof typeof words.metadata.groups;

/** A field of the file's metadata as a person reads it. */
export interface Field {
  /** As stored, "Exif:FNumber". */
  key: string;
  label: string;
  value: string;
  isBinary: boolean;
}

export interface Group {
  name: GroupName;
  fields: Field[];
}

/** Tag → group; tags of other sources go by their source. */
const GROUPS: Record<GroupName, readonly string[]> = {
  camera: ["Make", "Model", "LensMake", "LensModel", "LensSpecification", "BodySerialNumber", "LensSerialNumber", "CameraOwnerName", "MakerNote"],
  exposure: [
    "ExposureTime", "FNumber", "ISOSpeedRatings", "PhotographicSensitivity", "FocalLength", "FocalLengthIn35mmFilm", "ExposureBiasValue",
    "ExposureProgram", "ExposureMode", "MeteringMode", "Flash", "WhiteBalance", "LightSource", "SceneCaptureType", "SubjectDistance",
  ],
  dates: ["DateTimeOriginal", "DateTimeDigitized", "DateTime", "OffsetTimeOriginal", "OffsetTime", "SubsecTimeOriginal"],
  place: [],
  programs: ["Software", "ProcessingSoftware", "HostComputer", "Artist", "Copyright", "ImageDescription", "UserComment"],
  picture: [
    "Orientation", "ExifImageWidth", "ExifImageHeight", "ImageWidth", "ImageLength", "ColorSpace", "XResolution", "YResolution",
    "ResolutionUnit", "YCbCrPositioning", "ComponentsConfiguration",
  ],
  other: [],
  storage: ["ExifOffset", "GPSInfo", "ExifVersion", "FlashPixVersion", "ExifInteroperabilityOffset"],
};
const GROUP_OF = new Map((Object.keys(GROUPS) as GroupName[]).flatMap((name) => GROUPS[name].map((tag) => [tag, name] as const)));
const ORDER = new Map(Object.values(GROUPS).flat().map((tag, i) => [tag, i]));
/** Fields that are told as one place where they give one. */
const COORDINATES = new Set(["GPS:GPSLatitude", "GPS:GPSLatitudeRef", "GPS:GPSLongitude", "GPS:GPSLongitudeRef"]);
const TIFF = new Set(["EXIF", "Exif", "GPS", "Interop"]);

/** What a file states about itself, in groups and in the order in which people ask for it. */
export function groupsOf(metadata: Readonly<Record<string, string>>): Group[] {
  const found = new Map<GroupName, Field[]>();
  const told = placeIn(metadata) ? COORDINATES : null;
  for (const [key, stored] of Object.entries(metadata)) {
    if (told?.has(key)) continue;
    const name = groupOf(key);
    found.set(name, [...(found.get(name) ?? []), fieldOf(key, stored)]);
  }
  if (told && !found.has("place")) found.set("place", []);
  const names = Object.keys(GROUPS) as GroupName[];
  return names.flatMap((name) => {
    const fields = found.get(name);
    return fields ? [{ name, fields: fields.sort((one, other) => rank(one) - rank(other)) }] : [];
  });
}

function rank({ key }: Field): number {
  return ORDER.get(tagOf(key)) ?? ORDER.size;
}

function tagOf(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

function groupOf(key: string): GroupName {
  const source = key.slice(0, key.indexOf(":"));
  if (source === "GPS") return "place";
  if (source === "Interop") return "storage";
  if (TIFF.has(source)) return GROUP_OF.get(tagOf(key)) ?? "other";
  return /^(xmp|comment|description|title|author|software|copyright)/i.test(tagOf(key)) ? "programs" : "storage";
}

/** Whether a value is no text: bytes that no character set explains are shown by their name alone. */
export function isBinary(stored: string): boolean {
  return stored.trim() === "" || stored.includes("\ufffd") || /^b(['"]).*\\x.*\1$/.test(stored);
}

function fieldOf(key: string, stored: string): Field {
  const tag = tagOf(key);
  const label = (words.metadata.tags as Record<string, string>)[tag] ?? spelled(tag);
  if (isBinary(stored)) return { key, label, value: words.metadata.binary, isBinary: true };
  return { key, label, value: TELLERS[tag]?.(stored) ?? stored, isBinary: false };
}

/** "GPSImgDirectionRef" → "GPS img direction ref". */
function spelled(tag: string): string {
  const parts = tag.replace(/_/g, " ").replace(/([a-z\d])([A-Z])/g, "$1 $2").split(" ");
  const [first = "", ...more] = parts.map((part) => (/^[A-Z]{2,}/.test(part) ? part : part.toLowerCase()));
  return [first.charAt(0).toUpperCase() + first.slice(1), ...more].join(" ");
}
