"""What whoever runs the workbench decides."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class IdentityProvider:
    """A provider of identities through which people sign in (OpenID Connect).

    Attributes:
        issuer: its address, as it calls itself.
        client_id: by which it knows this installation.
        secret_file: holds the secret that it shares with this installation.
        role: of whoever it vouches for and nobody has invited; "" for nobody.
    """

    issuer: str
    client_id: str
    secret_file: Path
    role: str = ""


@dataclass(frozen=True)
class Settings:
    """Settings of one installation; every process gets the same.

    Attributes:
        home: folder of the database, the originals and what is made from them.
        database: SQLAlchemy address; "" for SQLite in `home`.
        jobs: address of the queue, redis:// or postgresql://; "" for SQLite in `home`.
        behind_proxy: trust one proxy's X-Forwarded-For, -Proto and -Host.
        max_upload_bytes: of one file.
        max_mpx: megapixels that a file may declare.
        lease_seconds: how long a worker that shows no life keeps its job.
        poll_seconds: how often progress is read for those who watch.
        stream_seconds: how long a stream of events lasts before the browser has to ask again.
        session_hours: how long a session lasts without being used.
        session_days: how long it lasts at most, used or not.
        trusted_hosts: names by which browsers may reach the server besides those of this machine.
        demand_factor: let nobody work without a second factor.
        provider: of identities, beside passwords; None for passwords alone.
        retention_days: how long after it was closed a case falls due to be deleted; 0 for no such rule.
        webhook_hosts: whom webhooks may call, "name" or "name:port"; nobody where it is empty.
        limits: rate limits, name → (how many, in how many seconds); see `limits.py`.
        bcrypt_rounds: work of hashing a password, doubled with each.
        threads: of the networks in one worker; 0 uses all cores.
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
        """Where the tables are."""
        return self.database or f"sqlite:///{self.home / 'workbench.sqlite3'}"

    @property
    def store(self) -> Path:
        """Where originals and what is made from them lie."""
        return self.home / "store"
