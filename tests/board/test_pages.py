"""The pages of boards and agencies, and what their secretary keeps there."""

import datetime

import pytest
from django.utils import timezone

from board.models import (
    AgencyMember,
    Appointment,
    AuditEvent,
    Nomination,
    SharingAgreement,
    SharingSignature,
    TermsOfReference,
    User,
)
from tests.builders import (
    answers_for,
    appoint,
    days_ago,
    join,
    make_agency,
    make_board,
    make_priority,
    make_user,
    seat,
)

BOARD = "/board/soc-board/"
POLICE = "/board/agencies/police-of-soc-board/"


def page(client, person, address, status=200):
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def send(client, person, address, data, status=302):
    client.force_login(person)
    response = client.post(address, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def day_boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def last_event():
    event = AuditEvent.objects.first()
    return event.act, event.board_id, event.refused


def make_terms(board, version=1, text="The Board *advises*.", **fields):
    return TermsOfReference.objects.create(board=board, version=version, text=text, **fields)


def make_agreement(board, *agencies):
    agreement = SharingAgreement.objects.create(board=board, title="Sharing between partners")
    return [
        SharingSignature.objects.create(agreement=agreement, agency=agency) for agency in agencies
    ]


# Reading


def test_the_list_holds_ones_own_boards_alone(client, world):
    make_board("Harbour Board")

    text = page(client, world.member, "/board/")

    assert f'<a href="{BOARD}">SOC Board</a>' in text
    assert "Harbour Board" not in text
    assert "You sit on no board today." in page(client, world.outsider, "/board/")


def test_a_board_says_who_sits_since_when_and_who_substitutes(client, world):
    deputy = make_user("substitute@example.org", name="Named Substitute")
    appoint(deputy, world.board, "substitute", seat=world.police_seat, start=days_ago(10))
    gone = make_user(name="Gone Member")
    appoint(gone, world.board, "member", start=days_ago(90), end=days_ago(5))

    text = page(client, world.observer, BOARD)

    for person in (world.chair, world.secretary, world.police_lead, deputy, world.observer):
        assert person.name in text, person
    assert f"{days_ago(10):%-d %b %Y}" in text
    before, after = text.split("Earlier appointments")
    assert "Gone Member" not in before
    assert "Gone Member" in after
    assert "Vacant" not in text
    assert "Nobody named" in text


def test_a_vacant_chair_is_loud_and_an_announced_leaving_is_told(client, world):
    chair = Appointment.objects.get(role="chair")
    chair.leaving_announced_on, chair.leaving_note = datetime.date(2018, 9, 19), "Retires"
    chair.save()
    text = page(client, world.member, BOARD)
    assert "Leaving announced 19 September 2018" in text
    assert "Retires" in text

    chair.end = days_ago(1)
    chair.save()
    text = page(client, world.member, BOARD)
    assert "<strong>Vacant</strong>" in text
    assert "table__row--attention" in text


def test_terms_agreement_nominations_and_responsibilities_are_there(client, world):
    make_terms(world.board, review_due=days_ago(2))
    signed, _ = make_agreement(world.board, world.police, world.fire)
    signed.signed_on, signed.signed_by = datetime.date(2018, 7, 3), "Partnership Inspector"
    signed.save()
    nomination = Nomination.objects.create(
        board=world.board,
        office="chair",
        reason="The Chair retires",
        sought_on=datetime.date(2018, 9, 19),
        put_to=world.parent,
    )

    text = page(client, world.member, BOARD)

    assert "The Board <em>advises</em>." in text
    assert "Review late" in text
    assert "Signed 3 July 2018" in text
    assert "Awaited" in text
    assert "The Chair retires" in text
    assert "No answer yet." in text
    answered = text.split("Who answers for what")[1]
    assert answered.index("Lead since") < answered.index("Contributing since")
    nomination.answer, nomination.answered_on = "A successor was named", days_ago(1)
    nomination.save()
    assert "A successor was named" in page(client, world.member, BOARD)


def test_an_empty_board_says_so_part_by_part(client, db):
    board = make_board("New Board")
    keeper = make_user()
    appoint(keeper, board, "secretary")

    text = page(client, keeper, "/board/new-board/")

    for sentence in (
        "<strong>Vacant</strong>",
        "No agency has a seat yet.",
        "Nothing is assigned yet.",
        "<strong>None on record.</strong>",
        "No office is waiting for a nomination.",
        "None is planned",
    ):
        assert sentence in text, sentence


def test_only_the_secretary_is_offered_changes(client, world):
    make_agreement(world.board, world.police)

    for person in (world.member, world.chair, world.police_lead, world.observer):
        text = page(client, person, BOARD) + page(client, person, POLICE)
        for word in ("Appoint somebody", "End the", "Record the signature", "Add a lead"):
            assert word not in text, (person, word)
    text = page(client, world.secretary, BOARD) + page(client, world.secretary, POLICE)
    for word in ("Appoint somebody", "End the", "Record the signature", "Add a lead"):
        assert word in text, word


def test_an_agency_shows_its_people_office_seat_and_duties(client, world):
    world.police.office_phone = "020 7946 0001"
    world.police.save()
    former = make_user(name="Left Long Ago")
    join(former, world.police, end=days_ago(1))

    text = page(client, world.fire_lead, POLICE)

    assert text.index(world.police_lead.name) < text.index(world.police_contributor.name)
    assert "Left Long Ago" not in text
    assert "020 7946 0001" in text
    assert f'<a href="{BOARD}">SOC Board</a>' in text
    assert "Modern slavery" in text
    assert "No open actions." in text
    assert world.police_lead.email not in text


def test_names_are_for_those_in_reach_only(client, world):
    own = make_agency("Harbour Police")
    elsewhere = make_board("Harbour Board")
    seat(elsewhere, own)
    # The police sit on both; each board sees the seat and the duties on its own.
    seat(elsewhere, world.police)
    keeper = make_user("keeper@example.org")
    appoint(keeper, elsewhere, "secretary")

    for person in (world.outsider, world.former, keeper):
        page(client, person, BOARD, status=404)
    page(client, world.member, "/board/agencies/harbour-police/", status=404)
    text = page(client, keeper, POLICE)
    assert "Harbour Board" in text
    assert "SOC Board" not in text.replace("Police of SOC Board", "").replace("Harbour Board", "")
    assert "Modern slavery" not in text


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize(("address", "queries"), [("/board/", 5), (BOARD, 18), (POLICE, 10)])
def test_pages_make_as_many_queries_for_many_rows_as_for_one(
    client, world, django_assert_num_queries, address, queries, rows
):
    agencies = [make_agency(f"Council {number}") for number in range(rows)]
    for number, agency in enumerate(agencies):
        taken = seat(world.board, agency)
        appoint(make_user(), world.board, "substitute", seat=taken)
        appoint(make_user(), world.board, "member", end=days_ago(2), start=days_ago(9))
        join(make_user(), world.police)
        priority = make_priority(world.board, f"Priority {number}", lead=agency)
        answers_for(world.police, priority)
        answers_for(agency, priority)
        make_terms(world.board, number + 1)
        Nomination.objects.create(
            board=world.board,
            office="chair",
            reason="It is vacant",
            sought_on=days_ago(3),
            put_to=world.parent,
        )
    make_agreement(world.board, *agencies)
    client.force_login(world.secretary)
    client.get(address)

    with django_assert_num_queries(queries):
        client.get(address)


# Keeping


def appointment(email="new@example.org", **fields):
    return {
        "email": email,
        "name": "New Person",
        "post": "Head of Safety",
        "role": "member",
        **day_boxes("start", timezone.localdate()),
    } | fields


def test_the_secretary_appoints_somebody_new(client, world):
    data = appointment("New@Example.org", seat=world.fire_seat.pk)
    response = send(client, world.secretary, f"{BOARD}appoint/", data)

    assert response.headers["Location"] == BOARD
    made = Appointment.objects.get(person__email="new@example.org")
    assert (made.role, made.seat, made.board) == ("member", world.fire_seat, world.board)
    assert not made.person.has_usable_password()
    assert last_event() == ("appoint", world.board.pk, False)
    assert "Forgot your password?" in client.get(BOARD).content.decode()


def test_the_secretary_appoints_somebody_known_by_address_alone(client, world):
    send(client, world.secretary, f"{BOARD}appoint/", appointment(world.outsider.email, name=""))

    assert Appointment.objects.get(person=world.outsider).role == "member"
    world.outsider.refresh_from_db()
    assert world.outsider.name == "Outsider"


def test_the_post_of_somebody_who_sits_elsewhere_too_stays(client, world):
    here, elsewhere = make_user(post="Inspector"), make_user(post="Inspector")
    appoint(elsewhere, make_board("Harbour Board"), "member")

    for person, post in ((here, "Head of Safety"), (elsewhere, "Inspector")):
        send(client, world.secretary, f"{BOARD}appoint/", appointment(person.email, name=""))
        person.refresh_from_db()
        assert person.post == post
    assert "The post on record stays: Inspector." in client.get(BOARD).content.decode()


def test_a_new_person_needs_a_name_and_nothing_typed_is_lost(client, world):
    response = send(client, world.secretary, f"{BOARD}appoint/", appointment(name=""), status=422)

    text = response.content.decode()
    assert "There is a problem" in text
    assert "enter the person’s name" in text.replace("&#x27;", "’")
    assert 'value="new@example.org"' in text
    assert 'value="Head of Safety"' in text
    assert not User.objects.filter(email="new@example.org").exists()


def test_there_is_one_chair_at_a_time(client, world):
    data = appointment(role="chair")
    text = send(client, world.secretary, f"{BOARD}appoint/", data, status=422).content.decode()
    assert "Chair holds this office" in text

    chair = Appointment.objects.get(role="chair")
    chair.end = days_ago(1)
    chair.save()
    send(client, world.secretary, f"{BOARD}appoint/", data)
    assert Appointment.objects.get(role="chair", end=None).person.name == "New Person"


def test_a_second_press_of_the_button_gets_a_sentence(client, world):
    send(client, world.secretary, f"{BOARD}appoint/", appointment())

    text = send(
        client, world.secretary, f"{BOARD}appoint/", appointment(), status=422
    ).content.decode()

    assert "New Person holds this office already." in text
    assert Appointment.objects.filter(person__email="new@example.org").count() == 1


def test_a_seat_of_another_board_cannot_be_chosen(client, world):
    other = make_board("Harbour Board")
    theirs = seat(other, make_agency("Harbour Police"))

    text = page(client, world.secretary, f"{BOARD}appoint/")
    assert "Harbour Police" not in text
    send(
        client,
        world.secretary,
        f"{BOARD}appoint/",
        appointment(seat=theirs.pk),
        status=422,
    )
    assert not Appointment.objects.filter(seat=theirs).exists()


def test_an_appointment_ends_on_its_last_day(client, world):
    found = Appointment.objects.get(person=world.member)
    address = f"{BOARD}appointments/{found.pk}/end/"
    assert "is lost on the day after the last day" in page(client, world.secretary, address)

    too_early = day_boxes("end", found.start - datetime.timedelta(days=1))
    text = send(client, world.secretary, address, too_early, status=422).content.decode()
    assert "give that day or a later one" in text
    send(
        client,
        world.secretary,
        address,
        day_boxes("end", days_ago(1)) | {"reason": "Moved post"},
    )

    found.refresh_from_db()
    assert found.end == days_ago(1)
    assert last_event() == ("end the appointment", world.board.pk, False)
    assert AuditEvent.objects.first().note == "Moved post"
    page(client, world.member, BOARD, status=404)


def test_a_leaving_is_announced(client, world):
    found = Appointment.objects.get(role="chair")
    data = day_boxes("leaving_announced_on", datetime.date(2018, 9, 19))

    send(
        client,
        world.secretary,
        f"{BOARD}appointments/{found.pk}/leaving/",
        data | {"leaving_note": "Retires soon"},
    )

    found.refresh_from_db()
    assert (found.leaving_announced_on.year, found.leaving_note) == (2018, "Retires soon")
    assert last_event() == ("announce the leaving", world.board.pk, False)


def test_a_nomination_is_sought_and_answered(client, world):
    data = {"office": "chair", "reason": "The Chair retires", "put_to": world.parent.pk}
    sought = day_boxes("sought_on", datetime.date(2018, 9, 19))
    send(client, world.secretary, f"{BOARD}nominations/add/", data | sought)
    nomination = Nomination.objects.get()
    assert last_event() == ("seek a nomination", world.board.pk, False)

    address = f"{BOARD}nominations/{nomination.pk}/answer/"
    when = day_boxes("answered_on", datetime.date(2018, 11, 26))
    send(client, world.secretary, address, when | {"answer": ""}, status=422)
    send(client, world.secretary, address, when | {"answer": "A successor from January"})

    nomination.refresh_from_db()
    assert nomination.answer == "A successor from January"
    assert last_event() == ("record the answer", world.board.pk, False)


def test_a_signature_is_recorded(client, world):
    [signature] = make_agreement(world.board, world.fire)
    data = day_boxes("signed_on", datetime.date(2018, 7, 3)) | {"signed_by": "Station Commander"}

    send(client, world.secretary, f"{BOARD}signatures/{signature.pk}/sign/", data)

    signature.refresh_from_db()
    assert signature.signed_on == datetime.date(2018, 7, 3)
    assert last_event() == ("record a signature", world.board.pk, False)


def test_new_terms_are_a_new_version_and_the_old_one_stays(client, world):
    make_terms(world.board)
    text = page(client, world.secretary, f"{BOARD}terms/new/")
    assert "The Board *advises*." in text

    send(client, world.secretary, f"{BOARD}terms/new/", {"text": "It meets.", "base": 1})

    assert last_event() == ("make a new version", world.board.pk, False)
    text = page(client, world.member, f"{BOARD}terms/")
    assert text.index("Version 2, in force") < text.index("It meets.") < text.index("Version 1<")
    assert "The Board <em>advises</em>." in text


def test_terms_written_on_an_old_version_overwrite_nothing(client, world):
    make_terms(world.board)
    make_terms(world.board, 2, "Theirs stands.")
    mine = {"text": "Mine was first.", "base": 1}

    text = send(client, world.secretary, f"{BOARD}terms/new/", mine, status=409).content.decode()

    assert TermsOfReference.objects.count() == 2
    assert "Theirs stands." in text
    assert "Mine was first." in text
    assert 'name="base" value="2"' in text
    send(client, world.secretary, f"{BOARD}terms/new/", mine | {"base": 2})
    assert TermsOfReference.objects.first().text == "Mine was first."


def test_a_lead_is_added_to_an_agency_and_ends(client, world):
    data = appointment(role="lead")
    send(client, world.secretary, f"{POLICE}people/add/", data)
    member = AgencyMember.objects.get(person__email="new@example.org")
    assert (member.agency, member.role) == (world.police, "lead")
    assert AuditEvent.objects.first().act == "add to the agency"
    send(client, world.secretary, f"{POLICE}people/add/", data, status=422)

    end = day_boxes("end", timezone.localdate())
    send(client, world.secretary, f"{POLICE}people/{member.pk}/end/", end)
    member.refresh_from_db()
    assert member.end == timezone.localdate()
    assert AuditEvent.objects.first().act == "end the work for the agency"


def kept_addresses(world):
    [signature] = make_agreement(world.board, world.fire)
    nomination = Nomination.objects.create(
        board=world.board,
        office="chair",
        reason="It is vacant",
        sought_on=days_ago(3),
        put_to=world.parent,
    )
    chair = Appointment.objects.get(role="chair")
    member = AgencyMember.objects.get(person=world.police_lead)
    return [
        f"{BOARD}appoint/",
        f"{BOARD}appointments/{chair.pk}/end/",
        f"{BOARD}appointments/{chair.pk}/leaving/",
        f"{BOARD}nominations/add/",
        f"{BOARD}nominations/{nomination.pk}/answer/",
        f"{BOARD}signatures/{signature.pk}/sign/",
        f"{BOARD}terms/new/",
        f"{POLICE}people/add/",
        f"{POLICE}people/{member.pk}/end/",
    ]


def test_nobody_else_keeps_a_board_and_the_refusal_is_on_the_record(client, world):
    for address in kept_addresses(world):
        for person in (world.chair, world.police_lead, world.member, world.observer):
            client.force_login(person)
            assert client.get(address).status_code == 403, (address, person)
            assert client.post(address, {}).status_code == 403, (address, person)
        event = AuditEvent.objects.first()
        assert (event.refused, event.subject_person, event.note) == (True, person, address)
        assert event.act.startswith("POST board:")
        for person in (world.outsider, world.former):
            client.force_login(person)
            assert client.get(address).status_code == 404, (address, person)
        client.force_login(world.secretary)
        assert client.get(address).status_code == 200, address


def test_another_boards_records_cannot_be_reached_through_ones_own(client, world):
    other = make_board("Harbour Board")
    keeper = make_user("keeper@example.org")
    appoint(keeper, other, "secretary")
    addresses = [
        address.replace(BOARD, "/board/harbour-board/")
        for address in kept_addresses(world)
        if address.split("/")[-3].isdigit() and address.startswith(BOARD)
    ]

    assert len(addresses) == 4
    client.force_login(keeper)
    for address in addresses:
        assert client.get(address).status_code == 404, address
        assert client.post(address, {}).status_code == 404, address


def test_an_empty_post_comes_back_with_what_is_missing(client, world):
    for address in kept_addresses(world):
        text = send(client, world.secretary, address, {}, status=422).content.decode()
        assert "There is a problem" in text, address
