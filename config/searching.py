"""Search what one may see: each kind of record through its own `visible_to`, no other way in."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from board.markings import Marking
from board.text import to_plain
from meetings.models import (
    Action,
    BetweenMeetings,
    Decision,
    Meeting,
    Minutes,
    Note,
    Paper,
    Referral,
)
from meetings.models.minutes import part_readable
from priorities.models import EmergingThreat, Learning, Priority, PriorityReturn, Standard
from reports.models import CommitteeReport, Paragraph

MOST = 20
MOST_WORDS = 8
AROUND = 90


@dataclass(frozen=True)
class Kind:
    """One kind of record that is searched.

    heading  what the page calls it
    found    (User) -> QuerySet of what this person may read, newest first
    fields   where the words are looked for; the first that has one is quoted
    title    (record) -> what the link says
    url      (record) -> where it leads
    """

    heading: str
    found: Callable[..., QuerySet]
    fields: tuple[str, ...]
    title: Callable = str
    url: Callable = lambda record: record.get_absolute_url()


@dataclass(frozen=True)
class Hit:
    """One record found; `quote` is [(words, whether they were looked for)], empty for what is
    OFFICIAL-SENSITIVE, which is quoted nowhere but on its own page."""

    title: str
    url: str
    quote: list
    sensitive: bool


def held(meeting):
    return f"{meeting.board}, {meeting.day:%-d %B %Y}"


def minuted(user):
    """Notes as minutes: drafts for whoever keeps or presides, then for whoever reads the part."""
    circulated = Minutes.objects.filter(
        meeting=OuterRef("item__meeting"), part=OuterRef("part"), state__in=Minutes.READABLE
    )
    mine = Note.objects.visible_to(user).values("pk")
    return (
        Note.objects.filter(Q(pk__in=mine) | part_readable(user) & Exists(circulated))
        .exclude(text="")
        .select_related("item__meeting__board")
        .order_by("-item__meeting__starts_at", "item__number")
    )


def paragraphs(user):
    return (
        Paragraph.objects.filter(
            section__report__in=CommitteeReport.objects.visible_to(user).values("pk")
        )
        .select_related("section__report__to_board")
        .order_by("-section__report__committee_date", "section__order", "order")
    )


def entitled(report):
    day = report.committee_date and f"{report.committee_date:%-d %B %Y}"
    return ", ".join(filter(None, (report.subject, str(report.to_board), day)))


KINDS = (
    Kind(
        "Minutes",
        minuted,
        ("text",),
        lambda note: (
            f"{note.item.title}, {note.item.meeting.board}, {note.item.meeting.day:%-d %B %Y}"
        ),
        lambda note: reverse("meetings:minutes", args=[note.item.meeting.ref]),
    ),
    Kind(
        "Decisions",
        lambda user: (
            Decision.objects.visible_to(user)
            .select_related("item__meeting__board", "between")
            .order_by("-item__meeting__starts_at", "pk")
        ),
        ("text", "dissent"),
        lambda decision: (
            f"{decision.get_outcome_display()}, {decision.item.meeting.board},"
            f" {decision.taken_on:%-d %B %Y}"
        ),
        lambda decision: reverse("meetings:minutes", args=[decision.item.meeting.ref]),
    ),
    Kind(
        "Decisions between meetings",
        lambda user: BetweenMeetings.objects.visible_to(user).select_related("board"),
        ("text", "reason"),
    ),
    Kind(
        "Referrals",
        lambda user: Referral.objects.visible_to(user).select_related("from_board"),
        ("text", "answer"),
    ),
    Kind(
        "Actions",
        lambda user: Action.objects.visible_to(user).order_by("-agreed_on", "pk"),
        ("reference", "wording", "original_wording", "evidence"),
    ),
    Kind(
        "Meetings",
        lambda user: (
            Meeting.objects.visible_to(user).select_related("board").order_by("-starts_at")
        ),
        ("venue", "board__name"),
    ),
    Kind(
        "Papers",
        lambda user: (
            Paper.objects.visible_to(user)
            .listed()
            .select_related("item__meeting__board")
            .order_by("-item__meeting__starts_at", "item__number", "order")
        ),
        ("title",),
        lambda paper: f"{paper}, {held(paper.item.meeting)}",
        lambda paper: paper.get_place_url(),
    ),
    Kind(
        "Returns",
        lambda user: (
            PriorityReturn.objects.visible_to(user)
            .select_related("agency_return__agency", "agency_return__round", "priority")
            .order_by("-agency_return__round__quarter_start", "pk")
        ),
        ("did", "emerging", "report_text", "outcome", "barriers", "objectives_progress"),
        lambda part: f"{part}, {part.agency_return.round.title}",
    ),
    Kind(
        "Emerging threats",
        lambda user: EmergingThreat.objects.visible_to(user).order_by("-raised_at"),
        ("title", "description", "outcome", "report_text"),
    ),
    Kind(
        "Priorities",
        lambda user: Priority.objects.visible_to(user),
        ("name", "statement", "reason"),
    ),
    Kind(
        "Learning",
        lambda user: Learning.objects.visible_to(user),
        ("title", "themes", "meaning", "place"),
    ),
    Kind(
        "The national model",
        lambda user: Standard.objects.visible_to(user),
        ("statement", "theme", "others"),
    ),
    Kind(
        "Reports",
        paragraphs,
        ("text",),
        lambda paragraph: entitled(paragraph.section.report),
        lambda paragraph: paragraph.section.report.get_absolute_url(),
    ),
)


def search(user, text):
    """[(heading, [Hit], whether there are more)] of the kinds in which every word occurs, in any
    case; one query for each kind."""
    words = text.split()[:MOST_WORDS]
    found = []
    for kind in KINDS if words else ():
        rows = kind.found(user)
        for word in words:
            rows = rows.filter(
                reduce(operator.or_, (Q(**{f"{field}__icontains": word}) for field in kind.fields))
            )
        rows = list(rows[: MOST + 1])
        if rows:
            hits = [hit(kind, record, words) for record in rows[:MOST]]
            found.append((kind.heading, hits, len(rows) > MOST))
    return found


def hit(kind, record, words):
    sensitive = getattr(record, "marking", "") == Marking.SENSITIVE
    texts = (to_plain(reduce(getattr, field.split("__"), record)) for field in kind.fields)
    quote = next((found for text in texts if (found := quoted(text, words))), [])
    return Hit(kind.title(record), kind.url(record), [] if sensitive else quote, sensitive)


def quoted(text, words):
    """The words around the first one found, as [(words, found)]; empty when there is none."""
    text = " ".join(text.split())
    longest_first = sorted(words, key=len, reverse=True)
    sought = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")", re.IGNORECASE)
    first = sought.search(text)
    if not first:
        return []
    start, end = max(first.start() - AROUND, 0), first.start() + 2 * AROUND
    parts = sought.split(text[start:end])  # every second one is what was sought
    pieces = [(part, place % 2 == 1) for place, part in enumerate(parts)]
    before, after = ("…" if start else "", False), ("…" if end < len(text) else "", False)
    return [piece for piece in (before, *pieces, after) if piece[0]]
