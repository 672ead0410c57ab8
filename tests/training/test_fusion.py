"""Fitting the fusion: curves and weights against known ratios, the whole on a tiny set."""

import json

import numpy as np
import pytest
from PIL import Image

from tamperlens.evaluation.likelihood import cllr
from tamperlens.examine.fusion import load_fusion
from tamperlens.examine.weights import WEIGHTS_DIRECTORY
from tamperlens.training.fuse import fit_curve, fit_fusion, fit_slope, fit_weights, score_image
from tamperlens.training.fusion_set import PARTS, FusionRecipe, Sources, measured_set, part_of, read_image


def _gaussian(rng, altered, separation):
    x = rng.normal(np.where(altered, separation, 0.0))
    return x, separation * x - separation**2 / 2


def test_a_curve_recovers_the_true_likelihood_ratio():
    rng, altered = np.random.default_rng(0), np.arange(6000) % 3 == 0
    scores, truth = _gaussian(rng, altered, 1.5)
    curve = fit_curve(scores, altered)
    assert list(curve.scores) == sorted(curve.scores)
    assert list(curve.llrs) == sorted(curve.llrs)
    middle = np.abs(scores - 0.75) < 1.2
    fitted = np.array([curve.llr(score, 256 * 256) for score in scores[middle]])
    assert np.abs(fitted - truth[middle]).mean() < 0.25
    assert (scores[~altered] > curve.unusual_above).mean() == pytest.approx(0.05, abs=0.005)


def test_a_curve_of_pure_noise_is_flat_and_of_perfect_scores_bounded():
    altered = np.arange(400) % 2 == 0
    noise = fit_curve(np.random.default_rng(1).normal(size=400), altered)
    assert max(map(abs, [noise.llr(x, 65536) for x in (-1.0, 0.0, 1.0)])) < 0.5
    perfect = fit_curve(altered.astype(float), altered)
    assert 3 < perfect.llr(1.0, 65536) < 8


def test_a_slope_is_that_of_the_authentic_median():
    rng = np.random.default_rng(4)
    pixels = 65536.0 * 2 ** rng.uniform(0, 6, 500)
    scores = 0.7 * np.log2(pixels) + rng.normal(0, 1, 500)
    scores[:20] += 30
    assert fit_slope(scores, pixels) == pytest.approx(0.7, abs=0.1)
    assert fit_slope(scores[:5], np.full(5, 9.0)) == 0


def test_weights_add_independent_opinions_and_share_between_equal_ones():
    rng, altered = np.random.default_rng(2), np.arange(20_000) % 2 == 0
    first, second = (_gaussian(rng, altered, d)[1] for d in (1.5, 1.0))
    weights, offset = fit_weights(np.stack([first, second], 1), altered, ridge=1e-5)
    assert weights == pytest.approx([1, 1], abs=0.1)
    assert offset == pytest.approx(0, abs=0.1)
    twice, _ = fit_weights(np.stack([first, first], 1), altered, ridge=1e-5)
    assert twice.sum() == pytest.approx(1, abs=0.1)


def test_no_weight_is_negative():
    rng, altered = np.random.default_rng(3), np.arange(4000) % 2 == 0
    good = _gaussian(rng, altered, 1.0)[1]
    weights, _ = fit_weights(np.stack([good, -good + rng.normal(size=4000)], 1), altered)
    assert weights[1] == 0


def test_parts_are_drawn_by_photograph():
    counts = dict.fromkeys(PARTS, 0)
    for i in range(4000):
        counts[part_of(f"photo{i}", 0)] += 1
    for part, share in PARTS.items():
        assert counts[part] / 4000 == pytest.approx(share, abs=0.03)
    assert len({part_of(f"wallpaper@{i}", 0) for i in range(20)}) == 1


@pytest.fixture(scope="module")
def fitted(photo_folder, tmp_path_factory):
    """A dozen photographs under fifty names, so that every part has some."""
    folder = tmp_path_factory.mktemp("fusion")
    photos = sorted((photo_folder / "images").iterdir())
    for i in range(48):
        with Image.open(photos[i % len(photos)]) as image:
            image.rotate(90 * (i // 12), expand=True).save(folder / f"p{i}.png")
    recipe = FusionRecipe(twins={"128": 40}, untouched=4, large=0, epochs=2, hidden=(8,))
    sources = Sources((), (folder,), None, WEIGHTS_DIRECTORY)
    images = list(measured_set(recipe, sources, folder / "measured"))
    fit_fusion(images, recipe, "hash", folder / "fusion.json")
    return folder, recipe, sources, images


def test_the_fitted_file_is_read_and_scores(fitted):
    folder, _, _, images = fitted
    fusion = load_fusion(folder / "fusion.json")
    assert len(images) == 84
    llrs = np.array([score_image(image, fusion)[0] for image in images])
    assert np.isfinite(llrs).all()
    assert {image.origin for image in images} == {"twins", "untouched"}
    assert all(image.mask.shape == image.planes.shape[:2] for image in images)
    # Fitted to half of them, it must at least not mislead about all of them.
    assert cllr(llrs, np.array([image.tampered for image in images])) < 1.05


def test_what_was_measured_is_used_again(fitted):
    folder, recipe, sources, images = fitted
    paths = sorted((folder / "measured").glob("*.npz"))
    times = [path.stat().st_mtime_ns for path in paths]
    again = list(measured_set(recipe, sources, folder / "measured"))
    assert [path.stat().st_mtime_ns for path in paths] == times
    assert [image.scores for image in again] == [image.scores for image in images]
    assert read_image(paths[0]).kind in {image.kind for image in images}
    fit_fusion(again, recipe, "hash", folder / "again.json")
    assert json.loads((folder / "again.json").read_text()) == json.loads((folder / "fusion.json").read_text())
