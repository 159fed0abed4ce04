"""The draft writes itself: from the record of a period to sections, paragraphs and sources.

Each kind of paragraph has a template of its own (reports/phrases.py). Only words
cleared for the report's audience enter (reports/record.py); what is left out is counted there.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from board import audit
from board.markings import Audience
from board.models import Board, User
from board.text import digest, listed
from meetings.models import Action, AgendaItem, Decision, Meeting
from priorities.models import EmergingThreat, Learning, Objective, Round

from . import english
from .heading import default_header, free_ref, last_layout
from .models import CommitteeReport, Paragraph, ParagraphSource, Section
from .phrases import say
from .record import PeriodRecord, held_on, minutes_approved, parts_of, words_of
from .sources import facts_of, label_of, round_counts

BACKGROUND, UPDATE = "Background", "Update"
HEADERS = ("subject", "report_of", "purpose", "summary", "recommendations", "contact")


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
    layout = last_layout(board, to_board)
    written = {**default_header(record), **header}
    for part in layout.left_out if layout else ():
        written.pop(part, None)
    with transaction.atomic():
        report = CommitteeReport.objects.create(
            board=board,
            to_board=to_board,
            ref=free_ref(to_board, committee_date),
            committee_date=committee_date,
            period_from=period_from,
            period_to=period_to,
            audience=audience,
            layout=layout,
            drafted_at=at or timezone.now(),
            drafted_by=by,
            **written,
        )
        save_sections(report, draft_paragraphs(record))
        audit.record("draft the report", report, by=by or "a command", at=at)
    return report


def draft_paragraphs(record: PeriodRecord) -> list[Drafted]:
    """All paragraphs in the order of the report: Background, then the rest by date."""
    update = [
        *meeting_paragraphs(record),
        *role_paragraphs(record),
        *return_paragraphs(record),
        *learning_paragraphs(record),
        *referral_paragraphs(record),
        *threat_paragraphs(record),
        *leaving_paragraphs(record),
        *action_paragraphs(record),
        *ahead_paragraphs(record),
    ]
    # Sorting is stable: what happened on one day keeps the order in which it was written here.
    update.sort(key=lambda drafted: drafted.day)
    return [*background_paragraphs(record), *update]


def background_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    board, chair = record.board, record.chair
    rests = [rest("terms_of_reference", record.terms)] if record.terms else []
    if chair:
        rests.append(rest("appointment", chair))
    text = say(
        "background",
        record,
        board=board,
        committee=record.to_board,
        year=board.established.year if board.established else "",
        chair_agency=chair.seat.agency if chair and chair.seat else None,
        aim=english.full_stop(english.agreed(board.aim)) if board.aim else "",
    )
    yield Drafted(text, record.period_from, tuple(rests), BACKGROUND)


def meeting_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """A meeting: the day, then its cleared minutes and decisions, item by item."""
    for meeting in record.meetings:
        lead = say(
            "meeting",
            record,
            board=meeting.board,
            day=record.day(held_on(meeting)),
            draft="" if minutes_approved(meeting) else "from draft minutes, subject to approval",
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
        text = decided(decision, words.strip(), record)
        if texts:
            before, rests = texts.pop()
            text, rests = join(before, text), [*rests, Rests("decision", decision, words)]
        else:
            rests = [Rests("decision", decision, words)]
        texts.append((text, rests))
    for text, rests in texts:
        yield text, tuple(rests)


def decided(decision: Decision, words: str, record: PeriodRecord) -> str:
    """A decision in a sentence; one taken between meetings says how, and on which day."""
    if question := getattr(decision, "between", None):
        how = question.get_route_display().lower()
        day = record.day(decision.taken_on)
        return say("between", record, how=how, day=day, words=english.agreed(words))
    if decision.outcome != Decision.Outcome.DEFERRED:
        words = english.agreed(words)
    return say(str(decision.outcome), record, words=words)


def role_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """What the Board asks of its members, who watches the national list, how it goes on.

    It follows the first meeting of the period, which decided how the work goes on.
    """
    watchers: dict = {}
    for threat in record.national:
        if threat.monitored_by:
            watchers.setdefault(threat.monitored_by, []).append(threat)
    whole = [a for a, threats in watchers.items() if len(threats) == len(record.national)]
    text = say(
        "role",
        record,
        watcher=whole[0] if whole else "",
        areas=f"{english.all_of(len(record.national))} priority area"
        + ("s" if len(record.national) > 1 else ""),
        named="named by the Home Office"
        if any("Home Office" in threat.source for threat in record.national)
        else "on the national list",
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
                text = say(
                    "return",
                    record,
                    agency=part.agency_return.agency,
                    priority=english.inside(part.priority.name),
                    words=words.strip(),
                )
                yield Drafted(text, round.due, (Rests("priority_return", part, words),))


def round_text(record: PeriodRecord, round: Round) -> str:
    (agencies, asked), received, missing = round_counts(round)
    return say(
        "returns",
        record,
        quarter=round.title,
        agencies=english.counted(agencies, "agency", "agencies"),
        asked=english.counted(asked, "return"),
        received="all" if received == asked else english.number(received),
        was="was" if received == 1 else "were",
        missing=listed(missing),
    )


def learning_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    for learning in record.learning:
        yield from learning_pieces(learning, record)


def learning_pieces(learning: Learning, record: PeriodRecord) -> Iterator[Drafted]:
    for piece in english.pieces(words_of(learning, record.audience)):
        text = say("learning", record, words=piece)
        yield Drafted(text, learning.day, (Rests("learning", learning, piece),))


def referral_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    for referral in record.referrals:
        words = words_of(referral, record.audience)
        if words:
            text = say(
                "referral",
                record,
                form=referral.get_kind_display().lower(),
                committee=referral.from_board,
                asked=english.day_words(referral.asked_on),
                words=words.strip(),
            )
            day = timezone.localdate(referral.answered_at)
            yield Drafted(text, day, (Rests("referral", referral, words),))


def threat_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    for threat in record.threats:
        words = words_of(threat, record.audience)
        if words:
            text = say("threat", record, agency=threat.agency, words=words.strip())
            if threat.state != EmergingThreat.State.RAISED:
                text = join(text, say(str(threat.state), record))
            raised = timezone.localdate(threat.raised_at)
            yield Drafted(text, raised, (Rests("threat", threat, words),))


def leaving_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    """The chair's leaving and the nominations sought, in one paragraph when both are there."""
    announced = [one.leaving_announced_on for one in record.leaving if one.leaving_announced_on]
    days = announced + [nomination.sought_on for nomination in record.nominations]
    if days:
        text = say(
            "leaving",
            record,
            chair=record.board.chair_title,
            committee=record.to_board,
            announced=record.day(announced[0]) if announced else "",
            offices=listed(
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
        text = say(
            "actions",
            record,
            agreed=english.counted(len(agreed), "action") if agreed else "",
            done=english.capital(english.counted(len(done), "action")),
            was="was" if len(done) == 1 else "were",
            objectives=english.counted(len(record.objectives), "objective")
            if record.objectives
            else "",
            reached=english.number(len(reached)),
            has="has" if len(reached) == 1 else "have",
        )
        rests = tuple(rest("action", action) for action in record.actions)
        yield Drafted(text, record.period_to, rests)


def ahead_paragraphs(record: PeriodRecord) -> Iterator[Drafted]:
    meeting = record.next_meeting
    if meeting:
        text = say("ahead", record, day=record.day(held_on(meeting)))
        yield Drafted(text, record.period_to, (rest("meeting", meeting),))


def rest(key: str, record: Model) -> Rests:
    """A source that lends facts, not cleared words."""
    return Rests(key, record, facts_of(record))


def join(before: str, after: str) -> str:
    """Two texts as one paragraph: sentence after sentence, unless a list stands between them."""
    in_list = english.LIST_MARK.match(before.rpartition("\n")[2])
    return f"{before}\n\n{after}" if in_list else f"{english.full_stop(before)} {after}"


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
            label=label_of(rests.record),
            digest=digest(rests.words),
            **{rests.key: rests.record},
        )
        for rests in drafted.rests
    )
