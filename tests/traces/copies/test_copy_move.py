"""Copy-move: against made copies whose place, map and extent are known, and against OpenCV's own mirror."""

import cv2
import numpy as np
import pytest
import skimage.data
import skimage.transform
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.evidence import recompress
from tamperlens.traces.copies._affine_consensus import (
    apply,
    find_clusters,
    fit_affine,
    fit_similarity,
    inverse,
)
from tamperlens.traces.copies._copied_regions import Grown, Region, grow
from tamperlens.traces.copies._copy_move import MIN_SIGNIFICANCE, copy_move
from tamperlens.traces.copies._keypoint_matching import Matches, detect_keypoints, match_keypoints, mirrored
from tamperlens.traces.copies._patch_agreement import refine
from tamperlens.traces.copies._self_correlation import repeated_shifts

CENTRE, PASTE = np.array([140.0, 200.0]), np.array([400.0, 110.0])


@pytest.fixture(scope="module")
def astronaut():
    """512 × 512, part of scikit-image's own photograph (public domain)."""
    return skimage.data.astronaut()


def _forged(pixels, scale=1.0, angle=0.0, mirror=False, radius=45, source=CENTRE, target=PASTE):
    """A disc copied by scikit-image's warp, which shares no code with what is tested."""
    turn = np.deg2rad(angle)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = linear @ np.diag([-1.0 if mirror else 1.0, 1.0])
    affine = np.hstack([linear, (target - linear @ source)[:, None]])
    whole = skimage.transform.AffineTransform(matrix=np.vstack([affine, [0, 0, 1]]))
    warped = skimage.transform.warp(pixels, whole.inverse, order=3, preserve_range=True)
    y, x = np.indices(pixels.shape[:2])
    original = (x - source[0]) ** 2 + (y - source[1]) ** 2 < radius**2
    pasted = (x - target[0]) ** 2 + (y - target[1]) ** 2 < (scale * radius) ** 2
    forged = np.where(pasted[..., None], np.rint(warped).clip(0, 255), pixels).astype(np.uint8)
    return forged, original, pasted, affine


def _f1(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


@pytest.mark.parametrize(
    ("scale", "angle", "mirror", "quality"),
    [
        (1.0, 0, False, None),
        (1.0, 0, False, 75),
        (1.0, 30, False, 90),
        (1.0, 0, True, 90),
        (0.8, 170, True, 90),
        (0.6, 0, False, 95),
        (1.4, -60, False, 90),
        (1.8, 0, False, 95),
    ],
)
def test_map_and_both_parts_are_found(astronaut, scale, angle, mirror, quality):
    forged, original, pasted, affine = _forged(astronaut, scale, angle, mirror)
    result = copy_move(recompress(forged, quality) if quality else forged)
    best = result.copies[0]
    assert result.score == best.significance >= MIN_SIGNIFICANCE
    assert best.mirrored == mirror
    truth, found = affine, best.transform
    if np.linalg.norm(apply(found, CENTRE[None]) - PASTE) > 20:  # the guess of which is which may be wrong
        found = inverse(found)
    places = np.argwhere(original)[::50, ::-1]
    assert np.hypot(*(apply(found, places) - apply(truth, places)).T).max() < 2
    shape = forged.shape[:2]
    both = best.source.within(shape) | best.target.within(shape)
    assert _f1(both, original | pasted) > 0.85
    np.testing.assert_array_equal(result.values > 0, np.any([
        part.within(shape) for copy in result.copies for part in (copy.source, copy.target)
    ], axis=0))  # fmt: skip
    assert (result.values[both] >= 0.5).all()


@pytest.mark.parametrize(("scale", "angle"), [(0.7, 0), (1.0, 25), (1.5, 0)])
def test_what_was_interpolated_is_the_target(astronaut, scale, angle):
    """The other way round as well: the parts change places."""
    shape = astronaut.shape[:2]
    for source, target in ((CENTRE, PASTE), (PASTE, CENTRE)):
        forged, original, pasted, _ = _forged(astronaut, scale, angle, source=source, target=target)
        best = copy_move(forged).copies[0]
        assert _f1(best.source.within(shape), original) > 0.8
        assert _f1(best.target.within(shape), pasted) > 0.8
        assert best.scale == pytest.approx(scale, rel=0.02)
        assert best.angle == pytest.approx(angle, abs=1)


def test_grain_alone_is_enough():
    """A smooth gradient with faint noise has no corners."""
    rng = np.random.default_rng(0)
    slope = np.linspace(90, 180, 400)[None, :] + np.linspace(0, 30, 300)[:, None]
    pixels = np.repeat((slope + rng.normal(0, 2, slope.shape))[..., None], 3, axis=2)
    pixels = np.rint(pixels).astype(np.uint8)
    assert copy_move(pixels).score == 0
    pixels[200:270, 250:340] = pixels[20:90, 120:210]
    result = copy_move(pixels)
    truth = np.zeros(pixels.shape[:2], bool)
    truth[200:270, 250:340] = truth[20:90, 120:210] = True
    assert _f1(result.values >= 0.5, truth) > 0.9
    assert abs(abs(result.copies[0].transform[:, 2]) - [130, 180]).max() < 0.5


def test_photographs_as_taken_hold_no_copy(astronaut, photo):
    for pixels in (astronaut[:300], photo, skimage.data.chelsea()):
        for quality in (None, 75):
            result = copy_move(recompress(pixels, quality) if quality else pixels)
            assert result.score == 0
            assert result.copies == ()
            assert not result.values.any()


def test_repetition_that_only_looks_alike_is_no_copy():
    """Bricks of one pattern, each with light and grain of its own."""
    rng = np.random.default_rng(1)
    brick = cv2.GaussianBlur(rng.normal(0, 60, (48, 64)), (0, 0), 2) * 4 + 120
    wall = np.tile(brick, (7, 7)) + cv2.GaussianBlur(rng.normal(0, 60, (336, 448)), (0, 0), 3) * 2
    wall = (wall + rng.normal(0, 4, wall.shape)).clip(0, 255).astype(np.uint8)
    assert copy_move(np.dstack([wall] * 3)).score == 0


@pytest.mark.parametrize("quality", [None, 80])
def test_a_pattern_drawn_with_one_stamp_is_no_copy(astronaut, quality):
    tiles = np.tile(astronaut[100:180, 100:200], (6, 6, 1))
    assert copy_move(recompress(tiles, quality) if quality else tiles).score == 0


def test_large_images_are_given_back_at_their_size(astronaut):
    large = cv2.resize(astronaut, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    large = np.clip(large + np.random.default_rng(0).normal(0, 3, large.shape), 0, 255).astype(np.uint8)
    forged, original, pasted, affine = _forged(
        large, 1.0, 0, radius=112, source=2.5 * CENTRE, target=2.5 * PASTE
    )
    result = copy_move(forged)
    assert result.values.shape == (1280, 1280)
    assert _f1(result.values >= 0.5, original | pasted) > 0.85
    moved = apply(result.copies[0].transform, 2.5 * CENTRE[None]) - 2.5 * CENTRE
    assert np.abs(np.abs(moved) - np.abs(affine[:, 2])).max() < 2


def test_mirrored_descriptors_equal_those_of_the_mirror_image(astronaut):
    gray = cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)
    ours, theirs = detect_keypoints(gray), detect_keypoints(np.ascontiguousarray(gray[:, ::-1]))
    best = (mirrored(ours.descriptors) @ theirs.descriptors.T).argmax(axis=1)
    across = gray.shape[1] - 1 - ours.points[:, 0] - theirs.points[best, 0]
    down = ours.points[:, 1] - theirs.points[best, 1]
    assert (np.hypot(across, down) < 1).mean() > 0.9
    np.testing.assert_array_equal(mirrored(mirrored(ours.descriptors)), ours.descriptors)
    wrong = (ours.descriptors @ theirs.descriptors.T).argmax(axis=1)
    assert (np.hypot(gray.shape[1] - 1 - ours.points[:, 0] - theirs.points[wrong, 0], down) < 1).mean() < 0.5


def test_matches_come_in_both_directions(astronaut):
    forged = cv2.cvtColor(_forged(astronaut, 1.0, 30)[0], cv2.COLOR_RGB2GRAY)
    matches = match_keypoints(detect_keypoints(forged), 16)
    half = len(matches) // 2
    assert half > 3
    np.testing.assert_array_equal(matches.source[:half], matches.target[half:])
    product = matches.linear[:half] @ matches.linear[half:]
    np.testing.assert_allclose(product, np.broadcast_to(np.eye(2), product.shape), atol=1e-4)
    assert np.abs(matches.source - matches.target).max(axis=1).min() >= 16


@given(st.floats(0.4, 2.2), st.floats(-180, 180), st.booleans(), st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_fits_equal_scikit_image(scale, angle, mirror, seed):
    rng = np.random.default_rng(seed)
    source = rng.uniform(0, 300, (20, 2)).astype(np.float32)
    turn = np.deg2rad(angle)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    target = source @ (linear @ np.diag([-1.0 if mirror else 1.0, 1.0])).T + [30, -20]
    noisy = (target + rng.normal(0, 0.5, target.shape)).astype(np.float32)
    theirs = skimage.transform.AffineTransform.from_estimate(source, noisy)
    np.testing.assert_allclose(apply(fit_affine(source, noisy), source), theirs(source), atol=0.1)
    assert np.linalg.norm(apply(fit_similarity(source, noisy), source) - target, axis=1).mean() < 0.6
    exact = apply(fit_similarity(source, target.astype(np.float32)), source)
    np.testing.assert_allclose(exact, target, atol=0.01)


def test_consensus_leaves_strays_out():
    rng = np.random.default_rng(0)
    source = rng.uniform(0, 400, (60, 2)).astype(np.float32)
    target = rng.uniform(0, 400, (60, 2)).astype(np.float32)
    source[:15] = rng.uniform(50, 120, (15, 2))
    target[:15] = source[:15] + np.array([200, 90])
    linear = np.tile(np.eye(2, dtype=np.float32), (120, 1, 1))
    matches = Matches(np.r_[source, target], np.r_[target, source], linear, np.zeros(120, np.float32))
    affine, pairs = find_clusters(matches)[0]
    assert 15 <= len(pairs) <= 17
    shift = np.sign(affine[0, 2]) * affine[:, 2]
    np.testing.assert_allclose(shift, [200, 90], atol=1)


def test_shifts_are_found_to_the_pixel(photo):
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    gray[150:220, 200:300] = gray[20:90, 60:160]
    assert (140, 130, False) in repeated_shifts(gray, 16)
    gray[150:220, 200:300] = gray[20:90, 60:160][:, ::-1]
    assert (60 + 299, 130, True) in repeated_shifts(gray, 16)


def test_refining_reaches_a_fraction_of_a_pixel(astronaut):
    forged, _, _, affine = _forged(astronaut, 0.8, 20, radius=60)
    gray = cv2.cvtColor(forged, cv2.COLOR_RGB2GRAY).astype(np.float32)
    off = affine + np.array([[0, 0, 1.5], [0, 0, -1.0]])
    found = refine(gray, off, (370, 80, 430, 140))
    corners = np.argwhere(np.ones((9, 9)))[:, ::-1] * 5 + CENTRE - 20
    assert np.abs(apply(found, corners) - apply(affine, corners)).max() < 0.3


def test_support_is_hoeffdings_bound():
    mask = Region(0, 0, np.ones((2, 2), bool))
    grown = Grown(np.eye(2, 3), mask, 0.9, 50.0)
    divergence = 0.9 * np.log(0.9 / 0.6) + 0.1 * np.log(0.1 / 0.4)
    assert grown.support == pytest.approx(50 * divergence / np.log(10))
    assert Grown(np.eye(2, 3), mask, 0.5, 50.0).support == 0


def test_growth_needs_agreement_where_it_begins(astronaut):
    gray = cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grown = grow(gray, np.array([[1.0, 0, 200], [0, 1, -60]]), np.array([[380.0, 140.0], [390.0, 150.0]]))
    assert grown is None or grown.support < MIN_SIGNIFICANCE


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**16), st.sampled_from([1, 2, 40, 256]))
@settings(max_examples=25, deadline=None)
def test_any_size(height, width, seed, levels):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, levels, (height, width, 3), np.uint8)
    if seed % 2:  # exact repetition of everything
        pixels = np.tile(pixels[: max(height // 3, 1), : max(width // 3, 1)], (3, 3, 1))
    result = copy_move(pixels)
    assert result.values.shape == pixels.shape[:2]
    assert result.values.dtype == np.float32
    assert np.isfinite(result.values).all()
    assert 0 <= result.values.min() <= result.values.max() < 1
    assert (result.score > 0) == bool(result.copies)


def test_the_same_twice(astronaut):
    forged = recompress(_forged(astronaut, 1.0, 30)[0], 90)
    one, two = copy_move(forged), copy_move(forged)
    np.testing.assert_array_equal(one.values, two.values)
    assert one.score == two.score
