import type { Finding } from "@/api/types";
import { words } from "@/words";
import { Block } from "./Block";
import sheet from "./file.module.css";
import { Sheet } from "./Sheet";

type Jpeg = NonNullable<Finding["evidence"]["jpeg"]>;

function rowsOf({ progressive, quality, quality_is_exact, subsampling, tables }: Jpeg): [string, string][] {
  const told = words.file.jpegRows;
  const rows: [string, string][] = [[told.coding, progressive ? told.progressive : told.baseline]];
  if (quality !== null) rows.push([told.quality, quality_is_exact ? told.exact(quality) : told.near(quality)]);
  if (subsampling) rows.push([told.colour, (told.subsamplings as Record<string, string>)[subsampling] ?? subsampling]);
  return [...rows, [told.tables, String(tables.length)]];
}

/** How a JPEG was coded, and its quantisation tables. */
export function JpegBlock({ jpeg }: { jpeg: Jpeg }) {
  return (
    <Block title={words.file.jpeg}>
      <Sheet rows={rowsOf(jpeg)} />
      <details className={sheet.details}>
        <summary>{words.file.tables}</summary>
        {jpeg.tables.slice(0, 2).map((rows, n) => (
          <table key={n} className={sheet.quantisation}>
            <caption>{words.file.table(n)}</caption>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  {row.map((value, j) => (
                    <td key={j}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </details>
    </Block>
  );
}
