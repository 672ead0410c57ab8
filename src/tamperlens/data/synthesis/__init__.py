"""Forgeries on demand: photographs → an unlimited, seeded stream of altered and authentic samples."""

from tamperlens.data.channels import channel_presets, through_channel
from tamperlens.data.synthesis._camera import Camera, draw_camera
from tamperlens.data.synthesis._folder import write_samples
from tamperlens.data.synthesis._generated import Generator, TinyAutoencoder
from tamperlens.data.synthesis._look_alikes import look_alike
from tamperlens.data.synthesis._photos import PhotoPool
from tamperlens.data.synthesis._pictures import fill_with_shards
from tamperlens.data.synthesis._saves import Save, decode
from tamperlens.data.synthesis._shards import Picture, read_shard
from tamperlens.data.synthesis._stored import StoredSample, StoredStream
from tamperlens.data.synthesis._stream import DEFAULT_SHARES, EDITS, KINDS, Forgery, ForgeryStream, Hardness

__all__ = [
    "DEFAULT_SHARES",
    "EDITS",
    "KINDS",
    "Camera",
    "Forgery",
    "ForgeryStream",
    "Generator",
    "Hardness",
    "PhotoPool",
    "Picture",
    "Save",
    "StoredSample",
    "StoredStream",
    "TinyAutoencoder",
    "channel_presets",
    "decode",
    "draw_camera",
    "fill_with_shards",
    "look_alike",
    "read_shard",
    "through_channel",
    "write_samples",
]
