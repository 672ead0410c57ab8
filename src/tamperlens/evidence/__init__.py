"""Bytes → `Evidence`: what a file is and states about itself, before anyone judges what it shows."""

from tamperlens.evidence._channel import Channel, channel
from tamperlens.evidence._channel_files import ChannelWay
from tamperlens.evidence._fact import Fact
from tamperlens.evidence._facts import Statements, file_facts, read_statements
from tamperlens.evidence._generation import declared_generated
from tamperlens.evidence._jpeg import (
    JpegCoefficients,
    JpegStructure,
    encode_jpeg,
    estimate_quality,
    ijg_table,
    read_coefficients,
    read_structure,
    recompress,
)
from tamperlens.evidence._jpeg_signatures import SignatureMatch
from tamperlens.evidence._known_formats import known_format
from tamperlens.evidence._load import Evidence, Limits, load_evidence, open_regular, read_file
from tamperlens.evidence._metadata import printable, read_metadata
from tamperlens.evidence._pixels import read_orientation, to_gray, turn_upright
from tamperlens.evidence._provenance import Provenance
from tamperlens.evidence._scope import Scope, scope
from tamperlens.evidence._signature_files import load_signatures
from tamperlens.evidence._sniff import EXTENSIONS, Format, sniff
from tamperlens.evidence._thumbnail import Thumbnail

__all__ = [
    "EXTENSIONS",
    "Channel",
    "ChannelWay",
    "Evidence",
    "Fact",
    "Format",
    "JpegCoefficients",
    "JpegStructure",
    "Limits",
    "Provenance",
    "Scope",
    "SignatureMatch",
    "Statements",
    "Thumbnail",
    "channel",
    "declared_generated",
    "encode_jpeg",
    "estimate_quality",
    "file_facts",
    "ijg_table",
    "known_format",
    "load_evidence",
    "load_signatures",
    "open_regular",
    "printable",
    "read_coefficients",
    "read_file",
    "read_metadata",
    "read_orientation",
    "read_statements",
    "read_structure",
    "recompress",
    "scope",
    "sniff",
    "to_gray",
    "turn_upright",
]
