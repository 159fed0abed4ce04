"""A meeting with a pack of some two hundred pages: thirty papers of seven pages of text each, added
and published as a secretary does: `python -m bench.pack REF`. Prints how long that takes."""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from datetime import timedelta  # noqa: E402

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.utils import timezone  # noqa: E402

from board.models import Appointment, Board  # noqa: E402
from board.pdf import render_pdf  # noqa: E402
from board.workflow import perform  # noqa: E402
from meetings import papers  # noqa: E402
from meetings.models import AgendaItem, Meeting, Paper  # noqa: E402
from meetings.transitions import PUBLISH  # noqa: E402

PAPERS, PAGES, WORDS = 30, 7, 380
now = timezone.now()
board = Board.objects.get(slug="soc-board")
by = Appointment.objects.current().get(board=board, role="secretary").person
meeting = Meeting.objects.create(
    board=board,
    ref=sys.argv[1],
    starts_at=now + timedelta(days=40),
    ends_at=now + timedelta(days=40, hours=2),
)
sentence = "The partners met on the day and looked at what each of them had seen since then. "
page = f"<p>{sentence * (WORDS // len(sentence.split()))}</p>"
started = time.perf_counter()
for number in range(1, PAPERS + 1):
    title = f"Paper {number}"
    item = AgendaItem.objects.create(meeting=meeting, number=number, title=title)
    leaf = f'<section style="break-after: page"><h2>{title}</h2>{page}</section>'
    pdf = render_pdf(
        f'<html lang="en"><title>{title}</title><body><h1>{title}</h1>{leaf * PAGES}</body></html>',
        title=title,
        css=("pdf/frame.css",),
    )
    upload = papers.read_upload(SimpleUploadedFile(f"{number}.pdf", pdf), title=title)
    papers.add(Paper(item=item, title=title), upload, by=by, at=now)
read = time.perf_counter()
perform(PUBLISH, meeting, by=by, at=now - timedelta(hours=1))
pages = sum(paper.file.pages for paper in Paper.objects.of(meeting).select_related("file"))
print(
    f"{PAPERS} papers, {pages} pages: {read - started:.1f} s to render, read and keep them,"
    f" {time.perf_counter() - read:.1f} s to publish",
    flush=True,
)
