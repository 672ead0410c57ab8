"""What a channel does to a picture: it is reduced, saved with the channel's tables, and loses its metadata.

The presets are the channel descriptions' ways with `preset = true`, see `evidence/signatures/channels.toml`:
what is recognised is also what is made.
"""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data.channels._gathered import gathered_tables
from tamperlens.errors import UnknownNameError
from tamperlens.evidence import ChannelWay, estimate_quality, load_signatures

Pixels = NDArray[np.uint8]
# How programs resize.
INTERPOLATIONS = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_AREA)
# Qualities for channels with no fixed quality.
_ANY_QUALITY = (85, 98)
_SAMPLINGS = ("4:2:0", "4:2:0", "4:2:2", "4:4:4")
# No picture is made smaller than this, or enlarged.
_LEAST_SIDE = 64


def channel_presets() -> tuple[str, ...]:
    """Names of the channels that `through_channel` knows."""
    return tuple(
        dict.fromkeys(
            profile.name for profile in load_signatures().channels if any(way.preset for way in profile.ways)
        )
    )


def through_channel(name: str, pixels: Pixels, rng: np.random.Generator) -> bytes:
    """Do to a picture what a channel does to it, with settings drawn from the channel's range.

    Args:
        name: one of `channel_presets`.
        pixels: (H, W, 3) uint8 RGB.
        rng: source of all draws.

    Returns:
        A JPEG file without metadata; for the web also WebP, for the screen PNG.

    Raises:
        UnknownNameError: there is no such preset.
    """
    return through_channel_with(name, pixels, None, rng)[0]


def through_channel_with(
    name: str, pixels: Pixels, mask: NDArray[np.bool_] | None, rng: np.random.Generator
) -> tuple[bytes, NDArray[np.bool_] | None]:
    """Like `through_channel`, with the mask (H, W), if any, resized and cut in the same way."""
    profiles = [profile for profile in load_signatures().channels if profile.name == name]
    ways = [way for profile in profiles for way in profile.ways if way.preset]
    if not ways:
        raise UnknownNameError("channel", name, channel_presets())
    way = ways[int(rng.integers(len(ways)))]
    state = rng.bit_generator.state
    pixels = _resized(pixels, way, rng)
    if mask is not None:
        again = np.random.Generator(type(rng.bit_generator)())
        again.bit_generator.state = state  # the same draws, hence the same size and cut
        painted = np.repeat(mask[:, :, None], 3, axis=2) * np.uint8(255)
        mask = _resized(painted, way, again)[..., 0] >= 128
    return _saved(np.ascontiguousarray(pixels), way, rng), mask


def _resized(pixels: Pixels, way: ChannelWay, rng: np.random.Generator) -> Pixels:
    """The picture at one of the sizes that the way delivers; unchanged if it is smaller than all of them."""
    height, width = pixels.shape[:2]
    method = INTERPOLATIONS[int(rng.integers(len(INTERPOLATIONS)))]
    if way.sizes:
        return _on_screen(pixels, way, rng, method)
    now, targets = (width, way.width) if way.width else (max(height, width), way.longest)
    fitting = [side for side in targets if side <= now]
    if not fitting:
        return pixels
    factor = fitting[int(rng.integers(len(fitting)))] / now
    size = tuple(max(_LEAST_SIDE, round(side * factor)) for side in (width, height))
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)


def _on_screen(pixels: Pixels, way: ChannelWay, rng: np.random.Generator, method: int) -> Pixels:
    """The picture filling a whole screen, with its edges cut off if the shapes differ."""
    height, width = pixels.shape[:2]
    screens = sorted(way.sizes)
    longer, shorter = screens[int(rng.integers(len(screens)))]
    wide, high = (longer, shorter) if width >= height else (shorter, longer)
    factor = max(wide / width, high / height)
    size = (max(wide, round(width * factor)), max(high, round(height * factor)))
    shown = np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)
    top, left = (shown.shape[0] - high) // 2, (shown.shape[1] - wide) // 2
    return shown[top : top + high, left : left + wide]


def _saved(pixels: Pixels, way: ChannelWay, rng: np.random.Generator) -> bytes:
    buffer, image = io.BytesIO(), Image.fromarray(pixels)
    least, most = way.quality or _ANY_QUALITY
    quality = int(rng.integers(least, most + 1))
    if "JPEG" not in way.formats and "PNG" in way.formats:
        image.save(buffer, "PNG", compress_level=1)
    elif "JPEG" not in way.formats and "WEBP" in way.formats:
        image.save(buffer, "WEBP", quality=quality, method=2)
    else:
        progressive = bool(rng.random() < 0.3) if way.progressive is None else way.progressive
        tables, sampling = _tables(way, quality, rng)
        options = {"quality": quality} if tables is None else {"qtables": tables}
        image.save(buffer, "JPEG", subsampling=sampling, progressive=progressive, **options)
    return buffer.getvalue()


def _tables(
    way: ChannelWay, quality: int, rng: np.random.Generator
) -> tuple[list[list[int]] | None, str | int]:
    """Quantisation tables, None for those of an IJG quality, and the chroma sampling."""
    if "maker note" in way.has:
        gathered = gathered_tables()[int(rng.integers(len(gathered_tables())))]
        return [list(gathered.luma), list(gathered.chroma)], gathered.sampling
    allowed = sorted(way.sampling) or _SAMPLINGS
    sampling = allowed[int(rng.integers(len(allowed)))]
    if not way.tables:
        return None, sampling
    known = [
        (one.luma, one.chroma, one.sampling)
        for one in load_signatures().jpeg
        if one.writer.startswith(way.tables) and one.luma is not None and one.chroma is not None
    ]
    if way.quality:
        known = [tables for tables in known if estimate_quality(tables[0])[0] == quality] or known
    luma, chroma, own = known[int(rng.integers(len(known)))]
    return [np.ravel(table).tolist() for table in (luma, chroma)], own or sampling
