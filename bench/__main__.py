"""The performance ratios, from one run on this machine: `make bench`.

A database in a temporary folder gets the demo and twenty years of forty agencies. Ours and the
bare server answer in turn (A B A B …), so that a machine that slows down slows both. Whole
requests over a kept connection, one at a time; medians are printed, and every raw figure's range.
"""

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a password for one bench"
REPORT = "safer-city-partnership-2018-09-27"
ROUNDS = 60
RENDERS = 15
MUCH = 1 << 16


def main():
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soc-board-bench-")))
        environment = os.environ | {
            "DEPLOYMENT": "demo",
            "DEMO_PASSWORD": PASSWORD,
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "BENCH_FILES": str(folder),
        }
        say("Filling a database: the demo, then twenty years of forty agencies")
        for command in (
            ["migrate", "--verbosity", "0"],
            ["createcachetable"],
            ["demo"],
            ["seed_history", "--years", "20", "--agencies", "40"],
        ):
            manage(command, environment)
        manage(["collectstatic", "--noinput", "--verbosity", "0", "--ignore", "src"], environment)
        (folder / "file.pdf").write_bytes(b"")  # its size is set below
        ours = stack.enter_context(served("config.wsgi", environment))
        secretary = sign_in(ours, "secretary@example.org")
        chair = sign_in(ours, "chair@example.org")
        matrix = newest_round(ours, secretary)

        stored = stored_download(ours, chair)
        size = len(fetch(ours, stored, chair))
        (folder / "file.pdf").write_bytes(os.urandom(size))
        bare = stack.enter_context(served("bench.bare", environment))

        say(f"Pages against a bare page of thirty rows, {ROUNDS} rounds; milliseconds")
        pages = {"home": "/", "matrix": matrix, "action log": "/meetings/actions/"}
        for name, address in pages.items():
            a, b = in_turn(
                lambda address=address: fetch(ours, address, secretary),
                lambda: fetch(bare, "/", ""),
                ROUNDS,
            )
            row(name, a, "bare page", b)

        say(f"A stored download of {size:,} bytes against a static file of that size")
        static = lambda: fetch(bare, "/static/file.pdf", "")  # noqa: E731
        a, b = in_turn(lambda: fetch(ours, stored, chair), static, 4 * ROUNDS)
        row("public PDF", a, "static file", b, aim=1.3)
        narrow(environment, stored)
        a, b = in_turn(lambda: fetch(ours, stored, chair), static, ROUNDS)
        row("members' PDF", a, "static file", b, aim=1.3)

        say(f"A fresh render through the web against WeasyPrint alone, {RENDERS} rounds")
        html = folder / "report.html"
        run(["-m", "bench.html", REPORT, str(html)], environment)
        with weasyprint_alone(html) as render:
            a, b = in_turn(lambda: fetch(ours, f"/reports/{REPORT}.pdf", chair), render, RENDERS)
        row("report PDF", a, "WeasyPrint", b, aim=1.15)

        say("A pack of two hundred pages from thirty papers, through the web; seconds")
        bound_pack(environment, secretary)

        say("The checks before issue against twenty years of texts")
        run(["-m", "bench.gate", REPORT], environment, stdout=None)


def bound_pack(environment, cookie):
    """The first time from a server that was just started, then from parts that lie ready."""
    ref = "bench-pack"
    run(["-m", "bench.pack", ref], environment, stdout=None)
    address = f"/meetings/{ref}/pack.pdf"
    with served("config.wsgi", environment) as cold:
        took = []
        for _ in range(6):
            started = time.perf_counter()
            data = fetch(cold, address, cookie)
            took.append(time.perf_counter() - started)
    again = statistics.median(took[1:])
    print(
        f"{len(data):,} bytes: first {took[0]:.2f}, again {again:.2f}"
        f" [{min(took[1:]):.2f}–{max(took[1:]):.2f}]  (aim 2: {'met' if again < 2 else 'not met'})",
        flush=True,
    )


def say(text):
    print(f"\n== {text}", flush=True)


def row(name, a, other, b, aim=None):
    ratio = statistics.median(a) / statistics.median(b)
    goal = f"  (aim {aim}: {'met' if ratio <= aim else 'not met'})" if aim else ""
    print(f"{name:12} {spread(a)}   {other:12} {spread(b)}   ratio {ratio:6.2f}{goal}", flush=True)


def spread(seconds):
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    return f"{middle * 1000:8.2f} [{low * 1000:.2f}–{high * 1000:.2f}]"


def in_turn(a, b, rounds):
    """Seconds of each, after three rounds that do not count."""
    figures = ([], [])
    for number in range(rounds + 3):
        for call, kept in zip((a, b), figures, strict=True):
            started = time.perf_counter()
            call()
            if number >= 3:
                kept.append(time.perf_counter() - started)
    return figures


def manage(arguments, environment):
    run(["manage.py", *arguments], environment)


def run(arguments, environment, stdout=subprocess.DEVNULL):
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=stdout)


@contextmanager
def served(application, environment):
    """A kept HTTP connection to a gunicorn of its own; ended by its pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            f"{application}:application",
            "--bind",
            f"127.0.0.1:{port}",
        ],
        cwd=ROOT,
        env=environment | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(150):
            try:
                connection.connect()
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit(f"{application} did not answer within 15 seconds.")
        yield connection
        connection.close()
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def fetch(connection, address, cookie):
    """The body of a page that must be there. Read from the bare socket: what http.client takes
    to parse the headers is no time of the server's, and ours has more of them."""
    asked = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
    connection.sock.sendall(asked.encode())
    head, gap, body = connection.sock.recv(MUCH).partition(b"\r\n\r\n")
    if not (gap and head.startswith(b"HTTP/1.1 200 ")):
        sys.exit(f"{address} answered {head[:60]!r} instead of 200.")
    size = re.search(rb"(?i)\r\nContent-Length: ([0-9]+)", head)
    # Without a length it comes in chunks, of which the last is empty.
    while len(body) < int(size[1]) if size else not body.endswith(b"\r\n0\r\n\r\n"):
        body += connection.sock.recv(MUCH)
    return body


def sign_in(connection, email):
    """The Cookie header of a session."""
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    page = answer.read().decode()
    csrf = answer.getheader("Set-Cookie").split(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD}
    connection.request(
        "POST",
        "/accounts/login/",
        urllib.parse.urlencode(form),
        {"Cookie": csrf, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        sys.exit(f"{email} could not sign in: {answer.status}.")
    return "; ".join(
        cookie.split(";")[0] for name, cookie in answer.getheaders() if name == "Set-Cookie"
    )


def newest_round(connection, cookie):
    page = fetch(connection, "/priorities/rounds/", cookie).decode()
    return re.search(r'href="(/priorities/rounds/[-\w]+/)"', page)[1]


def stored_download(connection, cookie):
    """The address of an issued report's PDF."""
    page = fetch(connection, "/reports/", cookie).decode()
    for ref in re.findall(r'href="/reports/([-\w]+)/"', page):
        connection.request("GET", f"/reports/{ref}.pdf", headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.getheader("ETag"):  # only stored bytes bear one
            return f"/reports/{ref}.pdf"
    sys.exit("The demo has no issued report to download.")


def narrow(environment, address):
    """Let the committee alone read that report, so that each download asks who it is for."""
    ref = Path(address).stem
    change = f"CommitteeReport.objects.filter(ref={ref!r}).update(audience='parent')"
    run(["manage.py", "shell", "-v0", "-c", change], environment)


@contextmanager
def weasyprint_alone(html):
    """A callable that renders the page once in a warm process that does nothing else."""
    script = (
        "import sys, pathlib, weasyprint\n"
        "html = pathlib.Path(sys.argv[1]).read_text()\n"
        "for _ in sys.stdin:\n"
        "    page = weasyprint.HTML(string=html)\n"
        "    page.write_pdf(pdf_variant='pdf/ua-1', presentational_hints=True)\n"
        "    print('done', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(html)],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def render():
        process.stdin.write("render\n")
        process.stdin.flush()
        if process.stdout.readline() != "done\n":
            sys.exit("WeasyPrint made no PDF.")

    try:
        yield render
    finally:
        process.stdin.close()
        process.wait(30)


if __name__ == "__main__":
    main()
