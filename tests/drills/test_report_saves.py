"""Two people in one report, through the web: of each pair on one paragraph exactly one is
accepted, and in different paragraphs both are."""

import time

import pytest
from django.test import Client

from board.workflow import perform
from priorities.forms.versions import VersionedForm
from reports.models import CommitteeReport, Paragraph
from reports.transitions import CLEAR, ISSUE
from tests.builders import make_report, make_world
from tests.racing import in_step, needs_row_locks

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"Accept": "application/json"}


def sizes(short, long):
    return pytest.mark.parametrize(
        "size", [short, pytest.param(long, marks=pytest.mark.drills)], ids=["short", "long"]
    )


def text(place, number):
    return f"{'secretary' if place == 0 else 'chair'} in round {number}"


def pairs(rounds, *, apart):
    """[(statuses of a round)] and the paragraphs: one for both, or one for each."""
    world = make_world()
    report = make_report(world, "raced")
    section = report.sections.first()
    ours = [
        Paragraph.objects.create(section=section, order=90 + place, text="Before.")
        for place in range(2 if apart else 1)
    ]
    clients = [Client(), Client()]
    for client, person in zip(clients, (world.secretary, world.chair), strict=True):
        client.force_login(person)

    def act(place):
        name = f"p{ours[place if apart else 0].pk}"

        def once(number):
            # Each round raises the version by one, and both boxes were filled before it.
            data = {
                f"{name}-text": text(place, number),
                f"{name}-numbered": "True",
                f"{name}-version": number,
                f"{name}-seen": "",
            }
            return clients[place].post(f"/reports/{report.ref}/edit/", data, headers=JSON)

        return once

    outcomes = in_step([act(0), act(1)], rounds)
    return [[answer.status_code for answer in pair] for pair in outcomes], ours


@sizes(8, 300)
def test_of_each_pair_on_one_paragraph_exactly_one_is_accepted(size, record_property):
    statuses, (paragraph,) = pairs(size, apart=False)
    one_each = sum(sorted(pair) == [200, 409] for pair in statuses)
    kept = set(paragraph.history.values_list("text", flat=True))
    nowhere = {text(place, number) for place in (0, 1) for number in range(size)} - kept
    record_property("figure", f"{one_each} of {size} pairs on one paragraph: exactly one accepted")
    assert (one_each, nowhere) == (size, set())


@sizes(8, 300)
def test_two_people_in_different_paragraphs_are_both_kept(size, record_property):
    statuses, ours = pairs(size, apart=True)
    record_property("figure", f"{size} pairs in different paragraphs: both kept")
    assert statuses == [[200, 200]] * size
    for place, paragraph in enumerate(ours):
        paragraph.refresh_from_db()
        assert (paragraph.text, paragraph.version) == (text(place, size - 1), size)


def test_without_the_comparison_both_of_a_pair_would_be_accepted(monkeypatch):
    monkeypatch.setattr(VersionedForm, "overtaken", False)
    statuses, _ = pairs(5, apart=False)
    assert [200, 200] in statuses


@needs_row_locks
def test_without_the_row_lock_both_of_a_pair_would_be_accepted(monkeypatch):
    queryset, compare = CommitteeReport.objects._queryset_class, VersionedForm.overtaken
    monkeypatch.setattr(queryset, "select_for_update", lambda self, **how: self)
    slow = property(lambda form: (compare.fget(form), time.sleep(0.05))[0])
    monkeypatch.setattr(VersionedForm, "overtaken", slow)
    statuses, _ = pairs(5, apart=False)
    assert [200, 200] in statuses


# The next report, started ten times at once


def started(presses):
    """How many reports there are that follow an issued one."""
    world = make_world()
    report = make_report(world, "followed")
    for row in (CLEAR, ISSUE):
        report = perform(row, report, by=world.chair)
    clients = [Client() for _ in range(presses)]
    days = {"committee_date": (1, 3, 2099), "period_from": (1, 1, 2019), "period_to": (1, 2, 2019)}
    data = {
        f"{name}_{part}": number
        for name, day in days.items()
        for part, number in zip(("day", "month", "year"), day, strict=True)
    }
    for client in clients:
        client.force_login(world.secretary)
    address = f"/reports/{report.ref}/next/"
    outcomes = in_step(
        [lambda _, c=client: c.post(address, data).status_code for client in clients], 1
    )
    assert outcomes == [[302] * presses]
    return CommitteeReport.objects.exclude(pk=report.pk).count()


def test_the_next_report_started_ten_times_at_once_is_one(record_property):
    found = started(10)
    record_property("figure", f"the next report started 10 times at once: {found} draft")
    assert found == 1
