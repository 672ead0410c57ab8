import { Table } from "@mantine/core";
import type { LedgerRecord } from "@/api/types";
import { Link } from "wouter";
import { utc } from "@/format";
import { words } from "@/words";
import { TableBox } from "./TableBox";
import classes from "./records.module.css";

/** Records of the ledger as a table. */
export function Records({ records }: { records: readonly LedgerRecord[] }) {
  if (records.length === 0) return <p>{words.history.none}</p>;
  return (
    <TableBox label={words.admin.ledger}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.history.number}</Table.Th>
            <Table.Th>{words.history.when}</Table.Th>
            <Table.Th>{words.history.who}</Table.Th>
            <Table.Th>{words.history.what}</Table.Th>
            <Table.Th>{words.history.details}</Table.Th>
            <Table.Th>{words.history.seal}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {records.map((record) => (
            <Table.Tr key={record.seq}>
              <Table.Td className={classes.number ?? ""}>{record.seq}</Table.Td>
              <Table.Td className={classes.number ?? ""}>{utc(record.at)}</Table.Td>
              <Table.Td>{record.actor}</Table.Td>
              <Table.Td lang="en">{record.action}</Table.Td>
              <Table.Td className={classes.details ?? ""}>
                <span lang="en">{detailsText(record.details)}</span>
                <Elsewhere record={record} />
              </Table.Td>
              <Table.Td className={classes.seal ?? ""} title={record.hash}>{record.hash.slice(0, 10)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
    </TableBox>
  );
}

/** Where an image that was moved is now, or the case it came from; the page there says so to whom may not see it. */
function Elsewhere({ record: { action, evidence_id, details } }: { record: LedgerRecord }) {
  const { from } = details as { from?: string };
  if (action === "image moved out") return <Link href={`/evidence/${evidence_id}`}>{words.moving.whereNow}</Link>;
  if (action === "image moved in") return <Link href={`/cases/${from}`}>{words.moving.whereFrom}</Link>;
  return null;
}

/** "name beach.jpg · bytes 71736", hashes cut to what tells them apart. */
export function detailsText(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${plain(value)}`)
    .join(" · ");
}

function plain(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[0-9a-f]{32,64}$/.test(text) ? `${text.slice(0, 10)}…` : text;
}
