"""Files damaged as one who knows their format would: part by part, with lengths and check sums that fit.

Markers, scans and Huffman tables of JPEG; EXIF and TIFF directories that run in circles; XMP that grows; ICC
profiles; PNG chunks; GIF blocks; WebP chunks; boxes, items and grids of AVIF and HEIC; trailers of phones.
Used by hostile_files.py; each file depends on nothing but the seed and its number.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from hostile_files import EXTREMES, seeds
from PIL import Image

Rng = np.random.Generator
# Numbers that lengths, counts and offsets are set to.
_NUMBERS = (
    0,
    1,
    2,
    3,
    7,
    8,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFF0,
    0xFFFFFFFF,
)
_SIDES = (0, 1, 2, 8, 63, 72, 96, 1000, 3000, 4000, 65500, 65535)
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    "{}</rdf:RDF></x:xmpmeta>"
)


def pick(rng: Rng, values: "tuple[int, ...] | list[int]") -> int:
    return int(values[int(rng.integers(len(values)))])


def rearranged(parts: list[bytes], rng: Rng) -> list[bytes]:
    """One part left out, repeated, moved, swapped or cut; the first one stays first."""
    if len(parts) < 2:
        return parts
    at, other = int(rng.integers(1, len(parts))), int(rng.integers(1, len(parts)))
    part, before, behind = parts[at], parts[:at], parts[at + 1 :]
    ways = (
        lambda: before + behind,
        lambda: [*before, *[part] * pick(rng, (2, 3, 30, 120)), *behind],
        lambda: [*parts[:other], part, *parts[other:]],
        lambda: [parts[other] if i == at else part if i == other else one for i, one in enumerate(parts)],
        lambda: [*before, part[: int(rng.integers(len(part) + 1))], *behind],
        lambda: [*before, poked(part, rng), *behind],
    )
    return ways[int(rng.integers(len(ways)))]()


def poked(part: bytes, rng: Rng) -> bytes:
    """A number within a part replaced by an extreme one, or a byte by any."""
    out = bytearray(part)
    if not out:
        return part
    at = int(rng.integers(len(out)))
    word = (
        EXTREMES[int(rng.integers(len(EXTREMES)))] if rng.random() < 0.5 else bytes([int(rng.integers(256))])
    )
    out[at : at + len(word)] = word
    return bytes(out[: max(len(part), 1)])


# JPEG


def jpeg_parts(data: bytes) -> list[bytes]:
    """Segments with their markers; the last holds the scans from the first on."""
    parts, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        parts.append(data[at:end])
        at = end
    return [*parts, data[at:]]


def segment(marker: int, payload: bytes, length: int | None = None) -> bytes:
    size = len(payload) + 2 if length is None else length
    return bytes([0xFF, marker]) + struct.pack(">H", size & 0xFFFF) + payload[:65533]


def jpeg_markers(data: bytes, rng: Rng) -> bytes:
    """Segments rearranged, and any segment of any length put between them."""
    parts = jpeg_parts(data)
    for _ in range(int(rng.integers(1, 4))):
        if rng.random() < 0.5:
            parts = rearranged(parts, rng)
            continue
        marker = pick(rng, [*range(0xC0, 0x100), 1, 2])
        payload = rng.bytes(pick(rng, (0, 1, 2, 17, 64, 300)))
        length = None if rng.random() < 0.6 else pick(rng, _NUMBERS)
        at = int(rng.integers(1, len(parts)))
        parts[at:at] = [b"\xff" * int(rng.integers(3)) + segment(marker, payload, length)] * pick(
            rng, (1, 1, 60)
        )
    return b"".join(parts)


def jpeg_frame(data: bytes, rng: Rng) -> bytes:
    """Another size, precision, sampling, number of components or coding."""
    is_frame = [part[:1] == b"\xff" and part[1] in {0xC0, 0xC1, 0xC2} for part in jpeg_parts(data)]
    parts = zip(jpeg_parts(data), is_frame, strict=True)
    return b"".join(_other_frame(part, rng) if frame else part for part, frame in parts)


def _other_frame(part: bytes, rng: Rng) -> bytes:
    frame = bytearray(part)
    match int(rng.integers(6)):
        case 0:
            frame[1] = pick(rng, [0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCD, 0xF7])
        case 1:
            frame[4] = pick(rng, (0, 1, 8, 12, 16, 255))
        case 2:
            frame[5:9] = struct.pack(">HH", pick(rng, _SIDES), pick(rng, _SIDES))
        case 3:
            count = pick(rng, (0, 1, 2, 3, 4, 5, 10, 255))
            each = (bytes([i % 256, pick(rng, (0x11, 0x22, 0x41, 0x44)), i % 4]) for i in range(count))
            return segment(part[1], part[4:9] + bytes([count]) + b"".join(each))
        case 4:
            frame[11 + 3 * int(rng.integers(max((len(frame) - 10) // 3, 1)))] = int(rng.integers(256))
        case _:
            return poked(part, rng)
    return bytes(frame)


def jpeg_tables(data: bytes, rng: Rng) -> bytes:
    """Huffman and quantisation tables of other counts, numbers and symbols, also between the scans."""

    def table() -> bytes:
        if rng.random() < 0.3:
            return segment(
                0xDB, bytes([pick(rng, (0, 1, 2, 3, 4, 16, 17, 255))]) + rng.bytes(pick(rng, (63, 64, 128)))
            )
        counts = bytes(int(n) for n in rng.integers(0, pick(rng, (2, 4, 17, 256)), 16))
        symbols = rng.bytes(min(sum(counts), 600)) if rng.random() < 0.8 else b""
        return segment(0xC4, bytes([pick(rng, (0, 1, 2, 3, 4, 16, 17, 19, 20, 255))]) + counts + symbols)

    parts = [
        poked(p, rng) if p[1:2] in {b"\xc4", b"\xdb"} and rng.random() < 0.4 else p for p in jpeg_parts(data)
    ]
    at = int(rng.integers(1, len(parts)))
    return b"".join([*parts[:at], *[table() for _ in range(int(rng.integers(3)))], *parts[at:]])


def jpeg_scans(data: bytes, rng: Rng) -> bytes:  # noqa: C901 - a list of ways
    """Scans repeated, of other components and spectral bands, with markers and stretches inside."""
    parts = jpeg_parts(data)
    scans = bytearray(parts[-1])
    heads = [i for i in range(len(scans) - 4) if scans[i] == 0xFF and scans[i + 1] == 0xDA]
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.integers(len(scans)))
        match int(rng.integers(7)):
            case 0:
                scans[at:at] = bytes([0xFF, pick(rng, [*range(0xC0, 0x100), 0, 1])])
            case 1:
                scans[at : at + 200] = bytes([pick(rng, (0, 0x55, 0xFF))]) * 200
            case 2:
                del scans[at : at + int(rng.integers(1, 400))]
            case 3 if heads:
                head = heads[int(rng.integers(len(heads)))]
                place = head + 4 + int(rng.integers(1, 14))
                if place < len(scans):
                    scans[place] = pick(rng, (0, 1, 2, 3, 4, 5, 63, 64, 255, 0x11, 0x10, 0x01, 0xDD))
            case 4 if heads:
                head = heads[int(rng.integers(len(heads)))]
                end = next((i for i in heads if i > head), len(scans))
                scans[end:end] = bytes(scans[head:end]) * pick(rng, (1, 2, 30, 150))
            case 5:
                scans[at:at] = segment(0xDD, struct.pack(">H", pick(rng, (0, 1, 2, 9, 65535))))
            case _:
                scans = scans[: max(at, 12)]
    return b"".join(parts[:-1]) + bytes(scans)


def directories(rng: Rng) -> bytes:
    """A TIFF structure of directories that name each other, with counts and offsets of any size."""
    order = "<" if rng.random() < 0.5 else ">"
    out = bytearray(
        (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", pick(rng, (8, 8, 8, 0, 9, 200)))
    )
    starts = [8, 8 + int(rng.integers(20, 400)), pick(rng, (8, 40, 100, 300))]
    tags = (256, 257, 258, 259, 262, 271, 273, 277, 279, 322, 324, 330, 0x201, 0x202, 0x8769, 0x8825, 0x927C,
            0x9286, 0xA005, 37500, 50706, 0x0112, 0x9003, 0x010E)  # fmt: skip
    for _ in range(int(rng.integers(1, 4))):
        count = pick(rng, (0, 1, 3, 8, 20, 600))
        entries = b"".join(
            struct.pack(
                order + "HHII", pick(rng, tags), pick(rng, (0, 1, 2, 3, 4, 5, 7, 12, 13, 16, 999)),
                pick(rng, (0, 1, 1, 1, 2, 4, *_NUMBERS)), pick(rng, (*starts, *starts, *_NUMBERS, 64)),
            )
            for _ in range(min(count, 40))
        )  # fmt: skip
        out += (
            struct.pack(order + "H", count)
            + entries
            + struct.pack(order + "I", pick(rng, (0, *starts, 0xFFFFFFFF)))
        )
    return bytes(out) + rng.bytes(int(rng.integers(200)))


def xmp(rng: Rng) -> bytes:
    """A packet that is deep, wide, of entities, of containers with lying lengths, or of settings."""
    match int(rng.integers(6)):
        case 0:
            return ("<a>" * pick(rng, (60, 70, 50_000))).encode()
        case 1:
            names = "".join(f'<x{i} y{i}="z"/>' for i in range(pick(rng, (100, 3000))))
            return _XMP.format(names).encode()
        case 2:
            grow = "".join(
                f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            )
            return f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{grow}]><x>&i;</x>'.encode()
        case 3:
            items = "".join(
                f'<c:Item xmlns:c="http://ns.google.com/photos/1.0/container/" '
                f'xmlns:i="http://ns.google.com/photos/1.0/container/item/" i:Semantic="MotionPhoto" '
                f'i:Length="{pick(rng, (0, 1, 100, 5000, 1 << 40))}"/>'
                for _ in range(pick(rng, (1, 3, 2500)))
            )
            return _XMP.format(items).encode()
        case 4:
            return _XMP.format("Steps: 1, Sampler: x, Seed: 2, CFG scale: 3 " * pick(rng, (1, 2000))).encode()
        case _:
            return poked(_XMP.format("<b/>" * 50).encode(), rng)


def jpeg_metadata(data: bytes, rng: Rng) -> bytes:
    """EXIF loops, packets, extensions, profiles, resources and indices of further pictures, and trailers."""
    parts = jpeg_parts(data)
    for _ in range(int(rng.integers(1, 4))):
        match int(rng.integers(8)):
            case 0 | 1:
                extra = segment(
                    0xE1, b"Exif\0\0" + directories(rng) + (data if rng.random() < 0.3 else b"")[:40_000]
                )
            case 2:
                extra = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(rng))
            case 3:
                head = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
                extra = segment(
                    0xE1, head + struct.pack(">II", pick(rng, _NUMBERS), pick(rng, _NUMBERS)) + xmp(rng)
                )
            case 4:
                number, count = pick(rng, (0, 1, 2, 255)), pick(rng, (0, 1, 2, 255))
                extra = segment(0xE2, b"ICC_PROFILE\0" + bytes([number, count]) + profile(rng))
            case 5:
                extra = segment(0xE2, b"MPF\0" + directories(rng))
            case 6:
                body = rng.bytes(pick(rng, (0, 30, 300)))
                name = bytes([pick(rng, (0, 1, 255))])
                block = b"8BIM" + struct.pack(">H", pick(rng, (0x404, 0x40C, 1))) + name + b"\0"
                extra = segment(
                    0xED,
                    b"Photoshop 3.0\0" + block + struct.pack(">I", pick(rng, (*_NUMBERS, len(body)))) + body,
                )
            case _:
                tail = struct.pack("<II", 107, pick(rng, _NUMBERS)) + rng.bytes(24)
                parts.append(
                    rng.bytes(40) + b"SEFH" + tail + struct.pack("<I", pick(rng, (*_NUMBERS, 36))) + b"SEFT"
                )
                continue
        parts.insert(int(rng.integers(1, len(parts))), extra)
    return b"".join(parts)


def profile(rng: Rng) -> bytes:
    """An ICC profile whose header or tag table lies."""
    head = bytearray(132 + 12 * 3)
    head[:4] = struct.pack(">I", pick(rng, (*_NUMBERS, len(head))))
    head[12:24], head[36:40] = b"mntrRGB XYZ ", b"acsp"
    head[128:132] = struct.pack(">I", pick(rng, (0, 1, 3, 0x7FFFFFFF, 0xFFFFFFFF)))
    for i in range(3):
        head[132 + 12 * i : 144 + 12 * i] = b"rTRC" + struct.pack(
            ">II", pick(rng, _NUMBERS), pick(rng, _NUMBERS)
        )
    return bytes(head) + rng.bytes(60)


# PNG


def png_parts(data: bytes) -> list[bytes]:
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        parts.append(data[at:end])
        at = end
    return parts


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def png_chunks(data: bytes, rng: Rng) -> bytes:  # noqa: C901 - a list of ways
    """Chunks with right check sums: headers, pixels, palettes, animations, texts and profiles of any sort."""
    parts = png_parts(data)
    header = bytearray(parts[1][8:21])
    for _ in range(int(rng.integers(1, 4))):
        match int(rng.integers(9)):
            case 0:
                header[:8] = struct.pack(">II", pick(rng, (*_SIDES, 0x7FFFFFFF)), pick(rng, _SIDES))
            case 1:
                header[8:] = bytes(pick(rng, (0, 1, 2, 3, 4, 6, 8, 16, 255)) for _ in range(5))
            case 2:
                pixels = rng.bytes(64) * pick(rng, (0, 1, 40, 4000))
                parts[2:-1] = [chunk(b"IDAT", zlib.compress(pixels)[: pick(rng, (2, 20, 10_000_000))])]
            case 3:
                parts.insert(2, chunk(pick_name(rng), rng.bytes(pick(rng, (0, 1, 6, 26, 300)))))
            case 4:
                parts.insert(2, chunk(b"eXIf", directories(rng)))
            case 5:
                parts.insert(
                    2, chunk(b"iCCP", b"p\0\0" + zlib.compress(profile(rng) * pick(rng, (1, 20_000))))
                )
            case 6:
                packed = zlib.compress(xmp(rng))
                parts.insert(2, chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packed))
            case 7:
                size = struct.pack(">IIIII", 0, pick(rng, _SIDES), pick(rng, _SIDES), pick(rng, _NUMBERS), 0)
                parts.insert(
                    2,
                    chunk(b"acTL", struct.pack(">II", pick(rng, _NUMBERS), 0))
                    + chunk(b"fcTL", size + bytes(6)),
                )
            case _:
                parts = rearranged(parts, rng)
    if len(parts) > 1 and parts[1][4:8] == b"IHDR":
        parts[1] = chunk(b"IHDR", bytes(header))
    return b"".join(parts)


def pick_name(rng: Rng) -> bytes:
    names = (
        b"PLTE",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"pHYs",
        b"tIME",
        b"tEXt",
        b"zTXt",
        b"fdAT",
        b"sBIT",
        b"bKGD",
    )
    return names[int(rng.integers(len(names)))]


# TIFF, GIF, WebP


def tiff_directories(data: bytes, rng: Rng) -> bytes:
    """Entries of the first directory changed, a directory within it, or made anew."""
    if rng.random() < 0.3:
        return directories(rng) + data
    out = bytearray(data)
    order = "<" if data[:2] == b"II" else ">"
    first = struct.unpack(order + "I", data[4:8])[0]
    count = struct.unpack(order + "H", data[first : first + 2])[0]
    for _ in range(int(rng.integers(1, 4))):
        at = first + 2 + 12 * int(rng.integers(max(count, 1)))
        match int(rng.integers(4)):
            case 0:
                out[at + 8 : at + 12] = struct.pack(order + "I", pick(rng, (*_NUMBERS, 1, 2, 5, 7, 8, 32773)))
            case 1:
                out[at + 4 : at + 8] = struct.pack(order + "I", pick(rng, _NUMBERS))
            case 2:
                out[at : at + 4] = struct.pack(
                    order + "HH", pick(rng, (330, 0x8769, 317, 339, 322, 262, 34675)), 4
                )
            case _:
                end = first + 2 + 12 * count
                out[end : end + 4] = struct.pack(order + "I", pick(rng, (first, 8, len(out) - 6, 0xFFFFFFFF)))
    return bytes(out)


def gif_blocks(data: bytes, rng: Rng) -> bytes:
    """Frames repeated, of other places and sizes, with other block lengths, codes and extensions."""
    out = bytearray(data)
    places = [i for i in range(13, len(out) - 10) if out[i] in {0x2C, 0x21}]
    for _ in range(int(rng.integers(1, 5))):
        at = places[int(rng.integers(len(places)))] if places else 13
        match int(rng.integers(5)):
            case 0:
                out[at + 1 : at + 9] = b"".join(struct.pack("<H", pick(rng, _SIDES)) for _ in range(4))
            case 1:
                out[at:at] = bytes(out[at:]) * pick(rng, (1, 3, 40))
            case 2:
                out[6:10] = struct.pack("<HH", pick(rng, _SIDES), pick(rng, _SIDES))
            case 3:
                out[at:at] = (
                    b"\x21" + bytes([pick(rng, (0xF9, 0xFE, 0xFF, 1))]) + bytes([pick(rng, (0, 4, 11, 255))])
                )
            case _:
                out[at + 10 : at + 12] = bytes([pick(rng, (0, 1, 2, 8, 12, 13, 255)), int(rng.integers(256))])
    return bytes(out)


def webp_chunks(data: bytes, rng: Rng) -> bytes:
    """Chunks rearranged and added in an extended file of any canvas."""
    parts, at = [b""], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        parts.append(data[at : at + 8 + size + size % 2])
        at += 8 + size + size % 2
    for _ in range(int(rng.integers(1, 4))):
        match int(rng.integers(4)):
            case 0:
                sides = b"".join(max(pick(rng, _SIDES) - 1, 0).to_bytes(3, "little") for _ in range(2))
                parts.insert(
                    1, b"VP8X" + struct.pack("<I", 10) + bytes([int(rng.integers(64)), 0, 0, 0]) + sides
                )
            case 1:
                names = (b"EXIF", b"XMP ", b"ICCP", b"ANIM", b"ANMF", b"ALPH")
                name = names[int(rng.integers(len(names)))]
                body = {b"EXIF": directories, b"XMP ": xmp, b"ICCP": profile}.get(
                    name, lambda r: r.bytes(30)
                )(rng)
                parts.append(
                    name
                    + struct.pack("<I", pick(rng, (len(body), len(body), *_NUMBERS)))
                    + body
                    + b"\0" * (len(body) % 2)
                )
            case _:
                parts = rearranged(parts, rng)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) if rng.random() < 0.9 else pick(rng, _NUMBERS)) + body


# AVIF and HEIC

_HOLDERS = (b"meta", b"iprp", b"ipco", b"iinf", b"iref", b"moov")


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload) + 8) + kind + payload


def iso_boxes(data: bytes, rng: Rng) -> bytes:
    """Boxes rearranged at any depth, properties, grids, turns and thumbnails added; the sizes are right."""

    def walk(block: bytes, depth: int, holder: bytes) -> bytes:
        found, at = [b""], 0
        while at + 8 <= len(block):
            size = int.from_bytes(block[at : at + 4], "big") or len(block) - at
            kind, payload = block[at + 4 : at + 8], block[at + 8 : at + size]
            head = 4 if kind in {b"meta", b"iref"} else 6 if kind == b"iinf" else 0
            if kind in _HOLDERS and depth < 6:
                payload = payload[:head] + walk(payload[head:], depth + 1, kind)
            elif rng.random() < 0.04 and kind != b"mdat":
                payload = poked(payload, rng)
            found.append(box(kind, payload))
            at += max(size, 8)
        made = extra_boxes(rng).get(holder, ())
        if made and rng.random() < 0.3:
            found.append(made[int(rng.integers(len(made)))])
        return b"".join(rearranged(found, rng) if depth and rng.random() < 0.12 else found)

    out = walk(data, 0, b"")
    before, behind = data.find(b"mdat") + 4, out.find(b"mdat") + 4
    if rng.random() < 0.9:  # the pixels stay where the item table says
        out = out.replace(struct.pack(">I", before), struct.pack(">I", behind))
    return out if rng.random() < 0.9 else poked(out, rng)


def extra_boxes(rng: Rng) -> dict[bytes, tuple[bytes, ...]]:
    """What may be added in a box of each type; "" is the file itself."""
    sides = struct.pack(">II", pick(rng, _SIDES), pick(rng, _SIDES))
    return {
        b"": (box(b"mpvd", rng.bytes(40)), box(b"uuid", rng.bytes(pick(rng, (0, 16, 64)))), rng.bytes(20)),
        b"ipco": (
            box(b"ispe", bytes(4) + sides),
            box(b"irot", bytes([int(rng.integers(256))])),
            box(b"imir", bytes([int(rng.integers(256))])),
            box(b"clap", rng.bytes(32)),
            box(b"auxC", bytes(4) + b"urn:com:apple:photo:2020:aux:hdrgainmap\0"),
        ),
        b"iprp": (box(b"ipma", bytes(4) + struct.pack(">I", pick(rng, (0, 1, 3, 999))) + rng.bytes(20)),),
        b"iinf": (box(b"infe", b"\2\0\0\0" + struct.pack(">HH", pick(rng, (1, 2, 9)), 0) + b"grid\0"),),
        b"iref": (box(b"dimg", struct.pack(">HH", 1, 9) + b"\0\1" * 9),),
        b"meta": (
            box(
                b"iref", bytes(4) + box(b"thmb", struct.pack(">HHH", pick(rng, (1, 2)), 1, pick(rng, (1, 2))))
            ),
            box(
                b"iref",
                bytes(4) + box(b"dimg", struct.pack(">HH", 1, pick(rng, (1, 9, 65535))) + b"\0\1" * 9),
            ),
            box(
                b"idat", bytes([0, pick(rng, (0, 1)), pick(rng, (0, 1, 255)), pick(rng, (0, 1, 255))]) + sides
            ),
            box(b"iloc", bytes([pick(rng, (0, 1, 2)), 0, 0, 0, 0x44, 0x40]) + rng.bytes(40)),
        ),
    }


Operation = Callable[[bytes, Rng], bytes]
OPERATIONS: dict[str, tuple[Operation, ...]] = {
    "jpeg": (jpeg_markers, jpeg_frame, jpeg_tables, jpeg_scans, jpeg_metadata),
    "jpeg-progressive": (jpeg_scans, jpeg_scans, jpeg_tables, jpeg_markers),
    "jpeg-gray": (jpeg_frame, jpeg_metadata),
    "jpeg-restart": (jpeg_scans, jpeg_markers),
    "png": (png_chunks, png_chunks),
    "png-palette": (png_chunks,),
    "tiff": (tiff_directories, tiff_directories),
    "gif": (gif_blocks,),
    "webp": (webp_chunks,),
    "avif": (iso_boxes, iso_boxes),
    "heic": (iso_boxes,),
}


def part_mutations(first: int, end: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Damaged files by number, each operation in its turn."""
    valid = seeds()
    buffer = io.BytesIO()
    Image.open(io.BytesIO(valid["png"])).convert("RGB").save(
        buffer, "JPEG", quality=90, restart_marker_blocks=2
    )
    valid["jpeg-restart"] = buffer.getvalue()
    turns = [(name, operation) for name, all_of in OPERATIONS.items() for operation in all_of]
    for number in range(first, end):
        name, operation = turns[number % len(turns)]
        rng = np.random.default_rng([seed, number, 1])
        data = operation(valid[name], rng)
        if rng.random() < 0.2:  # as often a second time
            data = operation(data, rng)
        yield f"{number}-{name}-{operation.__name__}", data or b"\0"
