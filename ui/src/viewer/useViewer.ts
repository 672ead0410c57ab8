import OpenSeadragon from "openseadragon";
import { type RefObject, useEffect, useState } from "react";
import { readView, type Size, SQUARE_FROM, type View } from "./view";

const MARK = "data-openseadragon-mobile-css";

/**
 * Keep OpenSeadragon from adding a style element, which the content security policy refuses.
 *
 * It adds none where one with its mark is found; an element of that name outside HTML is found, and styles nothing.
 */
function placeStyleMark(): void {
  if (document.querySelector(`style[${MARK}]`)) return;
  const mark = document.createElementNS("urn:tamperlens", "style");
  mark.setAttribute(MARK, "true");
  document.head.append(mark);
}

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** An empty deep-zoom viewer in an element, from its appearance to its end. */
export function useViewer(element: RefObject<HTMLElement | null>, label: string): OpenSeadragon.Viewer | null {
  const [viewer, setViewer] = useState<OpenSeadragon.Viewer | null>(null);
  useEffect(() => {
    if (!element.current) return;
    placeStyleMark();
    const made = OpenSeadragon({
      element: element.current,
      drawer: "canvas",
      showNavigationControl: false,
      maxZoomPixelRatio: 48,
      minZoomImageRatio: 0.85,
      visibilityRatio: 0.4,
      animationTime: still() ? 0 : 0.35,
      springStiffness: 9,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { pinchRotate: false },
    });
    made.canvas.setAttribute("role", "application");
    made.canvas.setAttribute("aria-label", label);
    setViewer(made);
    return () => {
      setViewer(null);
      made.destroy();
    };
  }, [element, label]);
  return viewer;
}

/** How the image lies now; squares instead of blended pixels from two screen pixels each. */
export function useView(viewer: OpenSeadragon.Viewer | null, size: Size): View | null {
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    if (!viewer) return;
    const read = () => {
      if (!viewer.viewport) return;
      const next = readView(viewer, size);
      viewer.drawer.setImageSmoothingEnabled(next.scale * window.devicePixelRatio < SQUARE_FROM);
      setView(next);
    };
    viewer.addHandler("viewport-change", read);
    viewer.addHandler("resize", read);
    viewer.world.addHandler("add-item", read);
    if (viewer.world.getItemCount() > 0) read();
    return () => {
      viewer.removeHandler("viewport-change", read);
      viewer.removeHandler("resize", read);
      viewer.world?.removeHandler("add-item", read);
    };
  }, [viewer, size]);
  return view;
}
