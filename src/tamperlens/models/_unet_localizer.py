"""The U-Net localizer: an EfficientNet-B0 encoder on colour and error levels."""

from torch import Tensor, nn

from tamperlens.models._backbones import load_lite0, unet
from tamperlens.models._localization import Localization

DECODER_CHANNELS = (128, 64, 48, 32, 16)


class UnetLocalizer(nn.Module):
    """Contracting path, symmetric expanding path, skip concatenation.

    Args:
        channels: of the input: three of colour plus the error levels, all 0..1.
        encoder: timm's name for the encoder.
        pretrained: start EfficientNet-B0 or Lite0 from Lite0's ImageNet weights.

    Reference: O. Ronneberger et al., "U-Net" (2015); M. Tan, Q. Le, "EfficientNet" (2019); the web
    application of docs/systems.md.
    """

    def __init__(
        self, channels: int = 6, encoder: str = "tf_efficientnet_b0", pretrained: bool = False
    ) -> None:
        super().__init__()
        self.network = unet(channels, DECODER_CHANNELS, encoder)
        encoder_channels: list[int] = self.network.encoder.out_channels  # type: ignore[assignment, union-attr]
        self.stage_channels = tuple(encoder_channels[-4:])
        if pretrained:
            load_lite0(self.network.get_submodule("encoder"))

    def forward(self, features: Tensor) -> Localization:
        """Log-odds of every pixel.

        Args:
            features: (N, C, H, W) float32 in 0..1, H and W multiples of 32.
        """
        return Localization(self.network(2 * features - 1))

    def taught(self, features: Tensor) -> tuple[list[Tensor], Tensor]:
        """What another network can learn from: encoder maps at 1/4, 1/8, 1/16, 1/32, and the log-odds."""
        found: list[Tensor] = self.network.get_submodule("encoder")(2 * features - 1)
        decoded = self.network.get_submodule("decoder")(found)
        logits: Tensor = self.network.get_submodule("segmentation_head")(decoded)
        return found[-4:], logits
