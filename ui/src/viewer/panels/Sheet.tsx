import sheet from "./file.module.css";

/** A name, its value, and what is known of it besides: the key that it is stored under, whether it is no text. */
type Row = readonly [string, string, { key: string; isBinary: boolean }?];

/** Names and values; values may be long, and anybody may have written them. */
export function Sheet({ rows }: { rows: readonly Row[] }) {
  return (
    <dl className={sheet.sheet}>
      {rows.map(([name, value, more], i) => (
        <div key={i}>
          <dt title={more?.key}>{name}</dt>
          <dd data-binary={more?.isBinary || undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
