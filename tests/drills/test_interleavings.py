"""A source is marked, taken back or narrowed while a report is checked, cleared and issued: what
was closed when the issue was committed is never in what was issued.

The change begins at a chosen point of the work on the report, on a connection of its own, and is
let run until it is done or waits for a lock; the report's work then goes on. The audit trail, whose
head is locked last, says which was committed first.
"""

import dataclasses
import random
import threading
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from board.models import AuditEvent
from board.workflow import perform
from meetings.transitions import DECISION_CLEARANCE, NOTE_CLEARANCE
from priorities.models import EmergingThreat, PriorityReturn
from priorities.transitions import LEARNING_CLEARANCE, PART_CLEARANCE, THREAT_CLEARANCE
from reports import checks, issuing, transitions
from reports.contents import gather
from reports.models import Paragraph
from reports.transitions import CLEAR, ISSUE, REOPEN, REVISE, WITHDRAW
from tests.builders import make_world, part_of
from tests.priorities.test_marking import chosen, number_of
from tests.racing import needs_row_locks
from tests.reports.conftest import PUBLIC, make_quarter
from tests.reports.test_views import make_draft

from .test_saves import client_of, sizes

pytestmark = pytest.mark.django_db(transaction=True)

RUN = "nine vans were seen at the back gate before dawn on Monday"
HELD = "when the sources are held"
POINTS = (
    "before the checks are read",
    "before it is cleared",
    "before the sources are held, at clearing",
    f"{HELD}, at clearing",
    "after the checks, at clearing",
    "before it is issued",
    "before the sources are held, at issue",
    f"{HELD}, at issue",
    "after the checks, at issue",
    "while it is printed",
)


class Office:
    """A quarter with its draft, and what may happen to its sources: {name: (what makes the act
    ready, its undoing, the word that must not be issued after it)}."""

    def __init__(self):
        with transaction.atomic():
            self.made = made = make_quarter(make_world())
        world = made.world
        # Words by hand that an uncleared return has too: no source, and the gate knows it.
        same = part_of(made.round, world.fire, world.slavery)
        PriorityReturn.objects.filter(pk=same.pk).update(did=RUN)
        self.lead = client_of(world.police_lead)
        fire_lead = client_of(world.fire_lead)
        self.report = make_draft(made)
        Paragraph.objects.create(
            section=self.report.sections.last(), order=90, text=f"We know that {RUN}."
        )
        self.accept()
        self.changes = {
            "a part is marked": marking(self.lead, made.part, world.slavery, "CLEAREDRETURN"),
            "a whole return is marked": marking(self.lead, made.part, None, "CLEAREDRETURN"),
            "a return with the same words is marked": marking(fire_lead, same, world.slavery, RUN),
            "a threat is marked": (
                lambda: self.mark_threat("OFFICIAL-SENSITIVE"),
                lambda: self.mark_threat("OFFICIAL")(), "CLEAREDTHREAT",
            ),
            **self.clearances("return", PART_CLEARANCE, made.part, world.police_lead),
            **self.clearances("threat", THREAT_CLEARANCE, made.threat, world.police_lead),
            **self.clearances("note", NOTE_CLEARANCE, made.note, world.secretary),
            **self.clearances("decision", DECISION_CLEARANCE, made.decision, world.secretary),
            **self.clearances("learning", LEARNING_CLEARANCE, made.learning, world.secretary),
        }  # fmt: skip

    def accept(self):
        for finding in checks.open_findings(self.report):
            if finding.acceptable:
                checks.accept(self.report, finding, by=self.made.world.chair, reason="Read.")

    def clearances(self, word, rows, record, by):
        word = f"CLEARED{word.upper()}"

        def move(row):
            return lambda: perform(row, type(record).objects.get(pk=record.pk), by=by)

        return {
            f"{word}, {how}": (lambda row=row: move(row), move(rows[PUBLIC]), word)
            for how, row in {"taken back": rows[-1], "narrowed": rows[0]}.items()
        }

    def mark_threat(self, marking):
        threat = EmergingThreat.objects.get(pk=self.made.threat.pk)
        page = f"{threat.get_absolute_url()}edit/"
        form = self.lead.get(page).context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        return lambda: post(self.lead, page, data | {"marking": marking})


def marking(client, part, priority, word):
    page = f"/priorities/returns/{part.agency_return_id}/marking/"

    def choose(marking):
        number = number_of(client, page, priority) if priority else "marking_0"
        data = chosen(client, page, reason="As it was seen.") | {number: marking}
        return lambda: post(client, page, data)

    return lambda: choose("OFFICIAL-SENSITIVE"), lambda: choose("OFFICIAL")(), word


def post(client, page, data):
    answer = client.post(page, data)
    assert answer.status_code == 302, answer.content.decode()[:2000]


class Points:
    """Begins the change when the work on the report comes to one of POINTS."""

    def __init__(self, monkeypatch, patience):
        self.patience = patience
        self.armed = self.change = self.thread = self.failure = None
        self.doing = "clearing"
        for module, name, before, after in (
            (transitions, "hold_sources", "before the sources are held", HELD),
            (transitions, "open_findings", None, "after the checks"),
            (issuing, "render", "while it is printed", None),
        ):
            self.wrap(monkeypatch, module, name, before, after)

    def wrap(self, monkeypatch, module, name, before, after):
        original = getattr(module, name)

        def wrapped(*args):
            if before:
                self.reached(before)
            result = original(*args)
            if after:
                self.reached(after)
            return result

        monkeypatch.setattr(module, name, wrapped)

    def reached(self, point):
        if self.armed in (point, f"{point}, at {self.doing}"):
            self.armed = None
            self.thread = threading.Thread(target=self.run)
            self.thread.start()
            self.thread.join(self.patience)

    def run(self):
        try:
            self.change()
        except Exception as failure:
            self.failure = failure
        finally:
            connection.close()

    def finish(self):
        if self.thread:
            self.thread.join(60)
            assert not self.thread.is_alive()
        if self.failure:
            raise self.failure
        self.thread = None


def interleave(office, points, point, name, issue=ISSUE):
    """ "refused", "issued before" or "leaked": how one change and one issue went."""
    prepare, undo, word = office.changes[name]
    report, chair = office.report, office.made.world.chair
    before, issues = last_event(), report.issues.count()
    points.armed, points.change, points.doing = point, prepare(), "clearing"
    points.reached("before the checks are read")
    checks.open_findings(report)
    points.reached("before it is cleared")
    try:
        report = perform(CLEAR, report, by=chair)
        points.doing = "issue"
        points.reached("before it is issued")
        report = perform(issue, report, by=chair)
    except ValidationError:
        pass
    points.finish()
    changed = event_after(before, lambda event: event.act not in (CLEAR.verb, ISSUE.verb))
    issued = event_after(before, lambda event: event.act == ISSUE.verb)
    outcome = "refused"
    report.refresh_from_db()
    if issued:
        assert word in report.issues.first().html
        outcome = "issued before" if issued.seq < changed.seq else "leaked"
    else:
        assert report.issues.count() == issues
        assert [finding for finding in checks.open_findings(report) if not finding.acceptable]
    if issued and word != RUN:
        assert any(item.held for item in gather(report).paragraphs)  # the record says it since
    undo()
    if report.state == "issued":
        report = perform(WITHDRAW, report, by=chair, note="Once more.")
        report = perform(REVISE, report, by=chair, note="nothing")
    elif report.state == "cleared":
        report = perform(REOPEN, report, by=chair)
    office.report = report
    office.accept()
    return outcome


def last_event():
    return AuditEvent.objects.order_by("-seq").first().seq


def event_after(seq, wanted):
    events = AuditEvent.objects.filter(seq__gt=seq, refused=False).order_by("seq")
    return next((event for event in events if wanted(event)), None)


def interleavings(size, monkeypatch, patience=0.2, seed=5):
    """{outcome: how often}, each point and each change in turn, in an order of chance."""
    office = Office()
    points = Points(monkeypatch, patience)
    chance = random.Random(seed)
    names = list(office.changes)
    chance.shuffle(names)
    outcomes = {"refused": 0, "issued before": 0, "leaked": 0}
    for number in range(size):
        point, name = POINTS[number % len(POINTS)], names[number % len(names)]
        outcomes[interleave(office, points, point, name)] += 1
    return outcomes


@sizes(10, 100)
def test_what_was_closed_before_the_issue_is_never_issued(size, monkeypatch, record_property):
    outcomes = interleavings(size, monkeypatch)
    record_property("figure", f"{size} interleavings of a change and an issue: {outcomes}")
    assert outcomes["leaked"] == 0
    assert outcomes["refused"]
    assert outcomes["issued before"]


def one(monkeypatch, point, name, issue=ISSUE):
    return interleave(Office(), Points(monkeypatch, patience=30), point, name, issue)


def test_without_the_second_look_a_change_after_clearing_would_be_issued(monkeypatch):
    unlooked = dataclasses.replace(ISSUE, prepare=None)
    name = "CLEAREDTHREAT, taken back"
    assert one(monkeypatch, "before it is issued", name, unlooked) == "leaked"


@needs_row_locks
@pytest.mark.parametrize("name", ["a part is marked", "CLEAREDNOTE, narrowed"])
def test_without_the_locks_a_change_after_the_checks_would_be_issued(monkeypatch, name):
    monkeypatch.setattr(transitions, "hold_sources", lambda report: None)
    monkeypatch.setattr(transitions, "audit", SimpleNamespace(hold=lambda: None))
    assert one(monkeypatch, "after the checks, at issue", name) == "leaked"


@needs_row_locks
def test_without_the_trail_held_a_change_of_what_is_no_source_would_be_issued(monkeypatch):
    monkeypatch.setattr(transitions, "audit", SimpleNamespace(hold=lambda: None))
    name = "a return with the same words is marked"
    assert one(monkeypatch, "after the checks, at issue", name) == "leaked"
