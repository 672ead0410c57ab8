import { words } from "@/words";
import sheet from "../file.module.css";
import { type Place, sexagesimal } from "./place";

// Degrees between two lines.
const STEP = 30;
const MERIDIANS = Array.from({ length: 11 }, (_, i) => (i - 5) * STEP);
const PARALLELS = Array.from({ length: 5 }, (_, i) => (i - 2) * STEP);

/** A place among meridians and parallels, drawn here: no map is asked for, so that nobody learns of it. */
export function Graticule({ place }: { place: Place }) {
  const { latitude, longitude } = place;
  const { north, south, east, west } = words.metadata.hemispheres;
  return (
    <svg className={sheet.graticule} viewBox="-182 -92 364 200" fontSize={12} role="img" aria-label={words.metadata.sketch(sexagesimal(place))}>
      <rect x={-180} y={-90} width={360} height={180} />
      {MERIDIANS.map((at) => (
        <g key={at}>
          <line x1={at} x2={at} y1={-90} y2={90} data-main={at === 0 || undefined} />
          {at % 60 === 0 && <text x={at} y={104} textAnchor="middle">{label(at, east, west)}</text>}
        </g>
      ))}
      {PARALLELS.map((at) => (
        <g key={at}>
          <line x1={-180} x2={180} y1={-at} y2={-at} data-main={at === 0 || undefined} />
          <text x={-176} y={-at - 3}>{label(at, north, south)}</text>
        </g>
      ))}
      <line className={sheet.cross} x1={longitude} x2={longitude} y1={-90} y2={90} />
      <line className={sheet.cross} x1={-180} x2={180} y1={-latitude} y2={-latitude} />
      <circle cx={longitude} cy={-latitude} r={5} />
    </svg>
  );
}

function label(degrees: number, positive: string, negative: string): string {
  return degrees === 0 ? "0°" : `${Math.abs(degrees)}° ${degrees > 0 ? positive : negative}`;
}
