"""Explanations computed on the way forward equal those of automatic differentiation."""

import pytest
import torch
from torch import nn

from tamperlens.models import MultiFusion
from tamperlens.models._explanation import (
    fuse_maps,
    grad_cam,
    grad_cam_plus,
    logit_gradient,
    pull_back,
    spread_attention,
)


def _head() -> nn.Sequential:
    """Every kind of layer whose derivative is written down, with statistics that are not the initial ones."""
    torch.manual_seed(0)
    head = nn.Sequential(
        nn.Dropout(0.5), nn.Linear(12, 9), nn.BatchNorm1d(9), nn.ReLU(), nn.Linear(9, 7, bias=False),
        nn.Identity(), nn.BatchNorm1d(7, affine=False), nn.ReLU(), nn.Linear(7, 3),
    )  # fmt: skip
    for _ in range(3):
        head.train()(torch.randn(8, 12))
    return head.eval()


def _features(requires_grad: bool = False) -> torch.Tensor:
    values = torch.randn(5, 12, 4, 6, generator=torch.Generator().manual_seed(1))
    return nn.functional.silu(values).requires_grad_(requires_grad)


def channel_gradient(features, head, target):
    """Gradient of a logit at each position of a map before global average pooling, by the layers' rules."""
    return logit_gradient(head, features.mean(dim=(2, 3)), target) / (features.shape[2] * features.shape[3])


@pytest.mark.parametrize("target", [0, 2, torch.tensor([0, 1, 2, 1, 0])])
def test_gradient_equals_autograds_at_every_position(target):
    head, features = _head(), _features(True)
    logits = head(features.mean(dim=(2, 3)))
    chosen = torch.as_tensor(target).expand(5)
    logits.gather(1, chosen[:, None]).sum().backward()
    ours = channel_gradient(features, head, target)
    torch.testing.assert_close(ours[..., None, None].expand_as(features), features.grad)


def test_grad_cam_plus_equals_the_papers_formula():
    """α = g² / (2g² + ΣA·g³) at each position, weights Σ α·relu(g)."""
    head, features = _head(), _features(True)
    head(features.mean(dim=(2, 3)))[:, 1].sum().backward()
    g, a = features.grad, features.detach()
    alpha = g**2 / (2 * g**2 + a.sum(dim=(2, 3), keepdim=True) * g**3)
    weights = (alpha.nan_to_num() * g.clamp(min=0)).sum(dim=(2, 3), keepdim=True)
    expected = (weights * a).sum(dim=1).clamp(min=0)
    expected = expected / expected.amax(dim=(1, 2), keepdim=True).clamp(min=1e-30)
    torch.testing.assert_close(grad_cam_plus(a, channel_gradient(a, head, 1)), expected)


class _Network(nn.Module):
    """A convolution, global average pooling, a head."""

    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Conv2d(3, 12, 3, padding=1)
        self.head = _head()

    def forward(self, image):
        return self.head(self.last(image).mean(dim=(2, 3)))


def test_grad_cam_equals_captums():
    captum = pytest.importorskip("captum.attr", reason="captum is a development dependency")
    network, image = _Network().eval(), torch.rand(5, 3, 8, 8)
    theirs = captum.LayerGradCam(network, network.last).attribute(image, 2, relu_attributions=True)[:, 0]
    features = network.last(image).detach()
    ours = grad_cam(features, channel_gradient(features, network.head, 2))
    highest = theirs.amax(dim=(1, 2), keepdim=True)
    torch.testing.assert_close(ours * highest, theirs.detach())
    assert (highest > 0).any()


def test_a_map_without_evidence_is_zero_and_others_reach_one():
    features = torch.rand(2, 4, 3, 3) + 0.1
    against, towards = grad_cam(features, -torch.ones(2, 4)), grad_cam(features, torch.ones(2, 4))
    assert against.abs().max() == 0
    torch.testing.assert_close(towards.amax(dim=(1, 2)), torch.ones(2))
    assert spread_attention(torch.full((1, 3, 3), 0.2)).abs().max() == 0


def test_fused_map_lies_between_both():
    cam, attention = torch.rand(2, 7, 7), torch.rand(2, 14, 14)
    torch.testing.assert_close(fuse_maps(cam, attention, 0.0), attention)
    fused = fuse_maps(cam, attention, 0.3)
    assert fused.shape == (2, 14, 14)
    assert 0 <= fused.min() <= fused.max() <= 1


def test_an_unknown_layer_is_refused():
    with pytest.raises(TypeError, match="Tanh is not known"):
        pull_back([nn.Tanh()], torch.rand(1, 2), torch.rand(1, 2))


def test_multi_fusions_maps_equal_autograds():
    torch.manual_seed(0)
    model = MultiFusion(side=64, denoising=None).eval()
    kept = {}
    model.cnn.register_forward_hook(lambda _m, _i, output: kept.update(maps=output))
    output = model(torch.rand(3, 3, 64, 64))
    (gradient,) = torch.autograd.grad(output.logits[:, 1].sum(), kept["maps"])
    raw = (gradient.mean(dim=(2, 3), keepdim=True) * kept["maps"]).sum(dim=1).clamp(min=0)
    expected = raw / raw.amax(dim=(1, 2), keepdim=True).clamp(min=1e-30)
    torch.testing.assert_close(output.cam, expected, atol=1e-5, rtol=1e-4)


def test_attention_equals_that_of_timms_own_layer():
    torch.manual_seed(0)
    vit = MultiFusion(side=64, cnn=False, srm=False, denoising=None).eval().vit
    kept = {}
    vit.last.attn.fused_attn = False
    vit.last.attn.attn_drop.register_forward_hook(lambda _m, _i, output: kept.update(weights=output))
    _, attention = vit(torch.rand(2, 3, 64, 64))
    torch.testing.assert_close(attention.flatten(1), kept["weights"][:, :, 0, 1:].mean(dim=1))
    assert attention.sum(dim=(1, 2)).max() < 1  # the rest is on the class token itself
