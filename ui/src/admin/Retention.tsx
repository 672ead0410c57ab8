import { Switch, Table } from "@mantine/core";
import { IconCalendarCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { ClosedCase } from "@/api/types";
import { FateMenu } from "@/deletion/FateMenu";
import { useClosedCases } from "@/deletion/queries";
import { when } from "@/format";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { TableBox } from "@/shell/TableBox";
import { words } from "@/words";
import { Sections } from "./Sections";

/** Closed cases, when each falls due to be deleted, and the ways to hold or delete it. */
export default function Retention() {
  const [page, setPage] = useState(1);
  const [dueOnly, setDueOnly] = useState(false);
  const closed = useClosedCases(dueOnly, page);
  const none = dueOnly ? words.admin.noneDue : words.admin.noneClosed;
  return (
    <>
      <Sections title={words.admin.retention} lead={words.admin.retentionText(closed.data?.days ?? 0)} />
      <Switch
        mb="md"
        label={words.admin.dueOnly}
        checked={dueOnly}
        onChange={(event) => {
          setDueOnly(event.currentTarget.checked);
          setPage(1);
        }}
      />
      {closed.isPending && <Loading />}
      {closed.error && <Failure error={closed.error} retry={() => void closed.refetch()} />}
      {closed.data?.total === 0 && <Empty icon={IconCalendarCheck} title={none} text="" />}
      {closed.data && closed.data.total > 0 && <Cases items={closed.data.items} />}
      <Pages listed={closed.data} onPage={setPage} />
    </>
  );
}

function Cases({ items }: { items: readonly ClosedCase[] }) {
  return (
    <TableBox label={words.admin.retention}>
      <Table.Thead>
        <Table.Tr>
          {words.admin.retentionHead.map((name) => (
            <Table.Th key={name}>{name}</Table.Th>
          ))}
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td>{item.title}</Table.Td>
            <Table.Td>{item.owner}</Table.Td>
            <Table.Td>{when(item.closed_at)}</Table.Td>
            <Table.Td>{fate(item)}</Table.Td>
            <Table.Td>{item.images}</Table.Td>
            <Table.Td ta="right">
              <FateMenu item={item} label={words.admin.more(item.title)} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableBox>
  );
}

function fate({ hold, due, due_at }: ClosedCase): string {
  if (hold) return words.deletion.heldBy(hold.by, when(hold.at));
  if (due) return words.admin.due;
  return due_at ? when(due_at) : "–";
}
