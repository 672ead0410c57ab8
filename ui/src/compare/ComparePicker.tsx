import { ActionIcon, Modal, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowsDiff } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import type { Evidence } from "@/api/types";
import { useEvidenceList } from "@/cases/queries";
import { SIEVE } from "@/cases/sieve";
import { words } from "@/words";
import classes from "./compare.module.css";

/** Choose the image of the same case with which this one is compared. */
export function ComparePicker({ item }: { item: Evidence }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip label={words.compare.choose}>
        <ActionIcon variant="default" size="lg" aria-label={words.compare.choose} onClick={() => setOpen(true)}>
          <IconArrowsDiff size={18} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={words.compare.choose} size="lg" closeButtonProps={{ "aria-label": words.close }}>
        <Others item={item} />
      </Modal>
    </>
  );
}

function Others({ item }: { item: Evidence }) {
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search, 250);
  const list = useEvidenceList(item.case_id, { ...SIEVE, search: wanted }, 1);
  const others = list.data?.items.filter(({ id, rendition }) => id !== item.id && rendition) ?? [];
  return (
    <>
      <TextInput
        data-autofocus
        label={words.case.search}
        placeholder={words.case.searchHint}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {list.data && others.length === 0 && <p className={classes.none}>{words.compare.noOther}</p>}
      <ul className={classes.others}>
        {others.map(({ id, name, thumbnail }) => (
          <li key={id}>
            <Link href={`/compare/${item.id}/${id}`} className={classes.other}>
              {thumbnail && <img src={thumbnail} alt="" loading="lazy" />}
              <span>{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
