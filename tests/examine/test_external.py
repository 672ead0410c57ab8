"""Detectors from elsewhere: what they may answer, how ONNX files are described, and how they are heard."""

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.errors import DetectorError, UnknownNameError
from tamperlens.evidence import encode_jpeg
from tamperlens.examine import Examiner
from tamperlens.examine.external import ExternalDetector, load_external, read_answer, wrap_onnx
from tamperlens.report import finding_to_json, report_view

FLOAT = TensorProto.FLOAT


def network(path: Path, nodes, outputs, shape=("n", 3, "h", "w"), constants=()) -> Path:
    """Write an ONNX file whose input is called "image"."""
    graph = helper.make_graph(
        nodes,
        "made",
        [helper.make_tensor_value_info("image", FLOAT, shape)],
        [helper.make_tensor_value_info(name, FLOAT, None) for name in outputs],
        [helper.make_tensor(name, kind, dims, values) for name, kind, dims, values in constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, path)
    return path


def redness(path: Path, size=("h", "w")) -> Path:
    """Map: sigmoid-less red channel; score: its mean over the image."""
    nodes = [
        helper.make_node("Slice", ["image", "first", "second", "axis"], ["map"]),
        helper.make_node("ReduceMean", ["map"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Sigmoid", ["mean"], ["score"]),
    ]
    constants = [(name, TensorProto.INT64, [1], [value]) for name, value in zip(
        ("first", "second", "axis"), (0, 1, 1), strict=True)]  # fmt: skip
    return network(path, nodes, ["map", "score"], ("n", 3, *size), constants)


def described(path: Path, **settings) -> str:
    """Write the TOML of an ONNX file."""
    lines = {"name": "made", "model": path.name, "map": "map", **settings}
    target = path.with_suffix(".toml")
    target.write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in lines.items()))
    return str(target)


class TestAnswers:
    @pytest.mark.parametrize("answer", [np.float64(0.25), 0.25, np.full((1, 1), 0.25, np.float32)])
    def test_a_score_alone(self, photo_evidence, answer):
        said = read_answer(answer, photo_evidence, "one")
        assert said.probabilities is None
        assert said.score == pytest.approx(0.25)

    def test_a_map_of_another_size_is_enlarged_and_scored_by_its_highest_value(self, photo_evidence):
        values = np.zeros((1, 1, 8, 12))
        values[..., 4, 6] = 0.75
        said = read_answer(values, photo_evidence, "one")
        assert said.probabilities.shape == (256, 384)
        assert said.score == 0.75
        assert np.unravel_index(said.probabilities.argmax(), (256, 384))[0] in range(128, 160)

    def test_as_photoholmes_returns_them(self, photo_evidence):
        heat = np.linspace(0, 1, 256 * 384, dtype=np.float32).reshape(256, 384)
        said = read_answer({"heatmap": heat, "mask": None, "detection": [0.5]}, photo_evidence, "one")
        np.testing.assert_array_equal(said.probabilities, heat)
        assert said.score == 0.5

    def test_tensors_that_carry_a_gradient(self, photo_evidence):
        torch = pytest.importorskip("torch")
        said = read_answer(torch.zeros(1, 1, 4, 4, requires_grad=True), photo_evidence, "one")
        assert said.score == 0

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (np.full((4, 4), np.nan), "NaN or infinity"),
            (np.full((4, 4), 1e300), "NaN or infinity"),
            (np.arange(16.0).reshape(4, 4), "numbers from 0 to 15"),
            (np.zeros((2, 3, 4)), r"a map of shape \(2, 3, 4\)"),
            ((np.zeros((4, 4)), np.zeros(3)), r"a score of shape \(3,\)"),
            ((1, 2, 3), "returned 3 values"),
            ("altered", "returned str"),
            (None, "returned NoneType"),
            ([[1], [1, 2]], "returned list"),
            ({"heatmap": None}, "neither a map nor a score"),
        ],
    )
    def test_whatever_else_is_one_sentence(self, photo_evidence, answer, words):
        with pytest.raises(
            DetectorError, match=f"one on coffee.jpg returned.*{words.split('returned ')[-1]}"
        ):
            read_answer(answer, photo_evidence, "one")


class TestOnnx:
    def test_the_map_keeps_its_place_at_the_images_own_size(self, tmp_path, photo_evidence):
        toml = described(redness(tmp_path / "net.onnx"), multiple=100)
        said = load_external(toml)(photo_evidence)
        np.testing.assert_allclose(said.probabilities, photo_evidence.pixels[..., 0] / 255, atol=1e-6)

    def test_normalisation_and_order_of_colours(self, tmp_path, photo_evidence):
        toml = described(
            redness(tmp_path / "net.onnx"), channels="BGR", mean=[0.0, 0.0, 0.0], deviation=[2.0, 1.0, 1.0]
        )
        blue = photo_evidence.pixels[..., 2] / 255 / 2
        np.testing.assert_allclose(load_external(toml)(photo_evidence).probabilities, blue, atol=1e-6)

    def test_a_fixed_size_is_resized_to_and_back(self, tmp_path, photo_evidence):
        path = redness(tmp_path / "net.onnx", (64, 96))
        said = load_external(described(path, size=[64, 96], score="score"))(photo_evidence)
        assert said.probabilities.shape == (256, 384)
        red = photo_evidence.pixels[..., 0] / 255
        assert said.score == pytest.approx(1 / (1 + np.exp(-red.mean())), abs=0.01)
        assert np.corrcoef(said.probabilities.ravel(), red.ravel())[0, 1] > 0.9

    def test_softmax_over_two_classes(self, tmp_path, photo_evidence):
        nodes = [helper.make_node("Slice", ["image", "first", "second", "axis"], ["map"])]
        constants = [(n, TensorProto.INT64, [1], [v]) for n, v in (("first", 0), ("second", 2), ("axis", 1))]
        path = network(tmp_path / "net.onnx", nodes, ["map"], constants=constants)
        said = load_external(described(path, activation="softmax", altered=0))(photo_evidence)
        red, green = (photo_evidence.pixels[..., i] / 255 for i in (0, 1))
        np.testing.assert_allclose(said.probabilities, 1 / (1 + np.exp(green - red)), atol=1e-5)

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"map": "where"}, "has no output 'where'; its outputs are map, score"),
            ({"input": "x"}, "has no input 'x'; its inputs are image"),
            ({"map": "", "score": ""}, "neither a map nor a score"),
            ({"name": "My net"}, "a name consists of lower-case letters"),
            ({"size": [0, 5]}, "a side outside 1 to 8192"),
            ({"size": [5]}, "a size of 1 numbers"),
            ({"size": "big"}, "does not describe an ONNX file"),
            ({"deviation": [1.0, 0.0, 1.0]}, "divide by 0"),
            ({"threshold": 1.5}, "the threshold 1.5"),
            ({"wrong": 1}, "unknown field `wrong`"),
            ({"sha256": "0" * 64}, "is not the file that made was described for"),
            ({"model": "gone.onnx"}, "gone.onnx cannot be read"),
            ({"altered": 7, "map": "image2"}, "has no output"),
        ],
    )
    def test_settings_that_are_wrong(self, tmp_path, settings, words):
        with pytest.raises(DetectorError, match=words):
            load_external(described(redness(tmp_path / "net.onnx"), **settings))

    def test_files_that_are_no_network(self, tmp_path):
        path = tmp_path / "net.onnx"
        path.write_bytes(b"\x08\x99 nothing")
        with pytest.raises(DetectorError, match="is not an ONNX network that can be run"):
            load_external(described(path))
        with pytest.raises(DetectorError, match="must be described first: tamperlens wrap"):
            load_external(str(path))
        with pytest.raises(UnknownNameError):
            load_external("nobodys")

    @pytest.mark.parametrize(
        ("nodes", "constants", "words"),
        [
            ([("Log", ["less"], "map"), ("Neg", ["image"], "less")], [], "NaN or infinity"),
            ([("Mul", ["image", "c"], "map")], [("c", FLOAT, [1], [9.0])], "numbers from"),
            ([("Reshape", ["image", "c"], "map")], [("c", TensorProto.INT64, [2], [7, 7])], "does not run"),
            ([("Shape", ["image"], "map")], [], "not an ONNX network that can be run"),
        ],
    )
    def test_hostile_networks_are_one_sentence(self, tmp_path, photo_evidence, nodes, constants, words):
        made = [helper.make_node(kind, given, [out]) for kind, given, out in reversed(nodes)]
        path = network(tmp_path / "net.onnx", made, ["map"], constants=constants)
        with pytest.raises(DetectorError, match=words):
            load_external(described(path))(photo_evidence)

    def test_a_wrong_number_of_channels(self, tmp_path, photo_evidence):
        path = network(tmp_path / "net.onnx", [helper.make_node("Sigmoid", ["image"], ["map"])], ["map"],
                       shape=("n", 5, "h", "w"))  # fmt: skip
        with pytest.raises(DetectorError, match="does not run"):
            load_external(described(path))(photo_evidence)
        with pytest.raises(DetectorError, match="an image of three channels; it has image"):
            wrap_onnx(path)


class TestWrap:
    def test_what_is_written_is_what_runs(self, tmp_path, photo_evidence):
        path = redness(tmp_path / "My Net.onnx", (64, 96))
        answer = CliRunner().invoke(app, ["wrap", str(path)])
        assert answer.exit_code == 0, answer
        assert "my-net says where (map) and whether (score), activation sigmoid" in answer.stdout
        text = path.with_suffix(".toml").read_text()
        assert "size = [64, 96]" in text
        assert "outputs: map [1, 1, 64, 96], score [1]" in text
        said = load_external(str(path.with_suffix(".toml")))(photo_evidence)
        assert said.probabilities.shape == (256, 384)
        again = CliRunner().invoke(app, ["wrap", str(path)])
        assert "exists already" in str(again.exception)

    def test_names_from_the_file_cannot_break_out_of_the_text(self, tmp_path):
        evil = 'a"\nthreshold = 0.9\nx = "'
        path = network(tmp_path / "net.onnx", [helper.make_node("Sigmoid", ["image"], [evil])], [evil])
        _, text = wrap_onnx(path)
        assert text.count("\nthreshold") == 1

    def test_a_network_that_tells_nothing(self, tmp_path):
        nodes = [helper.make_node("ReduceMean", ["image"], ["features"], axes=[2, 3], keepdims=0)]
        with pytest.raises(DetectorError, match=r"neither a map nor a score: features \(1, 3\)"):
            wrap_onnx(network(tmp_path / "net.onnx", nodes, ["features"]))


def redness_of_a_package():
    return lambda image: image.pixels[..., 0] / 255


def something_else():
    return 7


class TestInstalled:
    @pytest.fixture
    def installed(self, monkeypatch):
        def install(value):
            point = EntryPoint("theirs", value, "tamperlens.detectors")
            monkeypatch.setattr("tamperlens.examine.external._loading.entry_points", lambda **_: [point])

        monkeypatch.setitem(__import__("sys").modules, "their_package", __import__("sys").modules[__name__])
        return install

    def test_by_its_name(self, installed, photo_evidence):
        installed("their_package:redness_of_a_package")
        said = load_external("theirs")(photo_evidence)
        np.testing.assert_allclose(said.probabilities, photo_evidence.pixels[..., 0] / 255, atol=1e-6)

    @pytest.mark.parametrize(
        "value", ["their_package:gone", "no_such_package:f", "their_package:something_else"]
    )
    def test_one_that_cannot_be_loaded(self, installed, value):
        installed(value)
        with pytest.raises(DetectorError, match="the detector theirs"):
            load_external("theirs")


class TestHeard:
    def test_it_is_heard_and_decides_nothing(self, tmp_path, photo_evidence):
        toml = described(redness(tmp_path / "net.onnx"))
        finding = Examiner([toml, "lightweight-cnn"], threads=1).examine(photo_evidence)
        own, other = finding.document.opinions
        assert (own.system, other.system) == ("lightweight-cnn", "external-made")
        assert finding.score == own.score
        assert not other.applicable
        assert "advisory: it gives" in other.reason
        assert finding.mask is None
        assert "external-made" in finding.maps
        assert len(finding.document.versions["external made"]) == 64
        rows = {row.name: row.title for row in report_view(finding.document).opinions.rows}
        assert rows["external-made"] == "made (external)"
        assert finding_to_json(finding)["opinions"][1]["outcome"] == "inconclusive"

    def test_a_broken_one_does_not_stop_an_examination(self, tmp_path, photo_evidence):
        toml = described(redness(tmp_path / "net.onnx"), scale=0.1)
        finding = Examiner([toml], threads=1).examine(photo_evidence)
        assert finding.outcome == "inconclusive"
        assert "numbers from" in finding.document.opinions[0].reason

    def test_on_the_command_line(self, tmp_path, photo):
        (tmp_path / "photo.jpg").write_bytes(encode_jpeg(photo, 90))
        toml = described(redness(tmp_path / "net.onnx"))
        answer = CliRunner().invoke(
            app,
            [
                "examine",
                str(tmp_path / "photo.jpg"),
                "--system",
                toml,
                "--json",
                "--out",
                str(tmp_path / "out"),
            ],
        )
        assert answer.exit_code == 0, answer
        row = json.loads(answer.stdout)
        assert row["opinions"][0]["system"] == "external-made"
        assert (tmp_path / "out").is_dir()


def test_a_detector_says_its_name_and_not_its_bytes():
    assert "made" in repr(ExternalDetector("made", "1", lambda _: 0.5, onnx=(b"x", 1)))
