"""Judges of every kind, what was said before, conditions, and the figures of a score alone."""

import shutil

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import tamperlens as tl
from tamperlens.cli import app
from tamperlens.data import find_samples
from tamperlens.errors import DetectorError, UnknownNameError
from tamperlens.evaluation import (
    Judge,
    Judgement,
    check_condition,
    conditions,
    evaluate_judge,
    find_judge,
    judge_names,
    map_judge,
    predictions_judge,
)
from tamperlens.evaluation._conditions import under
from tamperlens.evaluation._saliency import stands_out
from tamperlens.evaluation._tallies import ImageTally, localization_metrics, score_figures
from tamperlens.evidence import encode_jpeg, load_evidence


@pytest.fixture
def own(tmp_path, photo):
    """Four altered images with masks and their untouched twins, of the same names."""
    root = tmp_path / "own"
    for part in ("images", "masks", "authentic"):
        (root / part).mkdir(parents=True)
    for i in range(4):
        pixels = photo[i * 20 : i * 20 + 120, :160].copy()
        Image.fromarray(pixels).save(root / f"authentic/{i}.png")
        pixels[40:80, 40:100] = 255 - pixels[40:80, 40:100]
        Image.fromarray(pixels).save(root / f"images/{i}.png")
        mask = np.zeros((120, 160), np.uint8)
        mask[40:80, 40:100] = 255
        Image.fromarray(mask).save(root / f"masks/{i}.png")
    return root


class TestPredictions:
    def folder(self, own, suffix=".png", deep=False):
        root = own.parent / "said"
        for part in ("images", "authentic"):
            (root / part).mkdir(parents=True, exist_ok=True)
            for i in range(4):
                values = np.zeros((60, 80), np.float32)
                values[20:40, 20:50] = 0.75 if part == "images" else 0.25
                target = root / part / f"{i}_pred{suffix}"
                if suffix == ".npy":
                    np.save(target, values)
                elif deep:
                    Image.fromarray((values * 65535).astype(np.uint16)).save(target)
                else:
                    Image.fromarray(np.rint(values * 255).astype(np.uint8)).save(target)
        return root

    @pytest.mark.parametrize(("suffix", "deep"), [(".png", False), (".png", True), (".npy", False)])
    def test_maps_are_found_by_name_and_folder(self, own, suffix, deep):
        samples = find_samples(str(own))
        judge = predictions_judge(self.folder(own, suffix, deep), samples)
        result = evaluate_judge(judge, samples, "own")
        assert result.figures["f1_half"]["value"] > 0.95
        assert result.figures["image_auc"]["value"] == result.figures["image_auc_within"]["value"] == 1

    def test_names_alone_must_be_of_one_image(self, own):
        root = self.folder(own)
        for path in list((root / "images").iterdir()):
            path.rename(root / path.name)
        shutil.rmtree(root / "authentic")
        with pytest.raises(DetectorError, match="name predictions by the images' folders too"):
            predictions_judge(root, find_samples(str(own)))

    def test_scores_alone(self, own):
        root = own.parent / "said"
        root.mkdir()
        rows = [
            f"{part}/{i}.png,{score}"
            for part, score in (("images", 0.9), ("authentic", 0.2))
            for i in range(4)
        ]
        (root / "scores.csv").write_text("\n".join(["image,score", *rows]))
        samples = find_samples(str(own))
        result = evaluate_judge(predictions_judge(root, samples), samples, "own")
        assert result.figures["f1_half"]["value"] is None
        assert result.left_out == {"no map is given": 4}
        assert result.figures["balanced_accuracy"]["value"] == 1

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("image,score\nimages/0.png,0.5", "no map and no score for 7 of 8 images"),
            ("image,score\nimages/0.png,high", "line 2: expected an image and a score"),
            ("image,score\nimages/0.png,7", "the score 7 is not in 0 to 1"),
            ("name,score\na,0.5", "line 2: expected an image and a score"),
            (None, "holds no maps and no scores.csv"),
        ],
    )
    def test_what_is_wrong_is_one_sentence(self, own, text, words):
        root = own.parent / "said"
        root.mkdir()
        if text is not None:
            (root / "scores.csv").write_text(text)
        with pytest.raises(DetectorError, match=words):
            predictions_judge(root, find_samples(str(own)))

    def test_a_map_that_is_none(self, own):
        root = self.folder(own)
        (root / "images/0_pred.png").write_bytes(b"nothing")
        samples = find_samples(str(own))
        with pytest.raises(DetectorError, match=r"the map .*0_pred.* cannot be read"):
            evaluate_judge(predictions_judge(root, samples), samples, "own")

    def test_on_the_command_line(self, own):
        root = self.folder(own)
        answer = CliRunner().invoke(app, ["evaluate", "--predictions", str(root), str(own), "--no-baselines"])
        assert answer.exit_code == 0, answer
        assert "| own | said | native |" in answer.stdout


class TestDoor:
    def test_a_function_is_evaluated(self, own):
        result = tl.evaluate(
            lambda image: (image.pixels.mean(axis=2) / 255, 0.5), str(own), name="brightness"
        )
        assert (result.system, result.dataset, result.images["located"]) == ("brightness", "own", 4)
        assert result.figures["image_auc"]["value"] == 0.5

    def test_a_system_by_name_under_a_condition(self, own):
        result = tl.evaluate("ela", str(own), condition="JPEG 75")
        assert (result.system, result.condition) == ("ela", "JPEG 75")

    def test_a_function_that_returns_no_probabilities(self, own):
        with pytest.raises(DetectorError, match="numbers from"):
            tl.evaluate(lambda image: image.pixels[..., 0], str(own))


class TestNames:
    def test_every_name_is_known(self):
        assert {"fused", "unet-localizer", "lightweight-cnn", "ela", "grid", "saliency"} <= set(judge_names())
        with pytest.raises(UnknownNameError, match="did you mean 'saliency'"):
            find_judge("salience")

    def test_a_system_that_judges_the_whole_image_gives_no_map(self, own):
        result = evaluate_judge(find_judge("lightweight-cnn"), find_samples(str(own))[-1:], "own")
        assert result.left_out == {"no map is given": 1}
        assert result.figures["miss_rate"]["value"] in (0, 1)


class TestConditions:
    @pytest.mark.parametrize("name", conditions())
    def test_the_mask_stays_on_its_object(self, name, photo):
        """A bright square is bright where the mask says, whatever was done to the picture."""
        pixels, mask = photo // 3, np.zeros(photo.shape[:2], bool)
        mask[60:200, 90:300] = True
        pixels[mask] = 255
        evidence = load_evidence(encode_jpeg(pixels, 95), name="a.jpg")
        changed, moved = under(name, evidence, mask, 0)
        assert moved.shape == (changed.height, changed.width)
        bright = changed.pixels.mean(axis=2) > 170
        assert (bright == moved).mean() > 0.97
        again, _ = under(name, evidence, mask, 0)
        assert again.sha256 == changed.sha256

    def test_an_unknown_one(self):
        with pytest.raises(UnknownNameError, match="no condition is called 'JPEG 70'"):
            check_condition("JPEG 70")


class TestScores:
    def test_detection_at_a_rate_is_by_hand(self):
        """Of 20 authentic scores one may be called at 5 %: what lies above the second highest counts."""
        authentic, altered = np.arange(20.0), np.array([18.0, 18.5, 19.5, 3.0])
        tampered = np.array([False] * 20 + [True] * 4)
        at_1, at_5, *_ = score_figures(tampered, np.concatenate([authentic, altered]))
        assert np.isnan(at_1), "20 images cannot tell a rate of 1 %"
        assert at_5 == 0.5

    def test_within_groups_only_images_of_one_source_are_compared(self):
        rows = [(True, 2.0, 0), (False, 1.0, 0), (True, -3.0, 1), (False, -3.0, 1), (True, 9.0, 2)]
        tallies = [ImageTally(tampered, "x", 0.5, None, odds) for tampered, odds, _ in rows]
        figures = localization_metrics(tallies, [group for *_, group in rows], 0.5, draws=5)["figures"]
        assert figures["image_auc_within"]["value"] == 0.75

    def test_a_stated_likelihood_ratio_counts_before_the_score(self, own):
        samples = find_samples(str(own))
        says = Judge(
            "says", lambda _evidence, sample: Judgement(None, 0.5, 40.0 if sample.tampered else -40.0)
        )
        assert evaluate_judge(says, samples, "own").figures["cllr"]["value"] == pytest.approx(0, abs=1e-9)
        silent = map_judge("silent", lambda e: (np.zeros((e.height, e.width), np.float32), 0.5))
        assert evaluate_judge(silent, samples, "own").figures["cllr"]["value"] == pytest.approx(1)


def test_what_stands_out_stands_out():
    pixels = np.full((90, 120, 3), 90, np.uint8)
    pixels[30:60, 40:80] = (200, 40, 40)
    values = stands_out(load_evidence(encode_jpeg(pixels, 95)))
    assert values.shape == (90, 120)
    assert 0 <= values.min() <= values.max() <= 1
    assert values[45, 60] > 0.8
    assert values[5, 5] < 0.1
