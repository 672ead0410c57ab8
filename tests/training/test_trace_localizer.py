"""Training of the trace localizer: samples, loss, loop, continuation."""

import json
import math

import numpy as np
import pytest
import torch
from torch import nn

from tamperlens.data.synthesis import ForgeryStream, PhotoPool
from tamperlens.data.synthesis._pictures import PicturePlan, made_pictures
from tamperlens.data.synthesis._shards import read_shard, write_shard
from tamperlens.errors import DatasetError, RecipeError
from tamperlens.examine import load_weight
from tamperlens.examine.networks import TraceLocalizerDetector
from tamperlens.inputs._trace_input import FREQUENCIES
from tamperlens.models._trace_localizer import TraceLocalization, TraceLocalizer
from tamperlens.training._fit import Progress, Run, Schedule, fit
from tamperlens.training._trace_finish import finish_trace_localizer
from tamperlens.training._trace_heads import heads_loss
from tamperlens.training._trace_pictures import PictureSamples, Variation, opened, varied
from tamperlens.training._trace_recipe import (
    HeadsRecipe,
    LargeRecipe,
    StartRecipe,
    TraceLoss,
    TraceOptimizer,
    TraceRecipe,
)
from tamperlens.training._trace_run import TracePictures, train_trace_localizer, validation_of
from tamperlens.training._trace_task import TraceTask, answer, made_validation, trace_loss

PLAIN = Variation(128, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def shards(photo_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    stream = ForgeryStream(PhotoPool([photo_folder]), 160, 3, {"splicing": 1, "authentic": 0.3})
    for number in range(2):
        made = made_pictures(stream, 8 * number, 8 * number + 8, PicturePlan(pairs=0.5, copies=0.0))
        write_shard(folder / f"{number}.tar", made)
    return folder


def some_pictures(shards):
    return list(read_shard(shards / "0.tar"))


def test_mirrored_samples_have_the_levels_of_the_mirrored_file(shards):
    # Levels of a crop are those of the whole file; a transposed crop has transposed frequencies.
    picture = next(each for each in some_pictures(shards) if each.history["format"] == "JPEG")
    whole = opened(picture)
    for seed in range(12):
        sample = varied([picture], PLAIN, np.random.default_rng(seed))[0]
        assert sample[0].shape == (3, 128, 128)
        assert sample[1].shape == (20, 16, 16)
        counts = sample[1].flatten(1).float().mean(1).numpy()
        plain = whole.coefficients.levels.reshape(20, -1).mean(1)
        turned = plain[[FREQUENCIES.index((v, u)) for u, v in FREQUENCIES]]
        assert min(np.abs(counts - plain).max(), np.abs(counts - turned).max()) < 1.5


def test_twins_are_varied_alike(shards):
    together = {}
    for picture in some_pictures(shards):
        together.setdefault(picture.pair, []).append(picture)
    altered, authentic = next(pair for pair in together.values() if len(pair) == 2)
    hard = Variation(128, 0.5, 0.2, 0.3, 0.2)
    for seed in range(6):
        one, other = varied([altered, authentic], hard, np.random.default_rng(seed))
        outside = (one[-1][0] == 0).numpy()
        difference = np.abs(one[0].numpy().astype(int) - other[0].numpy())[:, outside]
        assert np.median(difference) < 6
        torch.testing.assert_close(one[5], other[5])


def test_hidden_maps_are_zero_and_flagged(shards):
    hidden = Variation(128, 0.0, 1.0, 1.0, 1.0)
    sample = varied(some_pictures(shards)[:1], hidden, np.random.default_rng(0))[0]
    assert not sample[4].any()
    assert not sample[5].any()
    assert not sample[1].any()


def test_the_shards_read_least_come_first(shards, tmp_path):
    reads = tmp_path / "reads.json"
    reads.write_text(json.dumps({"0.tar": 1}))
    samples = iter(PictureSamples(shards, PLAIN, 0, reads))
    for _ in range(40):
        next(samples)
    assert json.loads(reads.read_text())["1.tar"] >= 1


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(DatasetError, match="contains no shards"):
        next(iter(PictureSamples(tmp_path, PLAIN, 0, tmp_path / "reads.json")))


def test_pictures_that_are_all_too_small_are_no_endless_wait(shards, tmp_path):
    samples = PictureSamples(shards, Variation(384), 0, tmp_path / "reads.json")
    with pytest.raises(DatasetError, match="no picture of 392 pixels or more"):
        next(iter(samples))


def result_of(mask, height):
    logits = height * (2 * nn.functional.avg_pool2d(mask, 4) - 1)
    coarse = height * (2 * nn.functional.avg_pool2d(mask, 8) - 1)
    return TraceLocalization(logits, coarse, torch.full_like(coarse, abs(height)), torch.tensor([[height]]))


def test_loss_is_small_for_the_truth_and_large_for_its_opposite():
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 16:32, 16:48] = 1
    assert trace_loss(result_of(mask, 12.0), mask, TraceLoss()) < 0.01
    assert trace_loss(result_of(mask, -12.0), mask, TraceLoss()) > 5


def test_verdicts_are_right_about_the_mask_and_about_themselves():
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 16:32, 16:48] = 1
    assert heads_loss(result_of(mask, 12.0), mask) < 0.01
    assert heads_loss(result_of(mask, -12.0), mask) > 5
    blind = result_of(mask, 12.0)._replace(logits=torch.full((1, 1, 16, 16), -12.0))
    # Half of what counts is wrong where nothing is marked, however small the altered part is.
    unsure = blind._replace(decidable=torch.zeros(1, 1, 8, 8))
    assert heads_loss(unsure, mask) == pytest.approx(math.log(2), abs=0.01)
    assert heads_loss(blind, mask) == pytest.approx(6, abs=0.1)


def small(samples):
    return TraceRecipe.model_validate(
        {
            "name": "tiny",
            "variation": {"crop": 64},
            "optimizer": {"warmup_samples": 0},
            "loop": {"samples": samples, "batch_size": 4, "validate_every": 8, "workers": 0},
        }
    )


def test_the_last_part_is_larger_and_keeps_its_statistics(shards, tmp_path):
    recipe = small(16).model_copy(update={"large": LargeRecipe(share=0.5, crop=128, batch_size=2)})
    samples = PictureSamples(shards, Variation(64), 0, tmp_path / "reads.json")
    task = TraceTask(recipe, samples, [])
    network = TraceLocalizer().train()
    sides = []
    for batch in task.batches(0):
        before = network.from16[1].running_mean.clone()
        _, count = task.loss(network, batch)
        changed = not torch.equal(before, network.from16[1].running_mean)
        sides.append((batch[0].shape[-1], count, changed))
        if len(sides) == 4:
            break
    assert sides == [(64, 4, True), (64, 4, True), (128, 2, False), (128, 2, False)]


def test_a_run_is_continued(shards, tmp_path):
    pictures = TracePictures(shards, shards, {}, validated=6)
    lines = []
    train_trace_localizer(small(8), pictures, tmp_path, lines.append)
    network = train_trace_localizer(small(16), pictures, tmp_path, lines.append)
    assert [line["sample"] for line in lines] == [8, 16]
    assert not network.training
    assert {"splicing f1", "splicing auc", "authentic marked", "score", "loss"} <= set(lines[-1])
    other = small(24).model_copy(update={"seed": 5})
    with pytest.raises(RecipeError, match="another recipe"):
        train_trace_localizer(other, pictures, tmp_path)


def test_a_run_goes_on_from_a_weight_without_its_run(shards, tmp_path):
    pictures = TracePictures(shards, shards, {}, validated=6)
    first = train_trace_localizer(small(16), pictures, tmp_path / "first")
    weights = tmp_path / "first"
    finish_trace_localizer(first, small(16), validation_of(small(16), pictures, weights), weights)
    start = StartRecipe(weight="tiny", sha256=load_weight("tiny", weights).sha256)
    recipe = small(4).model_copy(update={"start": start, "optimizer": TraceOptimizer(learning_rate=1e-9)})
    second = train_trace_localizer(recipe, pictures, tmp_path / "second", weights=weights)
    given = made_validation(shards, 4, 64)
    for image in given:
        expected, found = answer(first, image)[0], answer(second, image)[0]
        assert np.allclose(found, expected, atol=0.02)
    later = recipe.model_copy(update={"start": StartRecipe(weight="tiny", sha256="0" * 64)})
    with pytest.raises(RecipeError, match="another version"):
        train_trace_localizer(later, pictures, tmp_path / "third", weights=weights)


def test_verdicts_are_learned_last_and_nothing_else_changes(shards, tmp_path):
    recipe = small(8).model_copy(update={"heads": HeadsRecipe(samples=8, crop=64, batch_size=4, workers=0)})
    found = train_trace_localizer(recipe, TracePictures(shards, shards, {}, 6), tmp_path)
    last = train_trace_localizer(recipe, TracePictures(shards, shards, {}, 6, heads=shards), tmp_path)
    before, after = found.state_dict(), last.state_dict()
    # The learned filters are normalised again after each step, which rounds.
    changed = {name for name in before if not torch.allclose(before[name], after[name], atol=1e-6)}
    assert changed == {name for name in before if name.startswith(("image.", "decidable."))}


def test_a_finished_run_is_a_weight_that_examines(shards, tmp_path, photo_evidence):
    pictures = TracePictures(shards, shards, {}, validated=16)
    recipe = small(8)
    network = train_trace_localizer(recipe, pictures, tmp_path)
    finish_trace_localizer(network, recipe, validation_of(recipe, pictures, tmp_path), tmp_path)
    weight = load_weight("tiny", tmp_path)
    assert weight.system == "trace-localizer"
    assert weight.training["images"] == {"train": 8, "validation": 16}
    answer = TraceLocalizerDetector(weight, threads=1).answer(photo_evidence)
    assert answer.heat_map.shape == photo_evidence.pixels.shape[:2]
    assert 0 < answer.opinion.score < 1


class Counting:
    """A task with one number to learn, some of whose batches are no numbers."""

    def __init__(self, broken):
        self.broken = broken

    def batches(self, sample):
        number = sample
        while True:
            number += 1
            yield torch.tensor([float("nan") if number % self.broken == 0 else 1.0])

    def loss(self, model, batch):
        return (model(batch[None]) - 3).square().mean() + 0 * batch.sum(), 1

    def scores(self, model):
        return {"score": -float((model.weight + model.bias - 3).abs())}


def a_run(folder):
    torch.manual_seed(0)
    model = nn.Linear(1, 1)
    return Run(model, torch.optim.AdamW(model.parameters(), weight_decay=0), "same", folder)


SCHEDULE = Schedule(600, 0.05, 100, warmup=10, decay=200, ema=0.9)


def test_steps_that_are_no_number_are_skipped_and_counted(tmp_path):
    run = a_run(tmp_path)
    model = fit(run, Counting(10), SCHEDULE)
    assert run.progress.skipped == 60
    assert float(model.weight + model.bias) == pytest.approx(3, abs=0.05)


def test_a_run_of_broken_steps_is_given_up(tmp_path):
    with pytest.raises(RecipeError, match="diverged"):
        fit(a_run(tmp_path), Counting(2), SCHEDULE)


def test_progress_comes_back_from_a_checkpoint(tmp_path):
    fit(a_run(tmp_path), Counting(1000), SCHEDULE)
    again = a_run(tmp_path)
    assert again.progress.sample == 600
    assert isinstance(again.progress, Progress)


def test_rate_rises_stays_and_falls():
    rates = [SCHEDULE.rate(sample) for sample in (0, 5, 10, 400, 500, 600)]
    assert rates[0] == 0
    assert rates[1] == pytest.approx(0.025)
    assert rates[2] == rates[3] == pytest.approx(0.05)
    assert 0.02 < rates[4] < 0.03
    assert rates[5] == pytest.approx(0.0005)
