"""What a file may declare before it is refused without decoding."""

from dataclasses import dataclass

from tamperlens.errors import DamagedImageError, ImageTooLargeError

# Bytes a process holds before it decodes, and bytes that decoding takes per pixel: four in the decoder,
# three in the array the traces read.
_IDLE, _A_PIXEL = 200 << 20, 7


@dataclass(frozen=True)
class Limits:
    """Limits on what a file may declare; beyond them it is refused without decoding.

    Attributes:
        max_pixels: largest width × height; 100 Mpx by default.
        max_side: largest width and height; 65,500 by default, the JPEG limit, because every image is re-saved
            as JPEG.
        max_bytes: largest file size; 1 GiB by default.
        max_memory: bytes that decoding may take, including what the process holds anyway; None for no limit.
    """

    max_pixels: int = 100_000_000
    max_side: int = 65_500
    max_bytes: int = 1 << 30
    max_memory: int | None = None


def check_size(size: tuple[int, int], limits: Limits) -> None:
    """Refuse a declared width and height beyond a limit.

    Raises:
        ImageTooLargeError: beyond a limit.
        DamagedImageError: it declares no pixels.
    """
    width, height = size
    if max(width, height) > limits.max_side:
        raise ImageTooLargeError(
            f"the image declares {width}×{height} pixels; a side may have at most {limits.max_side:,}"
        )
    if width < 1 or height < 1:
        raise DamagedImageError(f"the image declares {width}×{height} pixels; there is nothing to examine")
    if width * height > limits.max_pixels:
        raise ImageTooLargeError(
            f"the image declares {width}×{height} = {width * height / 1e6:.0f} Mpx; "
            f"the limit is {limits.max_pixels / 1e6:g} Mpx (examine --max-mpx sets another)"
        )
    if limits.max_memory is not None and _IDLE + _A_PIXEL * width * height > limits.max_memory:
        raise ImageTooLargeError(
            f"the image declares {width}×{height} = {width * height / 1e6:.1f} Mpx, whose decoding alone "
            f"needs more than the {limits.max_memory / 2**30:.2f} GiB of memory that it may take (examine "
            "--max-memory sets another)"
        )
