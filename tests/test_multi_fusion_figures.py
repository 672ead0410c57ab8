"""Heat maps against masks, paired tests, and what a surveillance camera does to a picture."""

import doctest
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

SCRIPT = Path(__file__).parents[1] / "benchmarks/cards/multi_fusion_figures.py"
spec = importlib.util.spec_from_file_location("multi_fusion_figures", SCRIPT)
figures = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = figures
spec.loader.exec_module(figures)
CONDITIONS, best_threshold, centre_map = figures.CONDITIONS, figures.best_threshold, figures.centre_map
enlarge, map_figures, gaussian_noise = figures.enlarge, figures.map_figures, figures.gaussian_noise
holm, mcnemar, paired_t = figures.holm, figures.mcnemar, figures.paired_t
motion_blur, resized, salt_and_pepper = figures.motion_blur, figures.resized, figures.salt_and_pepper


def _mask():
    mask = np.zeros((40, 60), bool)
    mask[8:24, 12:36] = True  # 16 %
    return mask


def test_a_perfect_map_has_perfect_figures():
    perfect = map_figures(_mask().astype(np.float32), _mask(), 0.5)
    assert (perfect.iou, perfect.precision, perfect.recall, perfect.top_inside) == (1, 1, 1, 1)
    assert perfect.lift == pytest.approx(1 / 0.16)


def test_a_map_that_says_nothing_is_chance():
    even = map_figures(np.full((3, 5), 0.4, np.float32), _mask(), 0.0)
    assert (even.iou, even.precision, even.recall) == pytest.approx((0.16, 0.16, 1))
    assert even.top_inside == pytest.approx(0.16)
    assert even.lift == pytest.approx(1)
    nothing = map_figures(np.zeros((3, 5), np.float32), _mask(), 0.5)
    assert (nothing.iou, nothing.precision, nothing.recall) == (0, 0, 0)


def test_top_tenth_is_a_tenth():
    """A map that is highest on half of the altered area and, as much, elsewhere."""
    values = np.zeros((40, 60), np.float32)
    values[8:16, 12:27] = 1  # 5 % of the image, inside
    values[30:38, 0:15] = 1  # 5 %, outside
    assert map_figures(values, _mask(), 0.5).top_inside == pytest.approx(0.5)


def test_threshold_is_the_one_of_highest_mean_overlap():
    values = np.full((40, 60), 0.2, np.float32)
    values[_mask()] = 0.6
    assert 0.2 < best_threshold([values], [_mask()]) <= 0.6


def test_enlarged_map_keeps_its_range_and_the_centre_is_in_the_middle():
    centre = enlarge(centre_map(), (50, 80))
    assert centre.shape == (50, 80)
    assert np.unravel_index(centre.argmax(), centre.shape) == pytest.approx((25, 40), abs=3)
    assert 0 <= centre.min() < centre.max() <= 1


def test_paired_tests_equal_scipys():
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.3, 1, 40), rng.normal(0, 1, 40)
    assert paired_t(first, second) == pytest.approx(stats.ttest_rel(first, second).pvalue)
    assert paired_t(first, first) == 1
    right = rng.random((2, 200)) < 0.7
    only = [(right[0] & ~right[1]).sum(), (right[1] & ~right[0]).sum()]
    assert mcnemar(*right) == pytest.approx(stats.binomtest(only[0], sum(only)).pvalue)
    assert mcnemar(right[0], right[0]) == 1
    assert doctest.testmod(figures).failed == 0


def test_holm_never_lowers_and_keeps_the_order():
    p_values = [0.2, 0.01, 0.9, 0.011]
    corrected = holm(p_values)
    assert all(c >= p for c, p in zip(corrected, p_values, strict=True))
    assert list(np.argsort(corrected, kind="stable")) == list(np.argsort(p_values))
    assert max(corrected) <= 1


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_gives_an_image_and_the_same_one_again(photo, name):
    changed = CONDITIONS[name](photo)
    assert changed.dtype == np.uint8
    assert changed.shape[2] == 3
    np.testing.assert_array_equal(changed, CONDITIONS[name](photo))
    assert (name == "none") == np.array_equal(changed, photo)


def test_conditions_do_what_they_say(photo):
    gray = np.full((200, 200, 3), 128, np.uint8)
    assert gaussian_noise(gray, 15).std() == pytest.approx(15, rel=0.03)
    dots = salt_and_pepper(gray, 0.05)
    assert (dots == 0).mean() == pytest.approx(0.025, abs=0.003)
    assert (dots == 255).mean() == pytest.approx(0.025, abs=0.003)
    step = np.zeros((4, 60, 3), np.uint8)
    step[:, 30:] = 255
    blurred = motion_blur(step, 15)
    assert ((blurred > 0) & (blurred < 255))[0, :, 0].sum() == 14
    assert (motion_blur(gray, 9) == gray).all()
    assert resized(photo, 320, 240).shape == (240, 320, 3)
