"""The sentences that a report on paper has besides the finding's: method, references, captions."""

from tamperlens.examine import FindingDocument

# Columns of the opinions on paper, and what is signed below it.
COLUMNS = ("Opinion", "Alone", "Adds", "In this image")
SIGNATURE = ("Place, date", "Signature of the examiner")
_AS_FOUND = "The file was hashed, decoded and turned upright as it was found; nothing in it was changed."
_METHOD = (
    f"{_AS_FOUND} A localizer network and several forensic traces measured it. What each measured was "
    "brought to a likelihood ratio, altered against untouched, on photographs of known history, and these "
    "were weighed together.",
    "The thresholds of the outcome were frozen before any test. “Inconsistent” is said where about "
    "{alarms:.0%} of the authentic photographs that they were frozen on reach as far, “consistent” where "
    "about 5 % of the altered ones stay as low. The error rates on test photographs of other sources, with "
    "their intervals, and the known failures are in the model card “fusion” of the version that the "
    "image's report names.",
    "Every step can be repeated from the file, with the versions and the command at the end of the image's "
    "report.",
)
_ALONE = (
    f"{_AS_FOUND} Single systems were asked one by one, each at thresholds of its own; nothing was weighed "
    "together. Their error rates are in their model cards.",
)
REFERENCES = (
    "ENFSI, Best Practice Manual for Digital Image Authentication, ENFSI-BPM-DI-03.",
    "ENFSI, Guideline for Evaluative Reporting in Forensic Science, 2015: likelihood ratios in words.",
    "SWGDE, Best Practices for Image Authentication, 17-I-001.",
)


def method(document: FindingDocument) -> tuple[str, ...]:
    """How the finding was come to, a paragraph each."""
    if document.log10_lr is None:
        return _ALONE
    return tuple(part.format(alarms=document.false_alarm_rate or 0.05) for part in _METHOD)


def caption(outlined: bool, tinted: bool) -> str:
    """What is laid over the photograph."""
    if outlined:
        return "The photograph with the marked area outlined; the tint follows the value of the fused map."
    return "The photograph; a tint shows suspicion, not an alteration." if tinted else "The photograph."
