"""Bytes → `Evidence`: what a file is and states about itself, before anyone judges what it shows.

Public names: `load_evidence`, `read_file`, `open_regular`, `Evidence`, `Limits`, `JpegStructure`,
`JpegCoefficients`, `encode_jpeg`, `recompress`, `to_gray`, `turn_upright`; `read_statements`, `file_facts`,
`Statements`, `Fact`, `Scope`, `Thumbnail`, `Provenance`, `SignatureMatch`, `load_signatures`.
"""

from tamperlens.evidence._fact import Fact
from tamperlens.evidence._facts import Statements, file_facts, read_statements
from tamperlens.evidence._jpeg import JpegCoefficients, JpegStructure, encode_jpeg, recompress
from tamperlens.evidence._jpeg_signatures import SignatureMatch
from tamperlens.evidence._load import Evidence, Limits, load_evidence, open_regular, read_file
from tamperlens.evidence._pixels import to_gray, turn_upright
from tamperlens.evidence._provenance import Provenance
from tamperlens.evidence._scope import Scope
from tamperlens.evidence._signature_files import load_signatures
from tamperlens.evidence._thumbnail import Thumbnail

__all__ = [
    "Evidence",
    "Fact",
    "JpegCoefficients",
    "JpegStructure",
    "Limits",
    "Provenance",
    "Scope",
    "SignatureMatch",
    "Statements",
    "Thumbnail",
    "encode_jpeg",
    "file_facts",
    "load_evidence",
    "load_signatures",
    "open_regular",
    "read_file",
    "read_statements",
    "recompress",
    "to_gray",
    "turn_upright",
]
