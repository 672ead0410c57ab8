"""Each benchmark on a tiny made tree of its publisher's layout."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tamperlens.data import DATASETS, check_dataset, find_samples, read_mask, split_by_source
from tamperlens.data._near_duplicates import look_alikes, near_pairs
from tamperlens.errors import DatasetError

WIDTH, HEIGHT = 48, 32
INSIDE, OUTSIDE = (12, 20), (0, 0)


def picture(path: Path, seed: int) -> None:
    """Smooth and different for every seed, so that no two scenes look alike."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    image = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    image.save(path, **({"quality": 95} if path.suffix == ".jpg" else {}))


def mask(path: Path, marked=255, unmarked=0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (HEIGHT, WIDTH) if isinstance(marked, int) else (HEIGHT, WIDTH, 3)
    values = np.full(shape, unmarked, np.uint8)
    values[8:16, 12:28] = marked
    Image.fromarray(values).save(path)


def casia2(root: Path) -> None:
    for i, name in enumerate(("Au/Au_ani_00018.jpg", "Au/Au_sec_00096.bmp", "Au/Thumbs.db.jpg")):
        picture(root / name, i)
    picture(root / "Tp/Tp_D_CND_M_N_ani00018_sec00096_00138.tif", 3)
    picture(root / "Tp/Tp_S_NNN_S_N_art10112_art10112_11559.jpg", 4)
    mask(root / "CASIA 2 Groundtruth/Tp_D_CND_M_N_ani00018_sec00096_00138_gt.png")
    mask(
        root / "CASIA 2 Groundtruth/Tp_S_NNN_S_B_art10112_art10112_11559_gt3.png"
    )  # "B": not the image's name


def coverage(root: Path) -> None:
    for number in (1, 2, 10):
        picture(root / f"image/{number}.tif", number)
        picture(root / f"image/{number}t.tif", 100 + number)
        for what in ("forged", "copy", "paste"):
            mask(root / f"mask/{number}{what}.tif")


def coverage_recoded(root: Path) -> None:
    for number in (1, 2, 10):
        picture(root / f"Au/{number}.webp", number)
        picture(root / f"Tp/{number}t.webp", 100 + number)
        mask(root / f"Gt/{number}t.png")
        mask(root / f"Gt_source/{number}t.png")


def columbia(root: Path) -> None:
    picture(root / "4cam_auth/canong3_02_sub_01.tif", 0)
    picture(root / "4cam_splc/canong3_nikond70_sub_01.tif", 1)
    mask(root / "4cam_splc/edgemask/canong3_nikond70_sub_01_edgemask.jpg", (0, 200, 0), (200, 0, 0))


def comofod(root: Path) -> None:
    folder = root / "CoMoFoD_small_v2"
    for i, name in enumerate(("001_O.png", "001_F.png", "001_O_JC1.jpg", "001_F_JC1.jpg")):
        picture(folder / name, i)
    mask(folder / "001_B.png")
    mask(folder / "001_M.png", (255, 0, 0), (0, 0, 0))


def cmh(root: Path) -> None:
    for i, scene in enumerate((5, 5, 6), 1):
        picture(root / f"Tp/cmh_00{i}.jpg", scene)
        mask(root / f"Gt/cmh_00{i}.png")


def nist16(root: Path) -> None:
    columns = ("TaskID|ProbeFileName|ProbeMaskFileName|BaseFileName|IsTarget|IsManipulationTypeSplice|"
               "IsManipulationTypeCopyClone|IsManipulationTypeRemoval")  # fmt: skip
    rows = [
        "manipulation|probe/NC2016_0001.jpg|||N|N|N|N",
        "manipulation|probe/NC2016_0002.jpg|reference/manipulation/mask/NC2016_0900.png"
        "|world/NC2016_0500.jpg|Y|Y|N|N",
        "manipulation|probe/NC2016_0003.jpg|reference/manipulation/mask/NC2016_0901.png"
        "|world/NC2016_0501.jpg|Y|N|N|Y",
    ]
    folder = root / "NC2016_Test0613"
    for i in (1, 2, 3):
        picture(folder / f"probe/NC2016_000{i}.jpg", i)
    for i in (0, 1):
        mask(folder / f"reference/manipulation/mask/NC2016_090{i}.png", 0, 255)
    (folder / "reference/manipulation/NC2016-manipulation-ref.csv").write_text("\n".join([columns, *rows]))
    (folder / "reference/splice").mkdir()
    (folder / "reference/splice/NC2016-splice-ref.csv").write_text(
        "ProbeFileName|BaseFileName|DonorFileName|IsTarget\n"
        "probe/NC2016_0002.jpg|world/NC2016_0500.jpg|world/NC2016_0777.jpg|Y\n"
        "probe/NC2016_0002.jpg|world/NC2016_0500.jpg|world/NC2016_0888.jpg|N\n"
    )


def imd2020(root: Path) -> None:
    picture(root / "1a1ogs/1a1ogs_orig.jpg", 0)
    picture(root / "1a1ogs/c8tf5mq_0.png", 1)
    mask(root / "1a1ogs/c8tf5mq_0_mask.png", (60, 30, 0), (0, 0, 0))
    picture(root / "1a3oag/1a3oag_orig.jpg", 2)
    picture(root / "1a3oag/c8tt7fg_0.jpg", 3)
    mask(root / "1a3oag/c8tt7fg_0_mask.png")


def defacto(root: Path) -> None:
    for part, stem, kind in (
        ("copymove", "0_000000000071", "defacto-copymove"),
        ("inpainting", "3_000000000260", ""),
        ("splicing_1", "0_000000195755", ""),
    ):
        picture(root / kind / f"{part}_img/img/{stem}.tif", len(part))
        for what in ("probe_mask", "donor_mask"):
            mask(root / kind / f"{part}_annotations/{what}/{stem}.jpg")
    graph = root / "splicing_1_annotations/graph/0_000000195755.json"
    graph.parent.mkdir()
    graph.write_text('[{"Property": {"Path": "MSCOCO/images/train2017/000000001900.jpg"}}]')


def cocoglide(root: Path) -> None:
    for i, number in enumerate((114871, 49269)):
        picture(root / f"real/dining table_{number}.png", i)
        picture(root / f"fake/glide_inpainting_val2017_{number}_up.png", 10 + i)
        mask(root / f"mask/dining table_{number}_mask.png")


def faceforensics(root: Path) -> None:
    fake = root / "manipulated_sequences"
    picture(root / "original_sequences/youtube/c23/images/000/0000.png", 0)
    for i, method in enumerate(("Deepfakes", "Face2Face"), 1):
        picture(fake / method / "c23/images/000_003/0000.png", i)
        mask(fake / method / "masks/images/000_003/0000.png")


# Dataset, maker, kinds of the tampered images, and sources of some of them by name.
LAYOUTS = [
    (casia2, ["splicing", "copy-move"], {"Tp_D_CND_M_N_ani00018_sec00096_00138": {"ani00018", "sec00096"}}),
    (coverage, ["copy-move"] * 3, {"2t": {"2"}}),
    (coverage_recoded, ["copy-move"] * 3, {"10t": {"10"}}),
    (columbia, ["splicing"], {"canong3_nikond70_sub_01": set()}),
    (comofod, ["copy-move"] * 2, {"001_F_JC1": {"001"}}),
    (cmh, ["copy-move"] * 3, {"cmh_001": {"cmh_001", "cmh_002"}, "cmh_003": {"cmh_003"}}),
    (nist16, ["splicing", "removal"], {"NC2016_0002": {"NC2016_0500", "NC2016_0777"}}),
    (imd2020, ["mixed"] * 2, {"c8tf5mq_0": {"1a1ogs"}}),
    (defacto, ["copy-move", "removal", "splicing"], {"0_000000195755": {"000000195755", "000000001900"}}),
    (cocoglide, ["ai-edit"] * 2, {"glide_inpainting_val2017_49269_up": {"49269"}}),
    (faceforensics, ["face-swap", "face-reenactment"], {"0000": {"000", "003"}}),
]
layouts = pytest.mark.parametrize(
    ("make", "kinds", "sources"), LAYOUTS, ids=lambda m: getattr(m, "__name__", "")
)


def key(make) -> str:
    return make.__name__.removesuffix("_recoded")


def test_every_dataset_has_its_layout_here():
    assert {key(make) for make, *_ in LAYOUTS} | {"casia1"} == set(DATASETS)


@layouts
def test_layout(make, kinds, sources, tmp_path):
    make(tmp_path / key(make))
    samples = find_samples(key(make), tmp_path)
    tampered = [sample for sample in samples if sample.tampered]
    assert [sample.kind for sample in tampered] == kinds
    assert samples[len(samples) - len(tampered) :] == tampered, "authentic images come first"
    assert {sample.kind for sample in samples[: -len(tampered)]} <= {"authentic"}
    by_name = {sample.path.stem: sample.sources for sample in tampered}
    assert {name: by_name[name] for name in sources} == sources
    assert find_samples(key(make), tmp_path / key(make)) == samples


@layouts
def test_masks_are_paired_and_read_as_their_publisher_draws_them(make, kinds, sources, tmp_path):
    make(tmp_path)
    for sample in find_samples(key(make), tmp_path):
        if sample.tampered:
            altered = read_mask(sample.mask, sample.mask_colour)
            assert altered[INSIDE], sample
            assert not altered[OUTSIDE], sample
            assert altered.mean() == pytest.approx(8 * 16 / (WIDTH * HEIGHT), abs=0.03), sample
        else:
            assert sample.mask is None


@layouts
def test_a_whole_tree_passes_the_check(make, kinds, sources, tmp_path):
    make(tmp_path)
    if make is casia2:
        (tmp_path / "Au/Thumbs.db.jpg").unlink()
    result = check_dataset(key(make), find_samples(key(make), tmp_path))
    assert result.problems == ()
    assert result.masks == result.tampered == len(kinds)


@pytest.mark.parametrize("name", DATASETS)
def test_another_folder_is_refused_in_one_sentence(name, tmp_path):
    picture(tmp_path / "holiday.jpg", 0)
    with pytest.raises(DatasetError, match=r"laid out|is read from|is one folder"):
        find_samples(name, tmp_path)
    with pytest.raises(DatasetError):
        find_samples(name, tmp_path / "nowhere")


def test_authentic_images_of_a_scene_share_its_source(tmp_path):
    for make in (coverage, comofod, imd2020, cocoglide):
        make(tmp_path / key(make))
        samples = find_samples(key(make), tmp_path)
        authentic = {source for sample in samples if not sample.tampered for source in sample.sources}
        assert authentic == {source for sample in samples if sample.tampered for source in sample.sources}


def test_coverage_is_in_the_order_of_its_numbers(tmp_path):
    coverage(tmp_path)
    names = [sample.path.name for sample in find_samples("coverage", tmp_path)]
    assert names == ["1.tif", "2.tif", "10.tif", "1t.tif", "2t.tif", "10t.tif"]


def test_casia2_without_authentic_images(tmp_path):
    casia2(tmp_path)
    for path in (tmp_path / "Au").iterdir():
        path.unlink()
    assert [sample.tampered for sample in find_samples("casia2", tmp_path)] == [True, True]


def test_a_number_that_two_casia2_masks_bear_pairs_nothing(tmp_path):
    casia2(tmp_path)
    mask(tmp_path / "CASIA 2 Groundtruth/Tp_D_NRN_M_N_ani00001_ani00002_11559_gt.png")
    masks = [sample.mask for sample in find_samples("casia2", tmp_path) if sample.tampered]
    assert masks[0]
    assert masks[1] is None


def test_a_table_of_nist16_without_its_column(tmp_path):
    nist16(tmp_path)
    table = tmp_path / "NC2016_Test0613/reference/manipulation/NC2016-manipulation-ref.csv"
    table.write_text(table.read_text().replace("IsTarget", "Target"))
    with pytest.raises(DatasetError, match="no column 'IsTarget'"):
        find_samples("nist16", tmp_path)


def test_scenes_that_look_alike_stay_on_one_side(tmp_path):
    for i in range(20):
        picture(tmp_path / f"Tp/cmh_{2 * i:03}.jpg", i)
        picture(tmp_path / f"Tp/cmh_{2 * i + 1:03}.png", i)
    split = split_by_source(find_samples("cmh", tmp_path), 0)
    scenes = [{i // 2 for i in part} for part in (split.train, split.validation, split.test)]
    assert not scenes[0] & scenes[1]
    assert not scenes[0] & scenes[2]
    assert not scenes[1] & scenes[2]


def test_re_saved_and_shrunk_pictures_look_alike_and_others_do_not(tmp_path, photo):
    Image.fromarray(photo).save(tmp_path / "a.png")
    Image.fromarray(photo).resize((201, 133)).save(tmp_path / "b.jpg", quality=40)
    Image.fromarray(photo[:, ::-1]).save(tmp_path / "c.png")
    alike = look_alikes([tmp_path / name for name in ("a.png", "b.jpg", "c.png")])
    assert alike[tmp_path / "a.png"] == alike[tmp_path / "b.jpg"] == {"a", "b"}
    assert alike[tmp_path / "c.png"] == {"c"}


def test_near_pairs_against_counting_bits_one_by_one():
    rng = np.random.default_rng(0)
    codes = [int(code) for code in rng.integers(0, 2**63, 700, dtype=np.uint64)]
    codes[690] = codes[3] ^ 0b1011  # beyond the first block, three bits off
    expected = [
        (i, j) for i in range(700) for j in range(i + 1, 700) if (codes[i] ^ codes[j]).bit_count() <= 16
    ]
    assert near_pairs(codes, 16) == expected
    assert (3, 690) in near_pairs(codes, 3)
    assert near_pairs(codes, 2) == []
