"""A confined process that was taken over tries to get out: as root, and as an ordinary account.

What it tries is real: each attempt works in the process that starts it, which a test shows.
"""

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from tamperlens.cli.shared import complain_of_walls
from tamperlens.confined import Confinement, Worker, walls_here
from tamperlens.confined import _process as process
from tamperlens.confined._system_calls import _CALLS, _WORST, filter_code

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces this")

ESCAPES = '''
import ctypes, errno, fcntl, os, pathlib, signal, socket, struct, threading
from tamperlens.confined._worker import Work

libc = ctypes.CDLL(None, use_errno=True)

def called(name, *arguments):
    """A raw system call of x86_64 or aarch64, as code that was smuggled in makes it."""
    numbers = {
        "clone": (56, 220), "clone3": (435, 435), "fork": (57, None), "vfork": (58, None),
        "ptrace": (101, 117), "process_vm_writev": (311, 271), "process_vm_readv": (310, 270),
        "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "tkill": (200, 130), "kill": (62, 129),
        "tgkill": (234, 131), "io_uring_setup": (425, 425), "bpf": (321, 280), "unshare": (272, 97),
        "setns": (308, 268), "mount": (165, 40), "chmod": (90, None), "fchmodat": (268, 53),
        "utimensat": (280, 88), "setxattr": (188, 5), "prlimit64": (302, 261), "truncate": (76, 45),
        "sched_setaffinity": (203, 122), "open_by_handle_at": (304, 265), "symlinkat": (266, 36),
        "linkat": (265, 37), "mknodat": (259, 33), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
        "keyctl": (250, 219), "setuid": (105, 146), "chroot": (161, 51), "prctl": (157, 167),
        "socketpair": (53, 199), "memfd_secret": (447, 447), "capset": (126, 91), "setpriority": (141, 140),
    }
    number = numbers[name][os.uname().machine == "aarch64"]
    if number is None:
        raise PermissionError(errno.ENOSYS, "not on this machine")
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *plain)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def write_parents_memory(p): open(f"/proc/{p['parent']}/mem", "r+b", buffering=0)
def read_parents_memory(p): open(f"/proc/{p['parent']}/mem", "rb", buffering=0).read(1)
def read_parents_environment(p): return open(f"/proc/{p['parent']}/environ").read()
def read_parents_words(p): return open(f"/proc/{p['parent']}/cmdline").read()
def list_processes(p): return os.listdir("/proc")
def read_parents_files(p): return os.listdir(f"/proc/{p['parent']}/fd")
def fork(p):
    if os.fork() == 0: os._exit(0)
def forkpty(p):
    if os.forkpty()[0] == 0: os._exit(0)
def raw_fork(p): called("fork")
def raw_vfork(p): called("vfork")
def raw_clone(p): called("clone", signal.SIGCHLD, 0, 0, 0, 0)
def raw_clone_sharing(p): called("clone", 0x100 | 0x200 | signal.SIGCHLD, 0, 0, 0, 0)
def raw_clone_new_user(p): called("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
def raw_clone3(p): called("clone3", struct.pack("11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0), 88)
def execute(p): os.execv("/bin/true", ["true"])
def spawn(p): os.posix_spawn("/bin/true", ["true"], {})
def execute_own_code(p): os.execv("/proc/self/exe", ["python", "-c", "1"])
def signal_parent(p): os.kill(p["parent"], 0)
def signal_group(p): os.killpg(0, 0)
def signal_all(p): os.kill(-1, 0)
def signal_first(p): os.kill(1, 0)
def tgkill_parent(p): called("tgkill", p["parent"], p["parent"], 0)
def tkill_parent(p): called("tkill", p["parent"], 0)
def owner_of_signals(p): fcntl.fcntl(0, 8, p["parent"])
def hold_parent(p): called("pidfd_open", p["parent"], 0)
def trace_parent(p): called("ptrace", 16, p["parent"], 0, 0)
def trace_me(p): called("ptrace", 0, 0, 0, 0)
def vm_write(p): called("process_vm_writev", p["parent"], 0, 0, 0, 0, 0)
def vm_read(p): called("process_vm_readv", p["parent"], 0, 0, 0, 0, 0)
def raise_own_limits(p):
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
def limits_of_parent(p): called("prlimit64", p["parent"], 0, 0, 0)
def slow_parent(p): called("setpriority", 0, p["parent"], 19)
def tcp(p): socket.socket()
def unix(p): socket.socket(socket.AF_UNIX)
def netlink(p): socket.socket(socket.AF_NETLINK)
def packets(p): socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
def pair(p): socket.socketpair()
def ring(p): called("io_uring_setup", 4, bytes(120))
def write_outside(p): open(p["outside"] + "/new", "w")
def append_outside(p): open(p["kept"], "a")
def truncate_outside(p): os.truncate(p["kept"], 0)
def truncate_by_reading(p): os.open(p["kept"], os.O_RDONLY | os.O_TRUNC)
def remove_outside(p): os.unlink(p["kept"])
def rename_outside(p): os.rename(p["kept"], p["kept"] + "2")
def move_in(p): os.rename(p["kept"], os.environ["TMPDIR"] + "/mine")
def folder_outside(p): os.mkdir(p["outside"] + "/folder")
def mode_outside(p): os.chmod(p["kept"], 0o777)
def mode_of_code(p): os.chmod(os.__file__, 0o777)
def mode_by_descriptor(p):
    with open(os.__file__) as file: os.fchmod(file.fileno(), 0o777)
def owner_outside(p): os.chown(p["kept"], 1, 1)
def date_outside(p): os.utime(p["kept"], (0, 0))
def attribute_outside(p): os.setxattr(p["kept"], "user.x", b"1")
def link_in(p): os.link(p["kept"], os.environ["TMPDIR"] + "/linked")
def symbolic_link(p): os.symlink("/etc/passwd", os.environ["TMPDIR"] + "/link")
def pipe_in_the_way(p): os.mkfifo(os.environ["TMPDIR"] + "/fifo")
def device(p): os.mknod(os.environ["TMPDIR"] + "/null", 0o600 | 0x2000, os.makedev(1, 3))
def write_inbox(p): open(os.environ["TMPDIR"] + "/../in/file", "w")
def write_code(p): open(os.path.dirname(os.__file__) + "/evil.py", "w")
def read_outside(p): return open(p["kept"]).read()
def read_passwords(p): return open("/etc/passwd").read()
def read_through_self(p): return open("/proc/self/root" + p["kept"]).read()
def read_through_cwd(p): return open("/proc/self/cwd/" + "../" * 20 + p["kept"]).read()
def list_outside(p): return os.listdir(p["outside"])
def terminal(p): open("/dev/tty", "w")
def memory_of_machine(p): open("/dev/mem", "rb")
def other_user(p): os.setuid(1)
def new_root(p): os.chroot(os.environ["TMPDIR"])
def new_spaces(p): called("unshare", 0x10000000)
def mount(p): called("mount", b"none", b"/tmp", b"tmpfs", 0, 0)
def capabilities(p): called("capset", struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0xFFFFFFFF] * 6))
def programs_of_the_kernel(p): called("bpf", 0, bytes(120), 120)
def watch_machine(p): called("perf_event_open", bytes(120), 0, -1, -1, 0)
def faults(p): called("userfaultfd", 0)
def by_handle(p): called("open_by_handle_at", -100, bytes(20), 0)
def in_a_thread(p):
    caught = []
    def run():
        for act in (read_outside, write_outside, tcp, fork):
            try: act(p)
            except OSError: caught.append(act)
    thread = threading.Thread(target=run); thread.start(); thread.join()
    if len(caught) == 4: raise PermissionError(13, "all four")
    return len(caught)
def own_file(p):
    path = pathlib.Path(os.environ["TMPDIR"]) / "own"
    path.write_text("x"); text = path.read_text(); path.unlink()
    return text
def environment(p): return sorted(os.environ)

def prepare(confinement):
    def answer(message, data, tell):
        try:
            return {"did": globals()[message["do"]](message) or "done"}
        except (OSError, ValueError) as error:
            return {"refused": getattr(error, "errno", 0)}
    return Work({"walls": confinement}, answer)
'''
ALLOWED = {"own_file", "environment", "prepare", "called"}
ATTEMPTS = [
    name
    for line in ESCAPES.splitlines()
    if line.startswith("def ") and (name := line[4:].partition("(")[0]) not in ALLOWED
]
# Runs every attempt in a worker, from an interpreter that an ordinary account can start as well.
RUN = """
import json, os, sys
sys.path[:0] = json.loads(sys.argv[1])
from tamperlens.confined import Confinement, Worker
given = json.loads(sys.argv[2])
os.environ["SECRET"] = "hush"
worker = Worker("escapes:prepare", {}, Confinement(1 << 30, 60.0))
answers = {}
for name in given["attempts"]:
    message = {"do": name, "parent": os.getpid(), "outside": given["outside"], "kept": given["kept"]}
    answers[name] = worker.ask(message)
print(json.dumps({"answers": answers, "held": worker.held, "missing": worker.missing,
                  "walls": worker.about["walls"], "uid": os.geteuid()}))
worker.close()
"""
SOURCES = Path(__file__).parents[2] / "src"


_AS_NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
# Of version 3.11, and able to start another.
_STARTS_ITSELF = (
    "import subprocess, sys; assert sys.version_info >= (3, 11); subprocess.run([sys.executable, '-c', ''])"
)


def ordinary(command: list[str]) -> list[str]:
    return ["setpriv", *_AS_NOBODY, *command] if os.geteuid() == 0 else command


def interpreter() -> str | None:
    """A Python that an ordinary account may start."""
    for one in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        check = [one, "-c", _STARTS_ITSELF]
        try:
            if subprocess.run(ordinary(check), capture_output=True, check=False, timeout=60).returncode == 0:
                return one
        except OSError:
            continue
    return None


@pytest.fixture(scope="module", params=["as root", "as an ordinary account"])
def tried(request, tmp_path_factory) -> dict:
    """What came of every attempt."""
    folder = tmp_path_factory.mktemp("escape")
    base = Path(tempfile.gettempdir()).resolve()
    for one in (folder, *folder.resolve().parents):
        if base in one.parents:  # one more level where tests run in several processes
            one.chmod(0o755)
    outside = folder / "outside"
    outside.mkdir()
    outside.chmod(0o777)
    (outside / "kept").write_text("secret", encoding="utf-8")
    (outside / "kept").chmod(0o666)
    code = folder / "code"  # what is imported may be read, so nothing else lies there
    code.mkdir()
    (code / "escapes.py").write_text(ESCAPES, encoding="utf-8")
    given = {
        "attempts": [*ATTEMPTS, "own_file", "environment"],
        "outside": str(outside),
        "kept": str(outside / "kept"),
    }
    python: str | None = sys.executable
    if request.param == "as root" and os.geteuid() != 0:
        pytest.skip("this account is not root")
    if request.param != "as root":
        python = interpreter()
    if python is None:
        pytest.skip("an ordinary account may start no Python of version 3.11 here")
    if request.param != "as root":
        seen = subprocess.run(
            ordinary(["test", "-r", str(SOURCES / "tamperlens" / "__init__.py")]), check=False
        )
        if seen.returncode:
            pytest.skip("an ordinary account may not read this checkout")
    words = [python, "-P", "-c", RUN, json.dumps([str(code), str(SOURCES)]), json.dumps(given)]
    command = words if request.param == "as root" else ordinary(words)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd="/")
    assert done.returncode == 0, done.stderr
    assert (outside / "kept").read_text(encoding="utf-8") == "secret"
    assert [path.name for path in outside.iterdir()] == ["kept"]
    told = json.loads(done.stdout)
    assert (told["uid"] == 0) == (request.param == "as root")
    return told


def test_every_attempt_is_refused(tried):
    got_out = {
        name: answer for name, answer in tried["answers"].items() if name in ATTEMPTS and "did" in answer
    }
    assert got_out == {}


def test_it_may_write_in_its_own_folder_and_its_environment_is_made_anew(tried):
    assert tried["answers"]["own_file"] == {"did": "x"}
    assert set(tried["answers"]["environment"]["did"]) <= {
        "HOME", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS", "ORT_DISABLE_TELEMETRY",
        "TAMPERLENS_PRECISION", "TAMPERLENS_PROVIDER", "TAMPERLENS_SIGNATURES",
        "TMPDIR",
    }  # fmt: skip


def test_what_stands_and_what_does_not_is_said(tried):
    known = {
        "files", "privileges", "system calls", "network", "programs", "processes", "memory", "time",
        "file size", "open files", "core dumps",
    }  # fmt: skip
    assert {*tried["held"], *tried["missing"]} == known
    assert all(name in tried["walls"] for name in known)
    assert set(tried["held"]) >= {"memory", "time"}


def test_the_attempts_work_where_nothing_confines(tmp_path, monkeypatch):
    """Otherwise a refusal would mean nothing: a few of each kind, from a process of this very account."""
    (tmp_path / "escapes.py").write_text(ESCAPES, encoding="utf-8")
    (tmp_path / "kept").write_text("secret", encoding="utf-8")
    harmless = [
        "read_outside", "list_outside", "append_outside", "folder_outside", "tcp", "unix", "pair", "fork",
        "symbolic_link", "signal_first", "read_passwords", "list_processes", "own_file", "date_outside",
        "mode_outside", "in_a_thread",
    ]  # fmt: skip
    if os.geteuid() != 0:
        harmless.remove("signal_first")
    code = textwrap.dedent("""
        import json, sys
        import escapes
        answer = escapes.prepare("").answer
        given = json.loads(sys.argv[1])
        print(json.dumps({name: answer({"do": name, **given}, b"", None) for name in given.pop("names")}))
    """)
    given = {
        "names": harmless,
        "outside": str(tmp_path),
        "kept": str(tmp_path / "kept"),
        "parent": os.getpid(),
    }
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{SOURCES}", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(given)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    assert {name: answer for name, answer in json.loads(done.stdout).items() if "refused" in answer} == {}


def test_all_of_it_ends_with_the_parent(tmp_path):
    """Also what is in the midst of work, and what had no parent from its first moment on."""
    (tmp_path / "sleepy.py").write_text(
        "import time\nfrom tamperlens.confined._worker import Work\n"
        "def prepare(confinement): return Work({}, lambda *_: time.sleep(600))\n",
        encoding="utf-8",
    )
    code = (
        "import sys, threading, time; sys.path.insert(0, sys.argv[1])\n"
        "from tamperlens.confined import Confinement, Worker\n"
        "worker = Worker('sleepy:prepare', {}, Confinement(1 << 30, 60.0)); worker.about\n"
        "threading.Thread(target=worker.ask, args=({},), daemon=True).start(); time.sleep(0.3)\n"
        "young = Worker('sleepy:prepare', {}, Confinement(1 << 30, 60.0))\n"
        "both = worker, young\n"
        "print(*(one.scratch.path for one in both), *(one._process.pid for one in both), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    words = parent.stdout.readline().split()
    descendants = [pid for guard in words[2:] for pid in family(int(guard))]
    assert len(descendants) >= 4  # two guards, and what they guard
    parent.kill()
    parent.wait()
    parent.stdout.close()
    ends = time.monotonic() + 30
    while time.monotonic() < ends and any(lives(pid) for pid in descendants):
        time.sleep(0.1)
    assert [pid for pid in descendants if lives(pid)] == []
    assert [path for path in words[:2] if Path(path).exists()] == []


def family(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in listed for one in family(int(child)))]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_the_parents_memory_is_closed_to_its_account(tmp_path, monkeypatch):
    import resource  # noqa: F401 - a parent that imports as it likes

    (tmp_path / "escapes.py").write_text(ESCAPES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    worker = Worker("escapes:prepare", {}, Confinement(1 << 30, 60.0))
    worker.close()
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE


def test_walls_are_told_to_whoever_asks():
    held, missing = walls_here()
    assert "memory" in held
    assert set(held).isdisjoint(missing)


@pytest.mark.parametrize(("machine", "audit"), [("x86_64", 0xC000003E), ("aarch64", 0xC00000B7)])
def test_the_calls_have_the_numbers_that_libseccomp_knows(machine, audit):
    try:
        resolve = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name_arch
    except OSError:
        pytest.skip("libseccomp is not installed")
    column = machine == "aarch64"
    for name, numbers in {**_CALLS, **_WORST}.items():
        known = resolve(audit, name.encode())
        assert (numbers[column] if numbers[column] is not None else -1) == max(-1, known), name


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_says_no_to_everything_it_does_not_list(machine):
    """Run by a small machine of its own, with every number and the arguments of a fork."""
    code = filter_code(7, machine=machine)
    column = machine == "aarch64"
    listed = {numbers[column] for numbers in _CALLS.values()} - {None}
    audit = 0xC00000B7 if column else 0xC000003E
    with_rules = ["clone", "tgkill", "prlimit64", "openat", "ioctl", "fcntl", "prctl", "sched_setaffinity"]
    checked = {_CALLS[name][column] for name in with_rules}
    for number in range(600):
        allowed = interpret(code, number, audit, (17, 17, 0o1000)) == 0x7FFF0000
        assert allowed == (number in listed - checked), number
    clone = _CALLS["clone"][column]
    thread, process = 0x3D0F00, 17
    assert interpret(code, clone, audit, (thread,)) == 0x7FFF0000
    assert interpret(code, clone, audit, (process,)) == 0x0005000D
    assert interpret(code, clone, audit, (thread | 0x10000000,)) == 0x0005000D
    assert interpret(code, 435, audit, ()) == 0x00050026  # clone3 looks missing, so that clone is tried
    assert interpret(code, 0x40000000 + 41, audit, ()) != 0x7FFF0000  # x32
    assert interpret(code, 11, 0x40000003, ()) == 0x80000000  # execve of i386 ends the process


def test_where_a_device_computes_the_worst_is_refused():
    """Its driver needs calls that no list here knows; fork, sockets and other processes it does not."""
    code = filter_code(7, device=True, machine="x86_64")
    for name, numbers in _WORST.items():
        assert interpret(code, numbers[0], 0xC000003E, ()) != 0x7FFF0000, name
    assert interpret(code, 56, 0xC000003E, (17,)) != 0x7FFF0000
    assert interpret(code, 56, 0xC000003E, (0x3D0F00,)) == 0x7FFF0000
    assert interpret(code, 16, 0xC000003E, (3, 0xC0104600)) == 0x7FFF0000


NO_KERNEL = """
from tamperlens.confined import _cell as cell, _guard as guard, _landlock as landlock
for module in (cell, guard, landlock): module.system_call = lambda *_: -1
"""


def test_what_cannot_be_had_is_said_by_the_worker_its_findings_and_the_command(tmp_path, monkeypatch, capsys):
    """A kernel without Landlock, seccomp, namespaces and capabilities, such as an old or a strange one."""
    (tmp_path / "escapes.py").write_text(ESCAPES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    line = "from tamperlens.confined._worker import main"
    assert line in process._START
    monkeypatch.setattr(process, "_START", process._START.replace(line, NO_KERNEL + line))
    worker = Worker("escapes:prepare", {}, Confinement(1 << 30, 60.0))
    try:
        complain_of_walls(worker)
        assert worker.ask({"do": "own_file"}) == {"did": "x"}
        lost = {"files", "privileges", "system calls", "network", "programs", "processes"}
        assert set(worker.missing) == lost
        assert set(worker.held) >= {"memory", "time", "file size"}
        said = capsys.readouterr().err
        for name in lost:
            assert f"NOT {name} (" in worker.about["walls"]
            assert f"{name} (Linux has no " in said
        assert said.count("\n") == 1
        assert "Examine only files you trust" in said
    finally:
        worker.close()


def interpret(code: bytes, number: int, audit: int, arguments: tuple[int, ...]) -> int:
    """Classic BPF over seccomp's data, after linux/filter.h."""
    import struct

    data = struct.pack("=IIQ6Q", number, audit, 0, *(*arguments, *[0] * 6)[:6])
    lines, at, held = list(struct.iter_unpack("=HBBI", code)), 0, 0
    while True:
        kind, yes, no, value = lines[at]
        at += 1
        if kind == 0x20:
            held = struct.unpack_from("=I", data, value)[0]
        elif kind == 0x54:
            held &= value
        elif kind in {0x15, 0x35}:
            at += yes if (held == value if kind == 0x15 else held >= value) else no
        else:
            assert kind == 0x06
            return value
