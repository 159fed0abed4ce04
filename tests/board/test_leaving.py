"""Somebody leaves: what is to be handed on, to whom, and who is in the chair after that."""

import pytest

from board.models import AuditEvent
from meetings.models import Part
from tests import builders as make
from tests.board.test_pages import BOARD, page, send


def end_page(client, world, person):
    appointment = person.appointments.get(board=world.board)
    return page(client, world.secretary, f"{BOARD}appointments/{appointment.pk}/end/")


def test_it_lists_the_persons_actions_drafts_and_clearances(client, world):
    round = make.open_round(world)
    make.submit(make.part_of(round, world.police, world.slavery), world.police_lead)
    make.make_threat(world.board, world.police, world.police_lead, report_text="Parcels.")
    mine = make.make_action(world.board, agency=world.police, person=world.police_lead)
    meeting = make.make_meeting(world.board, presiding=world.police_lead)
    elsewhere = make.make_world("Harbour Board")
    make.make_action(elsewhere.board, person=world.police_lead, wording="Not to be told.")

    text = end_page(client, world, world.police_lead)

    assert mine.reference in text
    assert "Not to be told." not in text
    assert f"/meetings/{meeting.ref}/edit/" in text
    assert "return still a draft" in text
    assert text.count("text for the report not cleared") == 2
    assert "Nobody else is its lead" in text
    make.join(make.make_user(name="Second Lead"), world.police)
    text = end_page(client, world, world.police_lead)
    assert "Its other lead can submit and clear: Second Lead." in text

    text = end_page(client, world, world.member)
    assert "No open actions." in text
    assert "Drafts and clearances" not in text


def test_the_work_for_an_agency_lists_its_drafts_too(client, world):
    make.open_round(world)
    [work] = world.fire_lead.agency_memberships.all()

    text = page(client, world.secretary, f"{world.fire.get_absolute_url()}people/{work.pk}/end/")

    assert text.count("return still a draft") == 1
    assert "Nobody else is its lead" in text


def test_who_is_in_the_chair_after_that(client, world):
    assert "nobody has the rights of the chair" in end_page(client, world, world.chair)
    make.appoint(world.member, world.board, "deputy_chair", start=make.days_ago(3))
    text = end_page(client, world, world.chair)
    assert "After that Plain member has the rights of the chair, as deputy chair." in text
    assert "rights of the chair" not in end_page(client, world, world.police_lead)
    assert "Nobody else is secretary" in end_page(client, world, world.secretary)
    make.appoint(world.fire_lead, world.board, "secretary", seat=None)
    assert "Nobody else is secretary" not in end_page(client, world, world.secretary)


def test_a_chair_who_leaves_is_shown_the_report_in_hand(client, world):
    make.make_report(world, "draft")

    assert "Reports not issued yet" in end_page(client, world, world.chair)
    assert "Reports not issued yet" not in end_page(client, world, world.member)


# Handing on


@pytest.fixture
def address(world):
    return f"/meetings/actions/hand-on/{world.board.slug}/{world.police_lead.pk}/"


def test_actions_are_handed_on_together_and_each_is_on_the_record(client, world, address):
    kept, *given = [
        make.make_action(world.board, agency=world.police, person=world.police_lead)
        for _ in range(3)
    ]
    data = {"actions": [each.pk for each in given], "to": world.police_contributor.pk}

    send(client, world.secretary, address, data)

    for action in (kept, *given):
        action.refresh_from_db()
    assert [each.person for each in (kept, *given)] == [
        world.police_lead,
        world.police_contributor,
        world.police_contributor,
    ]
    assert given[0].version == 1
    events = AuditEvent.objects.filter(act="hand on an action", board=world.board)
    assert [event.note for event in events] == ["From Police lead to Police contributor"] * 2
    send(client, world.secretary, address, {"actions": [kept.pk], "to": ""})
    kept.refresh_from_db()
    assert kept.who == "Officer to be confirmed"
    client.get(address)
    assert "No action is open in that name" in client.get(BOARD).content.decode()


def test_what_is_not_the_persons_or_not_the_boards_is_not_handed_on(client, world, address):
    own = make.make_action(world.board, agency=world.police, person=world.police_lead)
    other = make.make_action(world.board, agency=world.fire, person=world.fire_lead)
    elsewhere = make.make_world("Harbour Board")
    for data in (
        {"actions": [other.pk], "to": world.member.pk},
        {"actions": [own.pk], "to": elsewhere.member.pk},
        {"actions": [], "to": world.member.pk},
    ):
        text = send(client, world.secretary, address, data, status=422).content.decode()
        assert "There is a problem" in text
    assert AuditEvent.objects.filter(act="hand on an action").count() == 0
    page(client, elsewhere.secretary, address, status=404)


def test_a_restricted_action_is_told_only_on_a_page_that_bears_its_marking(client, world, address):
    make.make_action(
        world.board,
        agency=world.police,
        person=world.police_lead,
        part=Part.RESTRICTED,
        wording="Held back.",
    )

    text = end_page(client, world, world.police_lead)
    assert "Held back." not in text
    assert "Restricted: open it to read it" in text
    text = page(client, world.secretary, address)
    assert "Held back." in text
    assert "OFFICIAL-SENSITIVE" in text
