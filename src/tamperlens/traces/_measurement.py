"""What a trace that judges the whole file returns: a map, one number, one sentence."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies import Copy
from tamperlens.traces.jpeg import DoubleJpeg, JpegGrid


@dataclass(frozen=True)
class Measurement:
    """One trace of one image.

    Attributes:
        values: (h, w) float32 in 0..1, upright, over the whole image at whatever resolution it has; how
            strongly each place stands out.
        score: raw strength of the inconsistency, larger for stronger, 0 for none; not calibrated.
        summary: what was measured in this image, one sentence with its figures and without a full stop.
        copies: pairs of regions of which one repeats the other; empty for all traces but copy-move.
        found: all that was read, where the file's history asks for more than the map; None for other traces.
    """

    values: NDArray[np.float32] = field(repr=False)
    score: float
    summary: str
    copies: tuple[Copy, ...] = ()
    found: DoubleJpeg | JpegGrid | None = field(default=None, repr=False)
