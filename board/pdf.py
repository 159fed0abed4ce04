"""HTML in, PDF/UA-1 out, made by a process that can do nothing else.

A page of text can make a renderer loop, swell or fetch. So it runs beside the
web process with limits of memory, processor and time, without our settings in
its environment, and fetches nothing. It stays warm: starting one costs a
second, a report from a warm one a tenth of that.
"""

import atexit
import base64
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from django.template.loader import render_to_string

WORKERS = 2
# Less than the 30 after which gunicorn ends the web worker that waits.
SECONDS = 22
PATIENCE = 5
MAX_BYTES = 1_000_000
MAX_ROWS = 500
WORKER = Path(__file__).with_name("pdf_worker.py")
# What Pango and fontconfig need; no key, password or database address gets through.
ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")
SENTENCES = {
    "deep": "The lists in this paper are nested too deeply to print. Move the deepest ones up.",
    "memory": "This paper is too large to print. Split it and try again.",
    "late": f"This paper took more than {SECONDS} seconds to print. Split it and try again.",
    "busy": "Other papers are being printed. Try again in a minute.",
    "failed": "This paper could not be printed. Its text is kept.",
}
NO_BREAK = "\N{NO-BREAK SPACE}"

logger = logging.getLogger(__name__)


class RenderError(Exception):
    """No PDF was made; str() is a sentence for the person who asked."""


def running_title(board: object, day: str) -> str:
    """What stands at the foot of every page; the day stays on one line."""
    return f"{board}, {day.replace(' ', NO_BREAK)}"


def render_pdf(
    html: str,
    *,
    title: str,
    css: Sequence[str] = ("pdf/frame.css",),
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A whole HTML page as PDF/UA-1. The same HTML gives the same bytes.

    `css` names style sheets among the templates, applied in order. `files` are
    the only things the page may refer to, as `memory:name`.
    Raises RenderError.
    """
    size = len(html.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise RenderError(
            f"This paper is {size // 1000} kB long. One PDF holds {MAX_BYTES // 1000} kB: split it."
        )
    rows = html.count("<tr")
    if rows > MAX_ROWS:
        raise RenderError(
            f"This paper has {rows} table rows. One PDF holds {MAX_ROWS}: "
            "choose fewer, or take the spreadsheet."
        )
    job = {
        "html": html,
        "title": title,
        "css": [render_to_string(name) for name in css],
        "files": {n: base64.b64encode(data).decode() for n, data in (files or {}).items()},
    }
    return _pool.render(json.dumps(job).encode("utf-8", "replace"))


def warm() -> None:
    """Start a worker now, so that the first person does not wait for it."""
    _pool.warm()


class Worker:
    """One renderer and the socket that leads to it."""

    def __init__(self, script: Path) -> None:
        self.socket, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        with theirs:
            self.process = subprocess.Popen(
                # -P and -s: neither the board folder nor the user's packages are importable.
                [sys.executable, "-P", "-s", str(script)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Sets are ordered by hash: a fixed seed keeps the bytes the same.
                env={**environment, "PYTHONHASHSEED": "0"},
                cwd="/",
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, job: bytes) -> tuple[bytes, bytes]:
        """(kind, payload): b"P" and a PDF, or b"E" and a reason. Raises OSError."""
        deadline = time.monotonic() + SECONDS
        self.socket.settimeout(SECONDS)
        self.socket.sendall(struct.pack("!Q", len(job)) + job)
        kind, length = struct.unpack("!cQ", self._receive(9, deadline))
        return kind, self._receive(length, deadline)

    def _receive(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            part = self.socket.recv(min(length - len(data), 1 << 20))
            if not part:
                raise ConnectionError("the renderer is gone")
            data += part
        return bytes(data)

    def close(self) -> None:
        """A closed socket ends an idle worker; a busy one is killed."""
        self.socket.close()
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def forget(self) -> None:
        """In a forked child: it is the parent's worker, which the child must not wait for."""
        self.socket.close()
        self.process.returncode = 0


class Pool:
    """At most `size` workers of one script, started when needed.

    They are kept, unless what they read comes from strangers: then each has one job in its life.
    """

    def __init__(
        self, size: int, script: Path = WORKER, sentences: Mapping = SENTENCES, *, keep: bool = True
    ) -> None:
        self.slots = threading.BoundedSemaphore(size)
        self.idle: list[Worker] = []
        self.script, self.sentences, self.keep = script, sentences, keep

    def render(self, job: bytes) -> bytes:
        if not self.slots.acquire(timeout=PATIENCE):
            raise RenderError(self.sentences["busy"])
        try:
            worker = self._take()
            try:
                kind, payload = worker.ask(job)
            except TimeoutError as error:
                worker.process.kill()
                worker.close()
                raise RenderError(self.sentences["late"]) from error
            except OSError as error:
                worker.close()
                reason = worker.process.returncode
                logger.error("The PDF renderer ended with %s", reason)
                late = reason == -signal.SIGXCPU
                raise RenderError(self.sentences["late" if late else "failed"]) from error
            if kind == b"P":
                if self.keep:
                    self.idle.append(worker)
                else:
                    worker.close()
                return payload
            # After running out of stack or memory a worker is not trusted again.
            worker.close()
            reason, _, detail = payload.decode().partition("\n")
            logger.error("The PDF renderer refused: %s", detail)
            raise RenderError(self.sentences[reason])
        finally:
            self.slots.release()

    def warm(self) -> None:
        if not self.idle:
            self.idle.append(Worker(self.script))

    def _take(self) -> Worker:
        # Threads share the list: asking whether it is empty and then taking would be a race.
        with suppress(IndexError):
            while True:
                worker = self.idle.pop()
                if worker.alive:
                    return worker
                worker.close()
        return Worker(self.script)

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


_pool = Pool(WORKERS)


def _after_fork() -> None:
    global _pool
    inherited, _pool = _pool, Pool(WORKERS)
    for worker in inherited.idle:
        worker.forget()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _pool.close())
