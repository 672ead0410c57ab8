import type OpenSeadragon from "openseadragon";
import { useCallback, useEffect, useMemo, useState } from "react";
import { words } from "@/words";
import { Divider } from "@/viewer/Divider";
import { Stage } from "@/viewer/Stage";
import stage from "@/viewer/stage.module.css";
import type { Layer } from "@/viewer/useLayers";
import { lockStep, type Size } from "@/viewer/view";
import type { Placed, Shown } from "./useAlignment";

export type Way = keyof typeof words.compare.ways;

interface PairProps {
  one: Shown & { name: string };
  other: Shown & { name: string };
  placed: Placed;
  way: Way;
  /** Whether the second of the two is seen, where one at a time is. */
  isOther: boolean;
  onViewer: (viewer: OpenSeadragon.Viewer | null) => void;
}

/** Two pictures beside each other, on either side of a line, or one after the other in the same place. */
export function Pair({ one, other, placed, way, isOther, onViewer }: PairProps) {
  const [divider, setDivider] = useState(0.5);
  const size = useMemo<Size>(() => ({ width: one.width, height: one.height }), [one.width, one.height]);
  const layers = useCallback(
    (first: Partial<Layer>, second: Partial<Layer>): Layer[] => [
      { key: "one", url: one.url, opacity: 1, ...first },
      { key: "other", url: other.url, opacity: 1, box: placed.box, ...second },
    ],
    [one.url, other.url, placed.box],
  );
  const left = useMemo(() => layers({}, { opacity: 0 }), [layers]);
  const right = useMemo(() => layers({ opacity: 0 }, {}), [layers]);
  const cut = useMemo(() => layers({ to: divider }, { from: divider }), [layers, divider]);
  if (way === "side") return <Beside {...{ size, left, right, onViewer }} names={[one.name, other.name]} />;
  if (way === "slider")
    return (
      <Stage size={size} layers={cut} label={words.viewer.stage(words.compare.both(one.name, other.name))} onViewer={onViewer}>
        {() => <Divider at={divider} label={words.compare.divider} said={words.compare.dividerAt} onMove={setDivider} />}
      </Stage>
    );
  const name = isOther ? other.name : one.name;
  return <Stage size={size} layers={isOther ? right : left} label={words.viewer.stage(words.compare.both(one.name, other.name))} caption={name} onViewer={onViewer} />;
}

interface BesideProps {
  size: Size;
  left: readonly Layer[];
  right: readonly Layer[];
  names: readonly [string, string];
  onViewer: (viewer: OpenSeadragon.Viewer | null) => void;
}

/** Both hold both pictures, so that the same place of the scene is in the middle of each. */
function Beside({ size, left, right, names, onViewer }: BesideProps) {
  const [one, setOne] = useState<OpenSeadragon.Viewer | null>(null);
  const [other, setOther] = useState<OpenSeadragon.Viewer | null>(null);
  useEffect(() => onViewer(one), [one, onViewer]);
  useEffect(() => (one && other ? lockStep([one, other]) : undefined), [one, other]);
  return (
    <div className={stage.pair}>
      <Stage size={size} layers={left} label={words.viewer.stage(names[0])} caption={names[0]} onViewer={setOne} />
      <Stage size={size} layers={right} label={words.viewer.stage(names[1])} caption={names[1]} onViewer={setOther} />
    </div>
  );
}
