import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { words } from "@/words";
import viewer from "../../viewer.module.css";
import { Block } from "../Block";
import sheet from "../file.module.css";
import { Sheet } from "../Sheet";
import { Graticule } from "./Graticule";
import { groupsOf } from "./groups";
import { decimal, type Place, placeIn, sexagesimal } from "./place";

/** What the file states about itself, as a person reads it; below, as it is stored. */
export function MetadataBlock({ metadata }: { metadata: Readonly<Record<string, string>> }) {
  const groups = groupsOf(metadata);
  const place = placeIn(metadata);
  return (
    <Block title={words.metadata.title}>
      {groups.length === 0 && <p className={viewer.soft}>{words.metadata.none}</p>}
      {groups.length > 0 && <p className={viewer.soft}>{words.metadata.free}</p>}
      {groups.map(({ name, fields }) => (
        <details key={name} className={sheet.details} open={name !== "storage" && name !== "other"}>
          <summary>{words.metadata.groups[name]}</summary>
          {name === "place" && place && <Placed place={place} />}
          <Sheet rows={fields.map(({ label, value, key, isBinary }) => [label, value, { key, isBinary }] as const)} />
        </details>
      ))}
      <details className={sheet.details}>
        <summary>{words.file.metadata(Object.keys(metadata).length)}</summary>
        <Sheet rows={Object.entries(metadata)} />
      </details>
    </Block>
  );
}

function Placed({ place }: { place: Place }) {
  return (
    <>
      <p className={sheet.coordinates}>{sexagesimal(place)}</p>
      <CopyButton value={decimal(place)}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />} onClick={copy}>
            {copied ? words.copied : decimal(place)}
          </Button>
        )}
      </CopyButton>
      <Graticule place={place} />
      <p className={viewer.soft}>{words.metadata.offline}</p>
    </>
  );
}
