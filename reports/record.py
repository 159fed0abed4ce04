"""The record of one period, read once: what a report can be drawn from.

`words_of` is the one door for words: what was cleared for the audience, of a record that is
not marked OFFICIAL-SENSITIVE. Facts that the boards publish anyway (who meets when, how many
returns came, who holds which office) are no words of anybody.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Model, Prefetch, Q
from django.utils import timezone

from board.markings import Audience, Marking
from board.models import Appointment, Board, Clearable, Nomination, TermsOfReference
from board.roles import CHAIRS
from meetings.models import Action, Decision, Meeting, Minutes, Note, Part, Referral
from priorities.models import (
    AgencyReturn,
    EmergingThreat,
    Learning,
    NationalThreat,
    Objective,
    Priority,
    PriorityReturn,
    ReturnState,
    Round,
)

from .english import day_words
from .models import CommitteeReport, Phrase

APPROVED = (Minutes.State.APPROVED, Minutes.State.SIGNED)


def words_of(record: Clearable, audience: Audience | str) -> str:
    """The words of a clearable record that this audience may read; empty when none."""
    if is_sensitive(record):
        return ""
    if getattr(record, "part", Part.BOARD) == Part.RESTRICTED:
        return ""
    return record.words_for(audience)


def is_sensitive(record: Model) -> bool:
    """Whether a record, or the whole return it is part of, is marked OFFICIAL-SENSITIVE."""
    whole = record.agency_return if isinstance(record, PriorityReturn) else record
    return Marking.SENSITIVE in (
        getattr(record, "marking", Marking.OFFICIAL),
        getattr(whole, "marking", Marking.OFFICIAL),
    )


def minutes_approved(meeting: Meeting) -> bool:
    """Whether the Board part of its minutes was approved. Reads the prefetched minutes."""
    return any(m.part == Part.BOARD and m.state in APPROVED for m in meeting.minutes.all())


def family_of(board: Board) -> list[Board]:
    """A board and its working groups."""
    groups = Q(reports_to=board, kind=Board.Kind.WORKING_GROUP)
    return list(Board.objects.filter(Q(pk=board.pk) | groups))


@dataclass(frozen=True)
class PeriodRecord:
    """What happened on a board between two days, both included, for one audience."""

    board: Board
    to_board: Board
    committee_date: datetime.date
    period_from: datetime.date
    period_to: datetime.date
    audience: str

    @cached_property
    def boards(self) -> list[Board]:
        return family_of(self.board)

    def day(self, of: datetime.date) -> str:
        """A day in words, without its year when that is the committee's."""
        return day_words(of, self.committee_date.year)

    @cached_property
    def phrases(self) -> dict[str, str]:
        """How this board words the kinds of paragraph that it words for itself."""
        return dict(Phrase.objects.filter(board=self.board).values_list("kind", "text"))

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Held in the period, in order, with items, notes, decisions and minutes."""
        return list(
            Meeting.objects.held()
            .filter(
                board__in=self.boards,
                starts_at__date__gte=self.period_from,
                starts_at__date__lte=self.period_to,
            )
            .select_related("board")
            .prefetch_related(
                "minutes",
                "items",
                Prefetch("items__notes", Note.objects.filter(part=Part.BOARD)),
                Prefetch(
                    "items__decisions",
                    Decision.objects.filter(part=Part.BOARD).select_related("between"),
                ),
            )
            .order_by("starts_at", "pk")
        )

    @cached_property
    def next_meeting(self) -> Meeting | None:
        """The Board's next one after the committee, if it is planned and within half a year."""
        soon = self.committee_date + datetime.timedelta(days=183)
        return (
            Meeting.objects.ahead()
            .filter(
                board=self.board,
                starts_at__date__gt=self.committee_date,
                starts_at__date__lte=soon,
            )
            .select_related("board")
            .prefetch_related("minutes")
            .order_by("starts_at")
            .first()
        )

    @cached_property
    def rounds(self) -> list[Round]:
        """Rounds whose returns fell due in the period, with what was expected of whom."""
        return list(
            Round.objects.filter(
                board=self.board, due__gte=self.period_from, due__lte=self.period_to
            )
            .exclude(state=Round.State.PLANNED)
            .prefetch_related(expected_parts())
            .order_by("due")
        )

    @cached_property
    def threats(self) -> list[EmergingThreat]:
        return list(
            EmergingThreat.objects.filter(
                board=self.board,
                raised_at__date__gte=self.period_from,
                raised_at__date__lte=self.period_to,
            )
            .select_related("agency")
            .order_by("raised_at", "pk")
        )

    @cached_property
    def learning(self) -> list[Learning]:
        return list(
            Learning.objects.filter(
                board=self.board, day__gte=self.period_from, day__lte=self.period_to
            ).order_by("day", "pk")
        )

    @cached_property
    def referrals(self) -> list[Referral]:
        """What this committee asked, answered in the period."""
        return list(
            Referral.objects.filter(
                board=self.board,
                from_board=self.to_board,
                state__in=Referral.ANSWERS,
                answered_at__date__gte=self.period_from,
                answered_at__date__lte=self.period_to,
            )
            .select_related("from_board", "agency")
            .order_by("answered_at", "pk")
        )

    @cached_property
    def actions(self) -> list[Action]:
        """Agreed or completed in the period; only those of the Board part."""
        moved = Q(agreed_on__gte=self.period_from, agreed_on__lte=self.period_to) | Q(
            completed_at__date__gte=self.period_from, completed_at__date__lte=self.period_to
        )
        return list(
            Action.objects.filter(moved, board__in=self.boards, part=Part.BOARD)
            .exclude(state=Action.State.CANCELLED)
            .order_by("agreed_on", "pk")
        )

    @cached_property
    def objectives(self) -> list[Objective]:
        """The action plan as it stood on the last day of the period."""
        end = datetime.datetime.combine(self.period_to, datetime.time.max, london())
        plan = Objective.history.as_of(end).filter(
            priority_id__in=[priority.pk for priority in self.priorities]
        )
        return list(plan)

    @cached_property
    def priorities(self) -> list[Priority]:
        return list(Priority.objects.filter(board=self.board).in_force(self.period_to))

    @cached_property
    def national(self) -> list[NationalThreat]:
        """The national list on the last day of the period."""
        return list(NationalThreat.objects.current(self.period_to).select_related("monitored_by"))

    @cached_property
    def chair(self) -> Appointment | None:
        """Who chairs on the last day of the period: chair, else acting, else deputy chair."""
        holders = (
            Appointment.objects.current(self.period_to)
            .filter(board=self.board, role__in=CHAIRS)
            .select_related("person", "seat__agency")
        )
        return min(holders, key=lambda holder: CHAIRS.index(holder.role), default=None)

    @cached_property
    def leaving(self) -> list[Appointment]:
        """Chairs who announced in the period that they will leave."""
        return list(
            Appointment.objects.filter(
                board=self.board,
                role__in=CHAIRS,
                leaving_announced_on__gte=self.period_from,
                leaving_announced_on__lte=self.period_to,
            ).order_by("leaving_announced_on")
        )

    @cached_property
    def nominations(self) -> list[Nomination]:
        return list(
            Nomination.objects.filter(
                board=self.board,
                put_to=self.to_board,
                sought_on__gte=self.period_from,
                sought_on__lte=self.period_to,
            )
            .select_related("put_to")
            .order_by("sought_on", "pk")
        )

    @cached_property
    def terms(self) -> TermsOfReference | None:
        return (
            TermsOfReference.objects.filter(board=self.board)
            .filter(Q(agreed_on__isnull=True) | Q(agreed_on__lte=self.period_to))
            .order_by("version")
            .last()
        )

    @cached_property
    def restricted_notes(self) -> list[Note]:
        return list(
            Note.objects.filter(
                item__meeting__in=[meeting.pk for meeting in self.meetings], part=Part.RESTRICTED
            ).exclude(text="")
        )

    def withheld(self) -> list[dict]:
        """What lies in the period and is not in the report: kind and number, never words.

        [{"kind", "number", "paragraph"}]; `paragraph` of Schedule 12A, where one was given.
        """
        notes = [note for m in self.meetings for i in m.items.all() for note in i.notes.all()]
        decisions = [d for m in self.meetings for i in m.items.all() for d in i.decisions.all()]
        parts = [p for round in self.rounds for p in parts_of(round) if written(p)]
        kept = [
            ("Restricted parts of minutes", self.restricted_notes),
            ("Minutes not cleared", self._closed(note for note in notes if note.text.strip())),
            ("Decisions not cleared", self._closed(decisions)),
            ("Returns marked OFFICIAL-SENSITIVE", [part for part in parts if is_sensitive(part)]),
            ("Returns not cleared", self._closed(p for p in parts if not is_sensitive(p))),
            ("Threats not cleared", self._closed(self.threats)),
            ("Learning not cleared", self._closed(self.learning)),
            ("Answers to the committee not cleared", self._closed(self.referrals)),
            ("Restricted actions", self._restricted_actions()),
        ]
        rows = []
        for kind, records in kept:
            grounds: dict[str, int] = {}
            for record in records:
                ground = getattr(record, "withheld_paragraph", "")
                grounds[ground] = grounds.get(ground, 0) + 1
            rows += [
                {"kind": kind, "number": count, "paragraph": ground}
                for ground, count in sorted(grounds.items())
            ]
        return rows

    def _closed(self, records) -> list:
        return [record for record in records if not words_of(record, self.audience)]

    def _restricted_actions(self) -> list[Action]:
        return list(
            Action.objects.filter(
                board__in=self.boards,
                part=Part.RESTRICTED,
                agreed_on__gte=self.period_from,
                agreed_on__lte=self.period_to,
            ).only("pk")
        )


def record_of(report: CommitteeReport) -> PeriodRecord | None:
    """What a report is drawn from; None for one that covers no period, an imported one."""
    if not (report.period_from and report.period_to):
        return None
    return PeriodRecord(
        report.board,
        report.to_board,
        report.committee_date or report.period_to,
        report.period_from,
        report.period_to,
        report.audience,
    )


def expected_parts() -> Prefetch:
    """For a queryset of rounds: the returns of each, and their parts, in one order."""
    parts = PriorityReturn.objects.expected().select_related("priority")
    returns = AgencyReturn.objects.select_related("agency").prefetch_related(
        Prefetch("priority_returns", parts)
    )
    return Prefetch("agency_returns", returns)


def parts_of(round: Round) -> list[PriorityReturn]:
    """Each expected part with its agency, as prefetched; by priority, then by agency."""
    parts = []
    for agency_return in round.agency_returns.all():
        for part in agency_return.priority_returns.all():
            part.agency_return = agency_return
            parts.append(part)
    return sorted(
        parts,
        key=lambda p: (p.priority.order, p.priority.name, p.agency_return.agency.name),
    )


def written(part: PriorityReturn) -> bool:
    """Whether an agency has sent it in with words of its own."""
    return part.state != ReturnState.DRAFT and not part.nothing_to_report


def london() -> datetime.tzinfo:
    return timezone.get_default_timezone()


def held_on(meeting: Meeting) -> datetime.date:
    return timezone.localdate(meeting.starts_at)
