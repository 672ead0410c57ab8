import sheet from "./file.module.css";

/** A name, its value, and what is known of it besides: the key that it is stored under, whether it is no text, its language. */
export type Row = readonly [string, string, { key?: string; isBinary?: boolean; lang?: string }?];

/** Rows as the server tells them. */
export function inEnglish(rows: readonly { name: string; value: string }[]): Row[] {
  return rows.map(({ name, value }) => [name, value, { lang: "en" }] as const);
}

/** Names and values; values may be long, and anybody may have written them. */
export function Sheet({ rows }: { rows: readonly Row[] }) {
  return (
    <dl className={sheet.sheet}>
      {rows.map(([name, value, more], i) => (
        <div key={i} lang={more?.lang}>
          <dt title={more?.key}>{name}</dt>
          <dd data-binary={more?.isBinary || undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
