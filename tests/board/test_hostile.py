"""A page of hostile references makes the renderer ask for nothing and attach nothing, and the PDF
is made all the same. With the renderer's own fetcher in place of ours, it asks and attaches."""

import contextlib
import http.server
import io
import re
import threading
from urllib.parse import quote

import pikepdf
import pytest

from board import pdf
from reports.document import Paragraph, Section, to_pdf
from tests.reports.papers import make_document, pdf_text

PAGE = (
    '<!doctype html><html lang="en-GB"><head><title>x</title>{head}</head>'
    '<body data-marking="" data-draft="">{body}<p>still here</p></body></html>'
)
SECRET = "canary-7f3a"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>s</title><image href="{address}"/></svg>'
# {at}: a server that listens. {file}: a file with a secret in it.
HEAD = {
    "stylesheet": "<link rel=stylesheet href={at}/stylesheet>",
    "import": "<style>@import url({at}/import)</style>",
    "font": (
        "<style>@font-face {{font-family: x; src: url({at}/font)}} body {{font-family: x}}</style>"
    ),
    "background": "<style>body {{background: url({at}/background)}}</style>",
    "bullet": "<style>p {{display: list-item; list-style-image: url({at}/bullet)}}</style>",
    "content": "<style>p::before {{content: url({at}/content)}}</style>",
    "attachment": "<link rel=attachment href={at}/attachment>",
    "attachment of a file": "<link rel=attachment href={file}>",
    "icon": "<link rel=icon href={at}/icon>",
    "base": "<base href={at}/><link rel=stylesheet href=base>",
    "refresh": '<meta http-equiv=refresh content="0; url={at}/refresh">',
    "redirect": "<link rel=stylesheet href={at}/redirect>",
    "sheet in a data address": '<link rel=stylesheet href="data:text/css,@import url({at}/data)">',
}  # fmt: skip
BODY = {
    "img": "<img src={at}/img alt=i>",
    "img of a file": "<img src={file} alt=i>",
    "img of another memory": "<img src=memory:other alt=i>",
    "EPS": "<img src={at}/eps.eps alt=i>",
    "object": "<object data={at}/object></object>",
    "embed": "<embed src={at}/embed>",
    "iframe": "<iframe src={file}></iframe><iframe src={at}/iframe></iframe>",
    "svg": SVG.format(address="{at}/svg"),
    "svg in a data address": '<img alt=i src="data:image/svg+xml,{svg}">',
    "attached link": "<a rel=attachment href={file}>a</a><a rel=attachment href={at}/link>b</a>",
    "script": '<script>fetch("{at}/script")</script>',
    "event": '<img src=x onerror="fetch(`{at}/event`)" alt=i>',
    "style": '<p style="background: url({at}/style)">a',
}  # fmt: skip
# What a renderer that may fetch asks for; it knows nothing of the others.
ASKED = {
    "/stylesheet", "/import", "/font", "/background", "/bullet", "/content", "/attachment", "/img",
    "/eps.eps", "/object", "/embed", "/svg", "/link", "/style", "/redirect", "/data",
}  # fmt: skip


@contextlib.contextmanager
def listening(secret):
    """(its address, the paths that it was asked for)."""
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path == "/redirect":
                self.send_response(302)
                self.send_header("Location", secret.as_uri())
            else:
                self.send_response(200)
            self.end_headers()

        do_HEAD = do_POST = do_GET

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


def hostile(references, at, secret):
    svg = quote(SVG.format(address=f"{at}/inner"))
    return " ".join(each.format(at=at, file=secret.as_uri(), svg=svg) for each in references)


def page_of(head, body, at, secret):
    return PAGE.format(head=hostile(head, at, secret), body=hostile(body, at, secret))


def hidden(data):
    """(attachments, keys of all dictionaries, every byte there is) of a PDF."""
    with pikepdf.open(io.BytesIO(data)) as document:
        streams = [
            each.read_bytes() for each in document.objects if isinstance(each, pikepdf.Stream)
        ]
        keys = {
            key for each in document.objects if isinstance(each, pikepdf.Dictionary) for key in each
        }
        return list(document.attachments), keys, data + b"".join(streams)


def assert_nothing(data, asked):
    attached, keys, everything = hidden(data)
    assert asked == []
    assert attached == []
    assert not keys & {"/EmbeddedFiles", "/EF", "/AF", "/JS", "/OpenAction", "/AA"}
    assert SECRET.encode() not in everything
    assert "still here" in pdf_text(data)


@pytest.mark.parametrize("name", [*HEAD, *BODY])
def test_one_hostile_reference_is_not_followed(secret, name):
    with listening(secret) as (at, asked):
        head, body = [HEAD[name]] if name in HEAD else [], [BODY[name]] if name in BODY else []
        data = pdf.render_pdf(page_of(head, body, at, secret), title="x")
    assert_nothing(data, asked)


def test_a_page_of_all_of_them_asks_for_nothing(secret):
    with listening(secret) as (at, asked):
        data = pdf.render_pdf(page_of(HEAD.values(), BODY.values(), at, secret), title="x")
    assert_nothing(data, asked)


def test_with_the_renderers_own_fetcher_it_asks_and_attaches(secret, tmp_path, monkeypatch):
    """The tests above can fail: the same renderer, but for its fetcher."""
    script = pdf.WORKER.read_text()
    open_to_all = tmp_path / "worker.py"
    open_to_all.write_text(script.replace("fetcher = Memory(files)", "fetcher = URLFetcher()"))
    pool = pdf.Pool(1, open_to_all)
    monkeypatch.setattr(pdf, "_pool", pool)
    # One that is first followed makes all after it be read from there.
    head = [each for name, each in HEAD.items() if name != "base"]
    try:
        with listening(secret) as (at, asked):
            data = pdf.render_pdf(page_of(head, BODY.values(), at, secret), title="x")
    finally:
        pool.close()
    assert set(asked) >= ASKED
    attached, keys, everything = hidden(data)
    assert attached
    assert SECRET.encode() in everything
    assert "/EF" in keys


def test_what_somebody_types_is_not_followed(secret):
    with listening(secret) as (at, asked):
        typed = hostile([*HEAD.values(), *BODY.values()], at, secret)
        typed = re.sub(r"\s+", " ", typed)
        links = f"![a]({at}/picture) [b]({at}/link) <{at}/bare> [c]: {at}/definition {at}/plain"
        text = f"{typed} {links}"
        data = to_pdf(
            make_document(
                subject=typed[:190], report_of=typed, committee=typed, summary=text,
                recommendations=(text,), contact=(text, "still here"), withheld=text,
                sections=(Section(typed[:120], (Paragraph(text), Paragraph(text, False))),),
            )
        )  # fmt: skip
    assert_nothing(data, asked)
