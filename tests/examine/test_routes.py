"""A trace that stands alone: its place, how rare that is, and what it does to the whole."""

import dataclasses

import numpy as np
import pytest

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, load_weight
from tamperlens.examine._places import clearest_place
from tamperlens.examine.fused._examination import FusedExamination
from tamperlens.examine.fused._fusion import OUT_OF_REACH, Band, load_fusion
from tamperlens.examine.fused._power import Counted, powers, wilson
from tamperlens.examine.fused._rarity import Rarity
from tamperlens.examine.fused._routes import ROUTES, places, route_sentence


def spotted(size=(40, 60), spot=(slice(10, 18), slice(20, 32)), height=0.8):
    values = np.full(size, 0.02, np.float32)
    values[spot] = height
    return values


def test_the_clearest_place_is_the_spot_itself():
    found = clearest_place(spotted())
    truth = np.zeros((40, 60), bool)
    truth[10:18, 20:32] = True
    assert (found.cells & truth).sum() / (found.cells | truth).sum() > 0.8
    assert found.inside == pytest.approx(0.8, abs=0.1)
    assert found.elsewhere < 0.05
    assert found.value == pytest.approx(
        (found.inside - 3 * found.elsewhere) * found.cells.sum() ** 0.5, rel=0.05
    )


def test_a_larger_spot_stands_out_more_and_a_restless_map_less():
    small, large = (clearest_place(spotted(spot=np.s_[10 : 10 + n, 20 : 20 + n])).value for n in (5, 12))
    restless = clearest_place(spotted() + 0.3 * np.random.default_rng(0).random((40, 60), np.float32)).value
    assert 0 < small < large
    assert 0 < restless < clearest_place(spotted()).value


@pytest.mark.parametrize("values", [np.zeros((9, 9)), np.ones((9, 9)), spotted(spot=np.s_[3:5, 3:5])])
def test_nothing_all_and_specks_are_no_place(values):
    found = clearest_place(np.asarray(values, np.float32))
    assert (found.value, found.cells.any()) == (0, False)


def test_rarity_and_its_inverse_agree_and_nothing_is_rarer_than_was_counted():
    rarity = Rarity(0.5, (1.0, 2.0, 4.0), (0.3, 1.0, 2.0))
    for level in (0.3, 0.7, 1.5, 2.0):
        assert rarity.level(rarity.value_at(level), 256 * 256) == pytest.approx(level)
    assert rarity.level(99.0, 256 * 256) == 2.0
    assert rarity.level(0.5, 256 * 256) == 0
    assert rarity.level(3.0, 512 * 512) == rarity.level(2.0, 256 * 256)


def test_every_route_names_what_it_shows():
    for name in ROUTES:
        place = places({name: spotted()}, {name: {"strength": 1.0, "significance": 4.0, "log_nfa": -5.0}})[
            name
        ]
        assert place.value > 0
        assert place.cells.any()
        assert not route_sentence(name, place, {"quality": 83.0, "significance": 4.0}).endswith(".")
    double = places({"double-jpeg": spotted()}, {"double-jpeg": {"strength": 1.0}})["double-jpeg"]
    assert "near quality 83" in route_sentence("double-jpeg", double, {"quality": 83.0})


def test_a_certain_trace_carries_the_score_and_its_place_into_the_mask(photo):
    """The rest was saved at 70 before, a patch was not; rarities make that trace certain or mute."""
    base = load_evidence(encode_jpeg(photo, 70)).pixels.copy()
    base[64:160, 96:224] = photo[32:128, 160:288]
    evidence = load_evidence(encode_jpeg(base, 95))
    localizer = LOCALIZERS[DEFAULT_LOCALIZER](load_weight(DEFAULT_LOCALIZER))
    band = Band(10**12, {"0.01": 50.0, "0.05": 50.0}, -OUT_OF_REACH, 9, 9, 9)
    total = Rarity(0.0, (0.0, 1.0, 60.0), (0.3, 1.0, 2.0))

    def found(scale):
        routes = {"double-jpeg": Rarity(0.0, (0.0, scale, 2 * scale), (0.3, 1.0, 2.0))}
        fusion = dataclasses.replace(load_fusion(), bands=(band,), total=total, routes=routes)
        return FusedExamination(localizer, fusion).examine(evidence, {})

    certain, mute = found(1e-4), found(1e4)
    assert (certain.outcome, certain.document.alone.trace) == ("inconsistent", "double-jpeg")
    assert "saved before" in certain.document.alone.sentence
    assert mute.document.alone is None
    assert certain.log10_lr > mute.log10_lr
    assert certain.mask[96:128, 128:192].mean() > 0.5
    box = certain.document.alone.box
    assert box.left < 160 < box.left + box.width
    assert box.top < 112 < box.top + box.height


def test_power_counts_like_files_and_widens_where_they_are_few(photo):
    evidence = load_evidence(encode_jpeg(photo, 80))
    counted = [
        Counted("splicing", 0, 1, 30, {"0.05": 15, "0.01": 5}),
        Counted("splicing", 1, 1, 30, {"0.05": 30, "0.01": 30}),
        Counted("removal", 0, 1, 4, {"0.05": 4, "0.01": 4}),
        Counted("removal", 2, 3, 40, {"0.05": 0, "0.01": 0}),
    ]
    splices, removals = powers(counted, evidence, 0, "0.05")
    assert (splices.made, splices.found, splices.share) == (30, 15, 0.5)
    assert (removals.made, removals.found) == (44, 4)
    assert splices.low < 0.5 < splices.high
    assert next(iter(powers(counted, evidence, 0, "0.01"))).found == 5


def test_the_interval_holds_its_share():
    """Of counts drawn from a known share, about 95 in 100 intervals hold it."""
    rng = np.random.default_rng(0)
    held = [low <= 0.3 <= high for low, high in (wilson(int(k), 40) for k in rng.binomial(40, 0.3, 2000))]
    assert 0.92 < np.mean(held) < 0.98
