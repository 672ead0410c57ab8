import { Radio } from "@mantine/core";
import type { MapPicture } from "@/api/types";
import { words } from "@/words";
import classes from "../viewer.module.css";
import list from "./maps.module.css";

interface MapsPanelProps {
  maps: readonly MapPicture[];
  map: string | null;
  onMap: (map: string | null) => void;
}

const NONE = "";

/** Every map with what it measures and how to read it; the chosen one lies on the stage. */
export function MapsPanel({ maps, map, onMap }: MapsPanelProps) {
  const shown = maps.find(({ name }) => name === map);
  return (
    <>
      <div className={list.scale} aria-hidden="true" />
      <div className={list.ends}>
        <span>{words.viewer.scaleLow}</span>
        <span>{words.viewer.scale}</span>
        <span>{words.viewer.scaleHigh}</span>
      </div>
      {shown && (
        <div className={list.about} aria-live="polite">
          <p>
            <strong>{words.viewer.measures}</strong> <span lang="en">{shown.measures}</span>
          </p>
          <p>
            <strong>{words.viewer.reading}</strong> <span lang="en">{shown.reading}</span>
          </p>
        </div>
      )}
      <Radio.Group
        aria-label={words.viewer.map}
        value={map ?? NONE}
        onChange={(name) => onMap(name === NONE ? null : name)}
      >
        <div className={classes.choices}>
          <Radio value={NONE} label={words.viewer.noMap} />
          {maps.map(({ name, title }) => (
            <Radio key={name} value={name} label={<span lang="en">{title}</span>} />
          ))}
        </div>
      </Radio.Group>
    </>
  );
}
