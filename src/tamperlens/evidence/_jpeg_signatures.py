"""Which known programs write JPEG files with exactly these tables, and which come nearest."""

from dataclasses import dataclass

import numpy as np

from tamperlens.evidence._channel_files import Certainty
from tamperlens.evidence._jpeg import JpegStructure
from tamperlens.evidence._signature_files import JpegSignature, Signatures, load_signatures


@dataclass(frozen=True)
class SignatureMatch:
    """A known writer whose tables match or come near.

    Attributes:
        writer: the program, library or device.
        setting: its setting.
        exact: whether the sampling and all published numbers match: both tables, or only their sums if
            no more is published.
        distance: mean absolute difference of the two tables in quantisation steps; 0 for an exact match, NaN
            if the tables themselves are not published.
        certainty: how sure the signature itself is.
        source: where it is published.
    """

    writer: str
    setting: str
    exact: bool
    distance: float
    certainty: Certainty
    source: str


def match_signatures(
    structure: JpegStructure, signatures: Signatures | None = None
) -> tuple[SignatureMatch, ...]:
    """Known writers of a JPEG file's tables.

    Args:
        structure: the file's tables and sampling.
        signatures: what to compare with; when None, all shipped ones and the user's own.

    Returns:
        All exact matches, those of published tables first; if there are none, the nearest one.
    """
    known = (signatures or load_signatures()).jpeg
    exact = [_match(s, 0.0) for s in known if _fits(s, structure)]
    if exact:
        # If full tables match, sums add nothing.
        return tuple(m for m in exact if m.distance == 0) or tuple(exact)
    distances = [_distance(s, structure) for s in known]
    if not distances or not np.isfinite(distances).any():
        return ()
    best = int(np.nanargmin(distances))
    return (_match(known[best], distances[best]),)


def _fits(signature: JpegSignature, structure: JpegStructure) -> bool:
    """Whether everything known of a signature matches the file; gray files have no chroma to compare."""
    gray = len(structure.tables) == 1
    if signature.sampling not in {"", structure.subsampling} and not gray:
        return False
    if signature.luma is not None:
        return _distance(signature, structure) == 0
    sums = tuple(int(table.sum()) for table in structure.tables[:2])
    return not gray and sums == signature.sums


def _distance(signature: JpegSignature, structure: JpegStructure) -> float:
    ours = structure.tables
    pairs = [(signature.luma, ours[0]), *((signature.chroma, table) for table in ours[1:3])]
    if any(theirs is None for theirs, _ in pairs):
        return float("nan")
    return float(np.mean([np.abs(theirs - table).mean() for theirs, table in pairs if theirs is not None]))


def _match(signature: JpegSignature, distance: float) -> SignatureMatch:
    return SignatureMatch(
        writer=signature.writer,
        setting=signature.setting,
        exact=distance == 0,
        distance=distance if signature.luma is not None else float("nan"),
        certainty=signature.certainty,
        source=signature.source,
    )
