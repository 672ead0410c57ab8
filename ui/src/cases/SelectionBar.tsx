import { Button, Group, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowsDiff, IconCopy, IconDots, IconFileText, IconGavel, IconPlayerStop, IconRefresh, IconTableExport, IconTag, IconTagOff } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { words } from "@/words";
import { BulkForm, type Asked } from "./BulkForm";
import { type BulkAction, type BulkResult, keysOf, saveTable, type Selection, useBulk } from "./selection";
import classes from "./selection.module.css";
import type { Sieve } from "./sieve";

/** The most images that a report on a selection takes; the server refuses more. */
const MOST_TOLD = 60;

interface SelectionBarProps {
  caseId: string;
  selection: Selection;
  sieve: Sieve;
  total: number;
  mayWrite: boolean;
}

/** What can be done to the chosen images. */
export function SelectionBar({ caseId, selection, sieve, total, mayWrite }: SelectionBarProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const bulk = useBulk(caseId);
  const keys = [...selection.keys];
  if (keys.length === 0) return null;
  const act = (action: BulkAction) =>
    bulk.mutate(
      { action, keys },
      {
        onSuccess: (result) => {
          notifications.show({ message: told(result), closeButtonProps: { "aria-label": words.close } });
          setAsked(null);
        },
      },
    );
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
            <Button leftSection={<IconDots size={16} />} variant="default" loading={bulk.isPending}>
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
                <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => act({ action: "examine" })}>{words.case.examineAgain}</Menu.Item>
                <Menu.Item leftSection={<IconPlayerStop size={16} />} onClick={() => act({ action: "cancel" })}>{words.bulk.cancel}</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <BulkForm asked={asked} caseId={caseId} count={keys.length} busy={bulk.isPending} onAct={act} onClose={() => setAsked(null)} />
    </div>
  );
}

/** "12 images done. 3 skipped: already has this tag." */
function told({ done, skipped }: BulkResult): string {
  return [words.bulk.done(done), ...[...skipped].map(([why, count]) => words.bulk.skipped(count, why))].join(" ");
}
