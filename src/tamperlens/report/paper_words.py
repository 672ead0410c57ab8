"""Sentences that only a report on paper has: method, references, captions."""

from tamperlens.examine import FindingDocument

# Columns of the table of opinions, and the lines to sign.
COLUMNS = ("Opinion", "Alone", "Adds", "In this image")
SIGNATURE = ("Place, date", "Signature of the examiner")
_AS_FOUND = "The file was hashed, decoded and turned upright as it was found; nothing in it was changed."
_METHOD = (
    f"{_AS_FOUND} A localizer network and several forensic traces measured it. Each measurement was "
    "converted to a likelihood ratio, altered against untouched, using photographs of known history, and the "
    "ratios were weighed together.",
    "The outcome thresholds were frozen before any test. The outcome is “inconsistent” where about "
    "{alarms:.0%} of the authentic photographs used to set the thresholds reach as far, and “consistent” "
    "where about 5 % of the altered ones stay as low. The error rates on test photographs from other "
    "sources, with intervals, and the known failures are in the model card “fusion” of the version named in "
    "the image's report.",
    "Every step can be repeated from the file, with the versions and the command at the end of the image's "
    "report.",
)
_ALONE = (
    f"{_AS_FOUND} Single systems examined it one by one, each with its own thresholds; their answers were "
    "not combined. Their error rates are in their model cards.",
)
REFERENCES = (
    "ENFSI, Best Practice Manual for Digital Image Authentication, ENFSI-BPM-DI-03.",
    "ENFSI, Guideline for Evaluative Reporting in Forensic Science, 2015: likelihood ratios in words.",
    "SWGDE, Best Practices for Image Authentication, 17-I-001.",
)


def method(document: FindingDocument) -> tuple[str, ...]:
    """How the finding was made, one paragraph each."""
    if document.log10_lr is None:
        return _ALONE
    return tuple(part.format(alarms=document.false_alarm_rate or 0.05) for part in _METHOD)


def caption(outlined: bool, tinted: bool) -> str:
    """Caption that says what is drawn over the photograph."""
    if outlined:
        return "The photograph with the marked area outlined; the tint follows the value of the fused map."
    return "The photograph; a tint shows suspicion, not an alteration." if tinted else "The photograph."
