"""What every network promises, found through the dict."""

import pytest
import torch
from torch import nn

from tamperlens.models import MODELS, LightweightCnn
from tamperlens.training import export_onnx

INPUTS = {"lightweight-cnn": [{"channels": 3}, {"channels": 5}]}
CASES = [(name, arguments) for name in MODELS for arguments in INPUTS[name]]


@pytest.mark.parametrize(("name", "arguments"), CASES)
class TestEveryModel:
    def make(self, name, arguments):
        torch.manual_seed(0)
        return MODELS[name](**arguments)

    def batch(self, arguments, size=4):
        return torch.rand(size, arguments["channels"], 48, 40, generator=torch.Generator().manual_seed(1))

    def test_output_is_a_named_tuple_with_finite_logits(self, name, arguments):
        output = self.make(name, arguments)(self.batch(arguments))
        assert output._fields[0] == "logits"
        assert output.logits.shape == (4, 2)
        assert all(torch.isfinite(tensor).all() for tensor in output)

    def test_every_parameter_gets_a_gradient(self, name, arguments):
        model = self.make(name, arguments).train()
        # Weighted, so that batch norm cannot cancel it.
        (model(self.batch(arguments)).logits * torch.arange(8.0).reshape(4, 2)).sum().backward()
        for parameter_name, parameter in model.named_parameters():
            if _is_bias_before_batch_norm(model, parameter_name):
                continue
            assert parameter.grad is not None, parameter_name
            assert parameter.grad.abs().sum() > 0, parameter_name

    def test_batch_equals_single(self, name, arguments):
        model = self.make(name, arguments).eval()
        batch = self.batch(arguments)
        singly = torch.cat([model(image[None]).logits for image in batch])
        torch.testing.assert_close(model(batch).logits, singly, atol=1e-5, rtol=1e-5)

    def test_state_can_be_saved_and_loaded(self, name, arguments, tmp_path):
        model, other = self.make(name, arguments).eval(), MODELS[name](**arguments).eval()
        torch.save(model.state_dict(), tmp_path / "w.pt")
        other.load_state_dict(torch.load(tmp_path / "w.pt", weights_only=True))
        torch.testing.assert_close(model(self.batch(arguments)), other(self.batch(arguments)))

    def test_onnx_parity_at_two_sizes(self, name, arguments, tmp_path):
        model = self.make(name, arguments)
        for _ in range(3):  # batch-norm statistics that are not the initial ones
            model.train()(self.batch(arguments))
        assert export_onnx(model, arguments["channels"], 32, tmp_path / "m.onnx") < 1e-5


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
