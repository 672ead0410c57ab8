"""The audit on trees whose answer is known."""

import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.data import Sample
from tamperlens.errors import DatasetError
from tamperlens.evaluation._audit import audit_dataset
from tamperlens.evaluation._audit_text import audit_text
from tamperlens.evaluation._baselines import header_row
from tamperlens.evaluation._cues import CUES
from tamperlens.evaluation._header_reading import read_header
from tamperlens.evaluation._mask_bias import measure_masks
from tamperlens.evidence import load_evidence

N = 40


def scene(rng):
    """Smooth, and unlike any other."""
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8))
    return coarse.resize((72, 56), Image.Resampling.BICUBIC)


def make_set(folder, save, n=N, sources=None):
    """`n` authentic and `n` tampered images; `save(image, path without suffix, tampered, rng)` → path."""
    rng = np.random.default_rng(1)
    samples = []
    for i in range(2 * n):
        tampered = i >= n
        path = save(scene(rng), folder / f"{i:03}", tampered, rng)
        source = sources(i) if sources else str(i)
        samples.append(Sample(path, tampered, "splicing" if tampered else "authentic", frozenset({source})))
    return samples


def fair(image, stem, tampered, rng):
    path = stem.with_suffix(".jpg")
    image.save(path, quality=int(rng.integers(70, 96)))
    return path


def cues_of(samples):
    return {cue.name: cue for cue in audit_dataset("made", samples).cues}


def test_a_fair_set_gives_nothing_away(tmp_path):
    samples = make_set(tmp_path, fair, n=80)
    audit = audit_dataset("made", samples)
    assert [cue.name for cue in audit.cues] == list(CUES)
    for cue in audit.cues:
        assert not cue.tells, cue
        assert 0.3 < cue.balanced_accuracy < 0.7, cue
    assert "No cue outside the pixels" in audit_text(audit)


def test_png_forgeries_among_jpeg_photographs(tmp_path):
    def save(image, stem, tampered, rng):
        path = stem.with_suffix(".png" if tampered else ".jpg")
        image.save(path, **({} if tampered else {"quality": 90}))
        return path

    found = cues_of(make_set(tmp_path, save))
    for name in ("header", "quantisation tables", "file format", "file size"):
        assert found[name].accuracy > 0.98, name
        assert found[name].tells, name
    assert not found["image size"].tells


def test_each_cue_finds_what_it_is_for_and_no_other_does(tmp_path):
    def quality(image, stem, tampered, rng):
        path = stem.with_suffix(".jpg")
        image.save(path, quality=85 if tampered else 92)
        return path

    def size(image, stem, tampered, rng):
        path = stem.with_suffix(".jpg")
        image.crop((0, 0, 64, 56) if tampered else (0, 0, 56, 64)).resize(
            (64, 56) if tampered else (56, 64)
        ).save(path, quality=90)
        return path

    def software(image, stem, tampered, rng):
        path, exif = stem.with_suffix(".jpg"), Image.Exif()
        exif[0x0131] = "Editor 1.0" if tampered else "Camera 1.00"
        image.save(path, quality=90, exif=exif)
        return path

    for save, name, blind in (
        (quality, "quantisation tables", {"image size", "saving software", "file format"}),
        (size, "image size", {"quantisation tables", "saving software", "file format"}),
        (software, "saving software", {"quantisation tables", "image size", "file format"}),
    ):
        folder = tmp_path / save.__name__
        folder.mkdir()
        found = cues_of(make_set(folder, save))
        assert found[name].accuracy == 1.0, name
        assert found[name].tells, name
        assert not any(found[other].tells for other in blind), name


def test_the_header_is_what_a_full_decode_says(tmp_path, photo):
    exif = Image.Exif()
    exif[0x0112], exif[0x0131] = 6, "Camera"
    for name, options in (("a.jpg", {"quality": 81, "exif": exif}), ("b.png", {}), ("c.webp", {})):
        Image.fromarray(photo).save(tmp_path / name, **options)
        header, _ = read_header(tmp_path / name)
        full = load_evidence(tmp_path / name)
        assert header_row(header) == header_row(full), name
        assert (header.format, header.metadata, header.data) == (full.format, full.metadata, full.data)


def test_shared_sources_and_look_alikes(tmp_path):
    """Thirty pictures and a darker copy of each; half of the pairs are named, half are not."""
    rng = np.random.default_rng(0)
    samples = []
    for i in range(30):
        image = scene(rng)
        for copy in (False, True):
            path = tmp_path / f"{i}{'t' if copy else ''}.png"
            image.point(lambda value: value * 0.9).save(path) if copy else image.save(path)
            source = str(i) if i % 2 or not copy else f"other-{i}"
            samples.append(Sample(path, True, "k", frozenset({source})))
    sharing = audit_dataset("made", samples).sharing
    assert sharing.pairs == 30
    assert sharing.untold_pairs == 15
    assert 0.5 < sharing.alike_random <= 1
    assert 0.1 < sharing.source_random < 0.6
    named = [Sample(s.path, s.tampered, s.kind, frozenset({s.path.stem.strip("t")})) for s in samples]
    sharing = audit_dataset("made", named).sharing
    assert sharing.untold_pairs == 0
    assert sharing.alike_by_source == 0
    assert sharing.source_random == sharing.alike_random > 0.5


def masked(folder, areas):
    """Samples whose masks are boxes (top, left, height, width) in 64 × 64."""
    folder.mkdir(exist_ok=True)
    samples = []
    for i, (top, left, height, width) in enumerate(areas):
        values = np.zeros((64, 64), np.uint8)
        values[top : top + height, left : left + width] = 255
        path = folder / f"{i}.png"
        Image.fromarray(values).save(path)
        samples.append(Sample(path, True, "k", frozenset({str(i)}), path))
    return samples


def test_mask_bias_by_hand(tmp_path):
    quarter = masked(tmp_path / "same", [(0, 0, 32, 32)] * 10)
    bias = measure_masks(quarter, range(10))
    assert bias.f1_all == pytest.approx(2 * 0.25 / 1.25)
    assert bias.percentiles == pytest.approx([0.25] * 5)
    assert bias.f1_prior == pytest.approx(1.0)  # always the same place: told without looking
    moving = masked(tmp_path / "moving", [(8 * (i % 8), 8 * (i // 8), 8, 8) for i in range(64)])
    bias = measure_masks(moving, range(64))
    assert bias.f1_all == pytest.approx(2 / 65)
    assert bias.f1_prior < 0.05  # never the same place twice
    assert bias.small == 0
    assert measure_masks(masked(tmp_path / "small", [(0, 0, 6, 6)] * 2), [0, 1]).small == 1
    assert measure_masks(quarter, [0] * 10).f1_prior is None
    assert measure_masks([], []) is None


def test_the_usual_place_is_learned_from_other_scenes_only(tmp_path):
    """Two scenes, six times each, one altered above and one below: neither tells of the other."""
    halves = masked(tmp_path / "halves", [(32 * (i // 6), 0, 32, 64) for i in range(12)])
    assert measure_masks(halves, [i // 6 for i in range(12)]).f1_prior == 0
    assert measure_masks(halves, range(12)).f1_prior == pytest.approx(2 / 3, abs=0.1)  # its copies do


def test_the_area_does_not_depend_on_the_masks_size(tmp_path):
    values = np.zeros((37, 51), np.uint8)
    values[3:17, 5:40] = 255
    Image.fromarray(values).save(tmp_path / "m.png")
    bias = measure_masks([Sample(tmp_path / "m.png", True, "k", mask=tmp_path / "m.png")], [0])
    assert bias.percentiles[2] == pytest.approx(14 * 35 / (37 * 51), abs=1e-4)


def test_tampered_images_alone(tmp_path):
    samples = [sample for sample in make_set(tmp_path, fair, n=6) if sample.tampered]
    audit = audit_dataset("made", samples)
    assert audit.cues == ()
    assert "There are no authentic images, so nothing can be said" in audit_text(audit)


def test_one_source_for_all_does_not_stop_it(tmp_path):
    audit = audit_dataset("made", make_set(tmp_path, fair, n=6, sources=lambda _: "same"))
    assert len(audit.cues) == len(CUES)


def test_a_limit_draws_and_says_so(tmp_path):
    audit = audit_dataset("made", make_set(tmp_path, fair), limit=30)
    assert audit.authentic + audit.tampered == 30
    assert "drawn from 80" in audit_text(audit)


def test_what_cannot_be_read_is_named(tmp_path):
    samples = make_set(tmp_path, fair, n=2)
    samples[1].path.write_bytes(samples[1].path.read_bytes()[:300])
    with pytest.raises(DatasetError, match=r"001\.jpg cannot be read"):
        audit_dataset("made", samples)
    samples[1].path.write_text("no image")
    with pytest.raises(DatasetError, match="is not an image"):
        audit_dataset("made", samples)
    with pytest.raises(DatasetError, match="two or more"):
        audit_dataset("made", samples[:1])


def test_the_command_on_a_tree_like_casia1(casia_tree, tmp_path):
    """Its two classes are saved at qualities 92 and 85."""
    out = tmp_path / "deep" / "audit.json"
    done = CliRunner().invoke(app, ["data", "audit", "casia1", "--data", str(casia_tree), "--json", str(out)])
    assert done.exit_code == 0, done.output
    assert "a classifier gets 100.0 % right from the" in done.output
    assert "| quantisation tables | 100.0 ± 0.0 | 60.0 | 100.0 | 1.000 | **yes** |" in done.output
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert (figures["authentic"], figures["tampered"], figures["masks"]["masks"]) == (24, 16, 16)
    assert figures["sharing"]["source_random"] > 0.5
