"""What the localizers minimise."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

from tamperlens.catalogue import Parts
from tamperlens.models import Localization


def pixel_loss(logits: Tensor, masks: Tensor, dice_share: float = 0.5) -> Tensor:
    """Binary cross-entropy over all pixels, and Dice over the tampered samples only.

    Dice rewards a found region whatever its size; an authentic sample has no region to find, so there only
    cross-entropy counts and false alarms are not free.

    Args:
        logits: (N, 1, H, W) log-odds.
        masks: (N, 1, H, W) float, 1 where altered.
        dice_share: weight of Dice; the rest is that of cross-entropy.
    """
    entropy = functional.binary_cross_entropy_with_logits(logits, masks)
    tampered = masks.flatten(1).amax(1) > 0
    if not tampered.any():
        return (1 - dice_share) * entropy
    return (1 - dice_share) * entropy + dice_share * dice_loss(logits[tampered], masks[tampered])


def dice_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """1 − Dice coefficient of the probabilities, per sample, then averaged.

    >>> mask = torch.zeros(1, 1, 4, 4); mask[..., :2] = 1
    >>> round(dice_loss(40 * mask - 20, mask).item(), 3)
    0.0
    """
    probability, target = logits.sigmoid().flatten(1), masks.flatten(1)
    overlap = 2 * (probability * target).sum(1) + 1
    return (1 - overlap / (probability.sum(1) + target.sum(1) + 1)).mean()


def focal_loss(logits: Tensor, masks: Tensor, gamma: float = 2.0) -> Tensor:
    """Cross-entropy with each pixel weighted by how wrong it is.

    Reference: T.-Y. Lin et al., "Focal loss for dense object detection" (2017).
    """
    entropy = functional.binary_cross_entropy_with_logits(logits, masks, reduction="none")
    return (entropy * (1 - torch.exp(-entropy)) ** gamma).mean()


def unet_loss(result: Localization, masks: Tensor) -> Tensor:
    """The U-Net's loss: cross-entropy and Dice on the mask."""
    return pixel_loss(result.logits.float(), masks)


def dual_convnext_loss(result: Localization, masks: Tensor, edge_share: float = 0.3) -> Tensor:
    """dual-convnext's loss: cross-entropy and focal loss on the mask, Dice on its outline.

    The paper adds cross-entropy, focal loss with a class weight α and the outline's Dice unweighted. Here
    Dice on the mask replaces α, because without it small regions are not found in few samples; focal loss and
    outline have weights .5 and .3.
    """
    logits = result.logits.float()
    total = pixel_loss(logits, masks) + 0.5 * focal_loss(logits, masks)
    if result.edges is None:
        return total
    outline = mask_outline(masks, result.edges.shape[-1])
    tampered = outline.flatten(1).amax(1) > 0
    if not tampered.any():
        return total
    return total + edge_share * dice_loss(result.edges.float()[tampered], outline[tampered])


def mask_outline(masks: Tensor, side: int) -> Tensor:
    """Outline of masks (N, 1, H, W), one pixel on either side of the edge, in maps of the given width."""
    factor = masks.shape[-1] // side
    grown = functional.max_pool2d(masks, 3, 1, 1)
    shrunk = -functional.max_pool2d(-masks, 3, 1, 1)
    return functional.max_pool2d(grown - shrunk, factor) if factor > 1 else grown - shrunk


# A system with a loss here is a localizer.
LOSSES: Mapping[str, Callable[[Localization, Tensor], Tensor]] = Parts("loss")
