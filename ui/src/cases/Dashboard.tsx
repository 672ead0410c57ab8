import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFolderOpen, IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { Me } from "@/api/types";
import { Heading } from "@/shell/Heading";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { useAddress } from "@/shell/useAddress";
import { words } from "@/words";
import { CaseCard } from "./CaseCard";
import classes from "./cases.module.css";
import { NewCase } from "./NewCase";
import { type CaseOrder, useCases } from "./queries";

const ORDERS = Object.entries(words.cases.sorts).map(([value, label]) => ({ value, label }));

const SHOWN: Record<"search" | "sort" | "closed" | "page", string> = { search: "", sort: "active", closed: "", page: "1" };

/** All cases that one may see, with what was found in them. */
export function Dashboard({ me }: { me: Me }) {
  const [shown, show] = useAddress(SHOWN);
  const [opening, setOpening] = useState(false);
  const [sought] = useDebouncedValue(shown.search.trim(), 250);
  const closed = shown.closed !== "";
  const cases = useCases({ search: sought, sort: shown.sort as CaseOrder, closed, page: Number(shown.page) || 1 });
  const mayOpen = me.role !== "viewer";
  return (
    <>
      <Heading title={words.cases.title} lead={cases.data && words.cases.count(cases.data.total)}>
        {mayOpen && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => setOpening(true)}>
            {words.cases.new}
          </Button>
        )}
      </Heading>
      <div className={classes.tools}>
        <TextInput
          aria-label={words.cases.search}
          placeholder={words.cases.search}
          leftSection={<IconSearch size={16} />}
          value={shown.search}
          onChange={(event) => show({ search: event.currentTarget.value, page: "1" })}
        />
        <Select
          aria-label={words.cases.sort}
          data={ORDERS}
          value={shown.sort}
          allowDeselect={false}
          onChange={(value) => show({ sort: value ?? SHOWN.sort, page: "1" })}
        />
        <Switch
          label={words.cases.closedToo}
          checked={closed}
          onChange={(event) => show({ closed: event.currentTarget.checked ? "1" : "", page: "1" })}
        />
      </div>
      {cases.isPending && <Loading rows={3} height={150} />}
      {cases.error && <Failure error={cases.error} retry={() => void cases.refetch()} />}
      {cases.data?.total === 0 && <NoCases sought={sought !== "" || closed} mayOpen={mayOpen} open={() => setOpening(true)} />}
      <ul className={classes.grid}>
        {cases.data?.items.map((item) => (
          <li key={item.id}>
            <CaseCard item={item} />
          </li>
        ))}
      </ul>
      <Pages listed={cases.data} onPage={(page) => show({ page: String(page) }, true)} />
      <NewCase opened={opening} onClose={() => setOpening(false)} />
    </>
  );
}

function NoCases({ sought, mayOpen, open }: { sought: boolean; mayOpen: boolean; open: () => void }) {
  if (sought) return <Empty icon={IconSearch} title={words.cases.noMatch} text={words.cases.noMatchText} />;
  const text = mayOpen ? words.cases.noneText : words.cases.noneForViewer;
  return (
    <Empty icon={IconFolderOpen} title={words.cases.none} text={text}>
      {mayOpen && <Button onClick={open}>{words.cases.new}</Button>}
    </Empty>
  );
}
