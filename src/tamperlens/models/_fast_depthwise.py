"""Depthwise convolution whose backward pass does not fall back to slow reference code on a CPU.

oneDNN has fast bfloat16 kernels for the whole forward pass, but not for two parts of the backward pass: the
gradient of the input at stride 2, and of the weight at 5 × 5. On two cores those two take longer than
everything else in a small encoder.
"""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional


class _Depthwise(torch.autograd.Function):
    """Depthwise convolution; `padding` zeros on all four sides."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:  # noqa: ANN401 - torch's own
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return functional.conv2d(x, weight, None, stride, padding, groups=x.shape[1])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None]:  # noqa: ANN401
        x, weight = ctx.saved_tensors
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        of_input = _input_gradient(gradient, weight, x, ctx.stride, ctx.padding)
        return of_input, _weight_gradient(gradient, weight, x, ctx.stride, ctx.padding), None, None


def _input_gradient(gradient: Tensor, weight: Tensor, x: Tensor, stride: int, padding: int) -> Tensor:
    """A convolution with the rotated kernel; at stride 2 the gradient is first spread out with zeros."""
    last = weight.shape[-1] - 1
    if stride > 1:
        rows, columns = (side + 2 * padding - last for side in x.shape[2:])
        spread = torch.zeros((*x.shape[:2], rows, columns), dtype=gradient.dtype, device=x.device).contiguous(
            memory_format=torch.channels_last
        )
        spread[:, :, ::stride, ::stride] = gradient
        gradient = spread
    return functional.conv2d(gradient, weight.flip(2, 3), padding=last - padding, groups=x.shape[1])


def _weight_gradient(gradient: Tensor, weight: Tensor, x: Tensor, stride: int, padding: int) -> Tensor:
    kind = weight.dtype
    if weight.shape[-1] > 3:  # there is a fast 32-bit kernel but no 16-bit one
        x, gradient, weight = x.float(), gradient.float(), weight.float()
    result = torch.ops.aten.convolution_backward(
        gradient, x, weight, None, [stride, stride], [padding, padding], [1, 1], False, [0, 0],
        x.shape[1], [False, True, False],
    )[1]  # fmt: skip
    return cast(Tensor, result).to(kind)


class DepthwiseConv2d(nn.Conv2d):
    """Depthwise convolution without bias, padded so that the output is the input's size over the stride.

    Padding is TensorFlow's "same" for sides that are multiples of the stride: kernel − stride, the odd pixel
    at the right and bottom.

    Args:
        channels: of input and output.
        kernel: side of the kernel.
        stride: 1 or 2.
    """

    def __init__(self, channels: int, kernel: int, stride: int = 1) -> None:
        super().__init__(channels, channels, kernel, stride, groups=channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Pad and convolve."""
        stride, kernel = self.stride[0], self.kernel_size[0]
        padding = kernel // 2
        if stride > 1:
            before = (kernel - stride) // 2
            x = functional.pad(x, (before, kernel - stride - before) * 2)
            padding = 0
        if x.device.type != "cpu" or not torch.is_grad_enabled():
            return functional.conv2d(x, self.weight, None, stride, padding, groups=self.groups)
        weight = self.weight
        if torch.is_autocast_enabled("cpu"):
            kind = torch.get_autocast_dtype("cpu")
            x, weight = x.to(kind), weight.to(kind)
        return cast(Tensor, _Depthwise.apply(x, weight, stride, padding))  # type: ignore[no-untyped-call]
