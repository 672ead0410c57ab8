"""The trace localizer as ONNX: the same answer as the trained network's, whole and in tiles."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import load_weight
from tamperlens.examine.fused._measuring import measure_traces
from tamperlens.examine.networks._trace_localizer import TraceLocalizerDetector
from tamperlens.inputs import maps_of, measured_maps
from tamperlens.models._trace_localizer import TraceLocalizer
from tamperlens.training._trace_export import export_trace_localizer
from tamperlens.training._trace_task import network_input


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    network = TraceLocalizer(pretrained=True).eval()
    # A network that has learned nothing answers the same everywhere; this one's answers differ.
    torch.nn.init.normal_(network.mask.weight, std=0.3)
    return network


@pytest.fixture(scope="module")
def exported(network, tmp_path_factory):
    """A detector of the network with tiles of a given size."""
    path = tmp_path_factory.mktemp("export") / "network.onnx"
    assert export_trace_localizer(network, path) < 1e-4
    model = path.read_bytes()

    def made(tile, overlap):
        weight = replace(
            load_weight("unet-localizer"),
            model=model,
            features={"tile": tile, "overlap": overlap, "mask_threshold": 0.5},
        )
        return TraceLocalizerDetector(weight, threads=1)

    return made


def seen(pixels):
    return load_evidence(encode_jpeg(pixels, 88))


@pytest.mark.parametrize("as_png", [False, True])
def test_same_answer_as_the_trained_network(network, exported, photo, encode, as_png):
    evidence = load_evidence(encode("PNG")) if as_png else seen(photo)
    found = exported(1024, 256).localize(evidence)
    with torch.no_grad():
        truth = network(*network_input(evidence, measured_maps(evidence), 256, 384))
    places = cv2.resize(truth.logits.sigmoid()[0, 0].numpy(), (384, 256), interpolation=cv2.INTER_LINEAR)
    assert np.abs(found.probabilities - places).max() < 1e-4
    assert np.abs(found.decidable - truth.decidable.sigmoid()[0, 0].numpy()).max() < 1e-4
    assert found.margin == pytest.approx(float(truth.image[0, 0]), abs=1e-3)
    assert found.probabilities.std() > 0.01


def test_tiles_agree_with_the_whole(exported, photo):
    above, below = np.concatenate([photo, photo[:, ::-1]], 1), np.concatenate([photo[::-1], photo], 1)
    evidence = seen(np.concatenate([above, below])[:500, :740])
    measured = maps_of(evidence, measure_traces(evidence).measurements)
    whole, tiled = (exported(tile, 256).localize(evidence, measured) for tile in (1024, 384))
    assert whole.probabilities.shape == tiled.probabilities.shape == (500, 740)
    assert np.abs(whole.probabilities - tiled.probabilities).mean() < 0.02
    assert np.corrcoef(whole.probabilities.ravel(), tiled.probabilities.ravel())[0, 1] > 0.98
    assert whole.margin == pytest.approx(tiled.margin, abs=0.1)


@pytest.mark.parametrize("size", [(8, 8), (33, 200), (249, 31)])
def test_any_size(exported, photo, size):
    evidence = seen(photo[: size[0], : size[1]])
    found = exported(1024, 256).localize(evidence, maps_of(evidence, {}))
    assert found.probabilities.shape == size
    assert found.decidable.shape == (-(-size[0] // 8), -(-size[1] // 8))
    assert np.isfinite(found.margin)
