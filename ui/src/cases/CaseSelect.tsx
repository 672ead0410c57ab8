import { Select } from "@mantine/core";
import { useState } from "react";
import { words } from "@/words";
import { useCases } from "./queries";

interface CaseSelectProps {
  /** The case that is not offered. */
  except: string;
  value: string | null;
  onChange: (id: string | null) => void;
}

/** An open case that one may write to. */
export function CaseSelect({ except, value, onChange }: CaseSelectProps) {
  const [search, setSearch] = useState("");
  const cases = useCases({ search, sort: "active", closed: false, page: 1 });
  const data = (cases.data?.items ?? []).filter(({ id, access }) => id !== except && access !== "read");
  return (
    <Select
      label={words.bulk.target}
      required
      data={data.map(({ id, title }) => ({ value: id, label: title }))}
      value={value}
      searchable
      data-autofocus
      nothingFoundMessage={words.bulk.noTarget}
      onSearchChange={setSearch}
      onChange={onChange}
    />
  );
}
