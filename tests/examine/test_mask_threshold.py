"""The mask's threshold is the best expected one, within its limits, and the finding's mask is cut by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.examine._mask_threshold import mask_threshold

_LEVELS = 255


def expected_f1(values, threshold):
    """Of the mask, its pixels being altered with the probabilities that are stated; sums in place of each."""
    marked = values >= threshold
    return 2 * values[marked].sum() / (marked.sum() + values.sum())


@settings(max_examples=100)
@given(st.lists(st.integers(1, _LEVELS), min_size=1, max_size=200))
def test_no_other_threshold_within_the_limits_is_expected_to_mark_better(levels):
    values = np.array([levels], np.float32) / _LEVELS
    chosen = mask_threshold(values)
    assert 51 / _LEVELS <= chosen <= 128 / _LEVELS
    others = [expected_f1(values, level / _LEVELS) for level in range(51, _LEVELS + 1)]
    assert expected_f1(values, chosen) == pytest.approx(max(others), abs=1e-5)


def test_faint_places_are_marked_where_there_is_nothing_clearer():
    faint = np.full((64, 64), 0.02, np.float32)
    faint[:16, :16] = 0.4
    assert (faint >= mask_threshold(faint)).sum() == 256
    clear = faint.copy()
    clear[32:, 32:] = 0.99
    assert (clear >= mask_threshold(clear)).sum() == 1024


def test_of_a_cleared_picture_only_what_is_likelier_altered_is_marked():
    values = np.full((64, 64), 0.4, np.float32)
    assert mask_threshold(values) <= 0.4
    assert mask_threshold(values, cleared=True) == pytest.approx(0.5, abs=1 / _LEVELS)


@pytest.mark.parametrize("pixels", [(1, 1), (1024, 1025)])
def test_images_of_any_size_in_which_nothing_stands_out(pixels):
    assert mask_threshold(np.zeros(pixels, np.float32)) in {51 / _LEVELS, 128 / _LEVELS}
