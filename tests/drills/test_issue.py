"""Issue, pressed ten times at once by the chair's ten windows: one issue is kept."""

import dataclasses

import pytest

from board.models import AuditEvent
from board.workflow import perform
from reports.transitions import CLEAR, ISSUE, REPORT
from reports.views import reports as reports_view
from tests.racing import in_step

from .test_interleavings import Office
from .test_saves import client_of

pytestmark = pytest.mark.django_db(transaction=True)


def presses(number):
    """(issues kept, events in the trail) of one report whose button is pressed so often at once,
    each time by a window of its own."""
    office = Office()
    chair = office.made.world.chair
    report = perform(CLEAR, office.report, by=chair)
    clients = [client_of(chair) for _ in range(number)]
    address = f"/reports/{report.ref}/issue-the-report/"
    outcomes = in_step(
        [lambda _, client=client: client.post(address).status_code for client in clients], 1
    )
    assert set(outcomes[0]) == {302}
    events = AuditEvent.objects.filter(act=ISSUE.verb, refused=False).count()
    report.refresh_from_db()
    assert report.state == "issued"
    return report.issues.count(), events


def test_issue_pressed_ten_times_at_once_is_one_issue(record_property):
    kept = presses(10)
    record_property("figure", f"issue pressed 10 times at once: {kept[0]} issue")
    assert kept == (1, 1)


def test_without_its_states_each_press_would_be_an_issue(monkeypatch):
    ever = dataclasses.replace(ISSUE, before=("cleared", "issued"))
    rows = tuple(ever if row is ISSUE else row for row in REPORT)
    monkeypatch.setattr(reports_view, "REPORT", rows)
    assert presses(3) == (3, 3)
