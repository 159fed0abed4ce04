"""Decisions between meetings: by written procedure or by the chair, and the next meeting has them
by itself. The register of all decisions."""

import csv
import datetime
import io
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from board.workflow import perform
from board.working_days import working_day_until
from meetings.agenda import lay_out
from meetings.between import AGREE_BETWEEN, REFUSE_BETWEEN, WITHDRAW_BETWEEN
from meetings.contents import minutes_paragraphs
from meetings.models import BetweenMeetings, Decision, Reply
from meetings.queries import waiting
from meetings.question_letters import remind_of_questions
from meetings.transitions import CANCEL_MEETING
from priorities.models import AgencyReturn
from tests.builders import days_ago, make_decision, make_meeting, open_round
from tests.meetings.rooms import held, item_of, planned

WORDS = "The agreement with the probation service is signed."


def ask(client, who, **fields):
    last = timezone.localdate() + datetime.timedelta(days=7)
    data = {
        "route": "written",
        "text": WORDS,
        "reason": "The old one runs out.",
        "deadline_day": last.day,
        "deadline_month": last.month,
        "deadline_year": last.year,
        "authority": "",
    } | fields
    client.force_login(who)
    return client.post("/meetings/decisions/between/new/", data)


@pytest.fixture
def question(client, world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, world.secretary, board=world.board.pk)
    return BetweenMeetings.objects.get()


def reply(client, who, question, seat, answer="agree", **fields):
    client.force_login(who)
    data = {"seat": seat.pk, "answer": answer, "comment": "A remark", "sender": ""} | fields
    return client.post(f"/meetings/decisions/between/{question.pk}/reply/", data)


def kept_open(question):
    return BetweenMeetings.objects.get(pk=question.pk)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Enter what is to be agreed"),
        ({"reason": ""}, "Enter why it cannot wait for a meeting"),
        ({"deadline_day": "", "deadline_month": "", "deadline_year": ""}, "Enter the last day"),
        ({"deadline_year": "2001"}, "Give today or a later day"),
        ({"route": "chair"}, "Enter by which authority the chair acts"),
    ],
)
def test_a_question_lacks_nothing(client, world, fields, sentence):
    answer = ask(client, world.secretary, board=world.board.pk, **fields)
    page = answer.content.decode()
    assert (answer.status_code, BetweenMeetings.objects.count()) == (422, 0)
    assert sentence in page
    assert fields.get("text", WORDS) in page


def test_each_seat_replies_once_and_may_think_again(client, world, question):
    assert reply(client, world.police_lead, question, world.police_seat).status_code == 302
    reply(client, world.police_lead, question, world.police_seat, "object")
    assert [str(row) for row in Reply.objects.all()] == ["Police of soc-board: does not agree"]
    answer = reply(client, world.police_lead, question, world.fire_seat)
    assert answer.status_code == 422
    answer = reply(client, world.secretary, question, world.fire_seat)
    assert "Enter who sent it: it is not your own reply" in answer.content.decode()
    assert 'value="A remark"' in answer.content.decode()
    reply(client, world.secretary, question, world.fire_seat, sender="Borough commander, by letter")
    client.force_login(world.member)
    page = client.get(question.get_absolute_url()).content.decode()
    assert "as sent by Borough commander, by letter" in page
    assert "Your reply" not in page


def test_a_reply_waits_for_whoever_holds_the_seat(client, world, question):
    def waits(person):
        return [row.act for row in waiting(person) if row.url == question.get_absolute_url()]

    assert waits(world.police_lead) == [f"Reply for Police of soc-board: {WORDS}"]
    assert waits(world.member) == []
    reply(client, world.police_lead, question, world.police_seat)
    assert waits(type(world.member).objects.get(pk=world.police_lead.pk)) == []


def test_it_ends_after_its_last_day_or_when_all_have_replied(client, world, question):
    with pytest.raises(ValidationError, match="Replies are open until"):
        perform(AGREE_BETWEEN, question, by=world.secretary)
    reply(client, world.police_lead, question, world.police_seat)
    reply(client, world.fire_lead, question, world.fire_seat, "abstain")
    world.board.quorum = 3
    world.board.save()
    with pytest.raises(ValidationError, match="2 of the 3 agencies that make a quorum"):
        perform(AGREE_BETWEEN, kept_open(question), by=world.secretary)
    closed = perform(REFUSE_BETWEEN, question, by=world.secretary)
    assert closed.tally == "1 agrees, 1 abstains"
    answer = reply(client, world.police_lead, question, world.police_seat, follow=True)
    assert answer.status_code == 302
    assert Reply.objects.get(seat=world.police_seat).answer == "agree"
    assert not Decision.objects.exists()


def test_the_next_meeting_has_it_by_itself_once_and_in_its_minutes(world, question):
    BetweenMeetings.objects.update(deadline=days_ago(1))
    meeting = planned(world)
    perform(AGREE_BETWEEN, kept_open(question), by=world.secretary)
    lines = list(meeting.items.filter(kind="between"))
    assert [(item.title, item.number) for item in lines] == [
        ("Decisions taken since the last meeting", 5)
    ]
    lay_out(make_meeting(world.board))
    decision = Decision.objects.get()
    assert (decision.item, decision.text) == (lines[0], WORDS)
    said = [row for row in minutes_paragraphs(meeting, "board") if row["kind"] == "reported"]
    day = f"{timezone.localdate():%-d %B %Y}"
    assert (said[0]["label"], said[0]["text"]) == (
        "REPORTED",
        f"that it was agreed, by written procedure closed on {day} (2 have not replied), "
        "that the agreement with the probation service is signed.",
    )


def test_a_meeting_called_off_hands_it_to_the_next(world, question):
    BetweenMeetings.objects.update(deadline=days_ago(1))
    first = planned(world)
    perform(AGREE_BETWEEN, kept_open(question), by=world.secretary)
    perform(CANCEL_MEETING, first, by=world.secretary, note="Snow")
    second = planned(world, ref="soc-board-next", starts_at=first.starts_at)
    assert Decision.objects.get().item.meeting == second


def test_the_chair_acts_by_an_authority_and_waits_for_a_meeting(client, world):
    ask(
        client, world.chair, board=world.board.pk, route="chair",
        authority="paragraph 6 of the terms of reference",
    )  # fmt: skip
    question = BetweenMeetings.objects.get()
    assert question.deadline is None
    assert reply(client, world.police_lead, question, world.police_seat).status_code == 302
    assert not Reply.objects.exists()
    client.force_login(world.chair)
    client.post(f"/meetings/decisions/between/{question.pk}/record-that-it-was-agreed/")
    assert (
        "The next meeting, once it is planned"
        in client.get(question.get_absolute_url()).content.decode()
    )
    assert WORDS in client.get("/meetings/decisions/").content.decode()
    meeting = planned(world)
    said = [
        row["text"] for row in minutes_paragraphs(meeting, "board") if row["kind"] == "reported"
    ]
    assert "under paragraph 6 of the terms of reference, that the agreement" in said[0]


@pytest.fixture
def register(world, question):
    """One at a meeting of 2018, deferred; one by written procedure, on a meeting to come."""
    make_decision(item_of(held(world)), "=AT A MEETING", outcome="deferred", priority=world.slavery)
    planned(world)
    BetweenMeetings.objects.update(deadline=days_ago(1))
    perform(AGREE_BETWEEN, kept_open(question), by=world.secretary)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"AT A MEETING", WORDS}),
        ("?how=written", {WORDS}),
        ("?how=meeting", {"AT A MEETING"}),
        ("?outcome=deferred", {"AT A MEETING"}),
        ("?year=2018", {"AT A MEETING"}),
        ("?words=probation", {WORDS}),
        ("?year=nonsense", {"AT A MEETING", WORDS}),
    ],
)
def test_the_register_is_filtered_and_downloaded_alike(client, world, register, query, expected):
    client.force_login(world.member)
    page = client.get(f"/meetings/decisions/{query}").content.decode()
    assert {words for words in ("AT A MEETING", WORDS) if words in page} == expected
    answer = client.get(f"/meetings/decisions/register.csv{query}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row[6].removeprefix("'=") for row in rows[1:]} == expected


def test_the_day_told_is_the_day_of_agreement_not_of_the_meeting_that_hears_of_it(
    client, world, register
):
    """Nothing may say that it was agreed on a day that has not come."""
    Decision.objects.filter(text=WORDS).update(priority=world.slavery)
    closed = timezone.now() - datetime.timedelta(days=3)
    BetweenMeetings.objects.update(closed_at=closed)
    open_round(world)
    heard = f"{Decision.objects.get(text=WORDS).item.meeting.day:%-d %B %Y}"
    agreed = f"{timezone.localdate(closed):%-d %B %Y}"
    client.force_login(world.police_lead)
    own = AgencyReturn.objects.get(agency=world.police)
    page = client.get(f"{own.get_absolute_url()}edit/").content.decode()
    assert f"AGREED by written procedure on {agreed} " in page
    assert f"on {heard} ·" not in page
    page = client.get("/search/?q=probation").content.decode()
    assert f"Agreed, {world.board}, {agreed}" in page
    page = client.get(world.slavery.get_absolute_url()).content.decode()
    assert f"Written procedure, reported to the meeting of {heard}" in page
    page = client.get("/meetings/decisions/").content.decode()
    assert f"Written procedure, {agreed}" in page


# By e-mail


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Do something, and give back what left by it: {address: (subject, words)}."""

    def running(act, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox)
        return {message.to[0]: (message.subject, message.body) for message in mail.outbox}

    return running


def test_a_question_is_written_to_whoever_may_reply_once(client, world, run):
    sent = run(ask, client, world.secretary, board=world.board.pk)
    question = BetweenMeetings.objects.get()
    assert set(sent) == {p.email for p in (world.police_lead, world.chair, world.fire_lead)}
    subject, words = sent[world.police_lead.email]
    assert subject == f"Your reply by {question.deadline:%-d %B %Y}, SOC Board"
    assert WORDS in words
    assert "The old one runs out." in words
    assert f"Reply for {world.police} by {question.deadline:%A %-d %B %Y}" in words
    assert question.get_absolute_url() in words
    assert run(call_command, "remind") == {}
    client.force_login(world.secretary)
    page = client.get(question.get_absolute_url()).content.decode()
    assert "3 letters" in page
    client.force_login(world.member)
    assert "3 letters" not in client.get(question.get_absolute_url()).content.decode()
    # The chair's own action asks nobody.
    by_chair = {"route": "chair", "authority": "Paragraph 6", "board": world.board.pk}
    none = {"deadline_day": "", "deadline_month": "", "deadline_year": ""}
    assert run(ask, client, world.secretary, **by_chair, **none) == {}
    assert BetweenMeetings.objects.count() == 2


def test_who_has_not_replied_is_reminded_the_day_before_once(client, world, question, run):
    reply(client, world.police_lead, question, world.police_seat)
    eve = working_day_until(question.deadline - datetime.timedelta(days=1))
    two, one = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time(8)))
        for day in (eve - datetime.timedelta(days=1), eve)
    )
    assert run(remind_of_questions, two) == {}
    sent = run(remind_of_questions, one)
    assert set(sent) == {world.chair.email, world.fire_lead.email}
    subject, words = sent[world.chair.email]
    assert subject.startswith("Reminder: your reply by")
    assert f"No reply is known yet for {world.fire}." in words
    assert run(remind_of_questions, one) == {}


def test_the_day_before_is_a_working_day(question, run):
    """A Sunday on which the clocks change, Christmas, Easter, the day after a leap day, and the
    first day of a quarter and a year."""
    for deadline, eve in (
        ("2027-10-31", "2027-10-29"),
        ("2027-12-28", "2027-12-24"),
        ("2027-03-28", "2027-03-25"),
        ("2028-03-01", "2028-02-29"),
        ("2027-01-01", "2026-12-31"),
    ):
        question.deadline = datetime.date.fromisoformat(deadline)
        question.save()
        last = timezone.make_aware(datetime.datetime.fromisoformat(eve))
        assert run(remind_of_questions, last - datetime.timedelta(minutes=1)) == {}, deadline
        assert len(run(remind_of_questions, last)) == 3, deadline
        question.letters.filter(kind="reminded").delete()


def test_a_reminder_that_could_not_leave_is_not_sent_after_the_reply(
    client, world, question, run, monkeypatch
):
    def refuse(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (450, b"later")})

    real = EmailBackend.send_messages
    day = timezone.make_aware(datetime.datetime.combine(question.deadline, datetime.time(8)))
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    run(remind_of_questions, day)
    client.force_login(world.secretary)
    assert (
        f"Not sent to {world.chair.email}."
        in client.get(question.get_absolute_url()).content.decode()
    )
    monkeypatch.setattr(EmailBackend, "send_messages", real)
    reply(client, world.chair, question, world.fire_seat)
    assert set(run(remind_of_questions, day)) == {world.police_lead.email}


@pytest.mark.parametrize(
    ("act", "note", "said"),
    [
        (AGREE_BETWEEN, "", "agreed (2 agree)"),
        (REFUSE_BETWEEN, "", "not agreed (2 agree)"),
        (WITHDRAW_BETWEEN, "It is settled elsewhere.", "withdrawn"),
    ],
)
def test_how_it_ended_is_written_to_those_who_were_asked(
    client, world, question, run, act, note, said
):
    reply(client, world.police_lead, question, world.police_seat)
    reply(client, world.chair, question, world.fire_seat)
    sent = run(perform, act, kept_open(question), by=world.secretary, note=note)
    assert set(sent) == {p.email for p in (world.police_lead, world.chair, world.fire_lead)}
    subject, words = sent[world.fire_lead.email]
    assert subject == f"{said.split(' (')[0].capitalize()}: written procedure, SOC Board"
    assert f"It is closed: {said}." in words
    assert WORDS in words
    assert ("It goes before the next meeting by itself." in words) is (act is AGREE_BETWEEN)
    assert run(remind_of_questions) == {}
