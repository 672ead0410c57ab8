import type { Finding } from "@/api/types";
import { words } from "@/words";
import { Block } from "./Block";
import sheet from "./file.module.css";

/** The quantisation tables of a JPEG. */
export function JpegBlock({ jpeg }: { jpeg: NonNullable<Finding["evidence"]["jpeg"]> }) {
  return (
    <Block title={words.file.jpeg}>
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
