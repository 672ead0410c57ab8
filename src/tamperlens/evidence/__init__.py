"""Bytes → `Evidence`: what a file is, before anyone judges what it shows.

Public names: `load_evidence`, `Evidence`, `Limits`, `JpegStructure`, `JpegCoefficients`,
`encode_jpeg`, `recompress`, `to_gray`.
"""

from tamperlens.evidence.jpeg import (
    JpegCoefficients,
    JpegStructure,
    encode_jpeg,
    recompress,
)
from tamperlens.evidence.load import Evidence, Limits, load_evidence
from tamperlens.evidence.pixels import to_gray

__all__ = [
    "Evidence",
    "JpegCoefficients",
    "JpegStructure",
    "Limits",
    "encode_jpeg",
    "load_evidence",
    "recompress",
    "to_gray",
]
