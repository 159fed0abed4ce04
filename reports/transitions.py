"""The life of a report: what the chair clears is frozen when it is issued."""

from django.core.exceptions import ValidationError

from board import audit
from board.workflow import Life, Transition

from .checks import hold_sources, open_findings
from .issuing import freeze
from .models import CommitteeReport, Layout
from .permissions import can_issue_report

DRAFT, CLEARED = CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED
ISSUED, WITHDRAWN = CommitteeReport.State.ISSUED, CommitteeReport.State.WITHDRAWN


def require_settled(report, *, by, note, at):
    """Checked at clearing and again at issue: a record may have changed in between."""
    hold_sources(report)
    # What is no source can have the same words: none of it is marked until this is committed.
    audit.hold()
    waiting = open_findings(report)
    if waiting:
        one = len(waiting) == 1
        raise ValidationError(
            f"{len(waiting)} finding{'' if one else 's'} of the checks still "
            f"{'waits' if one else 'wait'}: settle each, or accept it with a reason."
        )
    if report.committee_date is None:
        raise ValidationError("Give the date of the committee first.")


def require_as_cleared(report, *, by, note, at):
    """At issue: settled still, and in the form in which it was cleared."""
    layout = report.layout_id and Layout.objects.select_for_update(of=("self",)).get(
        pk=report.layout_id
    )
    if layout:
        cleared = report.history.filter(state=CLEARED).latest("history_date").history_date
        if layout.history.filter(history_date__gt=cleared).exists():
            raise ValidationError(
                f"Its form, “{layout}”, was changed after the report was cleared. Reopen the "
                "report, look at it as it prints now, and clear it again."
            )
    require_settled(report, by=by, note=note, at=at)


def say_what_changes(report, *, by, note, at):
    report.changes = note.strip()[:300]


REPORT = (
    Transition(
        "clear the report",
        (DRAFT,),
        CLEARED,
        can_issue_report,
        stamp="cleared",
        prepare=require_settled,
        leads=True,
    ),
    Transition(
        "issue the report",
        (CLEARED,),
        ISSUED,
        can_issue_report,
        stamp="issued",
        clears=("withdrawn",),
        prepare=require_as_cleared,
        then=freeze,
        warns="The PDF, the Word file and the page are fixed as they are now.",
        leads=True,
    ),
    Transition(
        "reopen the report",
        (CLEARED,),
        DRAFT,
        can_issue_report,
        clears=("cleared",),
        note="optional",
    ),
    Transition(
        "withdraw the report",
        (ISSUED,),
        WITHDRAWN,
        can_issue_report,
        stamp="withdrawn",
        note="required",
        warns="Its addresses will say that it was withdrawn.",
    ),
    Transition(
        "revise the report",
        (WITHDRAWN,),
        DRAFT,
        can_issue_report,
        clears=("cleared",),
        note="required",
        asks="What changes, for the readers of the next version",
        prepare=say_what_changes,
    ),
)
CLEAR, ISSUE, REOPEN, WITHDRAW, REVISE = REPORT

LIVES = (Life("Committee report", CommitteeReport, REPORT),)
