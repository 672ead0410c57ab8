"""A bundle about a real photograph, a key, and a time stamping authority made with OpenSSL."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tamperlens.custody import Item, make_bundle, make_key
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner
from tamperlens.report import finding_to_json
from tamperlens.report.pictures import mask_png

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples/untouched.jpg"
CREATED = "2026-01-31T12:00:00+00:00"


@pytest.fixture(scope="session")
def item() -> Item:
    finding = Examiner(threads=1).examine(load_evidence(PHOTO))
    assert finding.mask is not None
    data = finding_to_json(finding, PHOTO.name)
    return Item(PHOTO.name, data, mask_png(finding.mask), PHOTO.read_bytes())


@pytest.fixture(scope="session")
def key_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "examiner.pem"
    make_key(path)
    return path


@pytest.fixture(scope="session")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="session")
def bundle(item, key) -> bytes:
    return make_bundle([item], key, CREATED)


@dataclass(frozen=True)
class Authority:
    """A time stamping authority at work.

    Attributes:
        url: where it answers.
        certificate: of its root.
        answer: query → answer, without the network.
    """

    url: str
    certificate: Path
    answer: Callable[[bytes], bytes]


_CONFIG = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path, days: str = "30") -> Callable[[bytes], bytes]:
    """A root and an authority below it; returns what answers a query."""
    (folder / "tsa.conf").write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    request = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    _openssl(folder, "req", *request, "-keyout", "root.key", "-out", "root.csr", "-subj", "/CN=Test root")
    _openssl(folder, "req", *request, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test authority")
    sign = ("x509", "-req", "-extfile", "tsa.conf")
    _openssl(folder, *sign, "-extensions", "root", "-in", "root.csr", "-key", "root.key", "-out", "root.pem")
    signed_by = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
    _openssl(
        folder, *sign, "-extensions", "leaf", "-in", "tsa.csr", *signed_by, "-days", days, "-out", "tsa.pem"
    )

    def answer(query: bytes) -> bytes:
        (folder / "query.tsq").write_bytes(query)
        words = ("ts", "-reply", "-config", "tsa.conf", "-section", "tsa", "-queryfile", "query.tsq")
        _openssl(folder, *words, "-out", "answer.tsr")
        return (folder / "answer.tsr").read_bytes()

    return answer


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Iterator[Authority]:
    if not shutil.which("openssl"):
        pytest.skip("openssl, which the test's time stamping authority is made of, is not installed")
    folder = tmp_path_factory.mktemp("authority")
    answer = make_authority(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_words: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Authority(f"http://127.0.0.1:{server.server_port}/", folder / "root.pem", answer)
    server.shutdown()
    server.server_close()
