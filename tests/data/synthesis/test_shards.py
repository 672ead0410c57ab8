"""Made pictures: twins, jitter, processing, other codecs, and the files they are kept in."""

import numpy as np
import pytest

from tamperlens.data.synthesis import ForgeryStream, Hardness, PhotoPool
from tamperlens.data.synthesis._jitter import CHANGES, jitter
from tamperlens.data.synthesis._pictures import PicturePlan, made_pictures
from tamperlens.data.synthesis._processing import OPERATIONS, process
from tamperlens.data.synthesis._saves import Save, decode
from tamperlens.data.synthesis._shards import read_shard, write_shard
from tamperlens.errors import DatasetError
from tamperlens.evidence import load_evidence
from tamperlens.inputs._trace_input import READ_TRACES


def a_stream(photo_folder, shares, **options):
    return ForgeryStream(PhotoPool([photo_folder]), 128, 3, shares, **options)


def test_a_shard_gives_back_what_was_written(photo_folder, tmp_path):
    plan = PicturePlan(pairs=0.5, copies=0.0)
    made = list(made_pictures(a_stream(photo_folder, {"splicing": 1, "authentic": 1}), 0, 4, plan))
    assert write_shard(tmp_path / "a" / "one.tar", made) == len(made)
    read = list(read_shard(tmp_path / "a" / "one.tar"))
    for before, after in zip(made, read, strict=True):
        assert (before.file, before.kind, before.pair, before.history, before.maps.valid) == (
            after.file, after.kind, after.pair, after.history, after.maps.valid,
        )  # fmt: skip
        np.testing.assert_array_equal(before.mask, after.mask)
        np.testing.assert_array_equal(before.maps.values, after.maps.values)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["one.tar"]


def test_pictures_are_the_same_whenever_they_are_made(photo_folder):
    stream = a_stream(photo_folder, {"jitter": 1, "authentic": 1}, hardness=Hardness(0.5, 0.5, 0.5))
    plan = PicturePlan(pairs=0.5, copies=0.0)
    later = list(made_pictures(stream, 2, 4, plan))
    together = list(made_pictures(stream, 0, 4, plan))
    assert [each.file for each in later] == [each.file for each in together if each.pair >= 2]


def test_twins_share_a_number_and_differ_by_the_edit(photo_folder):
    made = made_pictures(a_stream(photo_folder, {"splicing": 1}), 0, 3, PicturePlan(pairs=1, copies=0))
    by_pair = {}
    for picture in made:
        by_pair.setdefault(picture.pair, []).append(picture)
    for altered, authentic in by_pair.values():
        assert (altered.kind, authentic.kind) == ("splicing", "authentic")
        assert altered.mask.any()
        assert not authentic.mask.any()
        assert altered.history == authentic.history


def test_copies_are_searched_on_copies_and_their_twins(photo_folder):
    place = READ_TRACES.index("copy-move")
    plan = PicturePlan(pairs=1, copies=0)
    copied = list(made_pictures(a_stream(photo_folder, {"copy-move": 1}), 0, 1, plan))
    spliced = list(made_pictures(a_stream(photo_folder, {"splicing": 1}), 0, 1, plan))
    assert all(picture.maps.valid[place] for picture in copied)
    assert not any(picture.maps.valid[place] for picture in spliced)


def test_what_is_no_shard_is_named(tmp_path):
    (tmp_path / "notes.tar").write_bytes(b"no tar file")
    with pytest.raises(DatasetError, match=r"notes\.tar is not a shard"):
        list(read_shard(tmp_path / "notes.tar"))


@pytest.mark.parametrize("name", CHANGES)
def test_jitter_changes_its_place_alone(photo, name, monkeypatch):
    base = np.ascontiguousarray(photo[:128, :128])
    monkeypatch.setattr("tamperlens.data.synthesis._jitter.CHANGES", {name: CHANGES[name]})
    changed, mask = jitter(np.random.default_rng(4), base, None)
    reach = np.abs(changed.astype(int) - base).max(axis=2) > 0
    assert reach[mask].mean() > 0.2
    assert reach[~mask].mean() < 0.15


@pytest.mark.parametrize("name", OPERATIONS)
def test_processing_keeps_the_size_and_changes_pixels(photo, name, monkeypatch):
    monkeypatch.setattr("tamperlens.data.synthesis._processing.OPERATIONS", {name: OPERATIONS[name]})
    processed = process(photo, 5)
    assert processed.shape == photo.shape
    assert processed.dtype == np.uint8
    assert (processed != photo).any()
    np.testing.assert_array_equal(processed, process(photo, 5))


@pytest.mark.parametrize("codec", ["WEBP", "AVIF"])
def test_other_codecs_are_what_they_say(photo, codec):
    file = Save(80, codec=codec).encode(photo)
    assert load_evidence(file).format == codec
    difference = np.abs(decode(file).astype(int) - photo).mean()
    assert 0 < difference < 8
