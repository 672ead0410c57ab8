"""Fitting the fusion: curves and weights against known ratios, the whole on a tiny set."""

import json

import numpy as np
import pytest
from PIL import Image

from tamperlens.data.synthesis import ForgeryStream
from tamperlens.evaluation._likelihood import cllr
from tamperlens.examine.fused._fusion import OUT_OF_REACH, load_fusion
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY
from tamperlens.training.fusion import _fusion_set as fusion_set
from tamperlens.training.fusion._fuse import fit_fusion, score_image
from tamperlens.training.fusion._fusion_curves import fit_curve, fit_slope, fit_weights
from tamperlens.training.fusion._fusion_image import FusionImage
from tamperlens.training.fusion._fusion_recipe import FusionRecipe
from tamperlens.training.fusion._fusion_set import measured_set
from tamperlens.training.fusion._fusion_sources import PARTS, Sources, part_of
from tamperlens.training.fusion._fusion_thresholds import calibrate_alone, fit_bands


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


def test_a_curve_keeps_a_step_up_to_its_end():
    """Half of either class score 0; what scores just above says as little as they do."""
    rng, altered = np.random.default_rng(5), np.arange(2000) % 2 == 0
    scores = np.where(rng.random(2000) < 0.5, 0.0, rng.uniform(0, 1, 2000))
    scores[altered & (rng.random(2000) < 0.3)] += 2
    curve = fit_curve(scores, altered)
    assert list(curve.scores) == sorted(set(curve.scores))
    assert curve.llr(0.001, 65536) == pytest.approx(curve.llr(0.0, 65536), abs=0.15)
    assert curve.llr(2.5, 65536) > 3


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


def _image(llr, photo, origin="twins", kind="authentic", size=(256, 256)):
    nothing = np.zeros((1, 1, 1), np.float16)
    scores = {"llr": llr}
    return FusionImage(
        "thresholds", origin, kind, photo, size, "JPEG", 90, scores, {}, nothing, nothing[..., 0]
    )


def _threshold(images, rate="0.05"):
    return fit_bands(images, lambda image: image.scores["llr"])[0].inconsistent_above[rate]


def test_a_photograph_counts_once():
    """Thirty-nine photographs: the 38th smallest is the threshold, however often one was used."""
    images = [_image(i / 10, f"p{i}") for i in range(39)]
    assert _threshold(images) == pytest.approx(3.7)
    assert _threshold([*images, *[_image(9.0, "p38")] * 30]) == pytest.approx(3.7)
    assert _threshold([*images, *[_image(9.0, f"q{i}") for i in range(9)]]) == pytest.approx(9.0)


def test_too_few_photographs_call_nothing():
    images = [_image(0.0, f"p{i % 18}") for i in range(400)]
    assert _threshold(images) == OUT_OF_REACH
    assert _threshold([*images, _image(0.0, "p18")]) == 0
    assert _threshold([*images, _image(0.0, "p18")], "0.01") == OUT_OF_REACH


def test_the_origin_with_the_highest_scores_sets_the_threshold():
    images = [_image(i / 100, f"p{i}") for i in range(400)]
    cameras = [_image(10 + i / 10, f"c{i}", "camera") for i in range(19)]
    assert _threshold(images) < 4
    assert _threshold([*images, *cameras[:18]]) < 4
    assert _threshold([*images, *cameras]) == pytest.approx(11.8)


def test_the_twins_that_hide_best_set_what_is_cleared():
    rng = np.random.default_rng(0)
    authentic = [_image(float(v), f"a{i}") for i, v in enumerate(rng.normal(-2, 1, 200))]
    plain = [_image(float(v), f"p{i}", "twins", "splicing") for i, v in enumerate(rng.normal(4, 1, 200))]
    resaved = [_image(float(v), f"r{i}", "resaved", "splicing") for i, v in enumerate(rng.normal(0, 1, 40))]
    few = [_image(-9.0, f"k{i}", "kept", "splicing") for i in range(3)]

    def below(images):
        return fit_bands([*authentic, *images], lambda image: image.scores["llr"])[0].consistent_below

    alone, both = below(plain), below([*plain, *resaved, *few])
    assert alone == pytest.approx(4 - 1.64, abs=0.4)
    assert both == pytest.approx(0 - 1.64, abs=0.6)
    cleared = np.mean([image.scores["llr"] <= both for image in resaved])
    assert cleared <= 0.05


def test_sorts_of_twins_share_one_false_alarm_rate():
    images = [_image(float(i % 7), f"a{i}", ("twins", "kept", "resaved")[i % 3]) for i in range(60)]
    assert {image.group for image in images} == {"twins"}
    assert _threshold(images) == _threshold([_image(float(i % 7), f"a{i}") for i in range(60)])


def test_a_rate_holds_in_each_band_and_over_all_sizes():
    sizes = [(256, 256), (512, 512), (1024, 1024), (2048, 2048)]
    images = [_image(float(k), f"p{i}", size=size) for k, size in enumerate(sizes) for i in range(20)]
    images += [_image(-float(k), f"p{i}", kind="removal", size=sizes[k]) for k in (0, 1) for i in range(20)]
    bands = fit_bands(images, lambda image: image.scores["llr"])
    # Of each photograph a quarter of the images reach 3: over all sizes no lower threshold holds.
    assert [band.inconsistent_above["0.05"] for band in bands] == [3, 3, 3, 3]
    assert [band.consistent_below for band in bands] == [-1, -1, -1, -1]
    assert [(band.photographs, band.authentic, band.altered) for band in bands] == [(20, 20, 40)] * 4
    calm = [image for image in images if image.pixels < 2**22]
    calm += [_image(9.0, f"q{i}", size=sizes[3]) for i in range(19)]
    calm += [_image(0.0, f"r{i}") for i in range(900)]
    bands = fit_bands(calm, lambda image: image.scores["llr"])
    assert [band.inconsistent_above["0.05"] for band in bands] == [0, 1, 2, 9]


def test_donors_are_drawn_from_the_part_of_the_photograph(photo_folder, monkeypatch):
    sources = Sources((), (photo_folder,), None, WEIGHTS_DIRECTORY)
    monkeypatch.setattr(fusion_set, "_STATE", {"sources": sources, "recipe": FusionRecipe(), "pools": {}})
    parts = {
        part: {path.stem for path in fusion_set._pool(200, part).paths} for part in ("network", "curves")
    }
    assert all(part_of(name, 0) == part for part, names in parts.items() for name in names)
    stream = ForgeryStream(fusion_set._pool(200, "network"), 64, 0, {"splicing": 1.0})
    assert {name for i in range(6) for name in stream[i].sources} <= parts["network"]


@pytest.fixture(scope="module")
def fitted(photo_folder, tmp_path_factory):
    """A dozen photographs under fifty names, so that every part has some."""
    folder = tmp_path_factory.mktemp("fusion")
    photos = sorted((photo_folder / "images").iterdir())
    for i in range(48):
        with Image.open(photos[i % len(photos)]) as image:
            image.rotate(90 * (i // 12), expand=True).save(folder / f"p{i}.png")
    scene = folder / "originals/scene"
    scene.mkdir(parents=True)
    Image.open(photos[0]).convert("RGB").save(scene / "shot.jpg", quality=95)
    whole = tmp_path_factory.mktemp("whole")
    Image.open(photos[1]).save(whole / "whole.png")
    recipe = FusionRecipe(twins={"128": 40}, untouched=8, large=2, originals=2, epochs=2, hidden=(8,))
    sources = Sources((), (folder,), None, WEIGHTS_DIRECTORY, (whole,), (folder / "originals",))
    images = list(measured_set(recipe, sources, folder))
    fit_fusion(images, recipe, "hash", folder / "fusion.json")
    return folder, recipe, sources, images


def test_the_fitted_file_is_read_and_scores(fitted):
    folder, _, _, images = fitted
    fusion = load_fusion(folder / "fusion.json")
    assert len(images) == 80 + 8 + 2 + 2
    llrs = np.array([score_image(image, fusion)[0] for image in images])
    assert np.isfinite(llrs).all()
    assert {image.origin for image in images} == {"twins", "untouched", "camera"}
    assert all(image.mask.shape == image.planes.shape[:2] for image in images)
    for photo in {image.photo for image in images}:
        assert len({image.part for image in images if image.photo == photo}) == 1
    # Fitted to half of them, it must at least not mislead about all of them.
    assert cllr(llrs, np.array([image.tampered for image in images])) < 1.05


def test_what_was_measured_is_used_again(fitted):
    folder, recipe, sources, images = fitted
    kept = [sorted(each.glob("*.npz")) for each in sorted(folder.iterdir()) if list(each.glob("*.npz"))]
    assert [len(each) for each in kept] == [len(images), len(images)]
    paths = [path for each in kept for path in each]
    times = [path.stat().st_mtime_ns for path in paths]
    again = list(measured_set(recipe, sources, folder))
    assert [path.stat().st_mtime_ns for path in paths] == times
    assert [image.scores for image in again] == [image.scores for image in images]
    fit_fusion(again, recipe, "hash", folder / "again.json")
    assert json.loads((folder / "again.json").read_text()) == json.loads((folder / "fusion.json").read_text())


def test_the_localizer_alone_keeps_the_rate_at_every_size():
    rng = np.random.default_rng(0)
    blank = np.zeros((4, 4), np.float16)

    def image(part, number, tampered, pixels):
        # Authentic margins rise by 0.7 with each doubling of the area, altered ones lie 3 higher.
        margin = rng.normal() + 0.7 * np.log2(pixels / 65536) + 3 * tampered
        return FusionImage(
            part, "twins", "splicing" if tampered else "authentic", f"{part}{number}", (1, pixels), "JPEG",
            90, {"x": float(margin)}, {}, blank[..., None], blank,
        )  # fmt: skip

    sizes = (65536, 300_000, 1_000_000, 4_000_000)
    images = [
        image(part, number, tampered, sizes[number % 4])
        for part in ("network", "curves", "thresholds", "test")
        for number in range(240)
        for tampered in (False, True)
    ]
    read = calibrate_alone(images, "x")
    assert read.slope == pytest.approx(0.7, abs=0.1)
    test = [one for one in images if one.part == "test"]
    called = [read.outcome(read.probability(one.scores["x"], one.pixels)) == "inconsistent" for one in test]
    said = list(zip(test, called, strict=True))
    for size in sizes:
        assert np.mean([c for one, c in said if not one.tampered and one.pixels == size]) <= 0.12
    assert np.mean([c for one, c in said if one.tampered]) > 0.7
