/** A worker that aligns two pictures, so that the page stays alive meanwhile. */
import { align, type Gray } from "./align";

onmessage = ({ data: { one, other } }: MessageEvent<{ one: Gray; other: Gray }>) => postMessage(align(one, other));
