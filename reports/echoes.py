"""Words that the report shares with texts it must not repeat.

A run of eight words or more that also stands in a restricted, marked or uncleared text of the
board, and in no text cleared for this audience.
"""

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from board.markings import Audience, Clearance, Marking
from meetings.models import Action, AgendaItem, Decision, Note, Part
from priorities.models import (
    AgencyReturn,
    EmergingThreat,
    Learning,
    PriorityReturn,
    ReturnQuery,
)

from .document import Document
from .models import CommitteeReport
from .record import family_of
from .redflags import INVISIBLE, WORD, shared_runs

WORDS = 8
# Uncleared texts that are merely unpublished: those of the two years before the report.
YEARS = 2
PART_TEXTS = ("did", "emerging", "report_text", "objectives_progress", "outcome", "barriers",
              "confidence_because")  # fmt: skip


@dataclass(frozen=True)
class Echo:
    where: str
    run: str
    """As it stands in the report."""
    source: str
    """What kind of text has it too; never its words."""
    sensitive: bool


@dataclass(frozen=True)
class Shelf:
    """Texts of one kind, and whether they are marked OFFICIAL-SENSITIVE."""

    source: str
    texts: list[str]
    sensitive: bool = False


def echoes(report: CommitteeReport, document: Document) -> Iterator[Echo]:
    """Each shared run once for each kind of text that has it."""
    places = [(where, text, grams(text)) for where, text in document.texts()]
    ours = set().union(*(known for _, _, known in places))
    if not ours:
        return
    open_words = set().union(*(grams(text) for text in cleared_texts(report)))
    for shelf in shelves(report):
        seen = set()
        for text in shelf.texts:
            theirs = grams(text) & ours
            if theirs <= open_words:
                continue
            for where, said, known in places:
                if known.isdisjoint(theirs):
                    continue
                for run in shared_runs(said, text, words=WORDS):
                    if (where, run) not in seen and not grams(run) <= open_words:
                        seen.add((where, run))
                        yield Echo(where, run, shelf.source, shelf.sensitive)


def grams(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words, as shared_runs compares them: a quick first look."""
    shown = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    words = [word.casefold().replace("\u2019", "'") for word in WORD.findall(shown)]
    return set(zip(*(words[at:] for at in range(WORDS)), strict=False))


def cleared_texts(report: CommitteeReport) -> list[str]:
    """What was cleared for the report's audience, and the board's own public facts."""
    wide = [a for a in Audience if a.reaches(report.audience)]
    cleared = Q(clearance=Clearance.CLEARED, cleared_for__in=wide)
    boards = family_of(report.board)
    texts = [report.board.aim]
    for model, board in (
        (Note, "item__meeting__board__in"),
        (Decision, "item__meeting__board__in"),
        (Learning, "board__in"),
    ):
        texts += model.objects.filter(cleared, **{board: boards}).values_list(
            "cleared_text", flat=True
        )
    official = cleared & Q(marking=Marking.OFFICIAL)
    for model, board in (
        (PriorityReturn, "agency_return__round__board"),
        (EmergingThreat, "board"),
    ):
        texts += model.objects.filter(official, **{board: report.board}).values_list(
            "cleared_text", flat=True
        )
    return [text for text in texts if text]


def shelves(report: CommitteeReport) -> Iterator[Shelf]:
    """Every text that a report of this board must not repeat, by kind."""
    boards = family_of(report.board)
    meeting = {"item__meeting__board__in": boards}
    restricted = {"part": Part.RESTRICTED}
    yield Shelf("a restricted minute", texts(Note.objects.filter(**meeting, **restricted)))
    yield Shelf("a restricted decision", texts(Decision.objects.filter(**meeting, **restricted)))
    secret = Action.objects.filter(board__in=boards, **restricted)
    yield Shelf("a restricted action", texts(secret, "wording", "original_wording", "evidence"))
    items = AgendaItem.objects.filter(meeting__board__in=boards).exclude(working_notes="")
    yield Shelf("the secretary's working notes", texts(items, "working_notes"))

    parts = PriorityReturn.objects.filter(agency_return__round__board=report.board)
    wholes = AgencyReturn.objects.filter(round__board=report.board)
    threats = EmergingThreat.objects.filter(board=report.board)
    threat_texts = ("title", "description", "report_text", "outcome")
    marked = Q(marking=Marking.SENSITIVE)
    sensitive_parts = marked | Q(agency_return__marking=Marking.SENSITIVE)
    yield Shelf(
        "a return marked OFFICIAL-SENSITIVE",
        texts(parts.filter(sensitive_parts), *PART_TEXTS)
        + texts(wholes.filter(marked), "emerging_priorities", "new_information"),
        sensitive=True,
    )
    yield Shelf(
        "a threat marked OFFICIAL-SENSITIVE",
        texts(threats.filter(marked), *threat_texts),
        sensitive=True,
    )

    recent = (report.period_to or report.drafted_at.date()) - datetime.timedelta(365 * YEARS)
    yield Shelf(
        "a return that was not cleared",
        texts(
            parts.exclude(sensitive_parts).filter(agency_return__round__due__gte=recent),
            *PART_TEXTS,
        )
        + texts(
            wholes.exclude(marked).filter(round__due__gte=recent),
            "emerging_priorities",
            "new_information",
        ),
    )
    yield Shelf(
        "a query on a return",
        texts(
            ReturnQuery.objects.filter(
                agency_return__round__board=report.board, agency_return__round__due__gte=recent
            ),
            "text",
            "answer",
        ),
    )
    yield Shelf(
        "a threat that was not cleared",
        texts(threats.exclude(marked).filter(raised_at__date__gte=recent), *threat_texts),
    )
    yield Shelf(
        "learning that was not cleared",
        texts(
            Learning.objects.filter(board=report.board, day__gte=recent),
            "themes",
            "meaning",
            "report_text",
        ),
    )
    held = {"item__meeting__starts_at__date__gte": recent, "part": Part.BOARD}
    yield Shelf("a minute that was not cleared", texts(Note.objects.filter(**meeting, **held)))
    yield Shelf(
        "a decision that was not cleared", texts(Decision.objects.filter(**meeting, **held))
    )


def texts(records, *fields: str) -> list[str]:
    """The filled texts of some fields (`text` when none are named), in one query."""
    rows = records.order_by("pk").values_list(*(fields or ("text",)))
    return list(dict.fromkeys(text for row in rows for text in row if text))
