import { Loader } from "@mantine/core";
import type OpenSeadragon from "openseadragon";
import { type ReactNode, useEffect, useRef } from "react";
import { words } from "@/words";
import classes from "./stage.module.css";
import { type Layer, useLayers } from "./useLayers";
import { useView, useViewer } from "./useViewer";
import type { Size, View } from "./view";

interface StageProps {
  size: Size;
  layers: readonly Layer[];
  /** What the stage shows, for those who cannot see it. */
  label: string;
  caption?: string;
  /** Called with the viewer once it exists, and with null at its end. */
  onViewer?: (viewer: OpenSeadragon.Viewer | null) => void;
  /** What is drawn over the picture. */
  children?: (view: View) => ReactNode;
}

/** The image and the maps over it, to be zoomed down to the pixel. */
export function Stage({ size, layers, label, caption, onViewer, children }: StageProps) {
  const element = useRef<HTMLDivElement>(null);
  const viewer = useViewer(element, label);
  const view = useView(viewer, size);
  const { loading, failed } = useLayers(viewer, size, layers);

  useEffect(() => {
    onViewer?.(viewer);
    return () => onViewer?.(null);
  }, [viewer, onViewer]);

  return (
    <div className={classes.stage}>
      <div ref={element} className={classes.canvas} />
      {view && children?.(view)}
      {caption && <div className={classes.caption}>{caption}</div>}
      {loading && (
        <div className={classes.message} role="status">
          <Loader color="white" role="status" aria-label={words.viewer.loadingPicture} />
        </div>
      )}
      {failed.length > 0 && <div className={classes.message}>{words.viewer.pictureFailed}</div>}
    </div>
  );
}
