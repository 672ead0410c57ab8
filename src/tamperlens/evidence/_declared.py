"""What a file may declare before it is refused undecoded."""

from dataclasses import dataclass

from tamperlens.errors import DamagedImageError, ImageTooLargeError

# Bytes that a process holds before it decodes, and those that decoding takes for each pixel: four in the
# decoder, three as the traces read it.
_IDLE, _A_PIXEL = 200 << 20, 7


@dataclass(frozen=True)
class Limits:
    """What a file may declare before it is refused undecoded.

    Attributes:
        max_pixels: width × height at most; 100 Mpx by default.
        max_side: width and height at most; 65,500 by default, what a JPEG can hold, for every image is
            re-saved as one.
        max_bytes: file size at most; 1 GiB by default.
        max_memory: bytes that decoding may take, what the process holds anyway included; None
            for any.
    """

    max_pixels: int = 100_000_000
    max_side: int = 65_500
    max_bytes: int = 1 << 30
    max_memory: int | None = None


def check_size(size: tuple[int, int], limits: Limits) -> None:
    """Refuse a declared width and height that are over a limit.

    Raises:
        ImageTooLargeError: over a limit.
        DamagedImageError: there is no pixel.
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
