import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pikepdf
import pytest

from board import pdf
from board.pdf import RenderError, render_pdf

PAGE = '<!doctype html><html lang="en-GB"><title>x</title><body data-marking="" data-draft="">{}'


def words(data):
    run = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def make_pdf(body, **options):
    return render_pdf(PAGE.format(body), title="A paper", **options)


@pytest.fixture
def no_workers():
    pdf._pool.close()
    yield
    pdf._pool.close()


def test_title_language_and_one_end_of_file():
    data = make_pdf("<h1>Hello</h1>")
    assert data.count(b"%%EOF") == 1
    with pikepdf.open(io.BytesIO(data)) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]) == "A paper"
        assert set(document.docinfo.keys()) <= {"/Title", "/Producer"}


def test_same_bytes_from_two_workers(no_workers):
    body = "<h1>One</h1><table><tr><th>a<td>b</table><p>" + "words " * 500
    first = make_pdf(body)
    worker = pdf._pool.idle[0].process.pid
    pdf._pool.close()
    assert make_pdf(body) == first
    assert pdf._pool.idle[0].process.pid != worker


def test_a_worker_is_kept_warm(no_workers):
    make_pdf("<p>a")
    worker = pdf._pool.idle[0].process.pid
    make_pdf("<p>b")
    assert [worker] == [idle.process.pid for idle in pdf._pool.idle]


def test_a_named_file_in_memory_may_be_shown():
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
        "0000000a49444154789c6360000000020001e527d4a20000000049454e44ae426082"
    )
    with_it = make_pdf("<img src=memory:dot.png alt=dot>", files={"dot.png": pixel})
    without = make_pdf("<img src=memory:dot.png alt=dot>")
    with pikepdf.open(io.BytesIO(with_it)) as shown, pikepdf.open(io.BytesIO(without)) as bare:
        assert [len(shown.pages[0].get_images()), len(bare.pages[0].get_images())] == [1, 0]


def test_too_many_rows_and_too_much_text_are_said_in_a_sentence():
    with pytest.raises(RenderError, match="501 table rows"):
        make_pdf("<table>" + "<tr><td>x" * 501 + "</table>")
    with pytest.raises(RenderError, match="1200 kB"):
        make_pdf("x" * 1_200_000)


def test_nesting_too_deep_is_said_and_the_next_paper_is_made():
    with pytest.raises(RenderError, match="nested too deeply"):
        make_pdf("<div>" * 400 + "x")
    assert "after" in words(make_pdf("<p>after"))


def test_a_paper_that_takes_too_long_is_stopped(monkeypatch, no_workers):
    monkeypatch.setattr(pdf, "SECONDS", 0.05)
    pdf.warm()
    worker = pdf._pool.idle[0].process
    with pytest.raises(RenderError, match="seconds to print"):
        make_pdf("<p>" + "word " * 60_000)
    assert worker.poll() is not None
    monkeypatch.undo()
    assert "after" in words(make_pdf("<p>after"))


def test_a_killed_worker_is_replaced(no_workers):
    make_pdf("<p>before")
    worker = pdf._pool.idle[0].process
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert "after" in words(make_pdf("<p>after"))


def test_a_worker_that_dies_at_work_is_an_error_with_a_sentence(no_workers):
    pdf.warm()
    worker = pdf._pool.idle[0].process
    timer = threading.Timer(0.3, worker.kill)
    timer.start()
    with pytest.raises(RenderError, match="could not be printed"):
        make_pdf("<p>" + "word " * 100_000)
    timer.join()


def test_memory_is_limited(no_workers):
    make_pdf("<p>x")
    limits = Path(f"/proc/{pdf._pool.idle[0].process.pid}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max address space"))
    assert int(line.split()[3]) <= 512 << 20


def test_no_secret_of_ours_reaches_the_worker(monkeypatch, no_workers):
    monkeypatch.setenv("SECRET_KEY", "canary-key")
    monkeypatch.setenv("DATABASE_URL", "canary-url")
    make_pdf("<p>x")
    environment = Path(f"/proc/{pdf._pool.idle[0].process.pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"canary" not in environment


def test_who_waits_too_long_is_told(monkeypatch, no_workers):
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    for _ in range(pdf.WORKERS):
        pdf._pool.slots.acquire()
    try:
        with pytest.raises(RenderError, match="Other papers are being printed"):
            make_pdf("<p>x")
    finally:
        pdf._pool.slots.release(pdf.WORKERS)
    assert "x" in words(make_pdf("<p>x"))


def test_many_at_once(monkeypatch, no_workers):
    monkeypatch.setattr(pdf, "PATIENCE", 60)
    results = {}

    def work(number):
        results[number] = words(make_pdf(f"<p>paper {number}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: f"paper {number} Page 1 of 1" for number in range(6)}
    assert len(pdf._pool.idle) <= pdf.WORKERS


FORK = """
import os, sys
from django.conf import settings
settings.configure(TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates",
                               "DIRS": [{templates!r}]}}])
import django
django.setup()
from board import pdf
page = '<html lang="en-GB"><body>x'
first = pdf.render_pdf(page, title="t")
mine = pdf._pool.idle[0].process.pid
child = os.fork()
if child == 0:
    assert pdf._pool.idle == []
    same = pdf.render_pdf(page, title="t") == first
    other = pdf._pool.idle[0].process.pid != mine
    sys.exit(0 if same and other else 1)
assert os.waitpid(child, 0)[1] == 0
assert pdf.render_pdf(page, title="t") == first
assert pdf._pool.idle[0].process.pid == mine
print(mine)
"""


def test_a_forked_web_worker_has_its_own_renderer_and_none_outlives_it(settings):
    script = FORK.format(templates=str(settings.BASE_DIR / "templates"))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        timeout=60,
    )
    assert run.stderr == ""
    assert run.returncode == 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(run.stdout), 0)
        pytest.fail("the renderer outlived the process that started it")
