"""Reminders: each of them once, whatever happens to the run, and none once it is answered."""

import datetime
import smtplib
from contextlib import suppress
from unittest import mock

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from board import mail as mailing
from board.mail import hand_over
from board.workflow import perform
from config import reminders
from config.models import Notice, Reminder
from config.reminders import remind, step_on, to_come, unheeded
from meetings.transitions import CHECK, CIRCULATE, COMPLETE_ACTION, END, PUBLISH
from priorities.models import AgencyReturn
from tests import builders as make
from tests.racing import at_once

# A Wednesday, with working days on both sides.
DUE = datetime.date(2027, 3, 17)
WEEK = make.london(2027, 3, 10)
EVE = make.london(2027, 3, 16)
AFTER = make.london(2027, 3, 18)


def owe(world, due=DUE):
    """An action of the police due on that day."""
    agreed_on = due - datetime.timedelta(days=72)
    return make.make_action(world.board, agency=world.police, agreed_on=agreed_on, due=due)


def sent_to():
    return sorted(address for message in mail.outbox for address in message.to)


@pytest.mark.parametrize(
    ("day", "due", "step"),
    [
        ("2027-03-09", "2027-03-17", None),
        ("2027-03-10", "2027-03-17", "week"),
        ("2027-03-15", "2027-03-17", "week"),  # the run of the day itself was missed
        ("2027-03-16", "2027-03-17", "day"),
        ("2027-03-17", "2027-03-17", "day"),
        ("2027-03-18", "2027-03-17", "after"),
        ("2027-03-26", "2027-03-17", None),
        # due on a Monday: the day before is the Friday; Easter puts the day after on a Tuesday
        ("2027-03-19", "2027-03-22", "day"),
        ("2027-03-26", "2027-03-25", None),
        ("2027-03-30", "2027-03-25", "after"),
        # the ends of quarters, a leap day, and the nights on which the clocks change
        ("2027-12-24", "2027-12-31", "week"),
        ("2028-01-04", "2027-12-31", "after"),
        ("2028-02-28", "2028-02-29", "day"),
        ("2028-02-22", "2028-02-29", "week"),
        ("2027-03-25", "2027-03-29", "day"),
        ("2027-11-01", "2027-10-31", "after"),
        # due on a Sunday, on which the clocks change too; the week before it is one as well
        ("2027-10-21", "2027-10-31", None),
        ("2027-10-22", "2027-10-31", "week"),
        ("2027-10-29", "2027-10-31", "day"),
        # over Christmas: the 27th and the 28th stand in for a Saturday and a Sunday
        ("2027-12-23", "2027-12-28", "week"),
        ("2027-12-24", "2027-12-28", "day"),
        ("2027-12-29", "2027-12-28", "after"),
        # on Easter Sunday: Thursday before, Tuesday after
        ("2027-03-25", "2027-03-28", "day"),
        ("2027-03-30", "2027-03-28", "after"),
        # a week before is a leap day; the first day of a quarter, and of a year
        ("2028-02-28", "2028-03-07", None),
        ("2028-02-29", "2028-03-07", "week"),
        ("2026-12-31", "2027-01-01", "day"),
        ("2027-01-04", "2027-01-01", "after"),
    ],
)
def test_the_step_of_a_day(day, due, step):
    day, due = map(datetime.date.fromisoformat, (day, due))
    assert step_on(day, due) == step


def test_lead_and_contributor_are_each_written_to_once_a_step(world):
    owe(world)
    for at in (WEEK, WEEK, EVE, EVE, AFTER, AFTER):
        remind(at)

    both = [world.police_contributor.email, world.police_lead.email]
    assert sent_to() == sorted(both * 3)
    assert Notice.objects.filter(sent_at=None).count() == 0
    assert [message.to for message in mail.outbox if len(message.to) != 1] == []


def test_returns_actions_and_minutes_are_one_e_mail(world):
    round = make.open_round(world, day=datetime.date(2027, 1, 4), due=DUE)
    action = owe(world)
    held = make.make_meeting(world.board, starts_at=make.london(2027, 2, 3))
    make.make_item(held)
    for row in (PUBLISH, END):
        held = perform(row, held, by=world.secretary)
    minutes = perform(CHECK, held.minutes.get(), by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    make.make_meeting(world.board, starts_at=make.london(2027, 3, 17))

    remind(WEEK)

    lead = next(message for message in mail.outbox if message.to == [world.police_lead.email])
    assert lead.subject == f"{world.board}: 3 things due from Police"
    for said in (
        f"Your return for {round.title}: 2 priorities to answer. Due Wednesday 17 March 2027.",
        f"Action {action.reference}: {action.wording} Due",
        "The minutes of 3 February 2027: the meeting of 17 March is asked to agree them.",
        f"http://127.0.0.1:8000/meetings/actions/{action.pk}/",
    ):
        assert said in lead.body.replace("  ", " "), lead.body
    # a contributor who has no place on the board cannot read its minutes
    other = next(m for m in mail.outbox if m.to == [world.police_contributor.email])
    assert "The minutes of" not in other.body


def test_it_stops_when_answered(world):
    action = owe(world)
    remind(WEEK)
    perform(COMPLETE_ACTION, action, by=world.secretary, note="The page is written.")
    mail.outbox.clear()

    for at in (EVE, AFTER):
        remind(at)

    assert mail.outbox == []


def test_what_is_answered_between_writing_down_and_sending_is_not_sent(world):
    action = owe(world)
    with mock.patch("board.mail.hand_over", return_value=None):
        remind(WEEK)
    assert Notice.objects.filter(handed_at=None).count() == 2
    perform(COMPLETE_ACTION, action, by=world.secretary, note="The page is written.")

    remind(WEEK)

    assert mail.outbox == []
    assert Notice.objects.count() == 0


def test_an_agency_with_more_time_is_reminded_of_its_own_day(world):
    round = make.open_round(world, day=datetime.date(2027, 1, 4), due=datetime.date(2027, 3, 10))
    AgencyReturn.objects.filter(round=round, agency=world.police).update(
        extended_to=DUE, extended_reason="A new lead."
    )
    remind(make.london(2027, 3, 9))
    assert sent_to() == [world.fire_lead.email]
    mail.outbox.clear()
    remind(EVE)  # of the fire service it is the day after by now
    people = (world.police_contributor, world.police_lead, world.fire_lead)
    assert sent_to() == sorted(person.email for person in people)


def test_nothing_goes_on_a_day_off(world):
    owe(world, due=datetime.date(2027, 3, 22))
    assert remind(make.london(2027, 3, 20)) == []  # a Saturday
    owe(world, due=datetime.date(2027, 4, 2))
    assert remind(make.london(2027, 3, 26)) == []  # Good Friday
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("at", "due", "sent"),
    [
        # Sunday's last half hour in London, then Monday's first, after the clocks went back
        ("2026-10-25T23:30", datetime.date(2026, 10, 26), 0),
        ("2026-10-26T00:30", datetime.date(2026, 10, 26), 2),
        # Easter Monday after the clocks went forward: its midnight is at eleven in UTC
        ("2027-03-29T22:30", datetime.date(2027, 3, 30), 0),
        ("2027-03-29T23:30", datetime.date(2027, 3, 30), 2),
        # the eve of a leap day, and the day after it
        ("2028-02-28T08:00", datetime.date(2028, 2, 29), 2),
        ("2028-03-01T08:00", datetime.date(2028, 2, 29), 2),
    ],
)
def test_the_day_of_a_run_is_londons(world, at, due, sent):
    owe(world, due=due)
    remind(datetime.datetime.fromisoformat(f"{at}:00+00:00"))
    assert len(mail.outbox) == sent


def test_a_restricted_action_is_not_put_into_words(world):
    meeting = make.make_meeting(world.board)
    make.make_action(
        world.board,
        agency=world.fire,
        item=make.make_item(meeting),
        part="restricted",
        agreed_on=datetime.date(2027, 1, 4),
        due=DUE,
        wording="Visit the blue warehouse",
    )
    make.join(world.chair, world.fire)  # who may read it; the agency's lead may not

    remind(WEEK)

    assert sent_to() == [world.chair.email]
    assert "warehouse" not in mail.outbox[0].body + mail.outbox[0].subject


def test_a_day_that_moves_is_reminded_of_anew(world):
    action = owe(world)
    remind(WEEK)
    action.due = datetime.date(2027, 4, 14)
    action.save()
    mail.outbox.clear()

    remind(EVE)
    assert mail.outbox == []
    remind(make.london(2027, 4, 7))
    assert len(mail.outbox) == 2


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("sent", range(4))
def test_killed_half_way_and_run_again_each_is_sent_once(world, sent):
    """Killed when this many of the three e-mails had left."""
    owe(world)
    make.make_action(world.board, agency=world.fire, agreed_on=datetime.date(2027, 1, 4), due=DUE)
    real = hand_over

    def dies(*arguments):
        if len(mail.outbox) == sent:
            raise Killed
        return real(*arguments)

    with mock.patch("board.mail.hand_over", dies), suppress(Killed):
        remind(WEEK)
    assert len(mail.outbox) == sent
    remind(WEEK)

    people = (world.police_lead, world.police_contributor, world.fire_lead)
    assert sent_to() == sorted(person.email for person in people)


def test_what_nobody_knows_is_not_sent_again_by_itself(world, client):
    owe(world)
    send = mail.backends.locmem.EmailBackend.send_messages

    def breaks(self, messages):
        send(self, messages)
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    with mock.patch.object(mail.backends.locmem.EmailBackend, "send_messages", breaks):
        with mock.patch.object(timezone, "now", return_value=WEEK):
            with pytest.raises(CommandError, match="Not every letter left"):
                call_command("remind")
    assert len(mail.outbox) == 2
    remind(WEEK)
    assert sorted(sent_to()) == sorted({*sent_to()}), "nobody was written to twice"

    client.force_login(world.secretary)
    unknown = Notice.objects.unconfirmed().first()
    Notice.objects.update(handed_at=timezone.now() - mailing.IN_HAND)
    client.post(reverse("settle_letters"), {"do": "again", "letter": f"reminder-{unknown.pk}"})
    assert sent_to().count(unknown.address) == 2
    unknown.refresh_from_db()
    assert unknown.sent_at


def test_one_refused_address_holds_up_nobody(world):
    owe(world)
    send = mail.backends.locmem.EmailBackend.send_messages

    def picky(self, messages):
        if messages[0].to == [world.police_lead.email]:
            raise smtplib.SMTPRecipientsRefused({world.police_lead.email: (550, b"no such box")})
        return send(self, messages)

    with mock.patch.object(mail.backends.locmem.EmailBackend, "send_messages", picky):
        remind(WEEK)
    assert sent_to() == [world.police_contributor.email]
    refused = Notice.objects.get(sent_at=None)
    assert "no such box" in refused.failed

    remind(WEEK)
    assert sent_to() == sorted([world.police_contributor.email, world.police_lead.email])


def test_the_database_itself_holds_a_reminder_to_once(world):
    owe(world)
    remind(WEEK)
    twin = Reminder.objects.first()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_each_once():
    with transaction.atomic():
        world = make.make_world()
        owe(world)
        make.make_action(
            world.board, agency=world.fire, agreed_on=datetime.date(2027, 1, 4), due=DUE
        )
    outcomes = at_once([lambda: remind(WEEK)] * 4)

    assert [o for o in outcomes if isinstance(o, Exception)] == [], connection.vendor
    people = (world.police_lead, world.police_contributor, world.fire_lead)
    assert sent_to() == sorted(person.email for person in people)


def test_what_is_said_to_go_next_is_what_goes(world):
    owe(world)
    make.make_action(
        world.board,
        agency=world.fire,
        agreed_on=datetime.date(2027, 1, 4),
        due=datetime.date(2027, 3, 25),  # the Thursday before Easter
    )
    day, said, went = datetime.date(2027, 3, 1), [], []
    last = datetime.date(2027, 4, 9)
    while day < last:
        tomorrow = day + datetime.timedelta(days=1)
        coming = to_come([world.board], day)
        said.append(
            {(goes, agency) for goes, _, those in coming if goes == tomorrow for agency in those}
        )
        day = tomorrow
        mail.outbox.clear()
        remind(make.london(day.year, day.month, day.day))
        went.append({(day, notice.agency) for notice in Notice.objects.filter(made_at__date=day)})
        assert bool(sent_to()) == bool(went[-1])
    assert said == went
    assert sum(map(len, went)) == 6
    assert to_come([world.board], last) == []


def test_a_reminder_that_will_reach_nobody_says_so(world, client):
    owe(world, make.days_ago(-9))
    client.force_login(world.secretary)
    page = client.get(reverse("reminders")).content.decode()
    assert "Write the page of signs" in page
    assert "reaches nobody" not in page
    world.police.members.update(end=make.days_ago(1))
    assert "reaches nobody" in client.get(reverse("reminders")).content.decode()


# Over the lead's head


@pytest.fixture
def late(world):
    """An action of the police, ten days late, of which they were reminded the day after."""
    action = make.make_action(
        world.board, agency=world.police, agreed_on=make.days_ago(40), due=make.days_ago(10)
    )
    with (
        mock.patch.object(reminders, "is_working_day", return_value=True),
        mock.patch.object(reminders, "step_on", return_value=Reminder.Step.AFTER),
    ):
        remind(timezone.now() - datetime.timedelta(days=9))
    mail.outbox.clear()
    return action


def test_the_letter_over_the_leads_head_is_prepared_and_sent_by_the_secretary(world, late, client):
    world.police.head, world.police.head_email = "Commander", "commander@example.org"
    world.police.save()
    client.force_login(world.secretary)
    address = reverse("over_the_head", args=[world.board.slug, world.police.slug])
    assert address in client.get("/").content.decode()
    page = client.get(address).content.decode()
    assert late.reference in page
    assert "commander@example.org" in page
    assert mail.outbox == []

    wrong = client.post(address, {"address": "elsewhere@example.org", "text": "Dear Commander"})
    assert wrong.status_code == 422
    assert "Dear Commander" in wrong.content.decode()
    assert mail.outbox == []

    client.post(address, {"address": "commander@example.org", "text": "Dear Commander"})
    assert [(m.to, m.body) for m in mail.outbox] == [(["commander@example.org"], "Dear Commander")]
    assert "Over the lead’s head" in client.get(reverse("reminders")).content.decode()
    assert unheeded(world.secretary) == {}
    client.post(address, {"address": "commander@example.org", "text": "Again"})
    assert len(mail.outbox) == 1


def test_nobody_is_written_over_who_answered(world, late):
    assert list(unheeded(world.secretary)) == [(world.board, world.police)]
    perform(COMPLETE_ACTION, late, by=world.secretary, note="Done.")
    assert unheeded(world.secretary) == {}


def test_the_log_takes_as_many_queries_for_one_as_for_many(
    world, late, client, django_assert_num_queries
):
    client.force_login(world.chair)
    client.get(reverse("reminders"))
    with django_assert_num_queries(17):
        client.get(reverse("reminders"))
    for n in range(5):
        owe(world, make.days_ago(-n))
        Notice.objects.create(
            board=world.board,
            agency=world.fire,
            person=world.fire_lead,
            address=world.fire_lead.email,
            made_at=timezone.now(),
        )
    with django_assert_num_queries(17):
        client.get(reverse("reminders"))
