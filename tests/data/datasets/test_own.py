"""Datasets of one's own: a folder, a CSV, COCO's instances, pairs; and published ones as unpacked."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.data import Outline, check_dataset, find_samples, published_in, read_mask, source_groups
from tamperlens.errors import DatasetError, UnknownNameError

HEIGHT, WIDTH = 32, 48


def picture(path: Path, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def mask(path: Path, inside: int = 255) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.full((HEIGHT, WIDTH), 255 - inside, np.uint8)
    values[8:16, 12:28] = inside
    Image.fromarray(values).save(path)
    return path


@pytest.fixture
def own(tmp_path):
    root = tmp_path / "holiday"
    for i, name in enumerate(("a", "b")):
        picture(root / f"Images/{name}.png", i)
        mask(root / f"masks/{name}_mask.png")
        picture(root / f"authentic/{name}.jpg", i)
    picture(root / "authentic/c.jpg", 2)
    return root


class TestFolder:
    def test_twins_share_a_source_and_masks_are_paired(self, own):
        samples = find_samples(str(own))
        assert [sample.tampered for sample in samples] == [False] * 3 + [True] * 2
        assert source_groups(samples) == (0, 1, 2, 0, 1)
        assert read_mask(samples[3].mask)[10, 20]
        assert check_dataset("holiday", samples).problems == ()

    def test_folders_within_the_altered_ones_name_the_kind(self, own):
        picture(own / "Images/splicing/d.png", 4)
        kinds = {sample.path.stem: sample.kind for sample in find_samples(str(own)) if sample.tampered}
        assert kinds == {"a": "mixed", "b": "mixed", "d": "splicing"}

    def test_two_masks_of_one_image(self, own):
        mask(own / "masks/a.png")
        with pytest.raises(DatasetError, match="are masks of one image"):
            find_samples(str(own))

    def test_a_folder_of_other_things(self, tmp_path):
        picture(tmp_path / "beach.jpg")
        with pytest.raises(DatasetError, match="holds no images in folders of the names expected"):
            find_samples(str(tmp_path))

    def test_nothing_of_that_name(self):
        with pytest.raises(UnknownNameError, match="did you mean 'casia1'"):
            find_samples("casia-1")


class TestTable:
    def write(self, root, *rows):
        for name in ("a.png", "b.png", "c.png"):
            picture(root / name)
        mask(root / "m.png", 0)
        path = root / "set.csv"
        path.write_text("\n".join(rows), encoding="utf-8")
        return path

    def test_everything_known(self, tmp_path):
        path = self.write(tmp_path, "image;mask;kind;sources;mask_colour", "a.png;m.png;splicing;x y;black",
                          "b.png;;;x;")  # fmt: skip
        authentic, tampered = find_samples(str(path))
        assert (authentic.path.name, authentic.tampered, authentic.sources) == ("b.png", False, {"x"})
        assert (tampered.kind, tampered.sources) == ("splicing", {"x", "y"})
        assert read_mask(tampered.mask, tampered.mask_colour)[10, 20]

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            (["image,msk", "a.png,m.png"], "has a column 'msk'"),
            (["mask", "m.png"], "has no column 'image'"),
            (
                ["image", "nowhere.png", "there.png"],
                r"line 2: there is no image '.*nowhere.png' \(1 more row",
            ),
            (["image,mask", "a.png,n.png"], "line 2: there is no mask"),
            (["image,label", "a.png,maybe"], "line 2: the label 'maybe' is not one of"),
            (["image,mask,label", "a.png,m.png,0"], "labelled 0 but has a mask"),
            (["image", "a.png", "a.png"], "line 3: 'a.png' is in an earlier row too"),
            (["image,mask_colour", "a.png,pink"], "the mask_colour 'pink' is not one of white"),
            (["image,mask", ",m.png"], "line 2: no image is named"),
            (["image"], "has no rows"),
            ([""], "has no column 'image'"),
        ],
    )
    def test_each_fault_is_one_sentence_and_exit_code_2(self, tmp_path, rows, words):
        path = self.write(tmp_path, *rows)
        with pytest.raises(DatasetError, match=words):
            find_samples(str(path))

    def test_bytes_that_are_no_text(self, tmp_path):
        (tmp_path / "set.csv").write_bytes(b"\xff\xfe\x00image")
        with pytest.raises(DatasetError, match="is not readable UTF-8 text"):
            find_samples(str(tmp_path / "set.csv"))


class TestJson:
    def write(self, root, content):
        for name in ("images/a.png", "images/b.png", "c.png"):
            picture(root / name)
        path = root / "set.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def coco(self, segmentation, **image):
        size = {"width": WIDTH, "height": HEIGHT}
        return {
            "info": {},
            "images": [
                {"id": 1, "file_name": "a.png", **size, **image},
                {"id": 2, "file_name": "b.png", **size},
            ],
            "annotations": [{"id": 7, "image_id": 1, "category_id": 3, "segmentation": segmentation}],
            "categories": [{"id": 3, "name": "copy-move"}],
        }  # fmt: skip

    def test_polygons(self, tmp_path):
        polygon = [12, 8, 27, 8, 27, 15, 12, 15]
        authentic, tampered = find_samples(self.write(tmp_path, self.coco([polygon], sources=["s"])))
        assert (authentic.path.name, authentic.mask) == ("b.png", None)
        assert (tampered.kind, tampered.sources) == ("copy-move", {"s"})
        expected = np.zeros((HEIGHT, WIDTH), bool)
        expected[8:16, 12:28] = True
        assert (read_mask(tampered.mask) == expected).all()
        assert check_dataset("mine", [authentic, tampered]).problems == ()

    def test_runs_go_down_the_columns(self, tmp_path):
        counts = [2 * HEIGHT + 3, 4, WIDTH * HEIGHT - 2 * HEIGHT - 7]
        runs = {"size": [HEIGHT, WIDTH], "counts": counts}
        marked = read_mask(find_samples(self.write(tmp_path, self.coco(runs)))[1].mask)
        assert np.argwhere(marked).tolist() == [[row, 2] for row in (3, 4, 5, 6)]

    def test_pairs_of_imdl_benco(self, tmp_path):
        mask(tmp_path / "m.png")
        path = self.write(tmp_path, [["c.png", "m.png"], ["images/a.png", "Negative"]])
        assert [sample.tampered for sample in find_samples(path)] == [False, True]

    @pytest.mark.parametrize(
        ("segmentation", "words"),
        [
            ([[1, 2, 3]], "has a polygon that is not three or more pairs"),
            ({"size": [1, 1], "counts": [5, 5]}, "runs that do not add up to 48×32"),
            ({"size": [1, 1], "counts": "\u00ff"}, "packed runs hold a wrong character"),
            ({"size": [1, 1], "counts": "h"}, "packed runs end within a number"),
            ("here", "neither a COCO file nor a list"),
        ],
    )
    def test_outlines_that_cannot_be_drawn(self, tmp_path, segmentation, words):
        with pytest.raises(DatasetError, match=words):
            find_samples(self.write(tmp_path, self.coco(segmentation)))

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("{", "neither a COCO file"),
            ("[" * 100_000, "neither a COCO file"),
            ([], "lists no images"),
            ([["z.png", "Negative"]], "names 'z.png', which is not in its folder"),
            ({"images": [], "annotations": [{"image_id": 9, "segmentation": []}]}, "annotates an image 9"),
        ],
    )
    def test_files_that_are_wrong(self, tmp_path, content, words):
        with pytest.raises(DatasetError, match=words):
            find_samples(self.write(tmp_path, content))

    def test_an_image_of_absurd_size(self, tmp_path):
        with pytest.raises(DatasetError, match="is of an image of 1000000×1000000"):
            find_samples(self.write(tmp_path, self.coco([], width=10**6, height=10**6)))


def test_an_outline_of_nothing_is_refused():
    with pytest.raises(DatasetError, match="is of an image of 0×5"):
        Outline(0, 5).draw()


class TestAsUnpacked:
    def coverage(self, root):
        picture(root / "image/1.tif", 0)
        picture(root / "image/1t.tif", 1)
        mask(root / "mask/1forged.tif")

    @pytest.mark.parametrize("folder", ["COVERAGE", "coverage", "COVERAGE/COVERAGE", "."])
    def test_coverage(self, tmp_path, folder):
        self.coverage(tmp_path / folder)
        assert len(find_samples("coverage", tmp_path)) == 2

    def test_by_path_a_published_layout_keeps_its_names(self, tmp_path):
        self.coverage(tmp_path / "COVERAGE")
        assert [sample.kind for sample in find_samples(str(tmp_path / "COVERAGE"))] == [
            "authentic",
            "copy-move",
        ]

    def test_casia1(self, tmp_path):
        root = tmp_path / "CASIA 1.0 dataset"
        picture(root / "Au/Au_ani_0001.jpg")
        stem = "Sp_S_NNN_A_ani0001_ani0001_0001"
        picture(root / f"Modified Tp/CM/{stem}.jpg", 1)
        mask(root / f"CASIA 1.0 groundtruth/CM/{stem}_gt.png")
        samples = find_samples("casia1", tmp_path)
        assert [sample.mask is not None for sample in samples] == [False, True]

    def test_check_finds_and_names_all_of_them(self, tmp_path):
        self.coverage(tmp_path / "COVERAGE")
        picture(tmp_path / "Columbia/4cam_auth/a.tif")
        picture(tmp_path / "Columbia/4cam_splc/a_b.tif", 1)
        assert list(published_in(tmp_path)) == ["coverage", "columbia"]
        answer = CliRunner().invoke(app, ["data", "check", "--data", str(tmp_path)])
        assert answer.exit_code == 0
        assert "coverage: 1 authentic" in answer.stdout
        assert "Every file of coverage is readable" in answer.stdout
        assert "columbia has no masks here" in answer.stdout

    def test_a_problem_has_its_exit_code(self, own):
        (own / "masks/a_mask.png").write_bytes(b"no image")
        answer = CliRunner().invoke(app, ["data", "check", str(own)])
        assert answer.exit_code == 2
        assert "unreadable mask" in answer.stdout
