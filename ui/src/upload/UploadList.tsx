import { ActionIcon, Button, Progress } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconRefresh, IconX } from "@tabler/icons-react";
import { bytes, percent } from "@/format";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import { isOpen, type Upload } from "./queue";
import classes from "./upload.module.css";

interface UploadListProps {
  uploads: readonly Upload[];
  onStop: (upload: Upload) => void;
  onAgain: (upload: Upload) => void;
  onClear: () => void;
}

/** Every file on its way, with its own progress. */
export function UploadList({ uploads, onStop, onAgain, onClear }: UploadListProps) {
  if (uploads.length === 0) return null;
  const sent = uploads.filter(({ state }) => state === "sent").length;
  return (
    <Panel className={classes.list ?? ""} aria-label={words.upload.list}>
      <div className={classes.listHead}>
        <strong role="status">{words.upload.summary(sent, uploads.length)}</strong>
        {!uploads.every(isOpen) && (
          <Button variant="subtle" size="compact-sm" onClick={onClear}>
            {words.upload.dismiss}
          </Button>
        )}
      </div>
      <ul className={classes.rows}>
        {uploads.map((upload) => (
          <Row key={upload.key} upload={upload} onStop={() => onStop(upload)} onAgain={() => onAgain(upload)} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ upload, onStop, onAgain }: { upload: Upload; onStop: () => void; onAgain: () => void }) {
  const { file, state, share, text, lang } = upload;
  return (
    <li className={classes.row} data-state={state}>
      <span className={classes.name} title={file.name}>
        {file.name}
      </span>
      <span className={classes.size}>{bytes(file.size)}</span>
      <span className={classes.fate}>
        {state === "sent" && <IconCheck size={16} aria-hidden="true" />}
        {state === "refused" && <IconAlertTriangle size={16} aria-hidden="true" />}
        {state === "sending" ? <Bar name={file.name} share={share} /> : <span lang={lang}>{text || words.upload.waiting}</span>}
      </span>
      {isOpen(upload) && (
        <ActionIcon variant="subtle" color="gray" aria-label={words.upload.stop(file.name)} onClick={onStop}>
          <IconX size={16} />
        </ActionIcon>
      )}
      {state === "refused" && (
        <ActionIcon variant="subtle" color="gray" aria-label={words.upload.again(file.name)} onClick={onAgain}>
          <IconRefresh size={16} />
        </ActionIcon>
      )}
    </li>
  );
}

function Bar({ name, share }: { name: string; share: number }) {
  return (
    <>
      <Progress value={100 * share} aria-label={name} flex={1} />
      <span>{words.percent(percent(share))}</span>
    </>
  );
}
