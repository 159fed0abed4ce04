"""A board from nothing: the command, its settings, its agencies and seats, the agreement."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from board.models import Agency, Appointment, AuditEvent, Board, Seat, SharingAgreement, User
from tests.board.test_pages import (
    BOARD,
    POLICE,
    day_boxes,
    last_event,
    make_agreement,
    page,
    send,
)
from tests.builders import appoint, days_ago, make_agency, make_board, make_user, seat


def opened(client, person, address):
    """What a browser would send back of a form as it opened."""
    client.force_login(person)
    form = client.get(address).context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, datetime.date):
            data |= day_boxes(bound.html_name, value)
        elif value not in (None, "", False):
            data[bound.html_name] = value
    return data


# The command

FIRST = {"committee": "City Partnership", "secretary": "first@example.org"}


def create(name="Harbour Board", **options):
    options = {key: value for key, value in (FIRST | options).items() if value is not None}
    call_command("create_board", name, **options)


def test_one_command_makes_a_board_and_its_secretary_who_sets_a_password(client, db, settings):
    settings.ALLOWED_HOSTS = [".example.org", "testserver"]
    create(secretary_name="First Secretary", schedule_12a=True)

    board = Board.objects.get(slug="harbour-board")
    assert (board.kind, board.reports_to.name) == ("board", "City Partnership")
    assert board.reports_to.schedule_12a
    person = User.objects.get(email="first@example.org")
    assert person.roles.kept == {board.pk}
    acts = AuditEvent.objects.order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["make the board", "make the board", "make an account", "appoint"]

    [message] = mail.outbox
    link = next(line for line in message.body.splitlines() if "/key/" in line)
    assert link.startswith("http://testserver/accounts/password/reset/key/")
    form = client.get(link.removeprefix("http://testserver"), follow=True).request["PATH_INFO"]
    new = "a long password of one's own"
    client.post(form, {"password1": new, "password2": new})
    assert client.login(email=person.email, password=new)
    text = client.get("/board/harbour-board/").content.decode()
    assert "Change the settings" in text
    assert "change the City Partnership" in text


def test_run_again_it_changes_nothing_and_mails_while_no_password_is_set(db):
    create(secretary_name="First Secretary")
    events = AuditEvent.objects.count()
    create(secretary_name="First Secretary")
    assert len(mail.outbox) == 2
    person = User.objects.get()
    person.set_password("a long password of one's own")
    person.save()
    create()

    assert len(mail.outbox) == 2
    assert AuditEvent.objects.count() == events
    assert (Board.objects.count(), Appointment.objects.count()) == (2, 1)


def test_a_board_whose_secretary_left_gets_another_by_the_same_command(world):
    world.secretary.appointments.update(end=days_ago(1))

    create("SOC Board", committee=world.parent.name, secretary=world.member.email)

    assert world.board.appointments.current().get(role="secretary").person == world.member


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"secretary": "nobody@example.org"}, "say --secretary-name too"),
        ({"secretary": "no address"}, "no e-mail address"),
        ({"name": "SOC Board"}, "is here already and answers to the Parent of SOC Board"),
        ({"name": "SOC Board", "committee": "Parent of SOC Board"}, "has a secretary already"),
        ({"name": "Agencies"}, "choose another name"),
        ({"name": "…"}, "choose another name"),
        ({"committee": "Parent of SOC Board"}, "say --answers-to parent-of-soc-board"),
        ({"committee": None, "answers_to": "none"}, "There is no board none."),
    ],
)
def test_what_cannot_be_made_is_said_and_leaves_nothing(world, options, sentence):
    before = Board.objects.count(), AuditEvent.objects.count()
    options = {"secretary": world.outsider.email} | options

    with pytest.raises(CommandError, match=sentence):
        create(**options)
    assert (Board.objects.count(), AuditEvent.objects.count()) == before


def test_without_a_name_of_the_site_nothing_is_made(db, settings):
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        create(secretary_name="First Secretary")
    assert not Board.objects.exists()


# Settings


def test_the_secretary_changes_the_settings_and_the_trail_says_what(client, world):
    address = f"{BOARD}settings/"
    data = opened(client, world.secretary, address)
    data |= {"quorum": "4", "aim": "To *lessen* harm.", "quarter_start_month": "4"}

    response = send(client, world.secretary, address, data)

    assert response.headers["Location"] == BOARD
    world.board.refresh_from_db()
    assert (world.board.quorum, world.board.quarter_start_month) == (4, 4)
    event = AuditEvent.objects.first()
    assert (event.act, event.board) == ("change the settings", world.board)
    assert event.note == (
        "Aim; Quorum, in agencies: nothing to 4; The first quarter begins in: January to April"
    )
    assert "4 agencies" in page(client, world.member, BOARD)


def test_settings_saved_meanwhile_are_shown_before_they_are_replaced(client, world):
    address = f"{BOARD}settings/"
    data = opened(client, world.secretary, address) | {"quorum": "4"}
    Board.objects.filter(pk=world.board.pk).update(quorum=6)

    response = send(client, world.secretary, address, data, status=409)
    text = response.content.decode()
    assert "Now on record: Quorum, in agencies: 6." in text
    assert 'value="4"' in text
    world.board.refresh_from_db()
    assert world.board.quorum == 6
    again = data | {"base": response.context["form"]["base"].value()}
    send(client, world.secretary, address, again)
    world.board.refresh_from_db()
    assert world.board.quorum == 4


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("quorum", "0", "1 or more, or leave it empty"),
        ("meeting_interval", "0", "Give a number of months"),
        ("quarter_start_month", "13", "Choose one of the answers offered"),
        ("office_email", "nowhere", "such as name@example.org"),
        ("longest_gap", "0", "Give a number of months"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_all_that_was_typed(
    client, world, name, value, sentence
):
    address = f"{BOARD}settings/"
    data = opened(client, world.secretary, address) | {"aim": "Kept words.", name: value}

    text = send(client, world.secretary, address, data, status=422).content.decode()

    assert sentence in text
    assert "Kept words." in text


def test_the_committee_above_is_changed_while_nobody_else_keeps_it(client, world):
    address = f"{BOARD}committee/"
    data = opened(client, world.secretary, address) | {"schedule_12a": "on"}
    send(client, world.secretary, address, data)
    world.parent.refresh_from_db()
    assert world.parent.schedule_12a
    assert last_event() == ("change the committee above", world.board.pk, False)

    other = make_board("Harbour Board", parent=world.parent)
    page(client, world.secretary, address, status=403)
    other.delete()
    appoint(make_user(), world.parent, "secretary")
    page(client, world.secretary, address, status=403)
    assert f'href="{address}"' not in page(client, world.secretary, BOARD)


# Agencies and seats


def new_agency(name="Harbour Police", **fields):
    return {"name": name, "kind": "police", **day_boxes("start", timezone.localdate())} | fields


def test_an_agency_is_added_with_its_seat_and_corrected(client, world):
    send(client, world.secretary, f"{BOARD}agencies/add/", new_agency())

    taken = Seat.objects.get(agency__slug="harbour-police", board=world.board, end=None)
    assert last_event() == ("add an agency with its seat", world.board.pk, False)
    address = f"{taken.agency.get_absolute_url()}edit/"
    data = opened(client, world.secretary, address) | {"office_phone": "020 7946 0009"}
    send(client, world.secretary, address, data)
    event = AuditEvent.objects.first()
    assert (event.act, event.board) == ("change the agency", world.board)
    assert event.note == "Office telephone number: nothing to 020 7946 0009"


def test_an_agency_of_another_board_is_neither_offered_nor_betrayed(client, world):
    stranger = make_agency("Harbour Police")
    elsewhere = make_board("Harbour Board")
    seat(elsewhere, stranger)

    text = page(client, world.secretary, f"{BOARD}seats/add/")
    assert "Harbour Police" not in text
    data = {"agency": stranger.pk, **day_boxes("start", timezone.localdate())}
    send(client, world.secretary, f"{BOARD}seats/add/", data, status=422)
    # A member of the other board may read of it, and yet not give its people more rights.
    appoint(world.secretary, elsewhere, "member")
    send(client, world.secretary, f"{BOARD}seats/add/", data, status=422)
    Appointment.objects.filter(board=elsewhere).delete()

    send(client, world.secretary, f"{BOARD}agencies/add/", new_agency())
    own = Agency.objects.exclude(pk=stranger.pk).get(name="Harbour Police")
    assert own.slug == "harbour-police-2"
    text = send(
        client, world.secretary, f"{BOARD}agencies/add/", new_agency("harbour police"), status=422
    ).content.decode()
    assert "harbour police is there already" in text


def test_an_agency_of_another_board_of_the_same_secretary_gets_a_seat(client, world):
    group = make_board("Working Group", parent=world.board, kind="working_group")
    appoint(world.secretary, group, "secretary")
    data = {"agency": world.fire.pk, **day_boxes("start", timezone.localdate())}

    assert "give it a seat here" in page(
        client, world.secretary, "/board/working-group/agencies/add/"
    )
    send(client, world.secretary, "/board/working-group/seats/add/", data)

    assert group.seats.get().agency == world.fire
    assert last_event() == ("give a seat", group.pk, False)
    send(client, world.secretary, "/board/working-group/seats/add/", data, status=422)


def test_a_seat_ends_with_its_members_and_nothing_is_deleted(client, world):
    address = f"{BOARD}seats/{world.fire_seat.pk}/end/"
    text = page(client, world.secretary, address)
    assert "Fire lead, member" in text
    ends, stays = text.split("These do not end with it")
    assert "Chair, chair" in stays
    assert "Chair, chair" not in ends
    today = timezone.localdate()

    send(client, world.secretary, address, day_boxes("end", today) | {"reason": "Merged"})

    world.fire_seat.refresh_from_db()
    assert world.fire_seat.end == today
    assert world.fire_lead.appointments.get().end == today
    assert world.chair.appointments.get().end is None
    assert [(e.act, e.note) for e in AuditEvent.objects.order_by("seq")] == [
        ("end the appointment", "Its seat ends"),
        ("end the seat", "Merged"),
    ]
    early = day_boxes("end", world.fire_seat.start - datetime.timedelta(days=1))
    send(client, world.secretary, address, early, status=422)


# The sharing agreement


def agreement(**fields):
    return {"base": 0, "title": "Sharing between partners", "text": "What is shared."} | fields


def test_a_new_version_of_the_agreement_is_signed_anew_and_the_old_one_stays(client, world):
    address = f"{BOARD}agreement/new/"
    send(client, world.secretary, address, agreement(agencies=[world.police.pk, world.fire.pk]))
    first = SharingAgreement.objects.get()
    sign = f"{BOARD}signatures/{first.signatures.get(agency=world.police).pk}/sign/"
    signed = day_boxes("signed_on", days_ago(1)) | {"signed_by": "Inspector"}
    send(client, world.secretary, sign, signed)

    data = opened(client, world.secretary, address)
    assert data["title"] == first.title
    send(client, world.secretary, address, agreement(base=1, agencies=[world.police.pk]))
    assert last_event() == ("make a new version", world.board.pk, False)

    text = page(client, world.member, f"{BOARD}agreement/")
    new, old = text.split('id="version-1"')
    assert "Awaited" in new
    assert "Inspector" in old
    assert "Inspector" not in page(client, world.member, BOARD)


def test_two_new_versions_at_once_keep_both_texts(client, world):
    make_agreement(world.board)
    address = f"{BOARD}agreement/new/"

    response = send(client, world.secretary, address, agreement(text="Mine."), status=409)

    text = response.content.decode()
    assert "Somebody made version 1" in text
    assert "Mine." in text
    data = agreement(text="Mine.", base=response.context["form"]["base"].value())
    send(client, world.secretary, address, data)
    assert SharingAgreement.objects.get(version=2).text == "Mine."


def test_an_agency_that_came_later_is_asked_to_sign_and_one_that_left_is_not_awaited(client, world):
    [signature] = make_agreement(world.board, world.fire)
    address = f"{BOARD}agreement/{signature.agreement_id}/ask/"
    text = send(client, world.secretary, address, {}, status=422).content.decode()
    assert "Choose one agency at least." in text
    send(client, world.secretary, address, {"agencies": [world.police.pk]})
    assert signature.agreement.signatures.count() == 2
    send(client, world.secretary, address, {"agencies": [world.police.pk]})
    assert "named in it already" in client.get(BOARD).content.decode()
    assert signature.agreement.signatures.count() == 2

    world.fire_seat.end = days_ago(1)
    world.fire_seat.save()
    text = page(client, world.member, BOARD)
    assert text.count("Awaited") == 1
    assert "Not signed; it has no seat today" in text


def test_nothing_here_opens_another_boards_agency_or_agreement(client, world):
    elsewhere = make_board("Harbour Board")
    taken = seat(elsewhere, make_agency("Harbour Police"))
    [signature] = make_agreement(elsewhere, taken.agency)

    for address in (
        f"{BOARD}seats/{taken.pk}/end/",
        f"{BOARD}agreement/{signature.agreement_id}/ask/",
        "/board/harbour-board/settings/",
        "/board/agencies/harbour-police/edit/",
        f"{POLICE}../harbour-police/edit/",
    ):
        page(client, world.secretary, address, status=404)
