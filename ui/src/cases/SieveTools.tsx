import { Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type Outcome, words } from "@/words";
import classes from "./cases.module.css";
import type { EvidenceOrder } from "./queries";

/** Which images of a case are shown, in which order. */
export interface Sieve {
  search: string;
  sort: EvidenceOrder;
  outcome: Outcome | null;
}

const ORDERS = Object.entries(words.case.sorts).map(([value, label]) => ({ value, label }));
const OUTCOMES = Object.entries(words.outcomes).map(([value, label]) => ({ value, label }));

/** Search, order and filter. */
export function SieveTools({ sieve, onChange }: { sieve: Sieve; onChange: (sieve: Sieve) => void }) {
  return (
    <div className={classes.tools}>
      <TextInput
        aria-label={words.case.search}
        placeholder={words.case.search}
        leftSection={<IconSearch size={16} />}
        value={sieve.search}
        onChange={(event) => onChange({ ...sieve, search: event.currentTarget.value })}
      />
      <Select
        aria-label={words.case.sort}
        data={ORDERS}
        value={sieve.sort}
        allowDeselect={false}
        onChange={(sort) => onChange({ ...sieve, sort: sort as EvidenceOrder })}
      />
      <Select
        aria-label={words.case.filter}
        placeholder={words.case.all}
        data={OUTCOMES}
        value={sieve.outcome}
        clearable
        clearButtonProps={{ "aria-label": words.case.all }}
        onChange={(outcome) => onChange({ ...sieve, outcome: outcome as Outcome | null })}
      />
    </div>
  );
}
