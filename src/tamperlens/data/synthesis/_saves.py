"""One save to disk: encoder, quality, tables and sampling."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data.channels import gathered_tables
from tamperlens.evidence import ijg_table

Pixels = NDArray[np.uint8]

# Annex K of the JPEG standard, the tables scaled by IJG qualities.
_LUMA = ijg_table(50)
_CHROMA = np.full((8, 8), 99)
_CHROMA[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]


@dataclass(frozen=True)
class Save:
    """One save to disk.

    Attributes:
        quality: IJG quality 1..100, or the encoder's own for WebP and AVIF; None for PNG.
        full_chroma: 4:4:4 instead of 4:2:0.
        tilt: exponent by which high frequencies are quantised more (> 0) or less (< 0) than by IJG; other
            encoders, including Photoshop and cameras, have their own tables. 0 gives IJG's.
        codec: "JPEG", "WEBP" or "AVIF".
        gathered: number of the gathered tables, with their chroma sampling, that a JPEG is saved with; None
            for the tables of the quality.
    """

    quality: int | None
    full_chroma: bool = False
    tilt: float = 0.0
    codec: str = "JPEG"
    gathered: int | None = None

    def encode(self, pixels: Pixels, sampling: int | None = None) -> bytes:
        """The file.

        Args:
            pixels: (H, W, 3) uint8 RGB.
            sampling: of chroma, in Pillow's numbering; replaces the save's own.
        """
        buffer = io.BytesIO()
        if self.quality is None:
            Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
        elif self.codec == "WEBP":
            Image.fromarray(pixels).save(buffer, "WEBP", quality=self.quality, method=2)
        elif self.codec == "AVIF":
            Image.fromarray(pixels).save(buffer, "AVIF", quality=self.quality, speed=8, max_threads=1)
        else:
            if sampling is None:
                sampling = self._sampling()
            Image.fromarray(pixels).save(buffer, "JPEG", qtables=self._tables(), subsampling=sampling)
        return buffer.getvalue()

    def apply(self, pixels: Pixels) -> Pixels:
        """The pixels after saving and reopening."""
        return pixels if self.quality is None else decode(self.encode(pixels))

    def _sampling(self) -> int:
        if self.gathered is not None:
            return gathered_tables()[self.gathered].sampling
        return 0 if self.full_chroma else 2

    def _tables(self) -> list[list[int]]:
        if self.gathered is not None:
            tables = gathered_tables()[self.gathered]
            return [list(tables.luma), list(tables.chroma)]
        quality = self.quality or 100
        factor = 5000 / quality if quality < 50 else 200 - 2 * quality
        rows, columns = np.indices((8, 8))
        shape = ((1 + rows + columns) / 8.0) ** self.tilt
        scaled = [
            np.clip(np.floor((table * shape * factor + 50) / 100), 1, 255).astype(int)
            for table in (_LUMA, _CHROMA)
        ]
        return [[int(value) for value in table.ravel()] for table in scaled]


def decode(file: bytes) -> Pixels:
    """(H, W, 3) uint8 RGB pixels of an encoded file."""
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGB"))
