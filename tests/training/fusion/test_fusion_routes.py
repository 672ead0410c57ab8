"""Which traces may stand alone: rarities against known tails, the choice on made maps, power by cells."""

import numpy as np
import pytest

from tamperlens.examine.fused._fusion import Band
from tamperlens.traces import MEASURED
from tamperlens.training.fusion._fusion_image import FusionImage
from tamperlens.training.fusion._fusion_power import count_power
from tamperlens.training.fusion._fusion_routes import fit_rarity, fit_standing, route_heights

NOTHING = np.zeros((1, 1, 1), np.float16)


def image(photo, kind="authentic", origin="twins", value=0.0, planes=NOTHING, size=(256, 256)):
    scores, numbers = {"value": value}, {}
    if planes is not NOTHING:
        scores |= dict.fromkeys(MEASURED, 0.0)
        numbers = {
            name: {"strength": 1.0, "significance": 9.0 * float(planes.max() > 0.5)} for name in MEASURED
        }
    return FusionImage(
        "curves", origin, kind, photo, size, "JPEG", 90, scores, numbers, planes, planes[..., 0]
    )


def test_a_rarity_tells_the_share_of_untouched_photographs():
    values = np.random.default_rng(0).exponential(1.0, 4000)
    images = [image(f"p{i}", value=float(x)) for i, x in enumerate(values)]
    rarity = fit_rarity(images, values)
    assert rarity.slope == 0
    for share in (0.3, 0.1, 0.01, 0.001):
        assert rarity.level(-np.log(share), 256 * 256) == pytest.approx(-np.log10(share), rel=0.12)
    # Four thousand photographs cannot tell more than that.
    assert rarity.level(99.0, 256 * 256) == pytest.approx(np.log10(4000), abs=1e-4)


def test_the_origin_that_shows_most_decides():
    rng = np.random.default_rng(1)
    calm = [image(f"p{i}", value=float(x)) for i, x in enumerate(rng.exponential(1.0, 900))]
    restless = [
        image(f"c{i}", origin="camera", value=float(x)) for i, x in enumerate(rng.exponential(3.0, 60))
    ]
    few, many = (
        fit_rarity(images, [one.scores["value"] for one in images])
        for images in ([*calm, *restless[:20]], [*calm, *restless])
    )
    assert many.value_at(1.5) > 1.5 * few.value_at(1.5)


def _maps(rng, *spots):
    """Maps of every trace: noise, and a spot in those that are named."""
    planes = np.zeros((32, 32, 2 + 2 * len(MEASURED)), np.float16)
    planes[..., 2::2] = 0.1 * rng.random((32, 32, len(MEASURED)))
    for name in spots:
        planes[8:18, 12:20, 2 + 2 * list(MEASURED).index(name)] = 0.9
    return planes


def test_a_trace_that_tells_stands_alone_and_one_that_accuses_untouched_images_does_not():
    rng = np.random.default_rng(2)
    reference = [image(f"r{i}", planes=_maps(rng)) for i in range(150)]
    untouched = [image(f"p{i}", planes=_maps(rng, *["copy-move"] * (i % 5 == 0))) for i in range(120)]
    altered = [
        image(f"p{i}", "splicing", planes=_maps(rng, *["double-jpeg"] * (i % 2 == 0))) for i in range(120)
    ]
    totals = {id(one): float(rng.normal()) for one in (*untouched, *altered)}
    standing = fit_standing(reference, [*untouched, *altered], lambda one: totals[id(one)])
    assert "double-jpeg" in standing.routes
    assert "copy-move" not in standing.routes
    heights = [route_heights(one)["double-jpeg"] for one in altered]
    levels = [standing.routes["double-jpeg"].level(height, 256 * 256) for height in heights]
    assert min(levels[::2]) > 2 > max(levels[1::2])


def test_power_is_counted_by_kind_size_and_quality():
    bands = [
        Band(100_000, {"0.05": 1.0, "0.01": 3.0}, -1, 9, 9),
        Band(10**12, {"0.05": 5, "0.01": 5}, -1, 9, 9),
    ]
    images = [
        image("a", "splicing", value=2.0),
        image("b", "splicing", value=0.0),
        image("c", "splicing", value=2.0, size=(512, 512)),
        image("d", "removal", value=4.0),
        image("e", value=9.0),
    ]
    counted = count_power(images, lambda one: one.scores["value"], bands)
    assert {(one.kind, one.band, one.quality): (one.made, one.found) for one in counted} == {
        ("splicing", 0, 2): (2, {"0.01": 0, "0.05": 1}),
        ("splicing", 1, 2): (1, {"0.01": 0, "0.05": 0}),
        ("removal", 0, 2): (1, {"0.01": 1, "0.05": 1}),
    }
