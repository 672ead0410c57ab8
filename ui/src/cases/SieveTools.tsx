import { Select, Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { words } from "@/words";
import classes from "./cases.module.css";
import { SIEVE, type Sieve } from "./sieve";

const ORDERS = Object.entries(words.case.sorts).map(([value, label]) => ({ value, label }));
const OUTCOMES = Object.entries(words.outcomes).map(([value, label]) => ({ value, label }));
const STATES = Object.entries(words.states).map(([value, label]) => ({ value, label }));

interface SieveToolsProps {
  sieve: Sieve;
  onChange: (change: Partial<Sieve>) => void;
  children?: ReactNode;
}

/** Search, order and filter. */
export function SieveTools({ sieve, onChange, children }: SieveToolsProps) {
  return (
    <div className={classes.tools}>
      <TextInput
        aria-label={words.case.search}
        placeholder={words.case.searchHint}
        leftSection={<IconSearch size={16} />}
        value={sieve.search}
        onChange={(event) => onChange({ search: event.currentTarget.value })}
      />
      <Select
        aria-label={words.case.sort}
        data={ORDERS}
        value={sieve.sort}
        allowDeselect={false}
        onChange={(sort) => onChange({ sort: sort ?? SIEVE.sort })}
      />
      <Select
        aria-label={words.case.filter}
        placeholder={words.case.all}
        data={OUTCOMES}
        value={sieve.outcome || null}
        clearable
        clearButtonProps={{ "aria-label": words.case.all }}
        onChange={(outcome) => onChange({ outcome: outcome ?? "" })}
      />
      <Select
        aria-label={words.case.state}
        placeholder={words.case.allStates}
        data={STATES}
        value={sieve.state || null}
        clearable
        clearButtonProps={{ "aria-label": words.case.allStates }}
        onChange={(state) => onChange({ state: state ?? "" })}
      />
      <Switch
        label={words.case.nearOnly}
        checked={sieve.near !== ""}
        onChange={(event) => onChange({ near: event.currentTarget.checked ? "1" : "" })}
      />
      {children}
    </div>
  );
}
