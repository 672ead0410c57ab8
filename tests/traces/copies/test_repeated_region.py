"""What a marked region repeats: against copies made by scikit-image's warp, and against what holds none."""

import cv2
import numpy as np
import pytest
import skimage.data
import skimage.transform
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.evidence import recompress
from tamperlens.traces.copies._affine_consensus import apply
from tamperlens.traces.copies._place_search import enlarged, likely_places
from tamperlens.traces.copies._repeated_region import repeated_region
from tamperlens.traces.copies._similarity_fit import fit_similarity_to_pixels, likeness

# Leads above which copies are, and below which regions from elsewhere are.
COPIED, ELSEWHERE = 0.3, 0.2
PLACE = np.array([60.0, 180.0])


@pytest.fixture(scope="module")
def scene():
    """256 × 256, part of scikit-image's own photograph (public domain)."""
    return np.ascontiguousarray(skimage.data.astronaut()[:256, 100:356])


def _paste(pixels, source, half, scale=1.0, angle=0.0, mirror=False):
    """An octagon about `source` brought to `PLACE`: the image, its mask, the map."""
    whole = skimage.transform.SimilarityTransform(scale=scale, rotation=np.deg2rad(angle)).params
    whole = whole @ np.diag([-1.0 if mirror else 1.0, 1.0, 1.0])
    whole[:2, 2] = PLACE - whole[:2, :2] @ source
    there = skimage.transform.AffineTransform(matrix=whole)
    brought = skimage.transform.warp(pixels, there.inverse, order=3, preserve_range=True).round().clip(0, 255)
    x, y = (np.abs(values) for values in (np.indices(pixels.shape[:2])[::-1] - PLACE[:, None, None]))
    mask = (x <= half) & (y <= half) & (x + y <= 1.4 * half)
    return np.where(mask[..., None], brought, pixels).astype(np.uint8), mask, whole[:2]


@pytest.mark.parametrize(
    ("scale", "angle", "mirror"),
    [(1, 0, False), (1, 0, True), (1, 40, False), (1, 170, True), (0.6, 0, False), (1.5, 0, False),
     (1.4, 100, True), (0.7, -130, False)],
)  # fmt: skip
@pytest.mark.parametrize(("source", "half", "quality"), [((150, 60), 12, 90), ((150, 80), 30, 60)])
def test_source_and_map_of_a_copy_are_found(scene, source, half, quality, scale, angle, mirror):
    forged, mask, affine = _paste(scene, np.array(source), half, scale, angle, mirror)
    found = repeated_region(recompress(forged, quality), mask)
    assert found.lead > COPIED
    assert found.scale == pytest.approx(scale, rel=0.06)
    back = np.argwhere(mask)[::17, ::-1] - affine[:, 2]
    places = np.linalg.solve(affine[:, :2], back.T).T
    assert np.abs(apply(found.transform, places) - apply(affine, places)).max() < 1.5
    truth = (
        cv2.warpAffine(mask.astype(np.float32), affine, mask.shape[::-1], flags=cv2.WARP_INVERSE_MAP) > 0.5
    )
    source_found = found.source.within(mask.shape)
    assert (truth & source_found).sum() > 0.8 * (truth | source_found).sum()


def test_sixteen_pixels_are_enough(scene):
    forged, mask, _ = _paste(scene, np.array([150, 60]), 8)
    assert mask.sum() < 16 * 17
    found = repeated_region(recompress(forged, 90), mask)
    assert found.lead > COPIED
    assert found.scale == pytest.approx(1, abs=0.02)


def test_light_does_not_matter(scene):
    forged, mask, _ = _paste(scene, np.array([150, 80]), 20)
    forged[mask] = (0.7 * forged[mask] + 40).astype(np.uint8)
    assert repeated_region(recompress(forged, 90), mask).lead > COPIED


def test_what_stands_nowhere_else_does_not_lead(scene):
    """Parts of another photograph, and the same one untouched."""
    other, grid = skimage.data.chelsea(), [(40, 40), (150, 90), (60, 180), (180, 180)]
    for x, y in grid:
        mask = np.zeros(scene.shape[:2], bool)
        mask[y - 20 : y + 20, x - 20 : x + 20] = True
        spliced = scene.copy()
        spliced[y - 20 : y + 20, x - 20 : x + 20] = other[100:140, 150:190]
        assert repeated_region(recompress(spliced, 90), mask).lead < ELSEWHERE
        # One untouched part may resemble another a little, and the rest less; copies there lead by 1.
        assert repeated_region(recompress(scene, 90), mask).lead < 0.5


def test_a_pattern_repeats_in_many_places_and_none_leads():
    tile = np.random.default_rng(0).integers(60, 200, (32, 32, 3), np.uint8)
    tiles = np.tile(cv2.GaussianBlur(tile, (0, 0), 1.5), (8, 8, 1))
    mask = np.zeros((256, 256), bool)
    mask[96:128, 96:128] = True
    found = repeated_region(recompress(tiles, 90), mask)
    assert found.likeness > 0.9
    assert found.lead < ELSEWHERE


def test_large_images_are_given_back_at_their_size(scene):
    large = cv2.resize(scene, None, fx=5, fy=6, interpolation=cv2.INTER_CUBIC)
    mask = np.zeros(large.shape[:2], bool)
    mask[900:1100, 200:400] = True
    forged = large.copy()
    forged[900:1100, 200:400] = large[300:500, 700:900]
    found = repeated_region(forged, mask)
    assert found.lead > COPIED
    assert np.abs(apply(found.transform, np.array([[800.0, 400.0]])) - [300, 1000]).max() < 2


def test_enlarging_a_map_keeps_pixel_centres():
    """A map of pixels half as many: the centre of the first stands for those of 0 and 1."""
    there = enlarged(np.array([[1.0, 0, 3], [0, 1, -2]]), (0.5, 0.25))
    np.testing.assert_allclose(apply(there, np.array([[0.5, 1.5]])), [[6.5, -6.5]])


def test_fitting_reaches_a_fraction_of_a_pixel(scene):
    forged, mask, affine = _paste(scene, np.array([150, 80]), 25, 0.8, 25)
    gray = cv2.cvtColor(forged, cv2.COLOR_RGB2GRAY).astype(np.float32)
    off = affine + np.array([[0.03, 0, -3], [0, 0.03, 0]])
    found = fit_similarity_to_pixels(gray, mask, off)
    places = np.array([[130.0, 70], [170, 90], [150, 60]])
    assert np.abs(apply(found, places) - apply(affine, places)).max() < 0.2
    assert likeness(gray, mask, found).correlation > 0.9 > likeness(gray, mask, off).correlation


def test_places_come_likeliest_first(scene):
    forged, mask, affine = _paste(scene, np.array([150, 80]), 12)
    gray = cv2.cvtColor(forged, cv2.COLOR_RGB2GRAY).astype(np.float32)
    places, factors = likely_places(gray, mask)
    assert 1 < len(places) <= 13
    at = np.array([[150.0, 80]])
    assert np.abs(apply(enlarged(places[0], factors), at) - apply(affine, at)).max() < 2


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**16))
@settings(max_examples=25, deadline=None)
def test_any_size(height, width, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, rng.integers(1, 256), (height, width, 3), np.uint8, endpoint=True)
    mask = np.zeros((height, width), bool)
    assert repeated_region(pixels, mask) is None
    mask[: int(rng.integers(1, height + 1)), int(rng.integers(width)) :] = True
    found = repeated_region(pixels, mask)
    if found is not None:
        assert -1 <= found.likeness <= 1.001
        assert np.isfinite(found.transform).all()
        assert 0 <= found.lead < 4
        assert found.source.within(mask.shape).any()


def test_the_same_twice(scene):
    forged, mask, _ = _paste(scene, np.array([150, 80]), 20, 1.2, 30)
    one, two = repeated_region(forged, mask), repeated_region(forged, mask)
    assert (one.likeness, one.lead) == (two.likeness, two.lead)
    np.testing.assert_array_equal(one.transform, two.transform)
