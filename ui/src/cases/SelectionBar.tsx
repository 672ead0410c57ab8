import { Button, Group, Menu } from "@mantine/core";
import { IconArrowsDiff, IconCopy, IconDots, IconFileText, IconFolderSymlink, IconGavel, IconPlayerStop, IconRefresh, IconTableExport, IconTag, IconTagOff, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { DeleteMany } from "@/deletion/DeleteMany";
import { MoveModal } from "@/moving/MoveModal";
import { inform } from "@/shell/inform";
import { Quoting } from "@/shell/Said";
import { words } from "@/words";
import { BulkForm, type Asked } from "./BulkForm";
import type { Powers } from "./ImageMenu";
import { type BulkAction, type BulkResult, keysOf, saveTable, type Selection, useBulk, useDeleteMany, useMoveMany } from "./selection";
import classes from "./selection.module.css";
import type { Sieve } from "./sieve";

/** The most images that a report on a selection takes; the server refuses more. */
const MOST_TOLD = 60;

interface SelectionBarProps extends Powers {
  caseId: string;
  selection: Selection;
  sieve: Sieve;
  total: number;
  mayWrite: boolean;
}

/** What can be done to the chosen images. */
export function SelectionBar({ caseId, selection, sieve, total, mayWrite, mayMove, mayDelete }: SelectionBarProps) {
  const [asked, setAsked] = useState<Asked | "move" | "delete" | null>(null);
  const close = () => setAsked(null);
  const telling = (done: (count: number) => string, left = false) => (result: BulkResult) => {
    inform(told(result, done));
    close();
    if (left) selection.replace([]);
  };
  const bulk = useBulk(caseId, telling(words.bulk.done));
  const move = useMoveMany(caseId, telling(words.moving.moved, true));
  const remove = useDeleteMany(caseId, telling(words.deletion.deletedMany, true));
  const keys = [...selection.keys];
  if (keys.length === 0) return null;
  const act = (action: BulkAction) => bulk.mutate({ action, keys });
  return (
    <div className={classes.bar} role="region" aria-label={words.bulk.title}>
      <strong aria-live="polite">{words.bulk.chosen(keys.length)}</strong>
      <Group gap="xs">
        {keys.length < total && (
          <Button variant="subtle" size="compact-md" onClick={() => void keysOf(caseId, sieve).then(selection.replace)}>
            {words.bulk.all(total)}
          </Button>
        )}
        <Button variant="subtle" size="compact-md" onClick={() => selection.replace([])}>
          {words.bulk.none}
        </Button>
      </Group>
      <Group gap="xs" ml="auto">
        {keys.length === 2 && (
          <Button component={Link} href={`/compare/${keys.join("/")}`} leftSection={<IconArrowsDiff size={16} />} variant="default">
            {words.compare.title}
          </Button>
        )}
        {mayWrite && (
          <>
            <Button leftSection={<IconGavel size={16} />} variant="default" onClick={() => setAsked("conclude")}>
              {words.bulk.conclude}
            </Button>
            <Button leftSection={<IconTag size={16} />} variant="default" onClick={() => setAsked("tag")}>
              {words.bulk.tag}
            </Button>
          </>
        )}
        <Menu position="top-end" shadow="md">
          <Menu.Target>
            <Button leftSection={<IconDots size={16} />} variant="default" loading={[bulk, move, remove].some(({ isPending }) => isPending)}>
              {words.bulk.more}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTableExport size={16} />} onClick={() => void saveTable(caseId, keys)}>
              {words.bulk.table}
            </Menu.Item>
            {keys.length <= MOST_TOLD && (
              <Menu.Item
                component="a"
                href={`/api/v1/cases/${caseId}/report.pdf?${keys.map((key) => `evidence=${key}`).join("&")}`}
                download
                leftSection={<IconFileText size={16} />}
              >
                {words.bulk.report}
              </Menu.Item>
            )}
            {mayWrite && (
              <>
                <Menu.Item leftSection={<IconTagOff size={16} />} onClick={() => setAsked("untag")}>{words.bulk.untag}</Menu.Item>
                <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => setAsked("copy")}>{words.bulk.copy}</Menu.Item>
                {mayMove && (
                  <Menu.Item leftSection={<IconFolderSymlink size={16} />} onClick={() => setAsked("move")}>{words.moving.images}</Menu.Item>
                )}
                <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => act({ action: "examine" })}>{words.case.examineAgain}</Menu.Item>
                <Menu.Item leftSection={<IconPlayerStop size={16} />} onClick={() => act({ action: "cancel" })}>{words.bulk.cancel}</Menu.Item>
              </>
            )}
            {mayDelete && (
              <>
                <Menu.Divider />
                <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsked("delete")}>{words.deletion.chosen}</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <BulkForm
        asked={asked === "move" || asked === "delete" ? null : asked}
        caseId={caseId}
        count={keys.length}
        busy={bulk.isPending}
        onAct={act}
        onClose={close}
      />
      <MoveModal
        caseId={caseId}
        title={words.moving.many(keys.length)}
        opened={asked === "move"}
        busy={move.isPending}
        onClose={close}
        onMove={(case_id, reason) => move.mutate({ case_id, reason, keys })}
      />
      {asked === "delete" && (
        <DeleteMany
          count={keys.length}
          opened
          busy={remove.isPending}
          onClose={close}
          onReason={(reason) => remove.mutate({ reason, keys })}
        />
      )}
    </div>
  );
}

/** "12 images done. 3 images skipped: already has this tag." */
function told({ done, skipped }: BulkResult, say: (count: number) => string): ReactNode {
  const reasons = [...skipped].map(([why, count]) => <span key={why}> <Quoting text={words.bulk.skipped(count, why)} said={why} /></span>);
  return <>{say(done)}{reasons}</>;
}
