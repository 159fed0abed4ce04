"""The pack: the agenda with its contents, then every paper, bound into one PDF.

The papers lie ready in the database, clean and counted; only the pages at the front are made
anew. A reader's copy holds what that reader may read, and a paper that is left out leaves its
numbers behind, so that page 31 is page 31 in every copy.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string

from board.binding import Bookmark, Sheets, bind
from board.markings import Marking, highest
from board.pdf import RenderError, render_pdf, running_title

from .models import Meeting, Paper, Part
from .pages import in_order, label, number_all, pages_of, span, with_files
from .papers import CSS
from .queries import no_returns
from .wording import clock

MAX_MEGABYTES = 120


@dataclass
class Volume:
    """What one reader's copy holds.

    items    the agenda, each with `papers_named`, those the copy names, and `no_return`, the
             agencies that sent none on its priority
    bound    the papers whose pages are in it, in order
    gaps     "Pages 31 to 34", of what is not in it
    changes  what happened since the agenda was published: (day, paper)
    """

    meeting: Meeting
    restricted: bool
    items: list
    bound: list
    gaps: list
    changes: list

    @property
    def marking(self):
        return highest(self.bound) if self.restricted else Marking.OFFICIAL

    @property
    def draft(self):
        return self.meeting.published_at is None


def volume_of(meeting, user, *, restricted, at):
    """The pack of a meeting as this person may have it; six queries or fewer."""
    every = list(with_files(Paper.objects.of(meeting)))
    open_to_user = set(Paper.objects.of(meeting).visible_to(user).values_list("pk", flat=True))
    listed = [paper for paper in every if paper.state == Paper.State.LISTED]
    if meeting.published_at is None:
        number_all(listed)
    named = [
        paper
        for paper in listed
        if paper.pk in open_to_user and (restricted or paper.part == Part.BOARD)
    ]
    bound = [
        paper for paper in in_order(named) if paper.first_page is not None and has_pages(paper)
    ]
    bound.sort(key=lambda paper: (paper.restricted, paper.first_page, paper.first_letter))
    items = list(meeting.items.order_by("number"))
    # A missing return is as loud here as anywhere, for those who read returns.
    missing = no_returns(meeting, at) if user.roles.member(meeting.board_id) else {}
    for item in items:
        item.no_return = missing.get(item.priority_id, [])
        item.papers_named = sorted(
            (paper for paper in named if paper.item_id == item.pk),
            key=lambda paper: (paper.restricted, paper.order),
        )
        for paper in item.papers_named:
            paper.span = span(paper)
            paper.first = label(pages_of(paper)[0]) if paper.span else ""
    withdrawn = [
        paper
        for paper in every
        if paper.state == Paper.State.WITHDRAWN and paper.part == Part.BOARD
    ]
    for paper in withdrawn:
        paper.span = span(paper)
    return Volume(
        meeting,
        restricted,
        items,
        bound,
        gaps([paper for paper in every if has_pages(paper)], bound),
        changes(meeting, named, withdrawn),
    )


def has_pages(paper):
    return hasattr(paper, "file") and paper.file.pages > 0 and paper.first_page is not None


def gaps(papers, bound):
    """Runs of pages that this copy does not hold, as "31 to 34" or "31a"."""
    held = {paper.pk for paper in bound}
    missing = sorted(page for paper in papers if paper.pk not in held for page in pages_of(paper))
    runs = []
    for page in missing:
        follows = runs and page in (
            (runs[-1][-1][0] + 1, 0),
            (runs[-1][-1][0], runs[-1][-1][1] + 1),
        )
        if follows:
            runs[-1].append(page)
        else:
            runs.append([page])
    return [
        label(run[0]) if len(run) == 1 else f"{label(run[0])} to {label(run[-1])}" for run in runs
    ]


def changes(meeting, named, withdrawn):
    """What joined or went since the agenda was published: [(aware moment, paper)]."""
    if meeting.published_at is None:
        return []
    found = [
        (paper.arrived_at or paper.added_at, paper)
        for paper in named
        if (paper.arrived_at or paper.added_at) > meeting.published_at
    ]
    found += [(paper.withdrawn_at, paper) for paper in withdrawn]
    return sorted(found, key=lambda row: (row[0], row[1].pk))


def pack_pdf(volume):
    """The bound pack. The same papers give the same bytes. Raises RenderError."""
    size = sum(paper.file.size for paper in volume.bound)
    if size > MAX_MEGABYTES * 1_000_000:
        raise RenderError(
            f"The papers are {size // 1_000_000} MB together. One pack holds {MAX_MEGABYTES} MB: "
            "take them one by one."
        )
    meeting = volume.meeting
    day = f"{meeting.day:%-d %B %Y}"
    part = ", with the restricted papers" if volume.restricted else ""
    title = f"{meeting.board}: agenda and papers for {day}{part}"
    html = render_to_string(
        "meetings/pdf/pack.html",
        {
            "volume": volume,
            "meeting": meeting,
            "title": title,
            "starts": clock(meeting.starts_at),
            "ends": clock(meeting.ends_at),
            "running": running_title(meeting.board, day),
        },
    )
    front = render_pdf(html, title=title, css=CSS)
    bytes_of = dict(
        Paper.objects.filter(pk__in=[paper.pk for paper in volume.bound]).values_list(
            "pk", "file__content"
        )
    )
    sheets = [Sheets(front, ours=True)]
    for paper in volume.bound:
        sheets.append(
            Sheets(
                bytes(bytes_of[paper.pk]),
                [label(page) for page in pages_of(paper)],
                paper.marking if paper.sensitive and not paper.source else "",
                ours=paper.source is not None,
            )
        )
    return bind(sheets, bookmarks(volume), title=title, draft=volume.draft)


def bookmarks(volume):
    """The agenda's items that have papers, each with its papers below it."""
    marks = [Bookmark("Agenda and contents", "i")]
    for restricted in (False, True):
        for item in volume.items:
            below = [
                Bookmark(f"{paper.title} ({paper.span})", paper.first)
                for paper in volume.bound
                if paper.item_id == item.pk and paper.restricted == restricted
            ]
            if below:
                words = f"{item.number}. {item.title}"
                if restricted:
                    words = f"Restricted part: {words}"
                marks.append(Bookmark(words, below[0].page, below))
    return marks
