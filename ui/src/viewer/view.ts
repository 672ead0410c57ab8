import OpenSeadragon from "openseadragon";

/** Width and height of the examined image, in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A box in pixels of the image. */
export interface Box extends Size {
  left: number;
  top: number;
}

/** How the image lies on the stage: a screen point is `scale` × image point + (x, y). */
export interface View {
  scale: number;
  x: number;
  y: number;
}

/** From this many screen pixels an image pixel is shown as a square, never blended with its neighbours. */
export const SQUARE_FROM = 2;

/** Where the image, whose width is 1 in the viewer's own units, lies now. */
export function readView(viewer: OpenSeadragon.Viewer, size: Size): View {
  const origin = viewer.viewport.pixelFromPoint(new OpenSeadragon.Point(0, 0), true);
  const corner = viewer.viewport.pixelFromPoint(new OpenSeadragon.Point(1, 0), true);
  return { scale: (corner.x - origin.x) / size.width, x: origin.x, y: origin.y };
}

/** Bring a box into view with some of its surroundings. */
export function showBox(viewer: OpenSeadragon.Viewer, size: Size, box: Box): void {
  const margin = Math.max(box.width, box.height) * 0.35;
  viewer.viewport.fitBoundsWithConstraints(
    new OpenSeadragon.Rect(
      (box.left - margin) / size.width,
      (box.top - margin) / size.width,
      (box.width + 2 * margin) / size.width,
      (box.height + 2 * margin) / size.width,
    ),
  );
}

/** What is seen of the image now; it may reach beyond its edges. */
export function boundsOf(viewer: OpenSeadragon.Viewer, size: Size): Box {
  const { x, y, width, height } = viewer.viewport.getBounds();
  return { left: x * size.width, top: y * size.width, width: width * size.width, height: height * size.width };
}

/** Show this part at once, and no more where the stage has the same shape. */
export function showBounds(viewer: OpenSeadragon.Viewer, size: Size, { left, top, width, height }: Box): void {
  const bounds = new OpenSeadragon.Rect(left / size.width, top / size.width, width / size.width, height / size.width);
  viewer.viewport.fitBounds(bounds, true);
}

/** A box as an address holds it: "left,top,width,height" in whole pixels. */
export function writeBox({ left, top, width, height }: Box): string {
  return [left, top, width, height].map(Math.round).join(",");
}

/** The box that an address holds; null where it holds none. */
export function readBox(text: string): Box | null {
  const [left, top, width, height, ...more] = text.split(",").map((part) => (/^-?\d+$/.test(part) ? Number(part) : NaN));
  const box = { left, top, width, height } as Box;
  return more.length === 0 && Object.values(box).every(Number.isFinite) && box.width > 0 && box.height > 0 ? box : null;
}

/** The smallest box that holds both. */
export function around(one: Box, other: Box): Box {
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  return {
    left,
    top,
    width: Math.max(one.left + one.width, other.left + other.width) - left,
    height: Math.max(one.top + one.height, other.top + other.height) - top,
  };
}

/** Make the viewers move as one; returns how to part them. */
export function lockStep(viewers: readonly OpenSeadragon.Viewer[]): () => void {
  let leading = false;
  const partings = viewers.map((leader) => {
    const follow = () => {
      if (leading) return;
      leading = true;
      const zoom = leader.viewport.getZoom(true);
      const centre = leader.viewport.getCenter(true);
      for (const other of viewers) {
        if (other === leader) continue;
        other.viewport.zoomTo(zoom, undefined, true);
        other.viewport.panTo(centre, true);
      }
      leading = false;
    };
    leader.addHandler("zoom", follow);
    leader.addHandler("pan", follow);
    leader.addHandler("animation", follow);
    return () => {
      leader.removeHandler("zoom", follow);
      leader.removeHandler("pan", follow);
      leader.removeHandler("animation", follow);
    };
  });
  return () => partings.forEach((part) => part());
}
