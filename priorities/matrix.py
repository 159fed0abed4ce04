"""The matrix: what each agency said on each priority, quarter by quarter, in words.

A square shows a person what that person may read. That a return came, and on what day, is for
every member; what it says is for those who may read it (`may_read`).
"""

from dataclasses import dataclass, field

from django.utils import timezone

from board.markings import Marking
from priorities.models import Confidence, Direction, PriorityReturn, ReturnState, Round
from priorities.permissions import can_draft_return, can_judge_return

LEVELS = {Confidence.CANNOT_SAY: 0, Confidence.LOW: 1, Confidence.FAIR: 2, Confidence.HIGH: 3}
SIGNS = {Direction.IMPROVING: "▲", Direction.STEADY: "►", Direction.WORSENING: "▼"}
RUNNING = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
STATES = {
    "no_round": "No round",
    "not_asked": "Not asked",
    "lifted": "No longer expected",
    "awaited": "Awaited",
    "none": "No return",
    "query": "Query raised",
    "nothing": "Nothing to report",
    "submitted": "Submitted",
    "received": "Received",
}
HEARD = ("query", "nothing", "submitted", "received")
QUARTERS = 5  # now and four before
# What a square needs; the texts stay in the database.
SHOWN = """
agency_return priority state submitted_at nothing_to_report confidence direction marking
lifted_on lifted_reason priority__name priority__slug priority__order priority__lead_agency
agency_return__round agency_return__extended_to agency_return__agency__name
agency_return__agency__short_name agency_return__agency__slug
"""


@dataclass
class Cell:
    """One agency on one priority in one round.

    kind       a key of STATES
    day        when the return came (or was queried), for those kinds that came
    late       whole days after the due day
    hidden     it came, but this person may not read what it says
    earlier    the cells of the quarters before, newest first
    mine       it waits for this person
    """

    kind: str
    round: Round
    part: PriorityReturn | None = None
    day: object = None
    late: int = 0
    hidden: bool = False
    earlier: list = field(default_factory=list)
    mine: bool = False
    url: str = ""
    priority: object = None

    @property
    def state(self):
        return STATES[self.kind]

    @property
    def heard(self):
        return self.kind in HEARD

    @property
    def asked(self):
        return self.kind not in ("no_round", "not_asked", "lifted")

    @property
    def says(self):
        """Whether the agency's own judgement is there to be shown."""
        return self.heard and self.kind != "nothing" and not self.hidden and self.part.confidence

    @property
    def level(self):
        return LEVELS[self.part.confidence] if self.says else None

    @property
    def direction_sign(self):
        return SIGNS.get(self.part.direction, "") if self.says else ""

    @property
    def answer(self):
        """The answer in a word or two; empty when this person may not know it."""
        if self.says:
            return self.part.get_confidence_display()
        return "" if self.hidden else self.state

    @property
    def words(self):
        return self.answer or "not open to you"

    @property
    def point(self):
        """For components/spark.html."""
        if self.says:
            return {"kind": "level", "level": self.level}
        return {"kind": self.kind if self.kind in ("none", "nothing") else "blank"}

    @property
    def points(self):
        return [cell.point for cell in (*reversed(self.earlier), self)]

    @property
    def spoken(self):
        """The small columns as a sentence, oldest first."""
        before = ", ".join(cell.words for cell in reversed(self.earlier))
        return f"Quarter by quarter: {before}; now {self.words}"

    @property
    def changed(self):
        return bool(self.change and self.change[1])

    @property
    def change(self):
        """(words, whether it is a change) against last quarter; ("", False) for nothing to say."""
        if not self.earlier or not self.asked or self.kind == "awaited":
            return "", False
        before = self.earlier[0]
        if self.kind == "query":
            return "query not yet settled", False
        if self.kind == "none" and before.kind == "none":
            return f"{RUNNING[self.quarters_missed]} quarter running", False
        if before.kind == "no_round":
            return "", False
        if not before.asked:
            return "first time asked", False
        if not self.answer or not before.answer:
            return "", False
        if self.answer == before.answer:
            if self.says and self.part.direction != before.part.direction:
                return f"was {before.part.get_direction_display()}", True
            return "as last quarter", False
        if self.level and before.level:
            way = "up" if self.level > before.level else "down"
            return f"{way} from {before.answer}", True
        return f"was {before.answer}", True

    @property
    def quarters_missed(self):
        missed = 0
        for cell in (self, *self.earlier):
            if cell.kind != "none":
                break
            missed += 1
        return missed


def read_cell(part, round, moment):
    """The cell of a PriorityReturn from `as_read_by` (or None) at `moment`."""
    if part is None:
        return Cell("not_asked", round)
    whole = part.agency_return
    whole.round = round
    if part.lifted_on:
        return Cell("lifted", round, part, day=part.lifted_on)
    if part.state == ReturnState.DRAFT:
        if part.queried_at:
            day = timezone.localdate(part.queried_at)
            return Cell("query", round, part, day=day, hidden=not part.may_read)
        late = whole.days_late(round.closed_at or moment)
        if late or round.state == Round.State.CLOSED:
            return Cell("none", round, part, late=late)
        return Cell("awaited", round, part, day=whole.due)
    kind = "nothing" if part.nothing_to_report and part.may_read else str(part.state)
    return Cell(
        kind,
        round,
        part,
        day=timezone.localdate(part.submitted_at),
        late=whole.days_late(part.submitted_at),
        hidden=not part.may_read,
    )


@dataclass
class Row:
    agency: object
    cells: list
    leads: list


class Matrix:
    """Agency × priority for one round, as `user` may see it. Three queries, whatever its size."""

    def __init__(self, round, user, at=None):
        moment = at or timezone.now()
        self.round = round
        before = list(
            Round.objects.filter(board=round.board_id, quarter_start__lt=round.quarter_start)
            .exclude(state=Round.State.PLANNED)
            .order_by("-quarter_start")[: QUARTERS - 1]
        )
        self.previous = before[0] if before else None
        quarters = {past.quarter_start: past for past in before}
        starts = [months_before(round.quarter_start, 3 * n) for n in range(1, QUARTERS)]
        # Newest first. A quarter that had no round leaves a gap: "last quarter" means just that.
        self.rounds = [round, *(quarters.get(start) for start in starts)]
        self.next = (
            Round.objects.filter(board=round.board_id, quarter_start__gt=round.quarter_start)
            .order_by("quarter_start")
            .first()
        )
        parts = parts_of([past for past in self.rounds if past], user)
        cells = {key: read_cell(part, self._round(key[0]), moment) for key, part in parts.items()}
        now = [part for key, part in parts.items() if key[0] == round.pk]
        self.priorities = sorted(
            {part.priority for part in now}, key=lambda priority: (priority.order, priority.name)
        )
        agencies = {part.agency_return.agency for part in now}
        self.rows = [
            self._row(agency, cells, user)
            for agency in sorted(agencies, key=lambda agency: agency.name)
        ]

    def _round(self, pk):
        return next(round for round in self.rounds if round and round.pk == pk)

    def _row(self, agency, cells, user):
        leads = [p.name for p in self.priorities if p.lead_agency_id == agency.pk]
        if len(leads) > 1 and len(leads) == len(self.priorities):
            leads = ["all of them"]
        row = Row(agency, [], leads)
        for priority in self.priorities:
            cell, *earlier = (
                Cell("no_round", None)
                if round is None
                else cells.get((round.pk, agency.pk, priority.pk)) or Cell("not_asked", round)
                for round in self.rounds
            )
            cell.earlier, cell.priority = earlier, priority
            if cell.part:
                settle_door(cell, user)
            row.cells.append(cell)
        return row

    @property
    def cells(self):
        return [cell for row in self.rows for cell in row.cells]

    @property
    def marking(self):
        """The highest marking among what is shown."""
        shown = [cell for cell in self.cells if cell.says or cell.kind == "nothing"]
        earlier = [
            past for cell in self.cells for past in cell.earlier if past.answer and past.part
        ]
        sensitive = any(cell.part.sensitive for cell in (*shown, *earlier) if cell.part.may_read)
        return Marking.SENSITIVE if sensitive else Marking.OFFICIAL

    @property
    def counts(self):
        asked = [cell for cell in self.cells if cell.asked]
        return tally(asked) | {
            "nothing": sum(cell.kind == "nothing" for cell in asked),
            "changed": sum(cell.changed for cell in asked),
            "waiting": sum(cell.mine for cell in asked),
        }

    @property
    def silent(self):
        """Names of the agencies with a No return, in the order of the rows."""
        return [
            row.agency.short for row in self.rows if any(cell.kind == "none" for cell in row.cells)
        ]

    @property
    def columns(self):
        """For each priority, how many were asked and how many answered."""
        columns = []
        for i, priority in enumerate(self.priorities):
            cells = [row.cells[i] for row in self.rows]
            columns.append(
                {
                    "priority": priority,
                    "asked": sum(cell.asked for cell in cells),
                    "answered": sum(cell.heard for cell in cells),
                }
            )
        return columns

    def showing(self, only):
        """The rows in which something is "changed", "none" or "waiting"; all for anything else."""
        tests = {
            "changed": lambda cell: cell.changed,
            "none": lambda cell: cell.kind == "none",
            "waiting": lambda cell: cell.mine,
        }
        if only not in tests:
            return self.rows
        return [row for row in self.rows if any(tests[only](cell) for cell in row.cells)]

    def sheet(self):
        """The same words as rows of a table, one a square, heading first."""
        yield (
            "Agency", "Priority", "State", "Day", "Days late", "Confidence", "Direction",
            "Changed", "Since last quarter", "Quarter by quarter", "Marking",
        )  # fmt: skip
        for row in self.rows:
            for cell in row.cells:
                says = cell.says
                yield (
                    row.agency.name,
                    cell.priority.name,
                    cell.state,
                    f"{cell.day:%-d %B %Y}" if cell.day and cell.heard else "",
                    cell.late or "",
                    cell.part.get_confidence_display() if says else "",
                    cell.part.get_direction_display() if says else "",
                    "Changed" if cell.changed else "",
                    cell.change[0],
                    cell.spoken if cell.asked else "",
                    cell.part.marking if cell.part and cell.heard and not cell.hidden else "",
                )


def settle_door(cell, user):
    """Whether the cell waits for this person, and the page that it opens for them."""
    agency_return = cell.part.agency_return
    agency_return.round = cell.round
    secretary = can_judge_return(user, agency_return)
    own = can_draft_return(user, agency_return)
    draft = cell.kind in ("awaited", "none", "query")
    is_open = cell.round.state == Round.State.OPEN
    cell.mine = (secretary and cell.part.state == ReturnState.SUBMITTED) or (
        own and draft and is_open
    )
    if own and draft and is_open:
        cell.url = f"{agency_return.get_absolute_url()}edit/#priority-{cell.part.priority.slug}"
    elif cell.part.may_read:
        cell.url = cell.part.get_absolute_url()


def months_before(day, months):
    """The same day of the month, `months` earlier; `day` is the first of a month."""
    count = day.year * 12 + day.month - 1 - months
    return day.replace(count // 12, count % 12 + 1)


def tally(cells):
    """How many were asked, answered ("query" among them), queried, and are No return."""
    asked = [cell for cell in cells if cell.asked]
    return {
        "asked": len(asked),
        "answered": sum(cell.heard for cell in asked),
        "queried": sum(cell.kind == "query" for cell in asked),
        "none": sum(cell.kind == "none" for cell in asked),
    }


def round_tally(round, user, moment, agencies=None):
    """The tally of one round, as its matrix counts; of these agencies alone where ids are given.
    One query."""
    parts = parts_of([round], user).values()
    return tally(
        read_cell(part, round, moment)
        for part in parts
        if agencies is None or part.agency_return.agency_id in agencies
    )


def parts_of(rounds, user):
    """{(round id, agency id, priority id): PriorityReturn} of these rounds, without their texts."""
    parts = (
        PriorityReturn.objects.filter(agency_return__round__in=[round.pk for round in rounds])
        .as_read_by(user)
        .select_related("agency_return__agency", "priority")
        .only(*SHOWN.split())
    )
    return {
        (part.agency_return.round_id, part.agency_return.agency_id, part.priority_id): part
        for part in parts
    }


def standing(part, round, moment=None):
    """The cell of one part for lists and pages; `part` comes from `as_read_by`."""
    return read_cell(part, round, moment or timezone.now())
