import { Alert } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { IconPhoto, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { Evidence } from "@/api/types";
import { useSession } from "@/session/session";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { DropZone } from "@/upload/DropZone";
import { UploadList } from "@/upload/UploadList";
import { useUploads } from "@/upload/useUploads";
import { words } from "@/words";
import classes from "./evidence.module.css";
import { EvidenceCard } from "./EvidenceCard";
import { useEvidenceList } from "./queries";
import { type Sieve, SieveTools } from "./SieveTools";
import { isBusy, useProgress } from "./useProgress";

/** A case's images, and the way to add more. */
export function EvidencePanel({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const [sieve, setSieve] = useState<Sieve>({ search: "", sort: "uploaded", outcome: null });
  const [page, setPage] = useState(1);
  const [search] = useDebouncedValue(sieve.search.trim(), 250);
  const list = useEvidenceList(id, { ...sieve, search, page });
  const filtered = search !== "" || sieve.outcome !== null;
  const nothing = list.data?.total === 0 && !filtered;
  const change = (next: Sieve) => {
    setSieve(next);
    setPage(1);
  };
  return (
    <>
      {mayWrite && <Adding id={id} compact={!nothing} />}
      {!nothing && <SieveTools sieve={sieve} onChange={change} />}
      {list.isPending && <Loading rows={2} height={220} />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.data && <Listed id={id} items={list.data.items} mayWrite={mayWrite} />}
      {list.data?.total === 0 && <None filtered={filtered} mayWrite={mayWrite} />}
      <Pages listed={list.data} onPage={setPage} />
    </>
  );
}

function Listed({ id, items, mayWrite }: { id: string; items: readonly Evidence[]; mayWrite: boolean }) {
  const lost = useProgress(id, items.some(isBusy));
  return (
    <>
      {lost && <Alert color="yellow" className={classes.notice ?? ""}>{words.case.lost}</Alert>}
      <ul className={classes.grid}>
        {items.map((item) => (
          <li key={item.id}>
            <EvidenceCard item={item} mayWrite={mayWrite} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Adding({ id, compact }: { id: string; compact: boolean }) {
  const queries = useQueryClient();
  const largest = useSession().data?.max_upload_bytes ?? Infinity;
  const { uploads, add, stop, again, clear } = useUploads(id, largest, () => {
    void queries.invalidateQueries({ queryKey: ["case", id, "evidence"] });
  });
  return (
    <>
      <DropZone onFiles={add} compact={compact} largest={largest} />
      <UploadList uploads={uploads} onStop={stop} onAgain={again} onClear={clear} />
    </>
  );
}

function None({ filtered, mayWrite }: { filtered: boolean; mayWrite: boolean }) {
  if (filtered) return <Empty icon={IconSearch} title={words.case.noMatch} text={words.case.noMatchText} />;
  return <Empty icon={IconPhoto} title={words.case.none} text={mayWrite ? words.case.noneText : words.case.noneToRead} />;
}
