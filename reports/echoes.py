"""Words that the report shares with texts it must not repeat.

A run of eight words or more that also stands in a restricted, marked or uncleared text of any
board, and in no text cleared for this audience or issued to it before. Twenty years of texts are
read each time, so each is first looked at roughly: a shared run of eight words holds five of them
in a row that begin at a word whose place in the text is a multiple of four.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from board.markings import Audience, Clearance, Marking
from meetings.models import (
    Action,
    AgendaItem,
    BetweenMeetings,
    Correction,
    Decision,
    Declaration,
    Note,
    Part,
    Referral,
    Reply,
    Review,
)
from priorities.models import (
    AgencyReturn,
    EmergingThreat,
    Learning,
    PriorityReturn,
    ReturnQuery,
)

from .document import Document
from .models import CommitteeReport, Issue
from .record import family_of
from .redflags import WORD, folded, shared_runs

WORDS = 8
PART_TEXTS = ("did", "emerging", "report_text", "objectives_progress", "outcome", "barriers",
              "confidence_because")  # fmt: skip
# Every byte of an ASCII text as its small letter, or as a space where it is in no word.
LETTERS = bytes(ord(chr(n).lower()) if n < 128 and chr(n).isalnum() else 32 for n in range(256))
NO_WORD = re.compile(r"[\W_]+")
# In nearly every text that is not plain ASCII these are the reason.
COMMON = ("\u2019", "\u2018", "\u201c", "\u201d", "\u2013", "\u2014", "\u2026", "\xa0", "\xa3")


@dataclass(frozen=True)
class Echo:
    source: str
    """What kind of text has it too; never its words."""
    sensitive: bool
    where: str
    run: str
    """As it stands in the report."""


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
    fives = set().union(*(runs_of_five(words_in(text)) for _, text, _ in places))
    if not ours:
        return
    open_words = set().union(*(grams(text) for text in open_texts(report)))
    for shelf in shelves(report):
        seen = set()
        for text in shelf.texts:
            if fives.isdisjoint(every_fourth_five(words_in(text))):
                continue
            theirs = grams(text) & ours
            if theirs <= open_words:
                continue
            for where, said, known in places:
                if known.isdisjoint(theirs):
                    continue
                for run in shared_runs(said, text, words=WORDS):
                    if (where, run) not in seen and not grams(run) <= open_words:
                        seen.add((where, run))
                        yield Echo(shelf.source, shelf.sensitive, where, run)


def grams(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words, as shared_runs compares them."""
    words = [word.casefold().replace("\u2019", "'") for word in WORD.findall(folded(text))]
    return set(zip(*(words[at:] for at in range(WORDS)), strict=False))


def words_in(text: str) -> list[bytes]:
    """The words of a text for the first look: "don't" makes two, nothing else differs. As fast as
    can be: this is done to everything that was ever written."""
    for mark in COMMON:
        text = text.replace(mark, " ")
    if text.isascii():
        return text.encode().translate(LETTERS).split()
    return NO_WORD.sub(" ", folded(text).casefold()).encode("utf-8", "replace").split()


def runs_of_five(words: list[bytes]) -> Iterator[tuple[bytes, ...]]:
    return zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)


def every_fourth_five(words: list[bytes]) -> Iterator[tuple[bytes, ...]]:
    """The runs of five words that begin at the first, the fifth, the ninth word …"""
    return zip(words[0::4], words[1::4], words[2::4], words[3::4], words[4::4], strict=False)


def open_texts(report: CommitteeReport) -> list[str]:
    """What the report's audience may read: words cleared for it, earlier reports issued to it,
    and what the board says of itself."""
    wide = [a for a in Audience if a.reaches(report.audience)]
    ours = family_of(report.board)
    texts = [report.board.aim]
    for model, board in (
        (Note, "item__meeting__board"),
        (Decision, "item__meeting__board"),
        (Learning, "board"),
        (PriorityReturn, "agency_return__round__board"),
        (EmergingThreat, "board"),
        (Referral, "board"),
    ):
        # The parent committee of another board is another committee; the public is the same.
        cleared = Q(clearance=Clearance.CLEARED) & (
            Q(cleared_for=Audience.PUBLIC) | Q(cleared_for__in=wide, **{f"{board}__in": ours})
        )
        if model in (PriorityReturn, EmergingThreat):
            cleared &= Q(marking=Marking.OFFICIAL)
        texts += model.objects.filter(cleared).values_list("cleared_text", flat=True)
    issued = Issue.objects.in_force().filter(
        Q(report__audience=Audience.PUBLIC)
        | Q(report__audience__in=wide, report__to_board=report.to_board)
    )
    for document in issued.exclude(report=report).values_list("document", flat=True):
        texts += words_of_snapshot(document)
    return [text for text in texts if text]


def words_of_snapshot(document: dict) -> Iterator[str]:
    """The texts of an issue's snapshot: the summary, and each paragraph."""
    yield document["summary"]
    for section in document["sections"]:
        for paragraph in section["paragraphs"]:
            yield paragraph["text"]


def shelves(report: CommitteeReport) -> Iterator[Shelf]:
    """Every text that a report must not repeat, by kind, whichever board it is of."""
    restricted = {"part": Part.RESTRICTED}
    yield Shelf("a restricted minute", texts(Note.objects.filter(**restricted)))
    yield Shelf("a restricted decision", texts(Decision.objects.filter(**restricted)))
    secret = Action.objects.filter(**restricted)
    yield Shelf("a restricted action", texts(secret, "wording", "original_wording", "evidence"))
    yield Shelf("the secretary's working notes", texts(AgendaItem.objects, "working_notes"))
    yield Shelf("a correction to minutes", texts(Correction.objects, "wording", "reason"))
    yield Shelf("a declaration of interest", texts(Declaration.objects, "interest"))

    marked = Q(marking=Marking.SENSITIVE)
    sensitive_parts = marked | Q(agency_return__marking=Marking.SENSITIVE)
    questions = ("emerging_priorities", "new_information")
    yield Shelf(
        "a return marked OFFICIAL-SENSITIVE",
        texts(PriorityReturn.objects.filter(sensitive_parts), *PART_TEXTS)
        + texts(AgencyReturn.objects.filter(marked), *questions),
        sensitive=True,
    )
    threat_texts = ("title", "description", "report_text", "outcome")
    yield Shelf(
        "a threat marked OFFICIAL-SENSITIVE",
        texts(EmergingThreat.objects.filter(marked), *threat_texts),
        sensitive=True,
    )
    yield Shelf(
        "a return that was not cleared",
        texts(PriorityReturn.objects.exclude(sensitive_parts), *PART_TEXTS)
        + texts(AgencyReturn.objects.exclude(marked), *questions),
    )
    yield Shelf("a query on a return", texts(ReturnQuery.objects, "text", "answer"))
    yield Shelf(
        "a threat that was not cleared",
        texts(EmergingThreat.objects.exclude(marked), *threat_texts),
    )
    yield Shelf(
        "learning that was not cleared",
        texts(Learning.objects, "themes", "meaning", "report_text"),
    )
    yield Shelf("an answer that was not cleared", texts(Referral.objects, "answer"))
    yield Shelf(
        "a decision between meetings",
        texts(BetweenMeetings.objects, "reason", "authority") + texts(Reply.objects, "comment"),
    )
    yield Shelf(
        "what was said of a restricted action",
        texts(Review.objects.filter(action__part=Part.RESTRICTED), "note"),
    )
    board_part = {"part": Part.BOARD}
    yield Shelf("a minute that was not cleared", texts(Note.objects.filter(**board_part)))
    yield Shelf("a decision that was not cleared", texts(Decision.objects.filter(**board_part)))


def texts(records, *fields: str) -> list[str]:
    """The filled texts of some fields (`text` when none are named), in one query."""
    rows = records.order_by("pk").values_list(*(fields or ("text",)))
    return list(dict.fromkeys(text for row in rows for text in row if text))
