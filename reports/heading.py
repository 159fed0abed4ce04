"""What a draft says above its paragraphs: header, summary, contact, and the form it has."""

import datetime

from django.utils.text import slugify

from board.models import Board
from board.text import listed

from . import english
from .models import CommitteeReport, Layout
from .phrases import say
from .record import PeriodRecord, words_of
from .sources import round_counts


def last_layout(board: Board, to_board: Board) -> Layout | None:
    """The form that the committee's last report had."""
    last = (
        CommitteeReport.objects.filter(board=board, to_board=to_board)
        .select_related("layout")
        .order_by("-drafted_at")
        .first()
    )
    return last.layout if last else None


def free_ref(to_board: Board, committee_date: datetime.date | None) -> str:
    """An address that no report has yet: "safer-city-partnership-2018-09-27", then "…-2"."""
    stem = f"{slugify(to_board.name)[:34].strip('-')}-{committee_date or 'undated'}"
    taken = set(CommitteeReport.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    ref, number = stem, 2
    while ref in taken:
        ref, number = f"{stem}-{number}", number + 1
    return ref


def default_header(record: PeriodRecord) -> dict[str, str]:
    board = record.board
    who = chair_words(record)
    lines = [who, str(board)]
    if board.office_phone:
        lines.append(f"Telephone: {board.office_phone}")
    if board.office_email:
        lines.append(f"E-mail: {board.office_email}")
    return {
        "subject": f"{board} - update",
        "report_of": who,
        "summary": draft_summary(record),
        "contact": "\n".join(lines),
    }


def chair_words(record: PeriodRecord) -> str:
    """The chair as reports name one: post and agency, never the person's name."""
    chair = record.chair
    if chair is None:
        return f"{record.board.chair_title} of the {record.board}"
    post = chair.person.post or f"{record.board.chair_title} of the {record.board}"
    agency = chair.seat.agency if chair.seat else None
    if agency is None or agency.name in post or agency.short in post:
        return post[:200]
    return f"{post}, {agency}"[:200]


def draft_summary(record: PeriodRecord) -> str:
    """What the report says, in a few sentences that stand alone."""
    groups = [m for m in record.meetings if m.board_id != record.board.pk]
    meetings = len(record.meetings) - len(groups)
    met = [f"the Board met {english.times(meetings)}"] if meetings else []
    met += [f"its working group met {english.times(len(groups))}"] if groups else []
    rounds = [round_counts(round) for round in record.rounds]
    asked = sum(asked[1] for asked, _, _ in rounds)
    learning = [item for item in record.learning if words_of(item, record.audience)]
    return say(
        "summary",
        record,
        board=record.board,
        first=record.day(record.period_from),
        last=record.day(record.period_to),
        met=" and ".join(met),
        asked=english.counted(asked, "return") if asked else "",
        received=english.number(sum(received for _, received, _ in rounds)),
        priorities=listed([english.inside(p.name) for p in record.priorities]),
        learning=listed(
            list(dict.fromkeys(english.with_article(item.get_kind_display()) for item in learning))
        ),
        leaving=record.board.chair_title if record.leaving else "",
    )
