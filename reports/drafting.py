"""The draft writes itself: from the record of a period to sections, paragraphs and sources.

Each kind of paragraph has a template of its own in templates/reports/paragraphs/. Only words
cleared for the report's audience enter (reports/record.py); what is left out is counted there.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from board import audit
from board.markings import Audience
from board.models import Board, User
from board.text import digest
from meetings.models import Action, AgendaItem, Meeting
from priorities.models import EmergingThreat, Objective, Round

from . import english
from .models import CommitteeReport, Layout, Paragraph, ParagraphSource, Section
from .record import PeriodRecord, held_on, minutes_approved, parts_of, words_of
from .sources import facts_of, label_of, round_counts

BACKGROUND, UPDATE = "Background", "Update"
HEADERS = ("subject", "report_of", "purpose", "summary", "recommendations", "contact")
GAPS = re.compile(r"(?<=\S) {2,}")


@dataclass(frozen=True)
class Rests:
    """What a drafted paragraph rests on: the key of ParagraphSource, the record, its words."""

    key: str
    record: Model
    words: str


@dataclass(frozen=True)
class Drafted:
    text: str
    day: datetime.date
    """Where it stands among the others of its section."""
    rests: tuple[Rests, ...] = ()
    section: str = UPDATE


def draft_report(
    board: Board,
    to_board: Board,
    *,
    committee_date: datetime.date,
    period_from: datetime.date,
    period_to: datetime.date,
    by: User | None,
    audience: str = Audience.PUBLIC,
    at: datetime.datetime | None = None,
    **header: str,
) -> CommitteeReport:
    """Write the draft of a report from the record of a period, both days included; save it.

    audience  Audience.PUBLIC or Audience.PARENT: only words cleared for it enter
    header    any of subject, report_of, purpose, summary, recommendations, contact; what is
              not given is filled from the record
    at        when it is drafted, aware; now when none is given. Past only for the demo
    """
    if unknown := set(header) - set(HEADERS):
        raise TypeError(f"No such header of a report: {', '.join(sorted(unknown))}")
    record = PeriodRecord(board, to_board, committee_date, period_from, period_to, audience)
    with transaction.atomic():
        report = CommitteeReport.objects.create(
            board=board,
            to_board=to_board,
            ref=free_ref(to_board, committee_date),
            committee_date=committee_date,
            period_from=period_from,
            period_to=period_to,
            audience=audience,
            layout=last_layout(board, to_board),
            drafted_at=at or timezone.now(),
            drafted_by=by,
            **{**default_header(record), **header},
        )
        save_sections(report, draft_paragraphs(record))
        audit.record("draft the report", report, by=by or "a command", at=at)
    return report


def last_layout(board: Board, to_board: Board) -> Layout | None:
    """The form that the committee's last report had."""
    last = (
        CommitteeReport.objects.filter(board=board, to_board=to_board)
        .select_related("layout")
        .order_by("-drafted_at")
        .first()
    )
    return last and last.layout


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


def draft_paragraphs(record: PeriodRecord) -> list[Drafted]:
    """All paragraphs in the order of the report: Background, then the rest by date."""
    update = [
        *meeting_paragraphs(record),
        *role_paragraphs(record),
        *return_paragraphs(record),
        *learning_paragraphs(record),
        *threat_paragraphs(record),
        *leaving_paragraphs(record),
        *action_paragraphs(record),
        *ahead_paragraphs(record),
    ]
    # Sorting is stable: what happened on one day keeps the order in which it was written here.
    update.sort(key=lambda drafted: drafted.day)
    return [*background_paragraphs(record), *update]


def draft_summary(record: PeriodRecord) -> str:
    """What the report says, in a few sentences that stand alone."""
    groups = [m for m in record.meetings if m.board_id != record.board.pk]
    rounds = [round_counts(round) for round in record.rounds]
    learning = [item for item in record.learning if words_of(item, record.audience)]
    return write(
        "summary",
        record,
        period=(day(record, record.period_from), day(record, record.period_to)),
        meetings=len(record.meetings) - len(groups),
        groups=len(groups),
        asked=sum(asked[1] for asked, _, _ in rounds),
        received=english.number(sum(received for _, received, _ in rounds)),
        priorities=english.listed([english.inside(p.name) for p in record.priorities]),
        learning=english.listed(
            list(dict.fromkeys(english.with_article(item.get_kind_display()) for item in learning))
        ),
        leaving=bool(record.leaving),
    )


def background_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    board, chair = record.board, record.chair
    rests = [rest("terms_of_reference", record.terms)] if record.terms else []
    if chair:
        rests.append(rest("appointment", chair))
    text = write(
        "background",
        record,
        year=board.established.year if board.established else None,
        chair_agency=chair.seat.agency if chair and chair.seat else None,
        aim=english.full_stop(english.agreed(board.aim)) if board.aim else "",
    )
    yield Drafted(text, record.period_from, tuple(rests), BACKGROUND)


def meeting_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """A meeting: the day, then its cleared minutes and decisions, item by item."""
    for meeting in record.meetings:
        lead = write(
            "meeting",
            record,
            meeting=meeting,
            day=day(record, held_on(meeting)),
            approved=minutes_approved(meeting),
        )
        held = rest("meeting", meeting)
        written = False
        for item in meeting.items.all():
            for text, rests in item_paragraphs(item, meeting, record):
                if not written:
                    text, rests = join(lead, text), (held, *rests)
                written = True
                yield Drafted(text, held_on(meeting), rests)
        if not written:
            yield Drafted(lead, held_on(meeting), (held,))


def item_paragraphs(
    item: AgendaItem, meeting: Meeting, record: PeriodRecord
) -> Iterator[tuple[str, tuple[Rests, ...]]]:
    """Each cleared paragraph of an item's minute; its decisions close the last of them."""
    item.meeting = meeting
    texts: list[tuple[str, list[Rests]]] = []
    for note in item.notes.all():
        note.item = item
        for piece in english.pieces(words_of(note, record.audience)):
            texts.append((piece, [Rests("note", note, piece)]))
    for decision in item.decisions.all():
        decision.item = item
        words = words_of(decision, record.audience)
        if not words:
            continue
        text = write("decision", record, outcome=decision.outcome, words=words.strip())
        if texts:
            before, rests = texts.pop()
            text, rests = join(before, text), [*rests, Rests("decision", decision, words)]
        else:
            rests = [Rests("decision", decision, words)]
        texts.append((text, rests))
    for text, rests in texts:
        yield text, tuple(rests)


def role_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """What the Board asks of its members, who watches the national list, how it goes on.

    It follows the first meeting of the period, which decided how the work goes on.
    """
    watchers: dict = {}
    for threat in record.national:
        if threat.monitored_by:
            watchers.setdefault(threat.monitored_by, []).append(threat)
    whole = [a for a, threats in watchers.items() if len(threats) == len(record.national)]
    text = write(
        "role",
        record,
        watcher=whole[0] if whole else None,
        home_office=any("Home Office" in threat.source for threat in record.national),
        areas=english.all_of(len(record.national)),
        often=english.often(record.board.meeting_interval),
    )
    rests = (rest("terms_of_reference", record.terms),) if record.terms else ()
    first = held_on(record.meetings[0]) if record.meetings else record.period_from
    yield Drafted(text, first, rests)


def return_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """For each round its counts and who did not answer, then each agency's cleared words."""
    for round in record.rounds:
        yield Drafted(round_text(record, round), round.due, (rest("round", round),))
        for part in parts_of(round):
            words = words_of(part, record.audience)
            if words:
                text = write(
                    "return",
                    record,
                    agency=part.agency_return.agency,
                    priority=english.inside(part.priority.name),
                    words=words.strip(),
                )
                yield Drafted(text, round.due, (Rests("priority_return", part, words),))


def round_text(record: PeriodRecord, round: Round) -> str:
    (agencies, asked), received, missing = round_counts(round)
    return write(
        "returns",
        record,
        quarter=round.title,
        agencies=english.counted(agencies, "agency", "agencies"),
        asked=english.counted(asked, "return"),
        received=english.number(received),
        one_received=received == 1,
        all_received=received == asked,
        missing=english.listed(missing),
    )


def learning_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    for learning in record.learning:
        for piece in english.pieces(words_of(learning, record.audience)):
            text = write("learning", record, words=piece)
            yield Drafted(text, learning.day, (Rests("learning", learning, piece),))


def threat_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    for threat in record.threats:
        words = words_of(threat, record.audience)
        if words:
            text = write("threat", record, agency=threat.agency, words=words.strip())
            if threat.state != EmergingThreat.State.RAISED:
                text = join(text, write("threat_outcome", record, state=threat.state))
            raised = timezone.localdate(threat.raised_at)
            yield Drafted(text, raised, (Rests("threat", threat, words),))


def leaving_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """The chair's leaving and the nominations sought, in one paragraph when both are there."""
    days = [leaving.leaving_announced_on for leaving in record.leaving]
    days += [nomination.sought_on for nomination in record.nominations]
    if days:
        text = write(
            "leaving",
            record,
            announced=day(record, record.leaving[0].leaving_announced_on) if record.leaving else "",
            offices=english.listed(
                list(dict.fromkeys(n.get_office_display().lower() for n in record.nominations))
            ),
        )
        rests = [rest("appointment", leaving) for leaving in record.leaving]
        rests += [rest("nomination", nomination) for nomination in record.nominations]
        yield Drafted(text, max(days), tuple(rests))


def action_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """How the action plan moved: numbers only, since no agency cleared its wording."""
    agreed = [a for a in record.actions if record.period_from <= a.agreed_on <= record.period_to]
    done = [
        a
        for a in record.actions
        if a.state == Action.State.COMPLETE
        and record.period_from <= timezone.localdate(a.completed_at) <= record.period_to
    ]
    reached = [o for o in record.objectives if o.progress == Objective.Progress.DONE]
    if record.actions:
        text = write(
            "actions",
            record,
            agreed=english.counted(len(agreed), "action"),
            any_agreed=bool(agreed),
            done=english.capital(english.counted(len(done), "action")),
            one_done=len(done) == 1,
            objectives=english.counted(len(record.objectives), "objective"),
            any_objectives=bool(record.objectives),
            reached=english.number(len(reached)),
            one_reached=len(reached) == 1,
        )
        rests = tuple(rest("action", action) for action in record.actions)
        yield Drafted(text, record.period_to, rests)


def ahead_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    meeting = record.next_meeting
    if meeting:
        text = write("ahead", record, day=day(record, held_on(meeting)))
        yield Drafted(text, record.period_to, (rest("meeting", meeting),))


def rest(key: str, record: Model) -> Rests:
    """A source that lends facts, not cleared words."""
    return Rests(key, record, facts_of(key, record))


def day(record: PeriodRecord, of: datetime.date) -> str:
    return english.day_words(of, record.committee_date.year)


def write(name: str, record: PeriodRecord, **values) -> str:
    """One paragraph from its template. Line ends in the words given are kept."""
    text = render_to_string(f"reports/paragraphs/{name}.txt", {"record": record, **values})
    return "\n".join(GAPS.sub(" ", line).rstrip() for line in text.strip().split("\n"))


def join(before: str, after: str) -> str:
    """Two texts as one paragraph: sentence after sentence, unless a list stands between them."""
    listed = english.LIST_MARK.match(before.rpartition("\n")[2])
    return f"{before}\n\n{after}" if listed else f"{english.full_stop(before)} {after}"


def save_sections(report: CommitteeReport, drafts: list[Drafted]) -> None:
    """Write drafted paragraphs under their headings, in the order given."""
    headings = list(dict.fromkeys(drafted.section for drafted in drafts))
    for order, heading in enumerate(headings, 1):
        section = Section.objects.create(report=report, order=order, heading=heading)
        inside = [drafted for drafted in drafts if drafted.section == heading]
        for number, drafted in enumerate(inside, 1):
            paragraph = Paragraph.objects.create(section=section, order=number, text=drafted.text)
            save_sources(paragraph, drafted)


def save_sources(paragraph: Paragraph, drafted: Drafted) -> None:
    ParagraphSource.objects.bulk_create(
        ParagraphSource(
            paragraph=paragraph,
            label=label_of(rests.key, rests.record),
            digest=digest(rests.words),
            **{rests.key: rests.record},
        )
        for rests in drafted.rests
    )
