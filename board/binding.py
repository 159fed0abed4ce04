"""PDFs from strangers read and cleaned; many PDFs bound into one, its pages numbered.

A PDF that somebody uploads can hold scripts, files and traps for whoever reads it. So a process
that does nothing else reads it, with the limits of board/pdf.py, once in its life: what a bad
file does to it reaches no other paper.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from board.pdf import SECONDS, Pool

MAX_PAGES = 500
SENTENCES = {
    "locked": "This PDF opens only with a password. Save a copy without one and choose that.",
    "broken": "This PDF cannot be read: it is damaged, or it is no PDF. Print it to a new PDF.",
    "form": "This PDF is a form that only one program can show. Print it to a new PDF.",
    "long": f"This PDF has more than {MAX_PAGES} pages. Split it.",
    "empty": "This PDF has no pages.",
    "memory": "This PDF is too large to read. Split it, or save it with smaller pictures.",
    "late": f"This PDF took more than {SECONDS} seconds. Split it, or print it to a new PDF.",
    "busy": "Other papers are being put together. Try again in a minute.",
    "failed": "This PDF could not be read. Print it to a new PDF and choose that.",
}

_pool = Pool(2, Path(__file__).with_name("binding_worker.py"), SENTENCES, keep=False)


@dataclass(frozen=True)
class Read:
    """A PDF as it may be shown: its bytes, how many pages, and what it held that was left out,
    in words ("attached files", "comments", "scripts")."""

    pdf: bytes
    pages: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Sheets:
    """Pages of one PDF in a bound volume.

    labels   what each page is called, on paper and on screen: "31", "31a"; none for pages at the
             front, which are i, ii, iii
    marking  what stands at the top and foot of each page; empty when the pages say it themselves
    ours     made by us: nothing stands where the page's number goes
    """

    pdf: bytes
    labels: Sequence[str] = ()
    marking: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Bookmark:
    """A line in the bookmarks, to the page of that label."""

    title: str
    page: str
    below: Sequence["Bookmark"] = ()


def read_pdf(data: bytes, *, title: str) -> Read:
    """Read what somebody uploaded, and leave out all but its pages. Raises RenderError."""
    facts, pdf = _ask({"act": "read", "title": title, "most": MAX_PAGES}, [data])
    return Read(pdf, facts["pages"], tuple(facts["left_out"]))


def count_pages(pdfs: Sequence[bytes]) -> list[int]:
    """How many pages each has. Raises RenderError."""
    return _ask({"act": "count"}, pdfs)[0]["pages"] if pdfs else []


def bind(
    sheets: Sequence[Sheets], bookmarks: Sequence[Bookmark], *, title: str, draft: bool = False
) -> bytes:
    """One PDF of many, page after page. A link to "page:31a" leads to the page of that name.

    The same sheets give the same bytes. Raises RenderError.
    """
    head = {
        "act": "bind",
        "title": title,
        "draft": draft,
        "bookmarks": [asdict(mark) for mark in bookmarks],
        "sheets": [
            {"labels": list(part.labels), "marking": part.marking, "ours": part.ours}
            for part in sheets
        ],
    }
    return _ask(head, [part.pdf for part in sheets])[1]


def _ask(head: dict, blobs: Sequence[bytes]) -> tuple[dict, bytes]:
    """One job for a fresh process: a line of JSON before the bytes, there and back."""
    words = json.dumps({**head, "sizes": [len(blob) for blob in blobs]}).encode()
    answer = _pool.render(b"".join([struct.pack("!I", len(words)), words, *blobs]))
    (length,) = struct.unpack("!I", answer[:4])
    return json.loads(answer[4 : 4 + length]), answer[4 + length :]
