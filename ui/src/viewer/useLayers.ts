import OpenSeadragon from "openseadragon";
import { useEffect, useRef, useState } from "react";
import type { Box, Size } from "./view";

/** A picture of the whole image on the stage; those later in the list lie above. */
export interface Layer {
  key: string;
  url: string;
  opacity: number;
  /** Share of the stage's width left of which the layer is cut away. */
  from?: number | undefined;
  /** Share of the stage's width right of which the layer is cut away. */
  to?: number | undefined;
  /** Where it lies, in pixels of the stage's image; the whole of that by default. */
  box?: Box | undefined;
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
      place(viewer, size, layer, {
        done: (item) => {
          entry.item = item;
          if (viewer.world.getItemCount() === 1 || layer.box) viewer.viewport.goHome(true);
          arrange(viewer, stage, wanted.current);
          setState((was) => ({ ...was, loaded: [...was.loaded, layer.key] }));
        },
        failed: () => setState((was) => ({ ...was, failed: [...was.failed, layer.key] })),
      });
    }
    arrange(viewer, stage, layers);
  }, [viewer, size, layers]);

  return {
    loading: layers.some(({ key }) => !state.loaded.includes(key) && !state.failed.includes(key)),
    failed: layers.filter(({ key }) => state.failed.includes(key)).map(({ key }) => key),
  };
}

interface Outcome {
  done: (item: OpenSeadragon.TiledImage) => void;
  failed: () => void;
}

function place(viewer: OpenSeadragon.Viewer, size: Size, layer: Layer, outcome: Outcome): void {
  const { left, top, width } = layer.box ?? { left: 0, top: 0, width: size.width };
  viewer.addTiledImage({
    tileSource: { type: "image", url: layer.url } as unknown as OpenSeadragon.TileSource,
    x: left / size.width,
    y: top / size.width,
    width: width / size.width,
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
  if (layer?.from !== undefined || layer?.to !== undefined) {
    const edge = (share: number) =>
      item.viewerElementToImageCoordinates(new OpenSeadragon.Point(share * viewer.container.clientWidth, 0)).x;
    const left = layer.from === undefined ? 0 : Math.max(0, edge(layer.from));
    const right = layer.to === undefined ? width : Math.min(width, edge(layer.to));
    if (left >= right) opacity = 0;
    else item.setClip(new OpenSeadragon.Rect(left, 0, right - left, height));
  } else if (item.getClip()) {
    item.setClip(null);
  }
  if (item.getOpacity() !== opacity) item.setOpacity(opacity);
}
