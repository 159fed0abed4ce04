"""Quarters side by side: how timely the returns were, how sure the agencies are of their own work,
and how the work spreads over the 4 Ps. Counts, in words; never an average over agencies."""

from dataclasses import dataclass

from django.utils import timezone

from board.markings import highest

from .matrix import SHOWN, read_cell
from .models import Confidence, FourP, PriorityReturn

QUARTERS = 8
TALLEST = 22  # of a column, in the units of components/columns.html


@dataclass(frozen=True)
class Line:
    """One row: a number for each quarter, oldest first, and the columns drawn of them."""

    label: str
    values: list
    most: int

    @property
    def columns(self):
        """[(x, y, height)] for components/columns.html, on the scale of the whole table."""
        heights = [round(TALLEST * value / self.most) if self.most else 0 for value in self.values]
        return [(1 + 15 * n, 24 - height, height) for n, height in enumerate(heights)]

    @property
    def width(self):
        return 15 * len(self.values) + 1

    @property
    def spoken(self):
        return f"{self.label}: {', '.join(map(str, self.values))}"


def trends(rounds, user, priority=None, at=None):
    """([(title, what is counted, [Line])] for `rounds`, oldest first; the highest marking of what
    was counted). One query.

    What a return says is counted only where this person may read it.
    """
    moment = at or timezone.now()
    by_id = {round.pk: round for round in rounds}
    parts = (
        PriorityReturn.objects.filter(agency_return__round__in=by_id)
        .expected()
        .as_read_by(user)
        .select_related("agency_return__agency", "priority")
        .only(*SHOWN.split(), *FourP.values)
    )
    if priority is not None:
        parts = parts.filter(priority=priority)
    cells = {pk: [] for pk in by_id}
    for part in parts:
        pk = part.agency_return.round_id
        cells[pk].append(read_cell(part, by_id[pk], moment))
    cells = list(cells.values())
    tables = [
        ("Timeliness", "returns expected", lines(cells, timely, TIMES)),
        ("Confidence", "what agencies say of their own work", lines(cells, judged, JUDGED)),
        ("Balance of the 4 Ps", "returns that tick each; one may tick several", lines(
            cells, ticked, [strand.label for strand in FourP] + ["None ticked"]
        )),
    ]  # fmt: skip
    counted = [cell.part for quarter in cells for cell in quarter if cell.heard and not cell.hidden]
    return tables, highest(counted)


TIMES = ("In time", "Late", "Query raised", "No return", "Awaited")
JUDGED = (*Confidence.labels, "Not said", "Nothing to report", "Not open to you")


def timely(cell):
    if cell.kind in ("query", "none", "awaited"):
        return [cell.state]
    return ["Late" if cell.late else "In time"]


def judged(cell):
    if not cell.heard or cell.kind == "query":
        return []
    if cell.hidden:
        return ["Not open to you"]
    if cell.kind == "nothing":
        return ["Nothing to report"]
    return [cell.part.get_confidence_display() or "Not said"]


def ticked(cell):
    if not cell.heard or cell.hidden or cell.kind in ("query", "nothing"):
        return []
    return [strand.label for strand in cell.part.strands] or ["None ticked"]


def lines(quarters, of, labels):
    """A Line for each label that occurs; all of them on one scale."""
    found = [[label for cell in cells for label in of(cell)] for cells in quarters]
    rows = {label: [labels.count(label) for labels in found] for label in labels}
    most = max((value for values in rows.values() for value in values), default=0)
    return [Line(label, values, most) for label, values in rows.items() if any(values)]
