"""What the JPEG format itself records: tables, sampling, scans, quantised coefficients."""

import io
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import DamagedImageError
from tamperlens.evidence._jpeg_copy import coefficient_copy

# Annex K.1 of ITU-T T.81 (1992): the luminance table that the Independent JPEG Group scales to a quality.
_IJG_LUMA = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)


@dataclass(frozen=True)
class JpegStructure:
    """Facts of a JPEG file's headers.

    Attributes:
        tables: quantisation table of each component in file order, (8, 8) int, row-major (not zigzag).
        sampling: (horizontal, vertical) sampling factor of each component.
        subsampling: the usual name, such as "4:2:0", or the factors if there is none.
        quality: IJG quality 1..100 with the nearest luminance table.
        quality_is_exact: whether that luminance table matches exactly; if not, the encoder has its own.
        progressive: whether the image is stored in several scans of increasing detail.
    """

    tables: tuple[NDArray[np.int_], ...]
    sampling: tuple[tuple[int, int], ...]
    subsampling: str
    quality: int
    quality_is_exact: bool
    progressive: bool


@dataclass(frozen=True)
class JpegCoefficients:
    """Quantised DCT coefficients as stored, before EXIF orientation.

    Attributes:
        components: for Y, Cb, Cr (or the file's own components) an int16 array
            (block rows, block columns, 8, 8).
        tables: the quantisation table of each component, (8, 8).
    """

    components: tuple[NDArray[np.int16], ...]
    tables: tuple[NDArray[np.int_], ...]

    def part(self, box: tuple[int, int, int, int]) -> "JpegCoefficients":
        """Those of the blocks that a part of the picture touches.

        Args:
            box: left, top, width and height in pixels.
        """
        left, top, width, height = box
        rows, columns = self.components[0].shape[:2]
        parts = []
        for one in self.components:
            down, across = 8 * round(rows / one.shape[0]), 8 * round(columns / one.shape[1])
            within = np.s_[
                top // down : -(-(top + height) // down), left // across : -(-(left + width) // across)
            ]
            parts.append(one[within])
        return JpegCoefficients(tuple(parts), self.tables)


def ijg_table(quality: int) -> NDArray[np.int_]:
    """Luminance quantisation table of the Independent JPEG Group at `quality` 1..100.

    >>> int(ijg_table(50)[0, 0]), int(ijg_table(100).max())
    (16, 1)
    """
    return scaled_table(_IJG_LUMA, quality)


def scaled_table(base: NDArray[np.int_], quality: int) -> NDArray[np.int_]:
    """A base table scaled to an IJG `quality` 1..100."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.asarray(np.clip((base * scale + 50) // 100, 1, 255))


def estimate_quality(table: NDArray[np.int_]) -> tuple[int, bool]:
    """Find the IJG quality whose luminance table is nearest in mean absolute difference.

    Args:
        table: (8, 8) luminance quantisation table.

    Returns:
        Quality 1..100 and whether the match is exact.

    >>> estimate_quality(ijg_table(83))
    (83, True)
    """
    distance = np.abs(_ijg_tables() - table).mean(axis=(1, 2))
    best = int(np.argmin(distance))
    return best + 1, bool(distance[best] == 0)


@cache
def _ijg_tables() -> NDArray[np.int_]:
    """The tables of all qualities, (100, 8, 8)."""
    return np.stack([ijg_table(quality) for quality in range(1, 101)])


def read_structure(image: Image.Image) -> JpegStructure | None:
    """Read the structure of a JPEG opened by Pillow; None if its headers hold no usable table."""
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    quantization: dict[int, Any] = getattr(image, "quantization", {})
    if not layers or any(layer[3] not in quantization for layer in layers):
        return None
    tables = tuple(np.array(quantization[layer[3]], dtype=np.int_).reshape(8, 8) for layer in layers)
    sampling = tuple((layer[1], layer[2]) for layer in layers)
    quality, exact = estimate_quality(tables[0])
    return JpegStructure(
        tables=tables,
        sampling=sampling,
        subsampling=_subsampling_name(sampling),
        quality=quality,
        quality_is_exact=exact,
        progressive=bool(image.info.get("progressive", 0)),
    )


def _subsampling_name(sampling: tuple[tuple[int, int], ...]) -> str:
    if len(sampling) == 1:
        return "gray"
    names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1"}
    if len(sampling) == 3 and sampling[1] == sampling[2] == (1, 1) and sampling[0] in names:
        return names[sampling[0]]
    return ",".join(f"{h}x{v}" for h, v in sampling)


def encode_jpeg(pixels: NDArray[np.uint8], quality: int, subsampling: str = "4:2:0") -> bytes:
    """Save pixels as a JPEG file.

    Args:
        pixels: (H, W) gray or (H, W, 3) RGB uint8.
        quality: IJG quality 1..100.
        subsampling: chroma subsampling, "4:4:4", "4:2:2" or "4:2:0"; ignored for gray.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return buffer.getvalue()


def recompress(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Save pixels as JPEG and decode them again; arguments and shapes as for `encode_jpeg`."""
    return np.asarray(Image.open(io.BytesIO(encode_jpeg(pixels, quality))))


def read_coefficients(data: bytes, pixels: int) -> JpegCoefficients:
    """Read the quantised DCT coefficients of a JPEG file without decoding its pixels.

    Call it through `Evidence.coefficients`, which has checked the declared size: jpeglib allocates by it.

    Args:
        data: bytes of a JPEG file.
        pixels: width × height that were checked; a file declaring another size is refused.

    Raises:
        DamagedImageError: its coding is not supported, or the coefficients cannot be read.
    """
    import jpeglib  # noqa: PLC0415 - a tenth of a second that only coefficient traces pay

    reduced = coefficient_copy(data, pixels)
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as folder:
        path = Path(folder) / "image.jpg"  # jpeglib reads paths only
        path.write_bytes(reduced)
        try:
            read = jpeglib.read_dct(str(path))
            arrays = [a for a in (read.Y, read.Cb, read.Cr, read.K) if a is not None]
            tables = [np.asarray(read.qt[read.quant_tbl_no[i]], dtype=np.int_) for i in range(len(arrays))]
        except (OSError, ValueError, RuntimeError, IndexError, MemoryError) as error:
            # jpeglib's message names the temporary copy, whose path changes every time.
            raise DamagedImageError(
                "the JPEG coefficients cannot be read: the scans do not decode"
            ) from error
    return JpegCoefficients(components=tuple(arrays), tables=tuple(tables))
