"""What a paragraph rests on: how a record is named beside it, and the words taken from it.

Drafting writes down the digest of the words it used; the editor and the checks compare it with
what the record says now, so both must read a record in the same way: here.
"""

import datetime
import enum
import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, Prefetch, Q
from django.utils import timezone

from board.markings import Clearance
from board.models import Appointment, Clearable, Nomination, TermsOfReference
from board.text import digest, listed
from meetings.models import Action, Correction, Decision, Meeting, Note, Part, Referral
from priorities.models import EmergingThreat, Learning, PriorityReturn, ReturnState, Round

from .english import counted, day_words, inside, pieces
from .models import SOURCES, CommitteeReport, ParagraphSource
from .record import (
    expected_parts,
    held_on,
    is_sensitive,
    minutes_approved,
    parts_of,
    words_of,
)

# Sources that lend words of their own; the others lend facts.
LENDERS = {key: model for key, model in SOURCES.items() if issubclass(model, Clearable)}
WORDS = tuple(LENDERS)


class Standing(enum.Enum):
    UNCHANGED = "unchanged"
    CHANGED = "changed since drafted"
    WITHDRAWN = "withdrawn"
    NOT_CLEARED = "not cleared"
    SENSITIVE = "OFFICIAL-SENSITIVE"


# Words that may not travel: only their originator can change that.
HELD = (Standing.WITHDRAWN, Standing.NOT_CLEARED, Standing.SENSITIVE)


@dataclass(frozen=True)
class Reading:
    """A source as it is now."""

    source: ParagraphSource
    standing: Standing
    words: str
    """What the record says now; empty when it may not be shown in this report."""
    owner: str
    """Who clears its words: an agency, or the secretary."""

    @property
    def held(self) -> bool:
        return self.standing in HELD

    @property
    def lends_words(self) -> bool:
        return any(getattr(self.source, f"{key}_id") for key in WORDS)


def label_of(record: Model) -> str:
    """How a source is named, at most 200 characters: "SOC Board, 19 September 2018, item 4"."""
    words = str(record)
    match record:
        case Note() | Decision():
            meeting = record.item.meeting
            words = f"{meeting_name(meeting)}, item {record.item.number}"
            if isinstance(record, Decision):
                words += ", decision"
            if not minutes_approved(meeting):
                words += ", from draft minutes, subject to approval"
        case Meeting():
            words = meeting_name(record)
        case PriorityReturn():
            words = f"Return: {record.agency_return.agency.short}, {record.priority}"
        case EmergingThreat():
            words = f"Emerging threat: {record.title}"
        case Learning():
            words = f"Learning: {record.title}, {day_words(record.day)}"
        case Referral():
            words = f"Answer to the {words[:1].lower()}{words[1:]}"
        case Round():
            words = f"Returns, {record.title}"
        case Action():
            words = f"Action {record.reference}"
        case Appointment():
            words = f"Office of {record.get_role_display().lower()}"
        case Nomination():
            words = f"Nomination sought, {day_words(record.sought_on)}"
        case TermsOfReference():
            words = f"Terms of reference, version {record.version}"
    return words[:200]


def meeting_name(meeting: Meeting) -> str:
    return f"{meeting.board}, {day_words(held_on(meeting))}"


def facts_of(record: Model) -> str:
    """The plain facts that a paragraph takes from a record which holds no cleared words."""
    match record:
        case Meeting():
            state = "" if minutes_approved(record) else ", minutes in draft"
            return f"{record.board}, {held_on(record)}, {record.get_state_display()}{state}"
        case Round():
            return round_facts(record)
        case Action():
            done = record.completed_at and timezone.localdate(record.completed_at)
            return f"{record.reference}, {f'complete {done}' if done else 'not complete'}"
        case Appointment():
            return f"{record.get_role_display()}, leaving announced {record.leaving_announced_on}"
        case Nomination():
            answer = "answered" if record.answered_on else "open"
            return f"{record.get_office_display()}, sought {record.sought_on}, {answer}"
        case TermsOfReference():
            return f"Version {record.version}, reviewed {record.reviewed_on}"
    raise TypeError(f"Nothing is known of {record._meta.verbose_name}.")


def round_facts(round: Round) -> str:
    """ "Asked 7 agencies for 12 returns; received 9. No return received from Probation …"."""
    asked, received, missing = round_counts(round)
    words = f"Asked {counted(asked[0], 'agency', 'agencies')} for {counted(asked[1], 'return')}; "
    words += f"{received} received."
    return f"{words} No return received from {listed(missing)}." if missing else words


def round_counts(round: Round) -> tuple[tuple[int, int], int, list[str]]:
    """((agencies asked, returns asked for), returns sent in, ["Probation (fraud)", …])."""
    parts = parts_of(round)
    silent: dict[str, list[str]] = {}
    for part in parts:
        if part.state == ReturnState.DRAFT:
            agency = part.agency_return.agency.name
            silent.setdefault(agency, []).append(inside(part.priority.name))
    missing = [f"{agency} ({listed(names)})" for agency, names in sorted(silent.items())]
    agencies = {part.agency_return.agency_id for part in parts}
    sent = sum(part.state != ReturnState.DRAFT for part in parts)
    return (len(agencies), len(parts)), sent, missing


def read(source: ParagraphSource, audience: str) -> Reading:
    """A source as it is now. Reads what `source_prefetch` loaded; no query of its own."""
    record = source.record
    if not isinstance(record, Clearable):
        words = facts_of(record)
        same = digest(words) == source.digest
        return Reading(source, Standing.UNCHANGED if same else Standing.CHANGED, words, "")
    words = words_of(record, audience)
    if not words:
        return Reading(source, why_held(record), "", owner_of(record))
    known = {digest(words), *map(digest, pieces(words))}
    standing = Standing.UNCHANGED if source.digest in known else Standing.CHANGED
    return Reading(source, standing, words, owner_of(record))


def why_held(record: Clearable) -> Standing:
    if is_sensitive(record):
        return Standing.SENSITIVE
    if record.clearance == Clearance.WITHDRAWN:
        return Standing.WITHDRAWN
    return Standing.NOT_CLEARED


def owner_of(record: Clearable) -> str:
    if isinstance(record, PriorityReturn):
        return record.agency_return.agency.name
    return record.agency.name if isinstance(record, EmergingThreat) else "the secretary"


def address_of(source: ParagraphSource) -> str:
    """Where the record can be read."""
    record = source.record
    if source.note_id or source.decision_id:
        return record.item.meeting.get_absolute_url()
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    return record.board.get_absolute_url()


def source_prefetch(lookup: str = "sources") -> Prefetch:
    """For a queryset of paragraphs: their sources with all that `read` and `label_of` need."""
    sources = ParagraphSource.objects.select_related(
        "note__item__meeting__board",
        "decision__item__meeting__board",
        "action__board",
        "priority_return__agency_return__agency",
        "priority_return__agency_return__round",
        "priority_return__priority",
        "threat__agency",
        "learning__board",
        "referral__from_board",
        "appointment__board",
        "nomination__board",
        "terms_of_reference__board",
        "meeting__board",
        "round",
    ).prefetch_related(
        "note__item__meeting__minutes",
        "decision__item__meeting__minutes",
        "meeting__minutes",
        Prefetch("round", Round.objects.prefetch_related(expected_parts())),
    )
    return Prefetch(lookup, sources)


# What `read` and `held_back` ask of a record that lends words.
LENT = ("clearance", "cleared_for", "cleared_text", "marking", "part")


def words_prefetch(lookup: str = "sources") -> Prefetch:
    """The same for those sources alone whose words may be held back: what a draft's paper needs,
    in one query, and no column more."""
    lent = functools.reduce(operator.or_, (Q(**{f"{key}__isnull": False}) for key in WORDS))
    sources = ParagraphSource.objects.filter(lent).select_related(
        "note",
        "decision",
        "priority_return__agency_return__agency",
        "threat__agency",
        "learning",
        "referral",
    )
    return Prefetch(lookup, sources.only(*lent_columns()))


@functools.cache
def lent_columns() -> tuple[str, ...]:
    columns = ["label", "digest", "paragraph", *SOURCES]
    for key, model in LENDERS.items():
        fields = model._meta.fields
        columns += [f"{key}__{field.name}" for field in fields if field.name in LENT]
    columns += ["priority_return__agency_return__marking", "threat__agency__name"]
    return (*columns, "priority_return__agency_return__agency__name")


def corrections_of(report: CommitteeReport, since: datetime.datetime) -> list[Correction]:
    """Corrections of minutes that a report used: those taken after `since`, and those a meeting
    made of approved minutes, whose own words stay as they were. Oldest first; one query."""
    sources = ParagraphSource.objects.filter(paragraph__section__report=report)
    used = Q(item__in=sources.exclude(note=None).values("note__item"), corrects=None)
    used |= Q(corrects__in=sources.exclude(decision=None).values("decision"))
    return list(
        Correction.objects.filter(
            used,
            Q(settled_at__gt=since) | Q(decision__isnull=False),
            state__in=[Correction.State.INCORPORATED, Correction.State.AGREED],
            minutes__part=Part.BOARD,
        )
        .select_related("minutes__meeting__board", "item")
        .order_by("settled_at", "pk")
    )


def resting_on_drafts(sources: Iterable[ParagraphSource]) -> list[Meeting]:
    """The meetings on whose minutes these rest, where they are not approved yet."""
    found: dict[int, Meeting] = {}
    for source in sources:
        record = source.record
        meeting = record if isinstance(record, Meeting) else None
        if isinstance(record, (Note, Decision)):
            meeting = record.item.meeting
        if meeting and meeting.state in Meeting.HELD and not minutes_approved(meeting):
            found[meeting.pk] = meeting
    return list(found.values())
