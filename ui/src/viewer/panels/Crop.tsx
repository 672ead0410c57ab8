import type { Box, Size } from "../view";
import card from "./answer.module.css";

interface CropProps {
  /** Address of the whole picture. */
  url: string;
  size: Size;
  box: Box;
  label: string;
  onChoose: (box: Box) => void;
}

/** A part of the picture with some of its surroundings; a click goes there. */
export function Crop({ url, size, box, label, onChoose }: CropProps) {
  const { left, top, side } = square(box, size);
  return (
    <button type="button" className={card.crop} title={label} aria-label={label} onClick={() => onChoose(box)}>
      <svg viewBox={`${left} ${top} ${side} ${side}`} aria-hidden="true">
        <image href={url} width={size.width} height={size.height} />
        <rect x={box.left} y={box.top} width={box.width} height={box.height} />
      </svg>
    </button>
  );
}

/** The square around a box, within the picture where that is large enough. */
export function square(box: Box, size: Size): { left: number; top: number; side: number } {
  const side = Math.min(Math.max(box.width, box.height) * 1.4, Math.max(size.width, size.height));
  const place = (middle: number, length: number) =>
    side >= length ? (length - side) / 2 : Math.min(Math.max(0, middle - side / 2), length - side);
  return {
    left: place(box.left + box.width / 2, size.width),
    top: place(box.top + box.height / 2, size.height),
    side,
  };
}
