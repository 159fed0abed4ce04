"""Reports to the Partnership: two invented ones issued, that of 2018 for the chair to issue."""

import datetime

from django.db.models import Q

from reports import checks
from reports.drafting import draft_report
from reports.models import Glossary, Layout, Paragraph
from reports.transitions import CLEAR, ISSUE

from .script import at_hour, weekday

DAY = datetime.timedelta(days=1)
COMMITTEE_2018 = datetime.date(2018, 9, 27)
SUMMARY_2018 = """\
This report gives an update on the work of the Serious and Organised Crime Board. It tells of a \
meeting with the Head of the Home Office's Serious and Organised Crime Unit, and of what was heard \
at a conference on modern slavery and on working in partnership, which the Borough Commander \
attended.
"""
REASONS = {
    "An ask in a report for information": "The Partnership may answer in writing; nothing is to be "
    "decided at its meeting.",
    "From draft minutes": "The Chairman has checked them; the report says that they are a draft.",
}
USUAL_REASON = "Read, and true as it stands."


# What the committee's form of today asks beyond what the record answers.
ASKED_TODAY = [
    [
        "Which outcomes in the City Corporation's Corporate Plan does this proposal aim to impact "
        "directly?",
        "People are safe and feel safe",
    ],
    ["Does this proposal require extra revenue and/or capital spending?", "No"],
    ["Report author:", "SOC Board office"],
]
FORM_TODAY, FORM_PLAIN, FORM_2018 = "City of London, present", "Plain", "City of London, 2018"
ASKED = {FORM_TODAY: ASKED_TODAY, FORM_PLAIN: [["Contact officer:", "SOC Board office"]]}


def put_in_form(report, name):
    """Give a draft one of the standard forms, and answer what its header asks."""
    report.layout = Layout.objects.filter(board=None, name=name).first()
    report.header_rows = ASKED.get(name, []) if report.layout else []
    report.save()


def add_report(script, cast, session, form):
    """The report that follows a meeting: drafted in a standard form, its findings accepted,
    cleared and issued."""
    made = {}

    def draft():
        made["report"] = draft_report(
            cast.board,
            cast.partnership,
            by=script.by,
            at=script.at,
            committee_date=weekday(session.day + 16 * DAY),
            period_from=session.day - 75 * DAY,
            period_to=session.day,
        )
        put_in_form(made["report"], form)

    def settle():
        accept_all(made["report"], by=script.by, at=script.at)
        script.do(CLEAR, made["report"])

    chair = cast.people["chair"]
    for days, hour, act in (
        (8, 10, draft),
        (9, 11, settle),
        (9, 15, lambda: script.do(ISSUE, made["report"])),
    ):
        script.add(at_hour(session.day + days * DAY, hour), chair, act)


def accept_all(report, *, by, at):
    for finding in checks.open_findings(report):
        reason = REASONS.get(finding.kind, USUAL_REASON)
        checks.accept(report, finding, by=by, reason=reason, at=at)


GLOSSARY = """\
SOC: serious and organised crime
SCP: Safer City Partnership
LFB: London Fire Brigade"""


def draft_2018(cast, now):
    """The report for 27 September 2018, drawn from the record, for today's chair to issue."""
    Glossary.objects.create(board=cast.board, text=GLOSSARY)
    secretary = cast.people["secretary"]
    report = draft_report(
        cast.board,
        cast.partnership,
        by=secretary,
        at=now,
        committee_date=COMMITTEE_2018,
        period_from=datetime.date(2018, 7, 1),
        period_to=datetime.date(2018, 9, 19),
        summary=SUMMARY_2018,
    )
    put_in_form(report, FORM_2018)
    # The plan and the meeting ahead are today's, and are no part of that quarter.
    Paragraph.objects.filter(
        Q(sources__action__isnull=False)
        | Q(sources__meeting__starts_at__gt=at_hour(COMMITTEE_2018)),
        section__report=report,
    ).distinct().delete()
    accept_all(report, by=secretary, at=now)
    return report
