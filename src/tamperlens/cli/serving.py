"""Commands for people who run the workbench: serve, ledger verify, case, backup."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import Precision, Provider, complain_of_missing, compute, make_folder, need
from tamperlens.text import escaped

if TYPE_CHECKING:
    from tamperlens.service import Checked, IdentityProvider, Settings

_HOME_HELP = "Folder for the database and originals; default: a folder of this account."
_DATABASE_HELP = "Address of the database, postgresql://…; default: SQLite under --home."
_Home = Annotated[Path | None, typer.Option(envvar="TAMPERLENS_HOME", help=_HOME_HELP)]
_Database = Annotated[str, typer.Option(envvar="TAMPERLENS_DATABASE", help=_DATABASE_HELP)]

ledger = typer.Typer(
    name="ledger", help="Check the workbench's ledger.", no_args_is_help=True, rich_markup_mode=None
)

case = typer.Typer(name="case", help="Export and delete cases.", no_args_is_help=True, rich_markup_mode=None)


backup = typer.Typer(
    name="backup", help="Back up and restore the workbench.", no_args_is_help=True, rich_markup_mode=None
)


def serve(
    home: _Home = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; keep loopback unless others should reach it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 picks a free one.")] = 8420,
    database: _Database = "",
    jobs: Annotated[
        str,
        typer.Option(
            envvar="TAMPERLENS_JOBS",
            help="Address of the job queue, redis:// or postgresql://; default: SQLite.",
        ),
    ] = "",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")] = 1,
    examiners: Annotated[int, typer.Option(min=0, max=64, help="Processes that examine.")] = 1,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Trust one proxy's X-Forwarded headers.")
    ] = False,
    trusted_host: Annotated[
        list[str] | None, typer.Option(help="Host name that browsers may use for it; may be repeated.")
    ] = None,
    webhook_host: Annotated[
        list[str] | None,
        typer.Option(help="Host that webhooks may call, NAME or NAME:PORT; may be repeated."),
    ] = None,
    max_mb: Annotated[int, typer.Option(min=1, max=1024, help="Refuse larger files, in megabytes.")] = 256,
    max_mpx: Annotated[
        float, typer.Option(min=0.001, max=100_000, help="Refuse images that declare more megapixels.")
    ] = 100.0,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Require a second factor from everybody.")
    ] = False,
    oidc_issuer: Annotated[
        str, typer.Option(help="Address of an identity provider (OpenID Connect), in addition to passwords.")
    ] = "",
    oidc_client: Annotated[str, typer.Option(help="Client ID of this workbench at the provider.")] = "",
    oidc_secret_file: Annotated[Path | None, typer.Option(help="File with the client secret.")] = None,
    oidc_role: Annotated[
        str, typer.Option(help="examiner or viewer: role of people who were not invited; default: refused.")
    ] = "",
    retention_days: Annotated[
        int,
        typer.Option(min=0, max=36500, help="Days after which closed cases are listed as due; 0: never."),
    ] = 0,
    provider: Provider = "cpu",
    precision: Precision = "full",
) -> None:
    """Start the examiner's workbench: pages, API and examinations, on this machine alone."""
    _need_extra("serve")
    from tamperlens.confined import walls_here
    from tamperlens.service import Address, Settings, free_port
    from tamperlens.service import serve as start

    compute(provider, precision)
    _check_computing()
    settings = Settings(
        _made_home(home),
        database,
        jobs,
        behind_proxy,
        max_upload_bytes=max_mb << 20,
        max_mpx=max_mpx,
        trusted_hosts=(host, *(trusted_host or ())),
        demand_factor=second_factor,
        provider=_provider(oidc_issuer, oidc_client, oidc_secret_file, oidc_role),
        webhook_hosts=tuple(webhook_host or ()),
        retention_days=retention_days,
    )
    complain_of_missing(walls_here()[1])
    start(settings, Address(host, port or free_port(host), workers, examiners), typer.echo)


def _provider(issuer: str, client: str, secret_file: Path | None, role: str) -> "IdentityProvider | None":
    from tamperlens.errors import ServiceError
    from tamperlens.service import IdentityProvider

    if not issuer:
        return None
    if not client or secret_file is None:
        raise ServiceError("--oidc-issuer needs --oidc-client and --oidc-secret-file too")
    if not secret_file.is_file():
        raise ServiceError(f"the file {secret_file} with the provider's secret does not exist")
    if role not in {"", "examiner", "viewer"}:
        raise ServiceError("--oidc-role must be examiner or viewer; only administrators make administrators")
    return IdentityProvider(issuer, client, secret_file.absolute(), role)


@ledger.command()
def verify(
    home: _Home = None,
    database: _Database = "",
    expect: Annotated[
        str | None, typer.Option(help="A head noted earlier, number:hash; it must still be there.")
    ] = None,
) -> None:
    """Read the whole ledger and find any edited, removed or reordered record.

    Prints the head, to note elsewhere. Exit code 0 when the ledger is intact, 2 when it is not.
    """
    _need_extra("ledger verify")
    from tamperlens.errors import ServiceError
    from tamperlens.service import check_ledger

    found = check_ledger(_settings(home, database), expect)
    if found.problem:
        raise ServiceError(f"the ledger is not intact: {found.problem}")
    typer.echo(f"The ledger is intact: {found.records:,} records.")
    typer.echo(f"Head, to note elsewhere: {found.head}")


@backup.command("make")
def make_backup(
    out: Annotated[Path, typer.Argument(help="Folder; an earlier backup in it is updated.")],
    home: _Home = None,
    database: _Database = "",
) -> None:
    """Copy database, originals, findings and key into a folder, and check the copy. The server may run."""
    _need_extra("backup make")
    from tamperlens.service import back_up

    _say_checked("Backup", out, back_up(_settings(home, database), out))


@backup.command("restore")
def restore_backup(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the backup.")],
    home: _Home = None,
) -> None:
    """Restore a workbench from a backup, into a folder that has none, and upgrade it."""
    _need_extra("backup restore")
    from tamperlens.service import restore

    settings = _settings(home, "")
    _say_checked("Restored", settings.home, restore(source, settings))


def _say_checked(what: str, folder: Path, found: "Checked") -> None:
    typer.echo(escaped(f"{what}: {folder} (originals: {found.originals:,}, all whole).", 2000))
    typer.echo(f"The ledger is intact: {found.records:,} records. Head: {found.head}")


@case.callback()
def _cases() -> None:
    pass


@case.command("export")
def export(
    case_id: Annotated[
        str, typer.Argument(metavar="CASE", help="ID of the case; the address of its page ends in it.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Bundle to write, a zip archive.")],
    home: _Home = None,
    database: _Database = "",
    key: Annotated[
        Path | None, typer.Option(help="Private key to sign with; default: the workbench's own.")
    ] = None,
    with_original: Annotated[
        bool, typer.Option("--with-original", help="Put the images themselves into the bundle too.")
    ] = False,
    timestamp: Annotated[
        str, typer.Option(help="Address of a time stamping authority (RFC 3161); it gets only a hash.")
    ] = "",
) -> None:
    """Write a case as one signed file: findings, masks, notes, conclusions, its part of the ledger.

    The export is recorded in the ledger. 'tamperlens verify' checks the bundle.
    """
    _need_extra("case export")
    from tamperlens.cli.custody import load_signing_key, stamping, write_bundle
    from tamperlens.service import Export, export_case

    signing = load_signing_key(key) if key else None
    data = export_case(
        _settings(home, database), case_id, Export(signing, with_original, stamping(timestamp))
    )
    write_bundle(out, data)
    typer.echo(escaped(f"Bundle: {out} ({len(data):,} bytes). Check it: tamperlens verify {out}", 2000))


@case.command("due")
def due(
    days: Annotated[int, typer.Option(min=1, max=36500, help="Days after which a closed case is due.")],
    home: _Home = None,
    database: _Database = "",
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the listed cases; needs --reason.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Reason, for the ledger.")] = "",
) -> None:
    """List closed cases that are due and not on hold; delete them only with --delete.

    Content goes; hashes and the ledger's records stay. Each deletion is recorded.
    """
    _need_extra("case due")
    from tamperlens.service import dispose, list_due

    why, settings = _reason(reason) if delete else "", _settings(home, database)
    found = list_due(settings, days)
    for one in found:
        typer.echo(escaped(f"{one.id}  closed {one.closed_at:%Y-%m-%d}  {one.owner}: {one.title}", 2000))
        if delete:
            dispose(settings, one.id, why)
    typer.echo(f"{len(found):,} {'cases were deleted' if delete else 'cases are due'}.")


@case.command("delete")
def delete_case(
    case_id: Annotated[
        str, typer.Argument(metavar="CASE", help="ID of the case; the address of its page ends in it.")
    ],
    reason: Annotated[str, typer.Option(help="Reason, for the ledger.")],
    home: _Home = None,
    database: _Database = "",
) -> None:
    """Delete a case with all its images, unless it is held. Hashes and the ledger's records stay."""
    _need_extra("case delete")
    from tamperlens.service import dispose

    images = dispose(_settings(home, database), case_id, _reason(reason))
    typer.echo(f"The case was deleted (images: {images:,}). The ledger records it.")


def _reason(given: str) -> str:
    from tamperlens.errors import ServiceError

    reason = given.strip()
    if not 3 <= len(reason) <= 2000 or not reason.isprintable():
        raise ServiceError("give a reason with --reason, in 3 to 2000 printable characters")
    return reason


def _check_computing() -> None:
    """Fail now with one sentence, rather than later with examiners that cannot start."""
    from tamperlens.examine.networks import chosen_precision, chosen_provider, onnxruntime

    available = onnxruntime.get_available_providers()
    chosen_provider(available)
    chosen_precision(available)


def _need_extra(command: str) -> None:
    for package in (
        "apiflask",
        "flask_bcrypt",
        "flask_login",
        "sqlalchemy",
        "alembic",
        "huey",
        "gunicorn",
        "cryptography",
        "confusable_homoglyphs",
        "authlib",
        "joserfc",
        "pyotp",
        "requests",
        "segno",
        "zxcvbn",
    ):
        need(package, f"tamperlens {command}", "serve")


def _settings(home: Path | None, database: str) -> "Settings":
    from tamperlens.service import Settings

    return Settings(home or default_home(), database)


def _made_home(home: Path | None) -> Path:
    folder = (home or default_home()).absolute()
    make_folder(folder)
    folder.chmod(0o700)
    return folder


def default_home() -> Path:
    """Folder where this account's programs keep their data."""
    import os
    import sys

    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/tamperlens"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "tamperlens"
