"""Quantisation tables of cameras and programs, gathered from their files.

`gathered_tables.json` is written by `python benchmarks/traces/jpeg_tables.py FOLDER --leave-out
benchmarks/traces/kept_cameras.txt --write`.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Pillow's numbers for the three samplings that a gathered file may have.
SAMPLINGS = (0, 1, 2)


@dataclass(frozen=True)
class GatheredTables:
    """Tables of one encoder at one setting.

    Attributes:
        luma: 64 steps in 1..255, row by row.
        chroma: likewise.
        sampling: of chroma, in Pillow's numbering: 0 for 4:4:4, 1 for 4:2:2, 2 for 4:2:0.
    """

    luma: tuple[int, ...]
    chroma: tuple[int, ...]
    sampling: int


@cache
def gathered_tables() -> tuple[GatheredTables, ...]:
    """All of them, finest first."""
    stored = json.loads(files(__package__).joinpath("gathered_tables.json").read_text("utf-8"))
    return tuple(GatheredTables(tuple(luma), tuple(chroma), sampling) for luma, chroma, sampling in stored)
