"""Datasets, divisions and re-encoding."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.data import Chain, Sample, find_samples, read_mask, split_at_random, split_by_source
from tamperlens.errors import DatasetError, UnknownNameError
from tamperlens.evaluation._baselines import baseline_scores, header_row
from tamperlens.evidence import encode_jpeg, load_evidence


def test_casia1_layout(casia_tree):
    samples = find_samples("casia1", casia_tree.parent)
    assert [s.kind for s in samples].count("authentic") == 24
    assert [s.kind for s in samples].count("splicing") == 4
    assert [s.kind for s in samples].count("copy-move") == 12
    spliced = next(s for s in samples if s.kind == "splicing")
    assert spliced.sources == {"ani0000", "ani0001"}
    assert read_mask(spliced.mask)[20, 30]
    assert not read_mask(spliced.mask)[0, 0]


def test_the_folder_itself_works_too(casia_tree):
    assert find_samples("casia1", casia_tree) == find_samples("casia1", casia_tree.parent)


def test_casia1s_own_odd_names(tmp_path):
    """Two published names have a dot before the number, some authentic ones end in .JPG."""
    names = ("Au/Au_sec_0074.JPG", "Sp/Sp_D_NNN_A_ani0099_ani0100.0288.jpg")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [s.path.name for s in find_samples("casia1", tmp_path)] == [Path(n).name for n in names]


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(DatasetError, match="no folder 'Au'"):
        find_samples("casia1", tmp_path)
    (tmp_path / "Au").mkdir()
    (tmp_path / "Sp").mkdir()
    with pytest.raises(DatasetError, match="named as CASIA1"):
        find_samples("casia1", tmp_path)
    with pytest.raises(UnknownNameError, match="did you mean 'casia1'"):
        find_samples("casia-1", tmp_path)


sources = st.frozensets(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=2)
sample_lists = st.lists(
    st.builds(lambda s, t: Sample(Path("x.jpg"), t, "k", s), sources, st.booleans()), min_size=10, max_size=80
)


@given(samples=sample_lists, seed=st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_no_source_is_on_two_sides(samples, seed):
    split = split_by_source(samples, seed)
    parts = [{source for i in part for source in samples[i].sources} for part in
             (split.train, split.validation, split.test)]  # fmt: skip
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]
    assert sorted(split.train + split.validation + split.test) == list(range(len(samples)))


def test_parts_have_their_shares_of_both_classes():
    samples = [Sample(Path("x.jpg"), i % 2 == 0, "k", frozenset({str(i // 2)})) for i in range(500)]
    split = split_by_source(samples, 0)
    for part, share in ((split.train, 0.6), (split.validation, 0.2), (split.test, 0.2)):
        assert len(part) == pytest.approx(500 * share, abs=8)
        assert np.mean([samples[i].tampered for i in part]) == pytest.approx(0.5, abs=0.02)


def test_the_papers_division():
    samples = [Sample(Path("x.jpg"), False, "k", frozenset({"a"})) for _ in range(100)]
    split = split_at_random(samples, 0)
    assert [len(p) for p in (split.train, split.validation, split.test)] == [72, 8, 20]
    assert split_at_random(samples, 0) == split
    assert split_at_random(samples, 1) != split


def test_chain_is_repeatable_and_seeded(photo):
    chain = Chain()
    assert chain(photo, "a", 0) == chain(photo, "a", 0)
    assert len({chain(photo, key, seed) for key in "ab" for seed in range(4)}) == 8
    assert load_evidence(chain(photo, "a", 0)).pixels.shape == (248, 376, 3)


def test_chain_takes_the_orientation_away(photo):
    upright = np.ascontiguousarray(np.rot90(photo))
    shapes = {load_evidence(Chain()(pixels, "a", 0)).pixels.shape for pixels in (photo, upright)}
    assert shapes == {(248, 376, 3)}


def test_chain_takes_the_header_away(photo):
    """Before it a header tells saved-at-92 from saved-at-85 without fail, after it no better than chance."""
    rng = np.random.default_rng(0)
    labels = np.arange(240) % 2
    before, after = [], []
    for i, label in enumerate(labels):
        top, left = rng.integers(0, 200, 2)
        crop = np.ascontiguousarray(photo[top : top + 56, left : left + 56])
        evidence = load_evidence(encode_jpeg(crop, 85 if label else 92))
        before.append(header_row(evidence))
        after.append(header_row(load_evidence(Chain()(evidence.pixels, f"{i}", 0))))
    halves = range(120), range(120, 240)
    for rows, low, high in ((before, 1.0, 1.0), (after, 0.35, 0.65)):
        scores = baseline_scores("header-only", np.array(rows), labels, *halves, seed=0)
        assert low <= np.mean((scores > 0.5) == labels[120:]) <= high
