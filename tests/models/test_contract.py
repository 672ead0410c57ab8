"""What every network promises, found through the dict."""

import numpy as np
import pytest
import torch
from torch import nn

from tamperlens.errors import WeightError
from tamperlens.models import MODELS, LightweightCnn
from tamperlens.models._backbones import EvenConv2d, load_lite0, timm
from tamperlens.models._dncnn import DnCnn, load_dncnn
from tamperlens.models._dual_convnext import BayarConv2d
from tamperlens.models._multi_fusion import SrmStrength
from tamperlens.models._srm_layer import SrmConv2d
from tamperlens.traces.noise._srm import TRUNCATION, srm_residual
from tamperlens.training import KINDS_OF, LOSSES, export_onnx

INPUTS = {
    "lightweight-cnn": [{"channels": 3}, {"channels": 5}],
    "unet-localizer": [{"channels": 6}],
    "dual-convnext": [{"channels": 3, "encoder": "convnext_atto"}],
    "kind-classifier": [{"channels": 3}, {"channels": 6}],
    "dual-module": [{"channels": 4}],
    "multi-fusion": [{"side": 64, "denoising": "luma"}],
}
# EfficientNets halve their input five times, U-Nets with them.
BY_32 = {*LOSSES, *KINDS_OF}
# Networks of one size: what another batch size has to show of them.
SQUARE = {"multi-fusion"}
# Reads six inputs and answers at strides: see test_trace_localizer.py and test_trace_export.py.
OF_THEIR_OWN = {"trace-localizer"}
CASES = [(name, arguments) for name in MODELS if name not in OF_THEIR_OWN for arguments in INPUTS[name]]


@pytest.mark.parametrize(("name", "arguments"), CASES)
class TestEveryModel:
    def make(self, name, arguments):
        torch.manual_seed(0)
        return MODELS[name](**arguments)

    def batch(self, name, arguments, size=4):
        rows, columns = (64, 96) if name in BY_32 else (64, 64) if name in SQUARE else (48, 40)
        channels = arguments.get("channels", 3)
        return torch.rand(size, channels, rows, columns, generator=torch.Generator().manual_seed(1))

    def outputs(self, model, batch):
        return {field: value for field, value in model(batch)._asdict().items() if value is not None}

    def test_output_is_a_named_tuple_with_finite_logits(self, name, arguments):
        batch = self.batch(name, arguments)
        output = self.outputs(self.make(name, arguments), batch)
        assert next(iter(output)) == "logits"
        classes = len(KINDS_OF.get(name, ("authentic", "tampered")))
        assert output["logits"].shape == ((4, 1, *batch.shape[2:]) if name in LOSSES else (4, classes))
        assert all(torch.isfinite(tensor).all() for tensor in output.values())

    def test_every_parameter_gets_a_gradient(self, name, arguments):
        model = self.make(name, arguments).train()
        # Weighted at random, so that batch norm cannot cancel it.
        torch.manual_seed(2)
        outputs = self.outputs(model, self.batch(name, arguments)).values()
        sum((value * torch.rand_like(value)).sum() for value in outputs).backward()
        for parameter_name, parameter in model.named_parameters():
            if _is_bias_before_batch_norm(model, parameter_name):
                continue
            assert parameter.grad is not None, parameter_name
            assert parameter.grad.abs().sum() > 0, parameter_name

    def test_batch_equals_single(self, name, arguments):
        model = self.make(name, arguments).eval()
        batch = self.batch(name, arguments)
        singly = torch.cat([model(image[None]).logits for image in batch])
        torch.testing.assert_close(model(batch).logits, singly, atol=1e-5, rtol=1e-4)

    def test_state_can_be_saved_and_loaded(self, name, arguments, tmp_path):
        model, other = self.make(name, arguments).eval(), MODELS[name](**arguments).eval()
        torch.save(model.state_dict(), tmp_path / "w.pt")
        other.load_state_dict(torch.load(tmp_path / "w.pt", weights_only=True))
        batch = self.batch(name, arguments)
        torch.testing.assert_close(self.outputs(model, batch), self.outputs(other, batch))

    def test_onnx_parity_at_two_sizes(self, name, arguments, tmp_path):
        model = self.make(name, arguments)
        for _ in range(3):  # batch-norm statistics that are not the initial ones
            model.train()(self.batch(name, arguments))
        path, half = tmp_path / "m.onnx", name in BY_32
        multiple = None if name in SQUARE else 32 if half else 16
        difference = export_onnx(model, arguments.get("channels", 3), 64, path, multiple, half=half)
        assert difference < (2e-2 if half else 1e-5)
        weights = sum(p.numel() for p in model.parameters())
        assert path.stat().st_size < weights * (2.2 if half else 4.2) + 500_000


def _is_bias_before_batch_norm(model: nn.Module, name: str) -> bool:
    """Such a bias is taken away again by the mean; the paper's network has them all the same."""
    parent = model.get_submodule(name.rpartition(".")[0])
    return name.endswith("bias") and isinstance(parent, nn.Conv2d)


@pytest.mark.parametrize(("channels", "expected"), [(5, 97_986), (3, 97_698)])
def test_lightweight_cnn_has_the_papers_parameters(channels, expected):
    model = LightweightCnn(channels)
    batch_norm = sum(
        p.numel() for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()
    )
    assert sum(p.numel() for p in model.parameters()) - batch_norm == expected


def test_activation_map_adds_up_to_the_margin():
    model = LightweightCnn().eval()
    output = model(torch.rand(2, 5, 64, 64))
    bias = model.classifier.bias[1] - model.classifier.bias[0]
    margin = output.logits[:, 1] - output.logits[:, 0]
    torch.testing.assert_close(output.activation.mean(dim=(1, 2)) + bias, margin)


@pytest.mark.parametrize("without", ["noise", "color", "enhancement", "edges"])
def test_every_ablation_of_s4_learns(without):
    torch.manual_seed(0)
    model = MODELS["dual-convnext"](encoder="convnext_atto", **{without: False})
    output = model(torch.rand(2, 3, 64, 64))
    assert (output.edges is None) == (without in {"color", "edges"})
    total = output.logits.square().mean() + (0 if output.edges is None else output.edges.square().mean())
    total.backward()
    assert all(p.grad is not None for p in model.parameters())


def test_bayar_constraint_is_restored_after_a_step():
    layer = BayarConv2d(3, 4)
    with torch.no_grad():
        layer.weight += torch.rand_like(layer.weight)
    layer.project()
    torch.testing.assert_close(layer.weight[:, :, 2, 2], -torch.ones(4, 3))
    torch.testing.assert_close(layer.weight.sum(dim=(2, 3)), torch.zeros(4, 3), atol=1e-5, rtol=0)


def test_bayar_and_srm_leave_nothing_of_a_flat_image():
    flat = torch.full((1, 3, 40, 40), 117.0)
    assert BayarConv2d(3, 3)(flat).abs().max() < 1e-3
    assert SrmConv2d()(flat).abs().max() < 1e-5


def test_srm_layer_equals_the_trace():
    pixels = np.random.default_rng(0).integers(0, 256, (32, 40), np.uint8)
    levels = torch.from_numpy(np.repeat(pixels[None, None].astype(np.float32), 3, 1))
    inner = np.s_[4:-4, 4:-4]
    for kernel in range(3):
        expected = np.clip(srm_residual(pixels, kernel), -TRUNCATION, TRUNCATION) / TRUNCATION
        np.testing.assert_allclose(SrmConv2d()(levels)[0, kernel].numpy()[inner], expected[inner], atol=1e-5)


def test_efficientnet_b0_with_open_gates_starts_as_lite0():
    """With ReLU6 in place of SiLU, the encoder built from Lite0's weights is Lite0."""
    names = ("tf_efficientnet_lite0", "tf_efficientnet_b0")
    lite, b0 = (timm.create_model(name, features_only=True, act_layer=nn.ReLU6).eval() for name in names)
    for encoder in (lite, b0):
        load_lite0(encoder)
    image = 2 * torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)) - 1
    for ours, theirs in zip(b0(image), lite(image), strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-3, rtol=1e-3)


def test_constant_padding_equals_tensorflows():
    for kernel, stride, groups in ((3, 2, 1), (5, 2, 4), (3, 1, 1)):
        theirs = timm.layers.Conv2dSame(4, 8, kernel, stride, groups=groups)
        ours = EvenConv2d(4, 8, kernel, stride, groups=groups)
        ours.load_state_dict(theirs.state_dict())
        image = torch.rand(2, 4, 32, 64)
        torch.testing.assert_close(ours(image), theirs(image))


@pytest.mark.parametrize("kept", [("cnn",), ("vit",), ("srm",), ("cnn", "vit")])
def test_every_ablation_of_s3_learns_and_explains_what_it_has(kept):
    torch.manual_seed(0)
    branches = {name: name in kept for name in ("cnn", "vit", "srm")}
    model = MODELS["multi-fusion"](side=64, denoising=None, **branches)
    batch = torch.rand(4, 3, 64, 64)
    model.train()(batch).logits.square().sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    output = model.eval()(batch)
    assert (output.cam is None, output.attention is None) == ("cnn" not in kept, "vit" not in kept)
    assert (output.fused is None) == (kept != ("cnn", "vit"))


def test_s3_has_the_papers_widths():
    model = MODELS["multi-fusion"](denoising=None)
    widths = [model.cnn_projection.weight.shape, model.vit_projection.weight.shape]
    assert [tuple(width) for width in widths] == [(512, 1280), (256, 192)]
    assert model.classifier[0].in_features == 832
    assert [layer.p for layer in model.classifier if isinstance(layer, nn.Dropout)] == [0.3, 0.2]
    with pytest.raises(ValueError, match="needs a branch"):
        MODELS["multi-fusion"](cnn=False, vit=False, srm=False)


def test_srm_strength_is_none_on_a_flat_image_and_grows_with_noise():
    layer = SrmStrength().eval()
    noise = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    flat, weak, strong = (layer(0.5 + scale * noise) for scale in (0.0, 0.01, 0.02))
    assert flat.abs().max() < 1e-4
    assert (weak > flat + 1e-3).all()
    assert (strong > weak).all()


def test_denoiser_takes_away_what_its_layers_predict_alike_on_gray():
    torch.manual_seed(0)
    by_channel, by_luma = DnCnn("channels").eval(), DnCnn("luma").eval()
    by_luma.load_state_dict(by_channel.state_dict())
    gray = torch.rand(2, 1, 24, 32).expand(-1, 3, -1, -1)
    torch.testing.assert_close(by_channel(gray), by_luma(gray))
    assert sum(p.numel() for p in by_luma.parameters()) == 640 + 15 * 36_928 + 577


def test_a_file_that_is_no_denoiser_is_refused(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"nonsense")
    for name in ("x.safetensors", "none.safetensors"):
        with pytest.raises(WeightError, match="holds no DnCNN of 17"):
            load_dncnn(tmp_path / name)


def test_half_precision_training_leaves_the_residuals_whole():
    layer = SrmStrength().eval()
    image = 0.5 + 0.02 * torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.autocast("cpu", torch.bfloat16):
        reduced = layer(image)
    torch.testing.assert_close(reduced, layer(image))
