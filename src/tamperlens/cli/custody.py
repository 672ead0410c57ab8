"""Commands for people whose findings others must be able to check: keygen, bundle, verify, self-test."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import complain_of_walls, need, progress
from tamperlens.errors import CustodyError, TamperlensError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tamperlens.custody import Check, Opened

# More bytes than any bundle has; reading stops there.
_MOST_BYTES = (2 << 30) + 1
_PASSPHRASE = "TAMPERLENS_PASSPHRASE"  # noqa: S105 - the name of a variable


def keygen(
    out: Annotated[Path, typer.Argument(help="File for the private key; the public key goes to OUT.pub.")],
) -> None:
    """Make a key to sign bundles with. TAMPERLENS_PASSPHRASE locks it."""
    _need_extra("keygen")
    from tamperlens.custody import fingerprint, make_key

    key = make_key(out, os.environ.get(_PASSPHRASE, ""))
    typer.echo(f"Private key, keep it secret:     {out}")
    typer.echo(f"Public key, for verifiers:       {out}.pub")
    typer.echo(f"Fingerprint, to read aloud:      {fingerprint(key.public_key())}")


def bundle(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Images to examine.")],
    key: Annotated[Path, typer.Option(help="Private key to sign with, made by 'keygen'.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Bundle to write, a zip archive.")],
    with_original: Annotated[
        bool, typer.Option("--with-original", help="Put the images themselves into the bundle too.")
    ] = False,
    pdf: Annotated[
        Path | None, typer.Option(help="Also write a PDF report that carries the bundle; for one image.")
    ] = None,
    timestamp: Annotated[
        str, typer.Option(help="Address of a time stamping authority (RFC 3161); it gets only a hash.")
    ] = "",
    created: Annotated[
        str, typer.Option(envvar="TAMPERLENS_CREATED", help="Date for the manifest, ISO 8601; default: now.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Aim at 1 % false alarms instead of 5 %.")] = False,
    max_mpx: Annotated[
        float, typer.Option(min=0.001, max=100_000, help="Refuse images that declare more megapixels.")
    ] = 100.0,
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="Threads of the networks; 0 uses all cores.")
    ] = 0,
) -> None:
    """Examine images and write finding, mask and hashes as one signed file, which 'verify' checks.

    A file that cannot be examined ends the command: no incomplete bundle is written.
    """
    _need_extra("bundle")
    from tamperlens.custody import check_attachable, custody_worker, draw_apart, examine_apart, make_bundle

    if pdf:
        _check_pdf(pdf, files)
    moment, signing = _created(created), load_signing_key(key)
    worker = custody_worker(threads, strict, round(max_mpx * 1e6))
    try:
        complain_of_walls(worker)
        with progress() as bar:
            tracked = bar.track(files, description="examining")
            items = [examine_apart(worker, file, strict, with_original) for file in tracked]
        data = make_bundle(items, signing, moment, stamping(timestamp))
        if pdf:
            check_attachable(data)
        write_bundle(out, data)
        _say(f"Bundle: {out} ({len(data):,} bytes). Check it: tamperlens verify {out} --key {key}.pub")
        if pdf:
            draw_apart(worker, pdf, data)
            _say(f"Report that carries it: {pdf}")
    finally:
        worker.close()


def verify(
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Bundle, or a PDF report that carries one.")],
    key: Annotated[
        Path | None, typer.Option(help="Public key of the expected signer, obtained from them.")
    ] = None,
    tsa_cert: Annotated[
        Path | None, typer.Option(help="Certificates of the time stamping authority that you trust, PEM.")
    ] = None,
    expect: Annotated[
        str, typer.Option(help="Head of the workbench's ledger noted earlier, number:hash.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--rerun", help="Examine the images again and compare, within tolerance.")
    ] = False,
    original: Annotated[
        list[Path] | None, typer.Option(help="For --rerun: an image that the bundle lacks; may be repeated.")
    ] = None,
    anyone: Annotated[
        bool, typer.Option("--allow-unknown-signer", help="Accept any signer when there is no --key.")
    ] = False,
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="For --rerun: threads of the networks; 0 uses all cores.")
    ] = 0,
) -> None:
    """Check a bundle from anyone: signature, hashes, ledger, time stamp, and with --rerun the finding itself.

    The pages of a PDF are drawn again from the bundle in it and compared; if the bundle lacks the image, name
    it with --original. Exit code 0 when everything that was checked holds, 1 when something does not, 2 when
    the file is not a bundle.
    """
    _need_extra("verify")
    from tamperlens.custody import (
        Trusted,
        load_authorities,
        load_public_key,
        read_head,
        rerun,
        verify_apart,
        verifying_worker,
    )

    if expect:
        read_head(expect)
    authorities = tuple(load_authorities(tsa_cert)) if tsa_cert else ()
    trusted = Trusted(load_public_key(key) if key else None, authorities, expect, anyone)
    data = _read(file)
    worker = verifying_worker(len(data))
    try:
        complain_of_walls(worker)
        opened = verify_apart(worker, data, trusted)
    finally:
        worker.close()
    checks, report = list(opened.checks), data if data.startswith(b"%PDF-") else b""
    if (again or report) and not any(check.state == "failed" for check in checks):
        checks += rerun(opened, [_read(path) for path in original or ()], threads, report)
    _print(opened, checks)
    if not all(check.holds for check in checks):
        raise typer.Exit(1)


def self_test(
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="Threads of the networks; 0 uses all cores.")
    ] = 0,
) -> None:
    """Test this installation: weights, cards, and known images to known scores within tolerance.

    Exit code 0 when all results are as recorded, 1 when one is not.
    """
    from tamperlens.reproduction import self_test as test

    passed = []
    for check in test(threads):
        typer.echo(f"{'passed' if check.passed else 'FAILED'}  {check.name:24} {check.says}")
        passed.append(check.passed)
    typer.echo(f"{sum(passed)} of {len(passed)} passed.")
    if not all(passed):
        raise typer.Exit(1)


def _say(sentence: str) -> None:
    """Print a line, with invisible characters of file names made visible."""
    from tamperlens.text import escaped

    typer.echo(escaped(sentence, 2000))


def _need_extra(command: str) -> None:
    for package in ("cryptography", "rfc3161_client"):
        need(package, f"tamperlens {command}", "custody")


def _check_pdf(pdf: Path, files: list[Path]) -> None:
    need("typst", "bundle --pdf", "pdf")
    if len(files) != 1:
        raise TamperlensError(f"a PDF report covers one image; {len(files)} were named")
    if pdf.suffix != ".pdf":
        raise TamperlensError(f"the name of the report '{pdf}' must end in .pdf")


def _created(given: str) -> str:
    """The date for the manifest: as given, from SOURCE_DATE_EPOCH, or now."""
    from datetime import UTC, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if given:
            moment = datetime.fromisoformat(given)
        else:
            moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        raise TamperlensError(
            f"'{given or epoch}' is not a date; expected one like 2026-01-31T12:00:00+00:00"
        ) from None
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def load_signing_key(path: Path) -> "Ed25519PrivateKey":
    """The private key, unlocked with TAMPERLENS_PASSPHRASE if it has a passphrase."""
    from tamperlens.custody import load_key

    return load_key(path, os.environ.get(_PASSPHRASE, ""))


def stamping(url: str) -> "Callable[[bytes], bytes] | None":
    """A function that asks the authority at `url` for a time stamp; None without a URL."""
    from functools import partial

    from tamperlens.custody import request_stamp

    return partial(request_stamp, url) if url else None


def _print(opened: "Opened", checks: "list[Check]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from tamperlens.text import escaped, quoted

    manifest = opened.manifest
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    colours = {"passed": "green", "failed": "bold red", "not possible": "yellow", "not asked": "dim"}
    for check in checks:
        words = (check.name, check.state, check.says)
        name, state, says = (Text(escaped(word, 2000)) for word in words)
        state.stylize(colours[check.state])
        table.add_row(name, state, says)
    console = Console(highlight=False, markup=False)
    console.print(table)
    for image, stated in zip(manifest.images, opened.stated, strict=True):
        console.print(escaped(f"States of {quoted(image.name)}: {stated}", 400))
    signed = f"Signer {manifest.signer}, {quoted(manifest.software)}, dated {quoted(manifest.created)}"
    console.print(escaped(signed, 400))
    good = all(check.holds for check in checks)
    console.print("Everything that was checked holds." if good else "NOT everything that was checked holds.")


def _read(path: Path) -> bytes:
    from tamperlens.evidence import open_regular

    try:
        with open_regular(path) as file:
            return file.read(_MOST_BYTES)
    except UnreadableFileError as error:
        raise CustodyError(f"{path} cannot be read: {error}") from error
    except OSError as error:
        raise CustodyError(f"{path} cannot be read: {error.strerror}") from error


def write_bundle(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises CustodyError if it cannot be written."""
    from tamperlens.report import write_whole

    try:
        write_whole(path, data)
    except OSError as error:
        raise CustodyError(f"{path} cannot be written: {error.strerror}") from error
