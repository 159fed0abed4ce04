"""A PostgreSQL cluster for one run of the tests, on a Unix socket in a temporary folder.

    python -m tests.postgres COMMAND...

runs COMMAND with TEST_DATABASE_URL pointing at the cluster and exits as COMMAND did.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

INSTALLED = Path("/usr/lib/postgresql")
# Thrown away afterwards: nothing here need survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
}
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


@contextmanager
def cluster():
    """Yields the URL of a running cluster; it is gone when the block is left, however it is left.

    Raises SystemExit with one sentence if PostgreSQL is missing or does not start.
    """
    programs = newest_programs()
    owner = owner_of_server()
    folder = Path(tempfile.mkdtemp(prefix="soc-board-pg-", dir=open_folder()))
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data, log = folder / "data", folder / "log"
        initdb = [programs / "initdb", "-D", data, "-U", "board", "--auth=trust", "--no-sync"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        with log.open("wb") as output:
            made = subprocess.run(
                as_owner(owner, initdb), cwd=folder, stdout=output, stderr=output, check=False
            )
        if made.returncode:
            sys.exit(f"PostgreSQL's initdb failed: {log.read_text(errors='replace')}")
        with server(owner, [programs / "postgres", "-D", data, "-k", folder], folder, log):
            yield f"postgresql://board@{quote(str(folder), safe='')}/board"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(owner, command, folder, log):
    """Runs the server while the block runs."""
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with log.open("ab") as output:
        # A session of its own: Ctrl-C in the terminal is for the tests, which end first.
        process = subprocess.Popen(
            as_owner(owner, command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_ready(process, folder, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # its "fast" shutdown
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # its "immediate" one
            process.wait()


def wait_until_ready(process, folder, log):
    """The pid file's eighth line says ready once the server takes connections."""
    pid_file = folder / "data" / "postmaster.pid"
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up and process.poll() is None:
        if pid_file.exists():
            lines = pid_file.read_text().splitlines()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
        time.sleep(0.05)
    sys.exit(f"PostgreSQL did not start: {log.read_text(errors='replace')}")


def newest_programs():
    """The folder with the programs of the newest PostgreSQL that Debian has installed."""
    found = [path for path in INSTALLED.glob("*/bin") if (path / "initdb").exists()]
    if not found:
        sys.exit("Install this Debian package as root first: postgresql.")
    return max(found, key=lambda path: float(path.parent.name))


def owner_of_server():
    """PostgreSQL refuses to run as root: whom to run it as then, else None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


def as_owner(owner, command):
    """The command as that user; it is told to end if this process dies without a word."""
    prefix = ["setpriv", "--pdeathsig=INT"]
    if owner:
        prefix += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    return [*prefix, *map(str, command)]


def open_folder():
    """Where any user may go, and short enough for a socket's address (107 bytes)."""
    for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(name).resolve()
        if len(str(path)) < 60 and all(
            folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents)
        ):
            return path
    sys.exit("PostgreSQL needs a temporary folder that every user may enter; /tmp is none.")


def run(command, environment):
    """Runs the command to its end, whatever signal arrives, and returns its exit code."""

    def pass_on(number, frame):
        # Ctrl-C reaches the command by itself; from elsewhere it gets the same chance to tidy up.
        if number == signal.SIGTERM:
            child.send_signal(signal.SIGINT)

    child = subprocess.Popen(command, env=environment)
    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    with cluster() as url:
        code = run(sys.argv[1:], os.environ | {"TEST_DATABASE_URL": url})
    sys.exit(code)
