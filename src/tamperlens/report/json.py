"""The finding as data: a versioned promise to other programs, described in docs/json.md."""

import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tamperlens.evidence import Evidence
from tamperlens.examine import Finding, Opinion
from tamperlens.report.content import constant
from tamperlens.report.pictures import save_map
from tamperlens.traces.copy_move import Copy

# Major: a field is removed or changes meaning. Minor: a field is added.
SCHEMA_VERSION = "1.3"


def finding_to_json(finding: Finding, file: str, mask: Path | None = None) -> dict[str, Any]:
    """Plain data of a finding.

    Args:
        finding: what to describe.
        file: the path as the caller named it.
        mask: where the mask was written, None when there is none.
    """
    evidence = finding.evidence
    return {
        "schema_version": SCHEMA_VERSION,
        "file": file,
        "sha256": evidence.sha256,
        "width": evidence.width,
        "height": evidence.height,
        "outcome": finding.outcome,
        "score": round(finding.score, 6),
        "log10_likelihood_ratio": None if finding.llr is None else _log10(finding.llr),
        "log10_constant": round(constant(finding), 6),
        "false_alarm_rate": finding.false_alarm_rate,
        "thresholds": finding.thresholds and [round(value, 6) for value in finding.thresholds],
        "kind": finding.kind,
        "kinds": _rounded(dict(finding.kinds)),
        "kind_opinions": [
            {"system": opinion.system, "kinds": _rounded(dict(opinion.kinds))}
            for opinion in finding.kind_opinions
        ],
        "mask": str(mask) if mask else None,
        "mask_threshold": finding.mask_threshold,
        "patches": [asdict(patch) | {"score": round(patch.score, 6)} for patch in finding.patches],
        "copies": [_copy(copy) for copy in finding.copies],
        "opinions": [_opinion(opinion) for opinion in finding.opinions],
        "explanations": [{"name": one.name, "title": one.title} for one in finding.explanations],
        "agreements": [_rounded(asdict(agreement)) for agreement in finding.agreements],
        "counter_tests": [_rounded(asdict(test)) for test in finding.counter_tests],
        "history": list(finding.history.sentences) if finding.history else [],
        "facts": [asdict(fact) for fact in finding.statements.facts] if finding.statements else [],
        "limits": list(finding.limits),
        "evidence": _evidence(evidence),
        "versions": dict(finding.versions),
    }


def error_to_json(file: str, error: Exception) -> dict[str, Any]:
    """Plain data of a file that could not be examined."""
    return {"schema_version": SCHEMA_VERSION, "file": file, "error": str(error)}


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "system": opinion.system,
        "score": round(opinion.score, 6),
        "outcome": opinion.outcome,
        "applicable": opinion.applicable,
        "reason": opinion.reason,
        "log10_likelihood_ratio": None if opinion.llr is None else _log10(opinion.llr),
    }


def _copy(copy: Copy) -> dict[str, Any]:
    """A pair of regions by their bounding boxes; the masks are in the map."""
    boxes = {
        name: {"left": r.left, "top": r.top, "width": r.mask.shape[1], "height": r.mask.shape[0]}
        for name, r in (("source", copy.source), ("target", copy.target))
    }
    names = ("direction", "scale", "angle", "mirrored", "matches", "significance")
    figures = {name: getattr(copy, name) for name in names} | {"transform": copy.transform.tolist()}
    return {**boxes, **_rounded(figures)}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 6) if isinstance(value, float) else value for key, value in values.items()}


def _log10(llr: float) -> float:
    return round(llr / math.log(10), 6)


def _evidence(evidence: Evidence) -> dict[str, Any]:
    jpeg = evidence.jpeg
    return {
        "format": evidence.format,
        "bytes": len(evidence.data),
        "stored_mode": evidence.stored_mode,
        "orientation": evidence.orientation,
        "frames": evidence.frames,
        "steps": list(evidence.steps),
        "warnings": list(evidence.warnings),
        "metadata": dict(evidence.metadata),
        "jpeg": jpeg
        and {
            "quality": jpeg.quality,
            "quality_is_exact": jpeg.quality_is_exact,
            "subsampling": jpeg.subsampling,
            "progressive": jpeg.progressive,
            "tables": [table.tolist() for table in jpeg.tables],
        },
    }


def file_stem(evidence: Evidence) -> str:
    """Name for files about an image: its own made harmless, and the start of its hash against collisions.

    The name is untrusted: it is cut to letters, digits, dot, dash and underscore.
    """
    plain = re.sub(r"[^\w.-]+", "_", Path(evidence.name).stem, flags=re.ASCII).strip("._")[:60]
    return f"{plain or 'image'}-{evidence.sha256[:8]}"


def write_mask(finding: Finding, folder: Path, stem: str) -> Path | None:
    """Write the mask as `stem`-mask.png, 8-bit gray of the image's own size, 255 × probability.

    Returns:
        Path of the file, None when the finding has no mask.
    """
    if finding.mask is None:
        return None
    path = folder / f"{stem}-mask.png"
    save_map(finding.mask, path)
    return path
