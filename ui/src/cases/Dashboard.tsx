import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFolderOpen, IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { Me } from "@/api/types";
import { Heading } from "@/shell/Heading";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { words } from "@/words";
import { CaseCard } from "./CaseCard";
import classes from "./cases.module.css";
import { NewCase } from "./NewCase";
import { type CaseOrder, useCases } from "./queries";

const ORDERS = Object.entries(words.cases.sorts).map(([value, label]) => ({ value, label }));

/** All cases that one may see, with what was found in them. */
export function Dashboard({ me }: { me: Me }) {
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<CaseOrder>("active");
  const [closed, setClosed] = useState(false);
  const [page, setPage] = useState(1);
  const [opening, setOpening] = useState(false);
  const [sought] = useDebouncedValue(search.trim(), 250);
  const cases = useCases({ search: sought, sort, closed, page });
  const mayOpen = me.role !== "viewer";
  const first = () => setPage(1);

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
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            first();
          }}
        />
        <Select
          aria-label={words.cases.sort}
          data={ORDERS}
          value={sort}
          allowDeselect={false}
          onChange={(value) => setSort(value as CaseOrder)}
        />
        <Switch
          label={words.cases.closedToo}
          checked={closed}
          onChange={(event) => {
            setClosed(event.currentTarget.checked);
            first();
          }}
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
      <Pages listed={cases.data} onPage={setPage} />
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
