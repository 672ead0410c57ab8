"""Which figures are in the table, and their titles."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One figure.

    Attributes:
        name: key in `Cell.figures`.
        title: in the table's header.
        about: what it is, for people.
        lower: whether lower is better.
    """

    name: str
    title: str
    about: str
    lower: bool = False


PIXELS = (
    Column("f1_half", "F1 at 0.5", "Pixel F1 at the threshold 0.5, mean over the tampered images."),
    Column("f1_fixed", "F1 frozen", "The same at the threshold frozen before these images were seen."),
    Column(
        "f1_best",
        "F1 best",
        "The same at each image's best threshold, which nobody can choose without the truth.",
    ),
    Column("auc_per_image", "AUC", "Area under the ROC curve of the pixels, mean over the tampered images."),
    Column("ap_per_image", "AP", "Average precision of the pixels, mean over the tampered images."),
    Column("iou", "IoU", "Intersection over union at the frozen threshold, mean over the tampered images."),
    Column("mcc", "MCC", "Matthews correlation at the frozen threshold, mean over the tampered images."),
)
IMAGES = (
    Column("image_auc", "AUC", "Area under the ROC curve of the image score."),
    Column("image_auc_within", "AUC, same source", "The same among images that share a source photograph."),
    Column(
        "detected_at_1", "at 1 %", "Share of tampered images found when 1 % of the authentic ones are called."
    ),
    Column("detected_at_5", "at 5 %", "The same at 5 %."),
    Column(
        "false_alarm_rate", "false alarms", "Share of authentic images called at the frozen threshold.", True
    ),
    Column("miss_rate", "misses", "Share of tampered images not called at the frozen threshold.", True),
    Column("cllr", "C_llr", "Cost of the stated likelihood ratio in bits; saying nothing costs 1.", True),
    Column("least_cllr", "least C_llr", "The same after the best recalibration on these images.", True),
)
COLUMNS = {"Pixels": PIXELS, "Images": IMAGES}
PLOTTED = {"Pixels: F1 at 0.5": "f1_half", "Pixels: AUC": "auc_per_image", "Images: AUC": "image_auc"}
