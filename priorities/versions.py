"""The versions of a return: what it said each time it went somewhere, and now.

It saves itself as it is written, so its history has a row every few seconds. A version is what
was submitted or received, what was kept beside it, and what it says now.
"""

from dataclasses import dataclass

from board.beside import BESIDE

from .models import AgencyReturn, FourP

QUESTIONS = ("emerging_priorities", "new_information")
PART_TEXTS = ("did", "emerging", "report_text", "objectives_progress", "outcome", "barriers")


@dataclass(frozen=True)
class Version:
    """row     the historical record
    beside  whether it was never stored: somebody else had saved first"""

    row: object
    beside: bool
    last: bool

    @property
    def name(self):
        if self.beside:
            return "Kept beside, not stored"
        return f"{self.row.get_state_display()}{', as it is now' if self.last else ''}"

    @property
    def judgement(self):
        """ "Fair, steady. Pursue, Protect", or "Nothing to report"; "" for the two questions."""
        row = self.row
        if not hasattr(row, "confidence"):
            return ""
        if row.nothing_to_report:
            return "Nothing to report"
        words = [row.get_confidence_display(), row.get_direction_display().lower()]
        strands = [strand.label for strand in FourP if getattr(row, strand.value)]
        return ". ".join(filter(None, (", ".join(filter(None, words)), ", ".join(strands))))


def versions_of(record):
    """The Versions of a return or a part, newest first; the same words twice are one. One query."""
    rows = record.history.select_related("history_user").order_by("history_date", "history_id")
    beside = [row for row in rows if row.history_change_reason == BESIDE]
    stored = [row for row in rows if row.history_change_reason != BESIDE]
    found = []
    for row, after in zip(stored, [*stored[1:], None], strict=True):
        if after is not None and (row.state == "draft" or after.state == row.state):
            continue
        if found and said(record, found[-1].row) == said(record, row):
            row = found.pop().row
        if any(said(record, row)):
            found.append(Version(row, False, after is None))
    found += [Version(row, True, False) for row in beside]
    return sorted(found, key=lambda version: version.row.history_date, reverse=True)


def said(record, row):
    judged = [row.confidence, row.nothing_to_report] if hasattr(row, "confidence") else []
    return [*(getattr(row, name) for name in texts(record)), *judged]


def texts(record):
    return QUESTIONS if isinstance(record, AgencyReturn) else PART_TEXTS


def differences(record, older, newer):
    """[(label, older text, newer text)], of the texts that either of two Versions has."""
    pairs = [
        (
            record._meta.get_field(name).verbose_name,
            getattr(older.row, name),
            getattr(newer.row, name),
        )
        for name in texts(record)
    ]
    return [(label[0].upper() + label[1:], old, new) for label, old, new in pairs if old or new]
