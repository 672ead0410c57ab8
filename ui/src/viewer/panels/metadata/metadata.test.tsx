import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw } from "@/testing";
import { groupsOf, isBinary } from "./groups";
import { MetadataBlock } from "./MetadataBlock";
import { decimal, placeIn, sexagesimal } from "./place";
import { exposure, flash, moment } from "./values";

const PARIS = {
  "GPS:GPSLatitude": "(48.0, 51.0, 29.6)", "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": "(2.0, 17.0, 40.2)", "GPS:GPSLongitudeRef": "E",
};

test("times, flash and dates as people say them", () => {
  expect(exposure("0.004")).toBe("1/250 s");
  expect(exposure("2.5")).toBe("2.5 s");
  expect(exposure("nothing")).toBeNull();
  expect(moment("2026:05:02 12:12:44")).toBe("2 May 2026, 12:12:44");
  expect(moment("0000:00:00 00:00:00")).toBeNull();
  expect(flash("16")).toBe("did not fire, switched off");
  expect(flash("25")).toBe("fired, automatic");
  expect(flash("95")).toBe("fired, return light detected, automatic, red-eye reduction");
});

test("a place in degrees of both spellings, south and west negative", () => {
  const place = placeIn(PARIS);
  expect(place && decimal(place)).toBe("48.85822, 2.29450");
  expect(place && sexagesimal(place)).toBe("48° 51′ 29.6″ N, 2° 17′ 40.2″ E");
  const rio = placeIn({ ...PARIS, "GPS:GPSLatitudeRef": "S", "GPS:GPSLongitudeRef": "W" });
  expect(rio && decimal(rio)).toBe("-48.85822, -2.29450");
  expect(placeIn({ ...PARIS, "GPS:GPSLatitude": "(148.0, 0, 0)" })).toBeNull();
  expect(placeIn({ "GPS:GPSLatitude": "(48.0, 0, 0)" })).toBeNull();
});

test("fields stand in groups, in the order in which people ask, and what is unknown keeps its name and value", () => {
  const groups = groupsOf({ "Exif:FNumber": "2.8", "EXIF:Make": "NIKON", "Exif:ExposureTime": "0.004", "Exif:LensTilt": "3", "EXIF:ExifOffset": "222" });
  expect(groups.map(({ name, fields }) => [name, fields.map(({ label, value }) => `${label}: ${value}`)])).toEqual([
    ["camera", ["Maker: NIKON"]],
    ["exposure", ["Exposure time: 1/250 s", "Aperture: f/2.8"]],
    ["other", ["Lens tilt: 3"]],
    ["storage", ["Offset of the Exif block: 222"]],
  ]);
});

test("a place is told once, and the rest of its fields below", () => {
  const [place] = groupsOf({ ...PARIS, "GPS:GPSTimeStamp": "(10.0, 12.0, 44.0)" });
  expect(place?.fields.map(({ label, value }) => `${label}: ${value}`)).toEqual(["Time, UTC: 10:12:44"]);
  expect(groupsOf(PARIS)).toEqual([{ name: "place", fields: [] }]);
  expect(groupsOf({ "GPS:GPSLatitudeRef": "N" })[0]?.fields).toHaveLength(1);
});

test("bytes that are no text are named, not printed", () => {
  expect(isBinary("\ufffd\ufffd2")).toBe(true);
  expect(isBinary("")).toBe(true);
  expect(isBinary("Canon EOS")).toBe(false);
  draw(<MetadataBlock metadata={{ "Exif:ComponentsConfiguration": "", ...PARIS }} />);
  const row = screen.getByText("Component order").parentElement as HTMLElement;
  expect(within(row).getByText("binary data")).toBeInTheDocument();
  expect(screen.getByRole("img", { name: /48° 51′ 29.6″ N/ })).toBeInTheDocument();
});

test("without metadata that is said", () => {
  draw(<MetadataBlock metadata={{}} />);
  expect(screen.getByText("The file states nothing about itself.")).toBeInTheDocument();
});
