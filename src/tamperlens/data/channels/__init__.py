"""What a channel does to a picture, and the tables that cameras and programs save with; needs no torch."""

from tamperlens.data.channels._channels import (
    INTERPOLATIONS,
    channel_presets,
    through_channel,
    through_channel_with,
)
from tamperlens.data.channels._gathered import SAMPLINGS, gathered_tables

__all__ = [
    "INTERPOLATIONS",
    "SAMPLINGS",
    "channel_presets",
    "gathered_tables",
    "through_channel",
    "through_channel_with",
]
