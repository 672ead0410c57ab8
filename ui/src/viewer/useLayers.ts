import OpenSeadragon from "openseadragon";
import { useEffect, useRef, useState } from "react";
import type { Size } from "./view";

/** A picture of the whole image on the stage; those later in the list lie above. */
export interface Layer {
  key: string;
  url: string;
  opacity: number;
  /** Share of the stage's width left of which the layer is cut away. */
  from?: number | undefined;
}

interface Placed {
  item: OpenSeadragon.TiledImage | null;
  url: string;
}

/** Keep what lies on the stage equal to the list; a layer once loaded stays, unseen, for a quick return. */
export function useLayers(viewer: OpenSeadragon.Viewer | null, size: Size, layers: readonly Layer[]) {
  const placed = useRef(new Map<string, Placed>());
  const wanted = useRef(layers);
  const [state, setState] = useState<{ loaded: string[]; failed: string[] }>({ loaded: [], failed: [] });

  useEffect(() => {
    const stage = placed.current;
    if (!viewer) return;
    const clip = () => arrange(viewer, stage, wanted.current);
    viewer.addHandler("viewport-change", clip);
    return () => {
      viewer.removeHandler("viewport-change", clip);
      stage.clear();
      setState({ loaded: [], failed: [] });
    };
  }, [viewer, size]);

  useEffect(() => {
    wanted.current = layers;
    if (!viewer) return;
    const stage = placed.current;
    for (const layer of layers) {
      if (stage.get(layer.key)?.url === layer.url) continue;
      const entry: Placed = { item: null, url: layer.url };
      stage.set(layer.key, entry);
      place(viewer, layer, {
        done: (item) => {
          entry.item = item;
          if (viewer.world.getItemCount() === 1) viewer.viewport.goHome(true);
          arrange(viewer, stage, wanted.current);
          setState((was) => ({ ...was, loaded: [...was.loaded, layer.key] }));
        },
        failed: () => setState((was) => ({ ...was, failed: [...was.failed, layer.key] })),
      });
    }
    arrange(viewer, stage, layers);
  }, [viewer, layers]);

  return {
    loading: layers.some(({ key }) => !state.loaded.includes(key) && !state.failed.includes(key)),
    failed: layers.filter(({ key }) => state.failed.includes(key)).map(({ key }) => key),
  };
}

interface Outcome {
  done: (item: OpenSeadragon.TiledImage) => void;
  failed: () => void;
}

function place(viewer: OpenSeadragon.Viewer, layer: Layer, outcome: Outcome): void {
  viewer.addTiledImage({
    tileSource: { type: "image", url: layer.url } as unknown as OpenSeadragon.TileSource,
    x: 0,
    y: 0,
    width: 1,
    opacity: 0,
    success: (event) => outcome.done((event as unknown as { item: OpenSeadragon.TiledImage }).item),
    error: outcome.failed,
  });
}

/** Order, opacity and cut of everything that is on the stage. */
function arrange(viewer: OpenSeadragon.Viewer, stage: Map<string, Placed>, layers: readonly Layer[]): void {
  const shown = new Map(layers.map((layer) => [layer.key, layer]));
  let depth = 0;
  for (const layer of layers) {
    const item = stage.get(layer.key)?.item;
    if (!item) continue;
    if (viewer.world.getIndexOfItem(item) !== depth) viewer.world.setItemIndex(item, depth);
    depth += 1;
  }
  for (const [key, { item }] of stage) {
    if (item) dress(viewer, item, shown.get(key));
  }
}

function dress(viewer: OpenSeadragon.Viewer, item: OpenSeadragon.TiledImage, layer: Layer | undefined): void {
  const { x: width, y: height } = item.getContentSize();
  let opacity = layer?.opacity ?? 0;
  if (layer?.from !== undefined) {
    const edge = new OpenSeadragon.Point(layer.from * viewer.container.clientWidth, 0);
    const left = Math.max(0, item.viewerElementToImageCoordinates(edge).x);
    if (left >= width) opacity = 0;
    else item.setClip(new OpenSeadragon.Rect(left, 0, width - left, height));
  } else if (item.getClip()) {
    item.setClip(null);
  }
  if (item.getOpacity() !== opacity) item.setOpacity(opacity);
}
