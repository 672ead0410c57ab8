"""Depthwise convolution: the same numbers as torch's own, forward and backward."""

import pytest
import torch
from torch.nn import functional

from tamperlens.models._fast_depthwise import DepthwiseConv2d


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 1), (5, 2)])
def test_output_and_gradients_are_torchs(kernel, stride):
    torch.manual_seed(0)
    layer = DepthwiseConv2d(6, kernel, stride)
    x = torch.randn(2, 6, 16, 24, requires_grad=True)
    found = layer(x)
    before = (kernel - stride) // 2
    padded = functional.pad(x, (before, kernel - stride - before) * 2)
    expected = functional.conv2d(padded, layer.weight, None, stride, groups=6)
    assert found.shape[2:] == (16 // stride, 24 // stride)
    torch.testing.assert_close(found, expected)
    upstream = torch.randn_like(found)
    for ours, theirs in zip(
        torch.autograd.grad(found, (x, layer.weight), upstream),
        torch.autograd.grad(expected, (x, layer.weight), upstream),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_under_autocast_it_computes_with_16_bits():
    layer = DepthwiseConv2d(4, 5)
    x = torch.randn(1, 4, 8, 8, requires_grad=True)
    with torch.autocast("cpu", torch.bfloat16):
        found = layer(x)
    assert found.dtype == torch.bfloat16
    found.float().sum().backward()
    assert x.grad is not None
    assert layer.weight.grad.dtype == torch.float32
