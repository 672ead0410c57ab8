"""An audit as sentences and a Markdown table."""

from collections.abc import Iterator

from tamperlens.evaluation._audit import Audit
from tamperlens.evaluation._mask_bias import MaskBias
from tamperlens.evaluation._saliency_bias import SaliencyBias


def audit_text(audit: Audit) -> str:
    """The audit for people: one sentence that sums up, a table of the cues, sentences on the rest."""
    read = f"{audit.authentic:,} authentic and {audit.tampered:,} tampered images"
    drawn = "" if audit.of == audit.authentic + audit.tampered else f", drawn from {audit.of:,}"
    return "\n\n".join([f"{audit.dataset}: {read}{drawn}.", *_paragraphs(audit)]) + "\n"


def _paragraphs(audit: Audit) -> Iterator[str]:
    yield _verdict(audit)
    if audit.cues:
        yield _table(audit)
    yield _sharing(audit)
    if audit.masks:
        yield _masks(audit.masks)
        if audit.saliency:
            yield _saliency(audit.saliency)
    elif audit.tampered:
        yield "There are no masks, so nothing can be said about their area and position."


def _verdict(audit: Audit) -> str:
    if not audit.cues:
        few = "authentic" if audit.authentic < audit.tampered else "tampered"
        count = min(audit.authentic, audit.tampered)
        lacking = f"There is one {few} image" if count else f"There are no {few} images"
        return f"{lacking}, so nothing can be said about telling the classes apart without looking."
    telling = [cue for cue in audit.cues if cue.tells]
    if not telling:
        return "No cue outside the pixels distinguishes authentic from tampered better than chance."
    best, *others = sorted(telling, key=lambda cue: -cue.auc)
    also = ", ".join(f"from the {cue.name} {100 * cue.accuracy:.1f} %" for cue in others)
    return (
        f"Without looking at a pixel, a classifier gets {100 * best.accuracy:.1f} % right from the "
        f"{best.name} alone{f' ({also})' if also else ''}; always naming the more frequent class gets "
        f"{100 * best.majority:.1f} % right."
    )


def _table(audit: Audit) -> str:
    lines = [
        "| cue | accuracy % | majority % | balanced accuracy % | AUC | reveals the class |",
        "|---|---:|---:|---:|---:|---|",
    ]
    lines += [
        f"| {cue.name} | {100 * cue.accuracy:.1f} ± {100 * cue.deviation:.1f} | {100 * cue.majority:.1f} "
        f"| {100 * cue.balanced_accuracy:.1f} | {cue.auc:.3f} | {'**yes**' if cue.tells else 'no'} |"
        for cue in audit.cues
    ]
    return "\n".join(lines)


def _sharing(audit: Audit) -> str:
    sharing = audit.sharing
    return (
        f"Divided 80 / 20 image by image, {100 * sharing.source_random:.1f} % of the test images share a "
        f"named source photograph with training and {100 * sharing.alike_random:.1f} % look like a training "
        f"image; divided by source, {100 * sharing.alike_by_source:.1f} % still look like one. "
        f"Overall {sharing.pairs:,} pairs look alike, {sharing.untold_pairs:,} of them with names that "
        "reveal no common source."
    )


def _saliency(found: SaliencyBias) -> str:
    return (
        "Marking what stands out (colours unlike the edge's, near the middle) scores a pixel AUC "
        f"of {found.auc:.3f} and a best pixel F1 of {found.f1_best:.3f}."
    )


def _masks(masks: MaskBias) -> str:
    low, lower, middle, upper, high = (f"{100 * value:.1f}" for value in masks.percentiles)
    prior = "" if masks.f1_prior is None else f", marking the usual place {masks.f1_prior:.3f}"
    return (
        f"Of {masks.masks:,} masks the median covers {middle} % of its image (half cover {lower} to "
        f"{upper} %, nine tenths {low} to {high} %); {100 * masks.small:.0f} % cover less than 1 %. "
        f"Calling every pixel tampered scores a pixel F1 of {masks.f1_all:.3f}{prior}."
    )
