"""The command that makes data: synth."""

from pathlib import Path
from typing import Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.errors import TamperlensError, UnknownNameError


def synth(
    out: Annotated[Path, typer.Argument(help="Folder for images, masks, labels and the contact sheet.")],
    photos: Annotated[list[Path], typer.Option(help="Folder of photographs; may be repeated.")],
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of sample; may be repeated. Default: the training mix.")
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="Number of samples.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed and photographs give the same bytes.")] = 0,
    side: Annotated[int, typer.Option(min=64, max=2048, help="Height and width in pixels.")] = 256,
    generator: Annotated[
        Path | None, typer.Option(help="Folder of the tiny autoencoder for AI-like edits.")
    ] = None,
) -> None:
    """Make forged and authentic samples with masks from photographs."""
    need("torch", "tamperlens synth")
    from tamperlens.data.synthesis import (
        DEFAULT_SHARES,
        KINDS,
        ForgeryStream,
        PhotoPool,
        TinyAutoencoder,
        write_samples,
    )

    for name in kind or ():
        if name not in KINDS:
            raise UnknownNameError("kind of sample", name, KINDS)
    shares = {name: DEFAULT_SHARES[name] for name in kind} if kind else DEFAULT_SHARES
    network = TinyAutoencoder(generator) if generator else None
    stream = ForgeryStream(PhotoPool(photos), side, seed, shares, network)
    make_folder(out)
    if any(out.iterdir()):
        raise TamperlensError(f"the folder {out} is not empty; samples from two runs would be mixed")
    with progress() as bar:
        task = bar.add_task("forging", total=n)
        counts = write_samples(stream, n, out, lambda: bar.advance(task))
    typer.echo(", ".join(f"{count} {name}" for name, count in counts.items() if count))
    typer.echo(f"Labels: {out / 'labels.jsonl'}   Contact sheet: {out / 'contact-sheet.jpg'}")


def pictures(
    out: Annotated[Path, typer.Argument(help="Folder for shards, tar files of 128 samples each.")],
    photos: Annotated[list[Path], typer.Option(help="Folder of photographs to forge from; may be repeated.")],
    generator: Annotated[
        Path | None, typer.Option(help="Folder of the tiny autoencoder for AI-like edits.")
    ] = None,
    shards: Annotated[int, typer.Option(min=1, help="Number of shards.")] = 300,
    seed: Annotated[
        int, typer.Option(help="Seed; several processes with different seeds may fill one folder.")
    ] = 1,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Use the photographs kept for validation.")
    ] = False,
) -> None:
    """Make and measure the pictures that the trace localizer is trained on; existing ones are kept."""
    need("torch", "tamperlens pictures")
    import cv2
    import torch

    from tamperlens.data.synthesis import TinyAutoencoder, fill_with_shards

    make_folder(out)
    cv2.setNumThreads(1)  # parallelism comes from processes
    torch.set_num_threads(1)
    network = TinyAutoencoder(generator) if generator else None
    with progress() as bar:
        task = bar.add_task("making pictures", total=shards)
        for _ in fill_with_shards(out, photos, network, seed, shards, held_out):
            bar.advance(task)
    typer.echo(f"{shards} shards in {out}")
