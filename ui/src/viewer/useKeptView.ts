import type OpenSeadragon from "openseadragon";
import { useEffect, useRef } from "react";
import { boundsOf, readBox, showBounds, type Size, writeBox } from "./view";

/** Go to the part of the image that the address names, and keep in it what is seen once a movement has ended. */
export function useKeptView(viewer: OpenSeadragon.Viewer | null, size: Size, at: string, keep: (at: string) => void): void {
  const begun = useRef(at);
  const told = useRef(keep);
  useEffect(() => {
    told.current = keep;
  }, [keep]);

  useEffect(() => {
    if (!viewer) return;
    const wanted = readBox(begun.current);
    const go = () => wanted && showBounds(viewer, size, wanted);
    const note = () => told.current(isWhole(viewer) ? "" : writeBox(boundsOf(viewer, size)));
    viewer.world.addOnceHandler("add-item", go);
    viewer.addHandler("animation-finish", note);
    return () => viewer.removeHandler("animation-finish", note);
  }, [viewer, size]);
}

function isWhole(viewer: OpenSeadragon.Viewer): boolean {
  return Math.abs(viewer.viewport.getZoom() / viewer.viewport.getHomeZoom() - 1) < 0.01;
}
