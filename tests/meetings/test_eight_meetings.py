"""A series of eight meetings, kept as its secretary would keep it, and read again at the end."""

import datetime
import hashlib
import io
import re

import pypdf
import pytest
from django.core import mail
from django.utils import timezone

from board.workflow import perform
from meetings.models import Action, AgendaItem, Decision, Meeting, Minutes, Note, Promise
from meetings.rates import attendance_rates
from priorities.models import AgencyReturn
from priorities.transitions import OPEN_ROUND
from tests.builders import answers_for, make_round
from tests.meetings.rooms import save
from tests.meetings.test_invitations import calendar_of

QUARTER = datetime.timedelta(days=91)
WRONG, RIGHT = "The grant is 12,500 pounds.", "The grant is 1,250 pounds."
VARIED = "The order of business was varied: item 7 was taken before item 5."
# The number that the parent committee's own list gave the action, from which meeting on.
NUMBERS = {1: "7", 2: "OR4", 4: "OR3", 5: "OR2", 7: "OR1"}
INTEREST = "a trusteeship of a charity that may gain"


class Series:
    """The secretary at work, by the addresses a browser would use."""

    def __init__(self, client, world, commit):
        self.client, self.world, self.commit = client, world, commit
        first = timezone.localdate() + datetime.timedelta(days=14) - 7 * QUARTER
        self.days = [first + number * QUARTER for number in range(8)]
        self.meetings, self.articles = [], []
        client.force_login(world.secretary)

    def post(self, address, data=None, status=(302, 303)):
        with self.commit(execute=True):
            answer = self.client.post(address, data or {})
        assert answer.status_code in status, words(answer.content.decode())[:900]
        return answer

    def plan(self, number):
        """Meeting 1 to 8; what earlier ones left comes onto its agenda by itself."""
        before = set(Meeting.objects.values_list("pk", flat=True))
        self.post(
            "/meetings/new/",
            {
                "board": self.world.board.pk, "kind": "ordinary", **when(self.days[number - 1]),
                "starts": "10:00", "ends": "12:00", "venue": "Committee Room 2",
                "focus_priority": self.world.slavery.pk, "presiding": self.world.chair.pk,
            },
        )  # fmt: skip
        meeting = Meeting.objects.exclude(pk__in=before).get()
        self.meetings.append(meeting)
        return meeting

    def add(self, meeting, title):
        self.post(f"/meetings/{meeting.ref}/agenda/new/", {"title": title, "purpose": "decide",
                  "version": 0})  # fmt: skip
        return meeting.items.get(title=title)

    def write(self, meeting, item, text):
        assert save(self.client, meeting, item, text, 0).status_code == 200

    def decide(self, meeting, item, text, outcome="agreed"):
        self.post(
            f"/meetings/{meeting.ref}/minute/{item.pk}/decisions/",
            {"decision-version": 0, "decision-outcome": outcome, "decision-text": text},
        )

    def review(self, meeting, action, **said):
        item = meeting.items.get(kind="matters_arising")
        action.refresh_from_db()
        data = {"version": action.version} | said
        self.post(
            f"/meetings/{meeting.ref}/minute/{item.pk}/actions/{action.pk}/",
            {f"review-{action.pk}-{name}": value for name, value in data.items()},
        )

    def hold(self, meeting):
        """Everybody comes; it agrees the minutes before, ends, is checked and circulated."""
        self.all_here(meeting)
        self.post(f"/meetings/{meeting.ref}/end-the-meeting/")
        if len(self.meetings) > 1:
            self.approve(self.meetings[-2])
        for verb in ("check-the-minutes", "circulate-the-minutes"):
            self.post(f"/meetings/{meeting.ref}/minutes/board/{verb}/")

    def all_here(self, meeting):
        first = meeting.items.first()
        self.post(f"/meetings/{meeting.ref}/minute/{first.pk}/attendance/", {"all": "1"})

    def approve(self, meeting):
        self.post(f"/meetings/{meeting.ref}/minutes/board/approve-the-minutes/")
        self.articles.append((meeting, self.article(meeting), self.pdf(meeting)))

    def article(self, meeting):
        page = self.client.get(f"/meetings/{meeting.ref}/minutes/").content.decode()
        return re.search(r'<article class="minutes".*?</article>', page, re.S)[0]

    def pdf(self, meeting):
        return b"".join(self.client.get(f"/meetings/{meeting.ref}/minutes.pdf"))

    def number(self, action, number, day):
        self.post(
            f"/meetings/actions/{action.pk}/numbers/",
            {"reference": number, "given_by": "Safer City Partnership", **when(day, "since")},
        )


def when(day, name="day"):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").split())


@pytest.fixture
def series(client, world, django_capture_on_commit_callbacks):
    world.board.quorum, world.board.remote_counts = 2, True
    world.board.save()
    # One sits for the fire brigade: the chair.
    world.board.appointments.filter(person=world.fire_lead).delete()
    return Series(client, world, django_capture_on_commit_callbacks)


def test_eight_meetings(series, world, client):
    board, raised = world.board, None
    perform(OPEN_ROUND, make_round(board, day=series.days[1]), by=world.secretary,
            at=moment(series.days[1]))  # fmt: skip

    for number in range(1, 9):
        meeting, day = series.plan(number), series.days[number - 1]
        focus = meeting.items.get(kind="focus")
        if number == 2:
            series.add(meeting, "Car park gates")
        if number == 3:
            series.add(meeting, "Election of a deputy chair")
        if number == 5:
            grants = series.add(meeting, "Grants")
        series.post(f"/meetings/{meeting.ref}/publish-the-agenda/")

        if number == 8:  # from a room to online, once everybody has the invitation
            mail.outbox.clear()
            series.post(
                f"/meetings/{meeting.ref}/edit/",
                {
                    "kind": "ordinary", **when(day), "starts": "10:00", "ends": "12:00",
                    "venue": "", "link": "https://meet.example.org/soc",
                    "focus_priority": world.slavery.pk, "presiding": world.chair.pk,
                },
            )  # fmt: skip
            calendars = [calendar_of(message)[2] for message in mail.outbox]
            assert {event["LOCATION"] for event in calendars} == {
                "Remote: https://meet.example.org/soc"
            }
            assert {event["SEQUENCE"] for event in calendars} == {"1"}
            assert {event["UID"] for event in calendars} == {str(meeting.uid)}

        series.write(meeting, focus, WRONG if number == 5 else f"Said at meeting {number}.")
        if number == 1:
            series.post(
                f"/meetings/{meeting.ref}/minute/{focus.pk}/actions/",
                {
                    "action-version": 0, "action-wording": "Bring the draft protocol",
                    "action-owner": "police", "action-due": f"{series.days[1]:%-d %B %Y}",
                },
            )  # fmt: skip
            raised = Action.objects.get()
        if number in NUMBERS:
            series.number(raised, NUMBERS[number], day)
        if number in (2, 4, 6):
            due = series.days[number + 1] if number < 6 else series.days[7]
            series.review(meeting, raised, outcome="new_date", note=f"Not ready at {number}.",
                          due=f"{due:%-d %B %Y}")  # fmt: skip
        if number == 7:
            series.review(meeting, raised, outcome="done", note="The protocol is signed.")

        gates = meeting.items.filter(title="Car park gates").first()
        if gates:
            outcome = "deferred" if number < 4 else "agreed"
            series.decide(meeting, gates, f"The gates, at meeting {number}.", outcome)
        election = meeting.items.filter(title="Election of a deputy chair").first()
        if election and number == 3:
            series.decide(meeting, election, "The election, for want of nominations.", "deferred")
        if election and number == 4:
            series.decide(meeting, election, "That the police lead be deputy chair.")
            series.post(
                f"/board/{board.slug}/appoint/",
                {
                    "email": world.police_lead.email, "role": "deputy_chair",
                    "seat": world.police_seat.pk, **when(day, "start"),
                },
            )  # fmt: skip

        if number == 5:
            there = meeting.attendances.get(seat=world.police_seat)
            there.status = "present"
            there.save()
            series.post(
                f"/meetings/{meeting.ref}/attendance/declarations/",
                {"attendance": there.pk, "item": grants.pk, "interest": INTEREST},
            )
            series.write(meeting, grants, "Members heard of the grants.")
            seventh = meeting.items.get(number=7)
            series.post(
                f"/meetings/{meeting.ref}/minute/{seventh.pk}/order/",
                {"order-before": meeting.items.get(number=5).pk},
            )
        if number == 6:  # it amends the minutes of the fifth when it agrees them
            correct_the_sum(series, client, world)
        series.hold(meeting)
        if number == 3:  # a body joins, from the fourth meeting on
            joins = series.days[3] - datetime.timedelta(days=7)
            series.post(
                f"/board/{board.slug}/agencies/add/",
                {"name": "Public Health", "short_name": "Health", "kind": "health",
                 **when(joins, "start")},
            )  # fmt: skip
            seated = board.seats.get(agency__name="Public Health")
            answers_for(seated.agency, world.slavery, start=joins)
            series.post(
                f"/board/{board.slug}/appoint/",
                {
                    "email": "health@soc-board.example.org", "name": "Health lead",
                    "role": "member", "seat": seated.pk, **when(joins, "start"),
                },
            )  # fmt: skip

    third, fourth, fifth, sixth, seventh, eighth = series.meetings[2:]
    read_the_action(series, raised)
    read_the_business(series)
    read_the_amendment(series, fifth, sixth)

    # The declaration and the order belong to the fifth alone.
    for meeting in series.meetings:
        text = words(series.article(meeting))
        assert (INTEREST in text) == (VARIED in text) == (meeting == fifth)
    entry = Minutes.objects.get(meeting=fifth).paragraphs
    declared = [row["item"] for row in entry if row["kind"] == "declaration"]
    assert declared == [fifth.items.get(title="Grants").pk]

    # Public Health counts from its day on: in the quorum, in the rates, in what is asked for.
    frames = {row.meeting_id: row.paragraphs[0] for row in Minutes.objects.all()}
    assert frames[third.pk]["quorum"] == "2 of 2 agencies here, 2 needed"
    assert frames[fourth.pk]["quorum"] == "3 of 3 agencies here, 2 needed"
    rates = {
        str(rate.appointment.person): rate for rate in attendance_rates(board, world.secretary)
    }
    assert (rates["Health lead"].came, rates["Health lead"].meetings) == (5, 5)
    assert (rates["Chair"].came, rates["Chair"].meetings) == (8, 8)
    perform(OPEN_ROUND, make_round(board, day=series.days[5]), by=world.secretary,
            at=moment(series.days[5]))  # fmt: skip
    asked = {
        returns.round.quarter_start: sorted(
            AgencyReturn.objects.filter(round=returns.round).values_list("agency__name", flat=True)
        )
        for returns in AgencyReturn.objects.select_related("round")
    }
    assert [len(agencies) for _, agencies in sorted(asked.items())] == [2, 3]

    # From a room to online.
    assert "at Committee Room 2, beginning 10.00 am" in words(series.article(seventh))
    assert "held remotely, beginning 10.00 am" in words(series.article(eighth))

    # No word is lost, and what was approved reads as on that day, byte for byte.
    for meeting in series.meetings:
        told = words(series.article(meeting))
        for note in Note.objects.filter(item__meeting=meeting).exclude(text=""):
            assert note.text in told
    assert len(series.articles) == 7
    for meeting, article, pdf in series.articles:
        assert (series.article(meeting), series.pdf(meeting)) == (article, pdf)
        assert hashlib.sha256(pdf).hexdigest() == Minutes.objects.get(meeting=meeting).sha256


def moment(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))


def correct_the_sum(series, client, world):
    """The police find a sum wrong in the circulated minutes; the meeting agrees the right one."""
    fifth = series.meetings[4]
    address = f"/meetings/{fifth.ref}/minutes/board"
    minutes = Minutes.objects.get(meeting=fifth)
    wrong = next(row["number"] for row in minutes.paragraphs if row.get("text") == WRONG)
    client.force_login(world.police_lead)
    series.post(f"{address}/correct/?paragraph={wrong}",
                {"version": 1, "wording": RIGHT, "reason": "The paper says so"})  # fmt: skip
    client.force_login(world.secretary)
    sixth = series.meetings[5]
    series.post(f"/meetings/{sixth.ref}/start-the-meeting/")
    series.all_here(sixth)
    correction = minutes.corrections.get()
    for verb in ("put-the-correction-to-the-meeting", "record-that-the-correction-was-agreed"):
        series.post(f"/meetings/corrections/{correction.pk}/{verb}/")


def read_the_action(series, raised):
    """One record, under every number it ever had, with each promise and its first day."""
    action = Action.objects.with_carry_overs().get()
    assert action.pk == raised.pk
    assert (action.state, action.original_wording) == ("complete", "Bring the draft protocol")
    assert action.original_due == series.days[1]
    assert action.days_promised == [series.days[place] for place in (1, 3, 5, 7)]
    assert [row.note for row in Promise.objects.all()] == [
        "Not ready at 2.", "Not ready at 4.", "Not ready at 6.",
    ]  # fmt: skip
    numbers = list(action.other_references.values_list("reference", flat=True))
    assert numbers == list(NUMBERS.values())
    for number in (action.reference, "OR4", "OR1"):
        page = series.client.get(f"/meetings/actions/?words={number}&state=").content.decode()
        assert page.count(f">{action.reference}<") == 1
    page = series.client.get(f"/search/?q={action.reference}").content.decode()
    assert action.get_absolute_url() in page
    page = series.client.get(action.get_absolute_url()).content.decode()
    assert f"Safer City Partnership, since {series.days[3]:%-d %B %Y}" in page


def read_the_business(series):
    """Deferred twice, and once for want of nominations; each then decided, once."""
    gates = list(AgendaItem.objects.filter(title="Car park gates").order_by("meeting__starts_at"))
    assert [item.meeting for item in gates] == series.meetings[1:4]
    assert [item.times_carried for item in gates] == [0, 1, 2]
    elections = AgendaItem.objects.filter(title="Election of a deputy chair")
    assert [item.meeting for item in elections.order_by("meeting__starts_at")] == (
        series.meetings[2:4]
    )
    deputy = series.world.board.appointments.get(role="deputy_chair")
    assert (deputy.person, deputy.start) == (series.world.police_lead, series.days[3])
    rows = Decision.objects.order_by("item__meeting__starts_at", "pk")
    register = [(row.outcome, row.text) for row in rows]
    assert register == [
        ("deferred", "The gates, at meeting 2."),
        ("deferred", "The gates, at meeting 3."),
        ("deferred", "The election, for want of nominations."),
        ("agreed", "The gates, at meeting 4."),
        ("agreed", "That the police lead be deputy chair."),
    ]
    page = words(series.client.get("/meetings/decisions/").content.decode())
    for _, text in register:
        assert page.count(text) == 1


def read_the_amendment(series, fifth, sixth):
    """The sum is corrected in the frozen text, the old one is kept, and the record says so."""
    minutes = Minutes.objects.get(meeting=fifth)
    assert RIGHT in minutes.text
    assert WRONG not in minutes.text
    circulations = [str(row.paragraphs) for row in minutes.circulations.order_by("number")]
    assert [WRONG in text for text in circulations] == [True, False]
    assert Note.objects.get(item__meeting=fifth, item__kind="focus").text == RIGHT
    paragraph = minutes.corrections.get().paragraph
    on = f"on {sixth.day:%-d %B %Y}, subject to the correction of paragraph {paragraph}"
    assert f"Agreed as a correct record {on}" in minutes.text
    page = words(series.client.get(f"/meetings/{fifth.ref}/minutes/").content.decode())
    assert "agreed by the meeting of" in page
    assert "12,500" in page  # struck out in the list of corrections
    assert "12,500" not in words(series.article(fifth))
    assert f"paragraph {paragraph} to read: “{RIGHT}”" in words(series.article(sixth))
    pdf = pypdf.PdfReader(io.BytesIO(series.pdf(fifth)))
    assert "1,250" in " ".join(page.extract_text() for page in pdf.pages)
