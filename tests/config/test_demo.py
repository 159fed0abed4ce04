"""The demo as loaded: the quarter of 2018, whole, and invented quarters up to today."""

import datetime
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from board import audit
from board.models import Agency, AuditEvent, Board, User
from board.workflow import perform
from config.management.commands.demo import load
from meetings.models import Action, Meeting, Minutes
from priorities.models import EmergingThreat, NationalThreat, PriorityReturn, Round
from reports.checks import open_findings
from reports.issuing import draft_paper
from reports.models import CommitteeReport, Paragraph
from reports.transitions import CLEAR, ISSUE
from tests.reports.test_alike import differences

REPORT = "safer-city-partnership-2018-09-27"
SIGN_INS = (
    "secretary", "chair", "police", "fire", "health", "probation", "trading-standards",
    "community-safety", "childrens-services",
)  # fmt: skip

# What each of the seed's thirteen paragraphs says, as words that any telling of it needs.
SAID = {
    1: ["2016", "Fire Brigade", "advice", "Safer City Partnership", "intelligence", "powers"],
    2: ["3 July", "scoping", "terms of reference", "share", "drugs", "Modern slavery", "Fraud"],
    3: ["reassurance", "emerging priorities", "new information", "all eight", "quarterly"],
    4: ["12 July", "Birmingham", "2015", "victims", "businesses", "governance", "effective"],
    5: ["profit", "forced labour", "recruiting"],
    6: ["capable guardians", "accountability", "roles and responsibilities"],
    7: ["hidden", "training", "non-governmental", "community", "awareness"],
    8: ["Programme Challenger", "Greater Manchester", "https://www.programmechallenger.co.uk/"],
    9: ["toolkit", "http://iascmap.nottingham.ac.uk/about/", "checklist", "register"],
    10: [
        "Shiva Foundation", "Hertfordshire",
        "http://www.shivafoundation.org.uk/operation-tropic-coordinated-response-modern-slavery-hertfordshire/",
    ],
    11: ["5 September", "Head of the Home Office", "national model", "other local authorities"],
    12: ["end of the year", "child sexual exploitation", "in line with", "local profile"],
    13: ["19 September", "retire", "nominations"],
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo as loaded now, once for this module; taken away at its end."""
    with django_db_blocker.unblock():
        frame = transaction.atomic()
        frame.__enter__()
        load(timezone.now())
        yield
        transaction.set_rollback(True)
        frame.__exit__(None, None, None)
        connection.close()


@pytest.fixture
def story(demo, db):
    return CommitteeReport.objects.get(ref=REPORT)


def words(report):
    texts = Paragraph.objects.filter(section__report=report).values_list("text", flat=True)
    return "\n\n".join([report.summary, *texts, report.contact])


@pytest.mark.parametrize("number", SAID)
def test_the_report_says_what_the_seed_says(story, number):
    missing = [word for word in SAID[number] if word.lower() not in words(story).lower()]
    assert not missing


def test_the_conference_has_its_five_themes_and_the_group_its_three_areas(story):
    texts = Paragraph.objects.filter(section__report=story)
    themes = texts.get(text__contains="Birmingham").text
    areas = texts.get(text__contains="three areas").text
    assert themes.count("\n- ") == 5
    assert areas.count("\n- ") == 3


def test_the_report_says_the_same_on_the_page_in_the_pdf_and_in_word(story):
    assert differences(draft_paper(story)) == []


def test_the_report_is_a_draft_that_todays_chair_can_issue(story):
    assert story.state == CommitteeReport.State.DRAFT
    assert open_findings(story) == []
    chair = User.objects.get(email="chair@example.org")
    story = perform(CLEAR, story, by=chair)
    story = perform(ISSUE, story, by=chair)
    assert bytes(story.issues.get().pdf).startswith(b"%PDF-")


def test_the_people_sign_in_with_the_password_of_the_demo(demo, db, settings):
    for name in SIGN_INS:
        assert User.objects.get(email=f"{name}@example.org").check_password(settings.DEMO_PASSWORD)
    assert not User.objects.get(email="soc-unit@example.org").has_usable_password()
    assert not User.objects.get(email="chair-to-2018@example.org").has_usable_password()


def test_no_number_or_address_is_anybodys(demo, db):
    """Every text of every record: example.org, and telephone numbers for drama, only."""
    call_command(
        "dumpdata", "board", "priorities", "meetings", "reports", stdout=(out := StringIO())
    )
    text = re.sub(
        r'"(?:pdf|docx|content|\w*sha256|\w*hash|digest|html)": "[^"]*"', "", out.getvalue()
    )
    addresses = set(re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text))
    assert addresses == {"example.org"}
    phones = set(re.findall(r"\b0\d{2,4} \d{3,4} ?\d{3,4}\b", text))
    assert phones
    assert all(phone.startswith("020 7946 0") for phone in phones)


def test_the_offices_of_2018_are_past_and_todays_chair_presides(demo, db):
    board = Board.objects.get(slug="soc-board")
    on = board.appointments.current
    assert on(datetime.date(2018, 9, 19)).get(role="chair").person.email.startswith("chair-to-2018")
    assert on().get(role="chair").person.email == "chair@example.org"
    leaving = board.appointments.get(leaving_announced_on="2018-09-19")
    assert leaving.end == datetime.date(2018, 12, 31)
    chair = board.nominations.get(office="chair")
    assert chair.put_to.slug == "safer-city-partnership"
    assert chair.sought_on == datetime.date(2018, 9, 19)


def test_eight_areas_are_watched_by_the_police_and_three_are_priorities(demo, db):
    assert NationalThreat.objects.filter(monitored_by__slug="police").count() == 8
    board = Board.objects.get(slug="soc-board")
    assert list(board.priorities.values_list("slug", "adopted_on")) == [
        ("drugs", datetime.date(2018, 7, 3)),
        ("modern-slavery", datetime.date(2018, 7, 3)),
        ("fraud", datetime.date(2018, 7, 3)),
    ]


def test_five_of_seven_have_signed_the_sharing_agreement(demo, db):
    signatures = Board.objects.get(slug="soc-board").sharing_agreements.get().signatures
    assert signatures.count() == 7
    assert set(signatures.filter(signed_on=None).values_list("agency__slug", flat=True)) == {
        "health", "probation",
    }  # fmt: skip


def test_every_state_has_something_to_show(demo, db):
    assert set(Minutes.objects.values_list("state", flat=True)) == set(Minutes.State.values)
    assert set(EmergingThreat.objects.values_list("state", flat=True)) == set(
        EmergingThreat.State.values
    )
    assert set(Action.objects.values_list("state", flat=True)) == set(Action.State.values)
    parts = PriorityReturn.objects
    assert set(parts.values_list("state", flat=True)) == {"draft", "submitted", "received"}
    assert parts.filter(nothing_to_report=True).exists()
    assert parts.filter(marking="OFFICIAL-SENSITIVE").exists()
    assert parts.filter(queries__answered_at=None, queries__isnull=False).count() == 1
    assert any(part.days_late for part in parts.select_related("agency_return__round"))
    assert parts.exclude(agency_return__sender="").exists()
    assert CommitteeReport.objects.filter(state="issued").count() == 2


def test_probation_sent_no_return_on_fraud_twice_running(demo, db):
    closed = Round.objects.filter(state="closed").order_by("-quarter_start")[:2]
    for round in closed:
        part = PriorityReturn.objects.get(
            agency_return__round=round, agency_return__agency__slug="probation",
            priority__slug="fraud",
        )  # fmt: skip
        assert (part.state, part.nothing_to_report) == ("draft", False)


def test_home_is_no_list_of_old_debts(demo, db):
    today = timezone.localdate()
    assert all(action.days_late() < 30 for action in Action.objects.overdue())
    # One action of 2018 is carried over from year to year, with a day to come.
    old = Action.objects.open().filter(agreed_on__year=2018).with_carry_overs()
    assert [action.reference for action in old] == ["SOC/1/2018"]
    assert old[0].due > today
    assert old[0].carried_over >= 3


def test_invented_records_say_so(demo, db):
    real = {"soc-working-group-2018-07-03", "soc-working-group-2018-09-05", "soc-board-2018-09-19"}
    assert set(Meeting.objects.filter(invented=False).values_list("ref", flat=True)) == real
    assert not Round.objects.filter(invented=False).exists()


def test_the_trail_is_whole_and_in_order_and_history_is_dated(demo, db):
    assert audit.first_fault() is None
    moments = list(AuditEvent.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert not AuditEvent.objects.filter(refused=True).exists()
    part = PriorityReturn.objects.get(
        agency_return__round__ref="soc-board-2018-07", agency_return__agency__slug="police",
        priority__slug="drugs",
    )  # fmt: skip
    assert {version.history_date.year for version in part.history.all()} == {2018}


def test_a_second_run_changes_nothing(demo, db):
    Agency.objects.filter(slug="health").update(name="Public Health, renamed")
    before = AuditEvent.objects.count()
    call_command("demo", stdout=(out := StringIO()))
    assert "nothing was changed" in out.getvalue()
    assert AuditEvent.objects.count() == before
    assert Agency.objects.get(slug="health").name == "Public Health, renamed"
