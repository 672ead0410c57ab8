import type { Finding } from "@/api/types";
import { words } from "@/words";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import sheet from "./file.module.css";

/** How the JPEG was written: quality, chroma, coding, quantisation tables. */
export function JpegBlock({ jpeg }: { jpeg: Finding["evidence"]["jpeg"] }) {
  if (!jpeg)
    return (
      <Block title={words.file.jpeg}>
        <p className={classes.soft}>{words.file.notJpeg}</p>
      </Block>
    );
  const quality = jpeg.quality_is_exact ? words.file.exact(jpeg.quality) : words.file.nearest(jpeg.quality);
  return (
    <Block title={words.file.jpeg}>
      <dl className={sheet.sheet}>
        <div><dt>{words.file.quality}</dt><dd>{quality}</dd></div>
        <div><dt>{words.file.chroma}</dt><dd>{jpeg.subsampling}</dd></div>
        <div><dt>{words.file.coding}</dt><dd>{jpeg.progressive ? words.file.progressive : words.file.baseline}</dd></div>
      </dl>
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
