"""What waits for whom, and the command that opens a round."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from board.models import AuditEvent
from board.workflow import perform
from priorities.models import Round
from priorities.queries import waiting
from priorities.transitions import PART_CLEARANCE, RAISE_QUERY_ON_PART
from tests.builders import (
    days_ago,
    fill,
    make_priority,
    make_round,
    open_round,
    part_of,
    receive,
    submit,
)

CLEAR_FOR_PUBLIC = PART_CLEARANCE[2]


def acts(user):
    user.__dict__.pop("roles", None)
    return {item.act: item for item in waiting(user)}


def test_an_agency_writes_its_return_and_knows_how_late_it_is(world):
    open_round(world, due=days_ago(3))
    for person in (world.police_lead, world.police_contributor):
        item = acts(person)["Write your return on modern slavery and illicit drugs"]
        assert (item.late, item.due) == (3, days_ago(3))
        assert item.url.endswith("/edit/")
    assert "Your lead submits it." in item.why


def test_it_answers_queries_and_clears_its_text(world):
    round = open_round(world)
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    found = acts(world.police_lead)
    assert "Write your return on illicit drugs" in found
    assert "Clear your text for the report on modern slavery" in found
    assert "Clear your text for the report on modern slavery" not in acts(world.police_contributor)
    perform(CLEAR_FOR_PUBLIC, part, by=world.police_lead)
    assert "Clear your text for the report on modern slavery" not in acts(world.police_lead)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many?")
    item = acts(world.police_lead)["Answer the secretary’s query on modern slavery"]
    assert item.url.endswith(f"/edit/#priority-{world.slavery.slug}")


def test_the_secretary_receives_chases_and_closes(world):
    round = open_round(world, due=days_ago(2))
    found = acts(world.secretary)
    assert set(found) == {"Ask after 3 missing returns"}
    assert found["Ask after 3 missing returns"].late == 2
    assert "No return from Fire, Police." in found["Ask after 3 missing returns"].why
    round.due = days_ago(0)
    round.save()
    parts = [
        submit(part_of(round, agency, priority), lead)
        for agency, priority, lead in (
            (world.police, world.slavery, world.police_lead),
            (world.police, world.drugs, world.police_lead),
            (world.fire, world.slavery, world.fire_lead),
        )
    ]
    assert set(acts(world.secretary)) == {"Receive 3 returns"}
    for part in parts:
        receive(part, world.secretary)
    assert set(acts(world.secretary)) == {f"Close the round for {round.title}"}


def test_a_planned_round_waits_to_be_opened(world):
    round = make_round(world.board)
    assert set(acts(world.secretary)) == {f"Open the round for {round.title}"}


def test_nothing_waits_for_the_others(world):
    open_round(world)
    for name in ("member", "observer", "former", "outsider"):
        assert waiting(getattr(world, name)) == []


def test_a_constant_number_of_queries(world, django_assert_num_queries):
    open_round(world, due=days_ago(1))
    world.secretary.roles, world.police_lead.roles  # noqa: B018
    with django_assert_num_queries(9):
        waiting(world.secretary)
    with django_assert_num_queries(3):
        waiting(world.police_lead)


def test_and_the_same_number_for_many(world, django_assert_num_queries):
    for n in range(4):
        from_fire = make_priority(world.board, f"Priority {n}", lead=world.fire)
        world.fire.responsibilities.create(
            priority=from_fire, role="lead", start=datetime.date(2018, 1, 1)
        )
    for n in range(2):
        round = open_round(world, day=days_ago(92 * n), due=days_ago(0))
        submit(part_of(round, world.police, world.slavery), world.police_lead)
    for part in round.agency_returns.get(agency=world.fire).priority_returns.all():
        submit(fill(part), world.fire_lead)
    world.secretary.roles, world.police_lead.roles, world.fire_lead.roles  # noqa: B018
    with django_assert_num_queries(9):
        assert waiting(world.secretary)
    with django_assert_num_queries(3):
        assert waiting(world.fire_lead)


def test_the_command_opens_the_round_of_today_once(world, capsys):
    round = make_round(world.board)
    call_command("open_round")
    round.refresh_from_db()
    assert (round.state, round.opened_by) == (Round.State.OPEN, world.secretary)
    assert AuditEvent.objects.get(act="open the round").note == "by command"
    call_command("open_round")
    assert f"{round.ref} is open already." in capsys.readouterr().out
    assert AuditEvent.objects.filter(act="open the round").count() == 1


def test_the_command_leaves_other_quarters_alone_unless_named(world, capsys):
    round = make_round(world.board, day=days_ago(200))
    call_command("open_round")
    assert "No round is planned for this quarter." in capsys.readouterr().out
    call_command("open_round", ref=round.ref)
    round.refresh_from_db()
    assert round.state == Round.State.OPEN
    with pytest.raises(CommandError, match="There is no round nowhere"):
        call_command("open_round", ref="nowhere")


def test_the_command_needs_a_secretary(world):
    world.secretary.appointments.update(end=days_ago(1))
    make_round(world.board)
    with pytest.raises(CommandError, match="has no secretary today"):
        call_command("open_round")
