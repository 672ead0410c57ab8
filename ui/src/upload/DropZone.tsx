import { Button } from "@mantine/core";
import { IconPhotoPlus } from "@tabler/icons-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { words } from "@/words";
import classes from "./upload.module.css";

const ACCEPTED = "image/jpeg,image/png,image/tiff,image/webp,image/heic,image/heif,image/avif,image/bmp,image/gif,.heic,.heif,.tif,.tiff";

interface DropZoneProps {
  onFiles: (files: readonly File[]) => void;
  compact: boolean;
  largest: number;
}

/** Takes files by drop, paste or choice; `largest` is what the server takes of one, in bytes. */
export function DropZone({ onFiles, compact, largest }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  usePaste(onFiles);

  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(event.type === "dragover" || event.type === "dragenter");
    if (event.type === "drop") onFiles([...event.dataTransfer.files]);
  };

  return (
    <div
      className={classes.zone}
      data-over={over || undefined}
      data-compact={compact || undefined}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={drag}
    >
      <IconPhotoPlus size={compact ? 28 : 40} stroke={1.4} aria-hidden="true" />
      <div>
        <p className={classes.zoneTitle}>{over ? words.upload.over : words.upload.title}</p>
        <p className={classes.hint}>
          {words.upload.or}{" "}
          <Button variant="transparent" size="compact-sm" px={2} onClick={() => picker.current?.click()}>
            {words.upload.pick}
          </Button>
        </p>
        <p className={classes.hint}>{words.upload.formats(Math.floor(largest / 2 ** 20))}</p>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        data-testid="files"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}

/** Pictures pasted anywhere on the page; a screenshot has no name, so it gets the time. */
function usePaste(onFiles: (files: readonly File[]) => void) {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files.map(named));
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [onFiles]);
}

function named(file: File): File {
  if (file.name && file.name !== "image.png") return file;
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  return new File([file], `${words.upload.pasted(time)}.${file.type.split("/")[1]}`, { type: file.type });
}
