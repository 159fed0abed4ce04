import dataclasses
import datetime
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from board import workflow
from board.models import AuditEvent
from board.workflow import WrongState, perform
from config.management.commands import draw_workflows
from priorities.models import PriorityReturn, ReturnQuery
from priorities.transitions import OPEN_ROUND, RAISE_QUERY_ON_PART, RECEIVE_PART, SUBMIT_PART
from priorities.views import returning
from tests import builders as make
from tests.priorities.test_return_form import opened
from tests.racing import at_once, needs_row_locks


@pytest.fixture
def part(world):
    return make.fill(make.part_of(make.open_round(world), world.police, world.slavery))


def test_it_stamps_saves_and_writes_down(world, part):
    at = timezone.now() - datetime.timedelta(hours=3)
    moved = perform(SUBMIT_PART, part, by=world.police_lead, at=at)
    moved.refresh_from_db()
    assert (moved.state, moved.submitted_at, moved.submitted_by) == (
        "submitted",
        at,
        world.police_lead,
    )
    event = AuditEvent.objects.get(subject=f"priorities.priorityreturn:{part.pk}")
    assert (event.act, event.before, event.after, event.at) == ("submit", "draft", "submitted", at)
    assert (event.actor, event.board, event.refused) == (world.police_lead, world.board, False)
    assert len(event.digest) == 64


def test_a_draft_again_bears_no_stamp_and_keeps_the_query(world, part):
    part = perform(SUBMIT_PART, part, by=world.police_lead)
    part = perform(RECEIVE_PART, part, by=world.secretary)
    part = perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="Which hotels?")
    assert (part.submitted_at, part.submitted_by, part.received_at, part.received_by) == (
        None,
        None,
        None,
        None,
    )
    assert ReturnQuery.objects.get().text == "Which hotels?"


def test_a_stale_page_changes_nothing(world, part):
    perform(SUBMIT_PART, part, by=world.police_lead)
    assert part.state == "draft", "the page still holds the record as it was"
    with pytest.raises(WrongState, match="already submitted"):
        perform(SUBMIT_PART, part, by=world.police_lead)


def test_a_refusal_is_recorded_after_the_rollback(world, part):
    with pytest.raises(PermissionDenied):
        perform(SUBMIT_PART, part, by=world.fire_lead)
    event = AuditEvent.objects.get(refused=True)
    assert (event.act, event.actor) == ("submit", world.fire_lead)
    part.refresh_from_db()
    assert part.state == "draft"


def test_a_refusal_within_a_forms_transaction_outlives_its_rollback(
    client, world, part, monkeypatch
):
    """The form's page asks first whether this person may; here the transition alone does."""
    monkeypatch.setattr(returning, "require", lambda allowed: None)
    client.force_login(world.police_contributor)
    address = reverse("priorities:return_edit", args=[part.agency_return_id])
    boxes = opened(client, address) | {"act": f"submit:{world.slavery.slug}"}
    boxes |= {"emerging_priorities": "Typed with what was refused."}

    assert client.post(address, boxes).status_code == 403

    [event] = AuditEvent.objects.filter(refused=True)
    assert (event.act, event.actor, event.board) == (
        "submit",
        world.police_contributor,
        world.board,
    )
    part.agency_return.refresh_from_db()
    assert part.agency_return.emerging_priorities == "Short lets used for a week at a time."


def test_what_is_missing_is_said_and_nothing_is_kept(world, part):
    part.did = ""
    part.save()
    with pytest.raises(ValidationError) as missing:
        perform(SUBMIT_PART, part, by=world.police_lead)
    assert missing.value.message_dict == {"did": ["Say what you did about modern slavery."]}
    assert not AuditEvent.objects.filter(act="submit").exists()


def test_a_required_note_is_required(world, part):
    part = perform(SUBMIT_PART, part, by=world.police_lead)
    with pytest.raises(ValidationError) as missing:
        perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="  ")
    assert missing.value.message_dict == {"note": ["Enter the query."]}


def test_the_act_goes_with_its_event_when_the_trail_cannot_be_written(world, part, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(workflow.audit, "record", fail)
    with pytest.raises(RuntimeError, match="disk"), transaction.atomic():
        perform(SUBMIT_PART, part, by=world.police_lead)
    part.refresh_from_db()
    assert part.state == "draft"


def test_a_role_that_ended_yesterday_is_gone_today(world):
    round = make.make_round(world.board)
    appointment = world.secretary.appointments.get()
    appointment.end = make.days_ago(1)
    appointment.save()
    secretary = type(world.secretary).objects.get(pk=world.secretary.pk)
    with pytest.raises(PermissionDenied):
        perform(OPEN_ROUND, round, by=secretary)
    appointment.end = timezone.localdate()
    appointment.save()
    secretary = type(world.secretary).objects.get(pk=world.secretary.pk)
    assert perform(OPEN_ROUND, round, by=secretary).state == "open"


def slow(transition):
    """The transition, resting while it holds the row, so that a race is lost for certain."""

    def prepare(record, **facts):
        time.sleep(0.3)

    return dataclasses.replace(transition, prepare=prepare, then=None)


def submitted_part():
    world = make.make_world()
    part = make.part_of(make.open_round(world), world.police, world.slavery)
    return world, make.submit(part, world.police_lead)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_act():
    """The row lock, with two connections."""
    world, part = submitted_part()
    receive = slow(RECEIVE_PART)
    outcomes = at_once([lambda: perform(receive, part, by=world.secretary) for _ in range(2)])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "PriorityReturn",
        "WrongState",
    ], outcomes
    assert (
        AuditEvent.objects.filter(
            act="receive", refused=False, subject__contains="priorityreturn"
        ).count()
        == 1
    )


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_without_the_lock_both_would_act(monkeypatch):
    """The control of the test above."""
    world, part = submitted_part()
    queryset = PriorityReturn.objects._queryset_class
    monkeypatch.setattr(queryset, "select_for_update", queryset.all)
    receive = slow(RECEIVE_PART)
    outcomes = at_once([lambda: perform(receive, part, by=world.secretary) for _ in range(2)])
    assert [type(outcome).__name__ for outcome in outcomes] == ["PriorityReturn"] * 2


def test_the_drawing_is_current():
    call_command("draw_workflows", check=True)


def test_a_stale_drawing_is_found(tmp_path, monkeypatch):
    stale = tmp_path / "workflows.md"
    stale.write_text(draw_workflows.drawing().replace("submit", "send", 1))
    monkeypatch.setattr(draw_workflows, "PATH", stale)
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_workflows", check=True)
    call_command("draw_workflows")
    call_command("draw_workflows", check=True)
