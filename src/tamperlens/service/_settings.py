"""Settings chosen by the operator of the workbench."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class IdentityProvider:
    """An identity provider through which people sign in (OpenID Connect).

    Attributes:
        issuer: its address, exactly as it states it itself.
        client_id: ID of this installation at the provider.
        secret_file: file with the client secret.
        role: role of people who sign in without having been invited; "" to refuse them.
    """

    issuer: str
    client_id: str
    secret_file: Path
    role: str = ""


@dataclass(frozen=True)
class Settings:
    """Settings of one installation, the same for every process.

    Attributes:
        home: folder of the database, the originals and the files derived from them.
        database: SQLAlchemy address; "" for SQLite in `home`.
        jobs: address of the queue, redis:// or postgresql://; "" for SQLite in `home`.
        behind_proxy: trust one proxy's X-Forwarded-For, -Proto and -Host.
        max_upload_bytes: size limit of one file.
        max_mpx: most megapixels that a file may declare.
        lease_seconds: how long a worker that gives no sign of life keeps its job.
        poll_seconds: interval at which progress is read for those who watch it.
        stream_seconds: how long a stream of events lasts before the browser has to reconnect.
        session_hours: how long an unused session lasts.
        session_days: how long any session lasts at most.
        trusted_hosts: host names that browsers may use for the server, besides those of this machine.
        demand_factor: require a second factor from everybody.
        provider: identity provider, in addition to passwords; None for passwords alone.
        retention_days: days after which a closed case is due for deletion; 0 for no such rule.
        webhook_hosts: hosts that webhooks may call, "name" or "name:port"; empty for none.
        limits: rate limits, name → (how many, in how many seconds); see `web/_limits.py`.
        bcrypt_rounds: cost of hashing a password; each round doubles it.
        threads: threads of the networks in one worker; 0 uses all cores.
    """

    home: Path
    database: str = ""
    jobs: str = ""
    behind_proxy: bool = False
    max_upload_bytes: int = 256 << 20
    max_mpx: float = 100.0
    lease_seconds: float = 30.0
    poll_seconds: float = 0.5
    stream_seconds: float = 60.0
    session_hours: float = 12.0
    session_days: float = 7.0
    trusted_hosts: tuple[str, ...] = ()
    demand_factor: bool = False
    provider: IdentityProvider | None = None
    retention_days: int = 0
    webhook_hosts: tuple[str, ...] = ()
    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    bcrypt_rounds: int = 12
    threads: int = 0

    @property
    def database_url(self) -> str:
        """Address of the database."""
        return self.database or f"sqlite:///{self.home / 'workbench.sqlite3'}"

    @property
    def store(self) -> Path:
        """Folder of the originals and the files derived from them."""
        return self.home / "store"
