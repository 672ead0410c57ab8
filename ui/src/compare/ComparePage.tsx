import { ActionIcon, Button, SegmentedControl, Switch, Tooltip } from "@mantine/core";
import { useDocumentTitle, useHotkeys } from "@mantine/hooks";
import { IconArrowLeft, IconArrowsExchange } from "@tabler/icons-react";
import type OpenSeadragon from "openseadragon";
import { useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { Refusal } from "@/api/client";
import type { Evidence } from "@/api/types";
import { Deleted, Failure, Loading, Missing } from "@/shell/states";
import { useAddress } from "@/shell/useAddress";
import { useEvidence } from "@/viewer/queries";
import type { Size } from "@/viewer/view";
import viewer from "@/viewer/viewer.module.css";
import { Zoomers } from "@/viewer/Zoomers";
import { words } from "@/words";
import { Pair, type Way } from "./Pair";
import { type Placed, type Shown, useAlignment } from "./useAlignment";

/** Two images against each other. */
export default function ComparePage({ one, other }: { one: string; other: string }) {
  const [first, second] = [useEvidence(one), useEvidence(other)];
  if (first.isPending || second.isPending) return <Loading />;
  const error = first.error ?? second.error;
  if (error instanceof Refusal && error.status === 404) return <Missing />;
  if (error instanceof Refusal && error.status === 410) return <Deleted error={error} />;
  if (!first.data || !second.data) return <Failure error={error as Error} />;
  return <Both one={first.data} other={second.data} />;
}

const SHOWN: Record<"way", string> = { way: "side" };
const WAYS = Object.entries(words.compare.ways).map(([value, label]) => ({ value, label }));
// Milliseconds that each is seen; two changes in three seconds are far from what harms anybody.
const BLINK = 750;

function Both({ one, other }: { one: Evidence; other: Evidence }) {
  useDocumentTitle(`${words.compare.both(one.name, other.name)} · ${words.brand}`);
  const [{ way }, show] = useAddress(SHOWN);
  const [, navigate] = useLocation();
  const [first, second] = [useShown(one), useShown(other)];
  const placed = useAlignment(first, second);
  const [seadragon, setViewer] = useState<OpenSeadragon.Viewer | null>(null);
  const [isOther, setOther] = useState(false);
  const size = useMemo<Size>(() => ({ width: one.width ?? 1, height: one.height ?? 1 }), [one]);
  const swap = () => setOther((was) => !was);
  useHotkeys([["b", swap]]);
  return (
    <div className={viewer.page}>
      <div className={viewer.bar}>
        <Tooltip label={words.compare.back(one.name)}>
          <ActionIcon component={Link} href={`/evidence/${one.id}`} variant="default" size="lg" aria-label={words.compare.back(one.name)}>
            <IconArrowLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <h1 className={viewer.name}>{words.compare.both(one.name, other.name)}</h1>
      </div>
      <section className={viewer.compare} aria-label={words.compare.title}>
        <div className={viewer.toolbar} role="toolbar" aria-label={words.compare.way}>
          <SegmentedControl data={WAYS} value={way} aria-label={words.compare.way} onChange={(next) => show({ way: next })} />
          <Tooltip label={words.compare.exchange}>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={words.compare.exchange}
              onClick={() => navigate(`/compare/${other.id}/${one.id}${location.search}`, { replace: true })}
            >
              <IconArrowsExchange size={18} />
            </ActionIcon>
          </Tooltip>
          {way === "blink" && <Blink onSwap={swap} />}
          <p className={viewer.soft} role="status">{told(first, second, placed)}</p>
        </div>
        <div className={viewer.stageBox}>
          {first && second && placed ? (
            <Pair {...{ placed, isOther }} one={first} other={second} way={way as Way} onViewer={setViewer} />
          ) : (
            first && second && <Loading />
          )}
          <Zoomers viewer={seadragon} size={size} />
        </div>
      </section>
    </div>
  );
}

function useShown({ name, rendition, width, height }: Evidence): (Shown & { name: string }) | null {
  return useMemo(
    () => (rendition && width && height ? { name, url: rendition, width, height } : null),
    [name, rendition, width, height],
  );
}

/** How the two were laid on each other. */
function told(one: Shown | null, other: Shown | null, placed: Placed | null): string {
  if (!one || !other) return words.compare.noPicture;
  if (!placed) return words.compare.aligning;
  const { box, isFound, correlation } = placed;
  if (!isFound) return words.compare.bySize(correlation);
  return words.compare.found(box.width / other.width, box.left, box.top, correlation);
}

/** By itself, or with each press; it stands still until it is asked to move. */
function Blink({ onSwap }: { onSwap: () => void }) {
  const [isGoing, setGoing] = useState(false);
  useEffect(() => {
    if (!isGoing) return;
    const timer = window.setInterval(onSwap, BLINK);
    return () => window.clearInterval(timer);
  }, [isGoing, onSwap]);
  return (
    <>
      <Button variant="default" onClick={onSwap}>{words.compare.swap}</Button>
      <Switch label={words.compare.blinking} checked={isGoing} onChange={(event) => setGoing(event.currentTarget.checked)} />
    </>
  );
}
