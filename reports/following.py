"""The issued report of last quarter as the start of the next.

What was drawn from the record is drafted anew from the new period; what stood in the old one by
hand is carried over, marked with where it is from until somebody says that it still holds.
"""

import datetime
import itertools

from django.db import transaction

from board.models import User

from .contents import Numbered, gather
from .drafting import draft_report
from .editing import renumber
from .models import CommitteeReport, Paragraph, Section

STANDING = ("subject", "report_of", "purpose", "contact")


def start_next(
    report: CommitteeReport,
    *,
    committee_date: datetime.date,
    period_from: datetime.date,
    period_to: datetime.date,
    by: User,
) -> CommitteeReport:
    """Draft the report that follows an issued one, in the same form and for the same readers.
    Whoever asks again gets the one that there is already."""
    with transaction.atomic():
        report = CommitteeReport.objects.locked(report.pk)
        if started := CommitteeReport.objects.filter(follows=report).first():
            return started
        new = draft_report(
            report.board,
            report.to_board,
            committee_date=committee_date,
            period_from=period_from,
            period_to=period_to,
            audience=report.audience,
            by=by,
            **{name: getattr(report, name) for name in STANDING},
        )
        new.follows, new.layout, new.header_rows = report, report.layout, report.header_rows
        new.save()
        carry(report, new)
    return new


def carry(old: CommitteeReport, new: CommitteeReport) -> None:
    """Take over what rests on no record, under the same heading: what stood there before anything
    drawn from the record comes first again, the rest after what is drafted."""
    drafted = {section.heading.casefold(): section for section in new.sections.order_by("order")}
    order: list[Section] = []
    for part in gather(old).parts:
        items = [item for item in part.paragraphs if item.paragraph.text.strip()]
        section = drafted.pop(part.section.heading.casefold(), None)
        if section is None and any(not item.readings for item in items):
            section = Section.objects.create(report=new, order=0, heading=part.section.heading)
        if section is None:
            continue
        order.append(section)
        opening = list(itertools.takewhile(lambda item: not item.readings, items))
        rest = [item for item in items[len(opening) :] if not item.readings]
        renumber(
            [
                *(standing(item, section, old) for item in opening),
                *section.paragraphs.filter(carried_from="").order_by("order", "pk"),
                *(standing(item, section, old) for item in rest),
            ]
        )
    renumber([*order, *drafted.values()])


def standing(item: Numbered, section: Section, old: CommitteeReport) -> Paragraph:
    return Paragraph.objects.create(
        section=section,
        order=0,
        text=item.paragraph.text,
        numbered=item.paragraph.numbered,
        carried_from=old.ref,
    )
