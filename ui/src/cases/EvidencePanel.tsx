import { Checkbox, SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { IconPhoto, IconSearch } from "@tabler/icons-react";
import type { Evidence } from "@/api/types";
import { QueueLine } from "@/live/QueueLine";
import type { Queue } from "@/live/useLive";
import { useSession } from "@/session/session";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { useAddress } from "@/shell/useAddress";
import { DropZone } from "@/upload/DropZone";
import { UploadList } from "@/upload/UploadList";
import { useUploads } from "@/upload/useUploads";
import { words } from "@/words";
import classes from "./evidence.module.css";
import { EvidenceCard } from "./EvidenceCard";
import { EvidenceTable } from "./EvidenceTable";
import type { Powers } from "./ImageMenu";
import { useEvidenceList } from "./queries";
import { type Selection, useSelection } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { isSifted, SIEVE, type Sieve, takeAlong } from "./sieve";
import { SieveTools } from "./SieveTools";

const SHOWN = { ...SIEVE, page: "1", view: "grid" };

const VIEWS = Object.entries(words.table.views).map(([value, label]) => ({ value, label }));

interface EvidencePanelProps extends Powers {
  id: string;
  mayWrite: boolean;
  queue: Queue | null;
}

/** A case's images, and the way to add more. */
export function EvidencePanel({ id, mayWrite, mayMove, mayDelete, queue }: EvidencePanelProps) {
  const [{ page, view, ...sieve }, show] = useAddress(SHOWN);
  const [search] = useDebouncedValue(sieve.search, 250);
  const list = useEvidenceList(id, { ...sieve, search }, Number(page) || 1);
  const filtered = isSifted(sieve);
  const nothing = list.data?.total === 0 && !filtered;
  return (
    <>
      {mayWrite && <Adding id={id} compact={!nothing} />}
      {!nothing && (
        <SieveTools sieve={sieve} onChange={(change) => show({ ...change, page: "1" })}>
          <SegmentedControl aria-label={words.table.view} data={VIEWS} value={view} onChange={(next) => show({ view: next })} />
        </SieveTools>
      )}
      <QueueLine queue={queue} />
      {list.isPending && <Loading rows={2} height={220} />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.data?.total === 0 && <None filtered={filtered} mayWrite={mayWrite} />}
      {list.data && list.data.total > 0 && (
        <Chosen
          caseId={id}
          listed={list.data}
          sieve={{ ...sieve, search }}
          typed={sieve}
          isTable={view === "table"}
          {...{ mayWrite, mayMove, mayDelete }}
          onPage={(next) => show({ page: String(next) }, true)}
        />
      )}
    </>
  );
}

interface ChosenProps extends Powers {
  caseId: string;
  listed: { items: Evidence[]; total: number; page: number; per_page: number };
  /** What is listed; it follows what is typed by a moment. */
  sieve: Sieve;
  /** What a link to an image takes along, so that the way back shows all that was typed. */
  typed: Sieve;
  isTable: boolean;
  mayWrite: boolean;
  onPage: (page: number) => void;
}

/** The images of the list as pictures or rows, and what can be done to those that are chosen. */
function Chosen({ caseId, listed, sieve, typed, isTable, mayWrite, mayMove, mayDelete, onPage }: ChosenProps) {
  const selection = useSelection();
  const { items, total, page } = listed;
  return (
    <>
      {isTable ? (
        <EvidenceTable {...{ caseId, sieve, total, selection }} along={takeAlong(typed)} />
      ) : (
        <>
          <Listed {...{ items, selection, mayWrite, mayMove, mayDelete }} along={takeAlong(typed, String(page))} />
          <Pages listed={listed} onPage={onPage} />
        </>
      )}
      <SelectionBar {...{ caseId, selection, sieve, total, mayWrite, mayMove, mayDelete }} />
    </>
  );
}

interface ListedProps extends Powers {
  items: readonly Evidence[];
  /** What of the address a link to an image takes along. */
  along: string;
  selection: Selection;
  mayWrite: boolean;
}

function Listed({ items, along, selection, mayWrite, mayMove, mayDelete }: ListedProps) {
  return (
    <ul className={classes.grid}>
      {items.map((item) => (
        <li key={item.id}>
          <EvidenceCard {...{ item, along, mayWrite, mayMove, mayDelete }}>
            <Checkbox
              className={classes.choose ?? ""}
              aria-label={words.bulk.choose(item.name)}
              checked={selection.keys.has(item.id)}
              onChange={() => selection.toggle(item.id)}
            />
          </EvidenceCard>
        </li>
      ))}
    </ul>
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
