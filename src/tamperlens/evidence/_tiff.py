"""The directories of a TIFF file: its pages, whether it is a camera's RAW file, and how it is coded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tamperlens.evidence._metadata import printable

# Most directories, entries of one, and numbers of an entry that are read.
MAX_DIRECTORIES, MAX_ENTRIES, MAX_NUMBERS = 4096, 512, 1 << 16
_TYPE_BYTES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_WHOLE = {1, 3, 4, 6, 7, 13, 16, 18}
_SUBFILE, _OLD_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 255, 256, 257, 258, 259, 262
_MAKE, _OFFSETS, _SAMPLES, _COUNTS, _PREDICTOR, _TILE_OFFSETS, _TILE_COUNTS = (
    271,
    273,
    277,
    279,
    317,
    324,
    325,
)
_SUB_IFDS, _FORMAT, _DNG = 330, 339, 50706
# Photometric values that mark sensor data (TIFF/EP, DNG), and makers' own compressions.
_SENSOR = {32803, 34892}
_MAKERS_OWN = {32767, 32769, 32770, 32772, 34713, 65000, 65535}
_MAKERS = {
    "nikon": "Nikon NEF", "sony": "Sony ARW", "pentax": "Pentax PEF", "ricoh": "Pentax PEF",
    "samsung": "Samsung SRW", "hasselblad": "Hasselblad 3FR", "eastman kodak": "Kodak DCR",
    "kodak": "Kodak DCR", "leaf": "Leaf MOS", "phase one": "Phase One IIQ",
    "epson": "Epson ERF", "mamiya": "Mamiya MEF",
    "canon": "Canon CR2", "gopro": "GoPro GPR",
}  # fmt: skip
_FORMATS = {1: "", 2: "signed ", 3: "floating-point ", 4: "", 5: "complex ", 6: "complex "}
_COLOURS = {
    0: "gray", 1: "gray", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr", 8: "CIELAB", 9: "ICCLAB",
    10: "ITULAB", 32844: "LogL", 32845: "LogLuv",
}  # fmt: skip
_COMPRESSIONS = {
    1: "uncompressed", 2: "CCITT", 3: "CCITT fax 3", 4: "CCITT fax 4", 5: "LZW", 6: "old JPEG", 7: "JPEG",
    8: "deflate", 32773: "PackBits", 32946: "deflate", 33003: "JPEG 2000", 33005: "JPEG 2000",
    34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA",
    50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip
# What Pillow decodes.
_USUAL_BITS, _USUAL_COLOURS = {1, 2, 4, 8, 16}, {0, 1, 2, 3, 5, 6, 8}
_USUAL_COMPRESSIONS = {1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946}


class Entry(NamedTuple):
    """An entry: the TIFF type of its values, how many there are, and where they are."""

    kind: int
    values: int
    offset: int


@dataclass(frozen=True)
class Directory:
    """One directory.

    Attributes:
        entries: tag → entry.
        page: whether it is one of the file's pages, not a directory inside one.
    """

    entries: Mapping[int, Entry]
    page: bool


class Tiff:
    """A TIFF file's directories.

    Offsets are followed only within the file, and none twice.

    Args:
        data: the file, classic or BigTIFF.

    Reference: Adobe, TIFF Revision 6.0 (1992).
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
        self._big = data[2:4] in {b"+\x00", b"\x00+"}
        self._wide = 8 if self._big else 4
        self._seen: set[int] = set()
        self.directories = tuple(self._walk())

    def numbers(self, directory: Directory, tag: int, most: int = MAX_NUMBERS) -> list[int]:
        """Whole numbers of an entry; empty if it is absent or holds none."""
        entry = directory.entries.get(tag)
        if entry is None or entry.kind not in _WHOLE:
            return []
        size = _TYPE_BYTES[entry.kind]
        reach = max(0, min(entry.values, most, (len(self.data) - entry.offset) // size))
        return [self._at(entry.offset + i * size, size) for i in range(reach)]

    def number(self, directory: Directory, tag: int, default: int = 0) -> int:
        """The first number of an entry."""
        return next(iter(self.numbers(directory, tag, 1)), default)

    def text(self, directory: Directory, tag: int) -> str:
        """The text of an entry."""
        entry = directory.entries.get(tag)
        return printable(self.data[entry.offset : entry.offset + min(entry.values, 200)]) if entry else ""

    def raw(self, directory: Directory, tag: int) -> bytes:
        """The bytes of an entry that lie within the file; empty if it is absent."""
        entry = directory.entries.get(tag)
        if entry is None:
            return b""
        return self.data[entry.offset : entry.offset + entry.values * _TYPE_BYTES.get(entry.kind, 1)]

    def inner(self, directory: Directory, tag: int) -> Directory | None:
        """A directory that an entry points to, such as EXIF; None if it cannot be read."""
        read = self._directory(self.number(directory, tag), page=False)
        return read[0] if read else None

    @property
    def pages(self) -> tuple[Directory, ...]:
        """The file's pages, including reduced copies."""
        return tuple(one for one in self.directories if one.page)

    def is_reduced(self, directory: Directory) -> bool:
        """Whether a directory is declared a reduced copy of another."""
        return bool(self.number(directory, _SUBFILE) & 1) or self.number(directory, _OLD_SUBFILE) == 2

    def missing(self, directory: Directory) -> int:
        """Bytes of its strips or tiles that lie beyond the end of the file."""
        ends = [at + size for at, size in self._pieces(directory)]
        return max(0, max(ends, default=0) - len(self.data))

    def _pieces(self, directory: Directory) -> list[tuple[int, int]]:
        for offsets, counts in ((_OFFSETS, _COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
            places = self.numbers(directory, offsets)
            if places:
                return list(zip(places, self.numbers(directory, counts), strict=False))
        return []

    def is_sound(self, directory: Directory) -> bool:
        """Whether it declares a size and all its pixels lie within the file."""
        sized = self.number(directory, _WIDTH) > 0 and self.number(directory, _HEIGHT) > 0
        return sized and bool(self._pieces(directory)) and not self.missing(directory)

    def _at(self, offset: int, size: int) -> int:
        return int.from_bytes(self.data[offset : offset + size], self.order)

    def _walk(self) -> Iterator[Directory]:
        """The pages, each followed by the directories inside it."""
        offset, count = self._at(8, 8) if self._big else self._at(4, 4), 0
        while offset and count < MAX_DIRECTORIES and (read := self._directory(offset, page=True)):
            directory, offset = read
            count += 1
            yield directory
            for inner in self.numbers(directory, _SUB_IFDS, 16):
                if (nested := self._directory(inner, page=False)) is not None:
                    yield nested[0]

    def _directory(self, offset: int, page: bool) -> tuple[Directory, int] | None:
        """A directory and the offset of the next; None if it was read before or lies outside the file."""
        head, size = (8, 20) if self._big else (2, 12)
        if offset in self._seen or not 8 <= offset <= len(self.data) - head:
            return None
        self._seen.add(offset)
        declared = self._at(offset, head)
        entries: dict[int, Entry] = {}
        for i in range(min(declared, MAX_ENTRIES, (len(self.data) - offset - head) // size)):
            at = offset + head + size * i
            kind, count = self._at(at + 2, 2), self._at(at + 4, self._wide)
            value = at + 4 + self._wide
            inside = count * _TYPE_BYTES.get(kind, 1) <= self._wide
            entries[self._at(at, 2)] = Entry(kind, count, value if inside else self._at(value, self._wide))
        return Directory(entries, page), self._at(offset + head + size * declared, self._wide)


def raw_name(data: bytes) -> str:
    """Which kind of RAW file a TIFF file is; "" if it is not one.

    Reference: ISO 12234-2, TIFF/EP (2001); Adobe, Digital Negative Specification 1.7 (2023).
    """
    if data[8:10] == b"CR" and data[:4] == b"II*\x00":
        return "RAW (Canon CR2)"
    if data[8:12] in {b"IIII", b"MMMM"}:
        return "RAW (Phase One IIQ)"
    tiff = Tiff(data)
    if any(_DNG in one.entries for one in tiff.directories):
        return "RAW (DNG)"
    sensor = any(
        tiff.number(one, _PHOTOMETRIC) in _SENSOR or tiff.number(one, _COMPRESSION) in _MAKERS_OWN
        for one in tiff.directories
    )
    if not sensor:
        return ""
    make = tiff.text(tiff.directories[0], _MAKE).lower()
    return next((f"RAW ({name})" for maker, name in _MAKERS.items() if make.startswith(maker)), "RAW")


def unsupported_coding(data: bytes) -> str:
    """How the first page of a sound file is coded, if no decoder here reads it; "" otherwise."""
    tiff = Tiff(data)
    first = next((one for one in tiff.pages), None)
    if first is None or not tiff.is_sound(first):
        return ""
    bits, samples = tiff.number(first, _BITS, 1), tiff.number(first, _SAMPLES, 1)
    form, predictor = tiff.number(first, _FORMAT, 1), tiff.number(first, _PREDICTOR, 1)
    colours, compression = tiff.number(first, _PHOTOMETRIC), tiff.number(first, _COMPRESSION, 1)
    usual = (
        bits in _USUAL_BITS
        and form == 1
        and colours in _USUAL_COLOURS
        and compression in _USUAL_COMPRESSIONS
        and (predictor == 1 or colours != 5)
    )
    if usual:
        return ""
    how = _COMPRESSIONS.get(compression, f"compression {compression}")
    predicted = f" with predictor {predictor}" if predictor != 1 else ""
    kind = _COLOURS.get(colours, f"colour model {colours}")
    return f"{kind} of {samples} × {bits}-bit {_FORMATS.get(form, '')}samples, {how}{predicted}"
