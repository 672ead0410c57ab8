"""Forgeries on demand: what a sample is, that it comes again, and that only pixels tell the class."""

import hashlib
import io
import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import cross_val_score

from tamperlens.data.channels import gathered_tables
from tamperlens.data.synthesis import KINDS, ForgeryStream, PhotoPool, TinyAutoencoder, look_alike
from tamperlens.data.synthesis._folder import write_samples
from tamperlens.data.synthesis._generated import _decoder, _encoder
from tamperlens.data.synthesis._history import POLISHES, draw_history, polish
from tamperlens.data.synthesis._regions import LARGEST_SHARE, SMALLEST_AREA, draw_area, draw_shape
from tamperlens.data.synthesis._saves import Save, decode
from tamperlens.errors import DatasetError, UnknownNameError
from tamperlens.evaluation._baselines import header_row
from tamperlens.evidence import ijg_table, load_evidence


@pytest.fixture(scope="module")
def pool(photo_folder):
    return PhotoPool([photo_folder])


@pytest.mark.parametrize("kind", KINDS)
def test_sample_is_what_its_kind_says(pool, kind):
    stream = ForgeryStream(pool, 128, 3, {kind: 1})
    for number in range(12):
        sample = stream[number]
        assert sample.kind == kind
        assert sample.pixels.shape == (128, 128, 3)
        assert sample.mask.shape == (128, 128)
        assert sample.mask.any() == (kind != "authentic")
        assert np.array_equal(load_evidence(sample.file).pixels, sample.pixels)


def test_edit_changes_the_masked_pixels_and_no_others(pool):
    """The same draws without the edit give the authentic twin: outside the mask both are one photograph."""
    for kind in ("splicing", "copy-move", "removal", "retouching", "ai-edit"):
        stream = ForgeryStream(pool, 128, 5, {kind: 1})
        inside, outside = [], []
        for number in range(60):
            sample = stream[number]
            history = sample.history
            if history.save.quality is not None or history.passed_on or history.polish == "noise":
                continue  # only a lossless last save leaves the untouched pixels exactly as they were
            forged, twin = stream.twins(number)
            assert forged.file == sample.file
            far = ~cv2.dilate(sample.mask.astype(np.uint8), np.ones((31, 31))).astype(bool)
            difference = np.abs(sample.pixels.astype(int) - twin.pixels).max(axis=2)
            inside.append(difference[sample.mask].mean())
            outside.append(difference[far].max(initial=0))
        assert inside
        assert max(outside) == 0, kind
        assert np.median(inside) > 1, kind


def test_number_alone_decides_a_sample(pool):
    first, second = ForgeryStream(pool, 96, 1), ForgeryStream(pool, 96, 1)
    numbers = [4, 0, 9]
    later = {n: second[n].file for n in reversed(numbers)}
    assert all(first[n].file == later[n] for n in numbers)
    assert ForgeryStream(pool, 96, 2)[0].file != later[0]


def test_same_seed_same_bytes_on_disk(pool, tmp_path):
    for name in ("a", "b"):
        counts = write_samples(ForgeryStream(pool, 96, 7), 14, tmp_path / name)
        assert sum(counts.values()) == 14
    digests = [
        {p.relative_to(tmp_path / n): hashlib.sha256(p.read_bytes()).hexdigest()
         for p in sorted((tmp_path / n).rglob("*")) if p.is_file()} for n in ("a", "b")
    ]  # fmt: skip
    assert digests[0] == digests[1]
    rows = [json.loads(line) for line in (tmp_path / "a/labels.jsonl").read_text().splitlines()]
    assert {(row["mask"] is None) == (row["kind"] == "authentic") for row in rows} == {True}


def test_history_does_not_know_the_kind(pool):
    """Photograph and history of number n are the same whichever kind is drawn."""
    stream = ForgeryStream(pool, 96, 11)
    for number in range(20):
        samples = [
            sample
            for kind in KINDS[1:]
            for authentic in (False, True)
            if (sample := stream._draw(np.random.default_rng(number), kind, authentic))
        ]
        assert len({str(sample.history) for sample in samples}) <= 1
        assert len({sample.sources[0] for sample in samples}) <= 1


def _header(number, folder, seed):
    sample = ForgeryStream(PhotoPool([folder]), 64, seed, {"authentic": 1, **dict.fromkeys(KINDS[1:], 0.2)})[
        number
    ]
    return [*header_row(load_evidence(sample.file)), float(len(sample.file))], sample.kind != "authentic"


def test_headers_tell_nothing(photo_folder):
    """5,000 samples: a classifier that sees tables, sampling and size alone is at chance."""
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1)) as workers:
        rows = list(workers.map(partial(_header, folder=photo_folder, seed=2), range(5000), chunksize=100))
    features, labels = np.array([row for row, _ in rows]), np.array([label for _, label in rows])
    # Of a dozen photographs, quality and length together tell which one it is, and so that it was edited.
    # Length alone may tell a little, for an edit adds detail or takes it away.
    for columns, bound in ((features[:, :-1], 0.03), (features[:, -1:], 0.05)):
        scores = cross_val_score(
            HistGradientBoostingClassifier(random_state=0), columns, labels, cv=5, scoring="roc_auc"
        )
        # Standard error of an AUC of one half on 5,000 samples is .008.
        assert abs(scores.mean() - 0.5) < bound


def test_areas_are_log_uniform():
    rng = np.random.default_rng(0)
    areas = np.log([draw_area(rng, 256) for _ in range(2000)])
    low, high = np.log(SMALLEST_AREA), np.log(LARGEST_SHARE * 256 * 256)
    counts, _ = np.histogram(areas, bins=10, range=(low, high))
    assert counts.sum() == 2000
    assert counts.min() > 140


@given(st.integers(0, 10_000), st.floats(256, 30_000))
@settings(max_examples=60, deadline=None)
def test_shapes_have_about_the_area_asked_for(seed, area):
    shape = draw_shape(np.random.default_rng(seed), area)
    assert 0.4 * area < shape.sum() < 2.2 * area


def test_save_without_tilt_is_libjpegs():
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    ours = load_evidence(Save(83, full_chroma=True).encode(pixels))
    assert ours.jpeg.quality == 83
    assert np.array_equal(ours.jpeg.tables[0], ijg_table(83))
    tilted = load_evidence(Save(83, tilt=0.5).encode(pixels))
    assert not np.array_equal(tilted.jpeg.tables[0], ours.jpeg.tables[0])


@pytest.mark.parametrize("name", POLISHES)
def test_polish_changes_the_whole_image_and_keeps_its_kind(name, photo):
    changed = polish(photo, name, 0.9)
    assert changed.dtype == np.uint8
    assert changed.shape == photo.shape
    assert np.array_equal(changed, polish(photo, name, 0.9))
    assert (changed != photo).any()


def test_no_history_enlarges_needlessly():
    rng = np.random.default_rng(0)
    for _ in range(200):
        history = draw_history(rng, 400, 128)
        assert history.source_side(128) <= 400 + 8


def test_look_alikes_show_a_thing_twice():
    scene = np.full((400, 400, 3), 90, np.uint8)
    outline = np.zeros((400, 400), bool)
    outline[20:100, 20:100] = True
    scene[outline] = (200, 40, 40)
    things = []
    for number in range(10):
        seen = look_alike(np.random.default_rng(number), scene, outline)
        assert 200 <= seen.shape[0] <= 320
        assert np.array_equal(seen, look_alike(np.random.default_rng(number), scene, outline))
        red = (seen[..., 0].astype(int) - seen[..., 1] > 60).astype(np.uint8)
        things.append(sum(cv2.connectedComponentsWithStats(red)[2][1:, cv2.CC_STAT_AREA] > 200))
    # The thing itself, or a part of what is around it.
    assert set(things) == {1, 2}


def test_kept_photographs_are_saved_twice_on_one_grid():
    for number in range(60):
        history = draw_history(np.random.default_rng(number), 2000, 256, 0.5, 0.1, 0.25, kept=1.0)
        assert history.source is not None
        assert history.save.quality is not None
        assert (history.cut, history.scale, history.passed_on, history.processed) == ((0, 0), 1.0, None, None)


def test_without_kept_ones_nothing_is_drawn_for_them():
    plain, asked = np.random.default_rng(3), np.random.default_rng(3)
    assert draw_history(plain, 2000, 256) == draw_history(asked, 2000, 256, kept=0.0)
    assert plain.random() == asked.random()


def test_finished_files_are_saved_once_more_on_their_grid():
    pixels = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)
    for number in range(20):
        history = draw_history(np.random.default_rng(number), 2000, 256, 0.5, 0.1, 0.25, resaved=1.0)
        before = replace(history, resaved=None)
        side = history.canvas_side(256)
        canvas, mask = np.resize(pixels, (side, side, 3)), np.ones((side, side), bool)
        file, kept = history.after(canvas, mask, 256)
        once, same = before.after(canvas, mask, 256)
        assert file == history.resaved.encode(decode(once))
        assert file[:2] == b"\xff\xd8"
        np.testing.assert_array_equal(kept, same)
        assert history.described()["last"] == history.resaved.quality
    plain, asked = (np.random.default_rng(3) for _ in range(2))
    assert draw_history(plain, 2000, 256) == draw_history(asked, 2000, 256, resaved=0.0)


def test_held_out_photographs_are_never_trained_on(photo_folder, monkeypatch):
    monkeypatch.setattr("tamperlens.data.synthesis._photos.HELD_OUT_SHARE", 0.5)
    train, held = PhotoPool([photo_folder]), PhotoPool([photo_folder], held_out=True)
    assert not set(train.paths) & set(held.paths)
    assert len(train) + len(held) == 12


def test_damaged_photograph_is_passed_over(photo_folder, tmp_path):
    content = (photo_folder / "images/00.png").read_bytes()
    (tmp_path / "a.png").write_bytes(content[: len(content) // 2])
    (tmp_path / "b.png").write_bytes(content)
    (tmp_path / "c.png").write_bytes(b"no image")
    pool = PhotoPool([tmp_path])
    assert [path.name for path in pool.paths] == ["a.png", "b.png"]
    assert np.array_equal(pool.load(0).pixels, pool.load(1).pixels)


def test_error_words(photo_folder, tmp_path):
    with pytest.raises(DatasetError, match="does not exist"):
        PhotoPool([tmp_path / "none"])
    with pytest.raises(DatasetError, match="no photograph of 200 pixels"):
        PhotoPool([tmp_path])
    with pytest.raises(UnknownNameError, match="did you mean 'splicing'"):
        ForgeryStream(PhotoPool([photo_folder]), shares={"splice": 1})
    with pytest.raises(DatasetError, match="not the tiny autoencoder's encoder"):
        TinyAutoencoder(tmp_path)


def test_autoencoder_has_the_published_layout():
    """Indices and counts of the published state: 1.3 million weights each, named by their place."""
    encoder, decoder = _encoder().state_dict(), _decoder().state_dict()
    assert sum(v.numel() for v in encoder.values()) == pytest.approx(1.24e6, rel=0.1)
    assert sum(v.numel() for v in decoder.values()) == pytest.approx(1.24e6, rel=0.1)
    assert encoder["11.pool.0.weight"].shape == (256, 64, 1, 1)
    assert decoder["17.weight"].shape == (64, 64, 3, 3)


def test_twins_differ_by_the_edit_alone(pool):
    stream = ForgeryStream(pool, 96, 4, {"splicing": 1, "copy-move": 1})
    for number in range(12):
        forged, authentic = stream.twins(number)
        assert forged.history == authentic.history
        assert forged.sources[0] == authentic.sources[0]
        assert forged.mask.any()
        assert not authentic.mask.any()
        assert forged.pixels.shape == authentic.pixels.shape
        assert forged.file[:8] == authentic.file[:8]


def test_gathered_tables_are_written_as_they_are(photo):
    tables = gathered_tables()
    assert len(tables) > 50
    for number in (0, len(tables) // 2, len(tables) - 1):
        file = Save(None if number == 0 else 90, gathered=number).encode(photo)
        if number == 0:
            assert file[:8] == b"\x89PNG\r\n\x1a\n", "a save without quality is never compressed"
            continue
        with Image.open(io.BytesIO(file)) as image:
            assert tuple(image.quantization[0]) == tables[number].luma
            assert tuple(image.quantization[1]) == tables[number].chroma
            assert JpegImagePlugin.get_sampling(image) == tables[number].sampling


def test_share_of_gathered_tables():
    saves = []
    for number in range(400):
        history = draw_history(np.random.default_rng(number), 2000, 256, gathered=0.25)
        saves += [save for save in (history.source, history.save) if save and save.quality]
    share = np.mean([save.gathered is not None for save in saves])
    assert 0.2 < share < 0.3
    assert len({save.gathered for save in saves}) > 50
