"""My quarter: where the quarter is, what waits, and nothing of what one may not know."""

import datetime

import pytest
from django.utils import timezone

from board.models import Appointment
from board.waiting import Waiting, most_urgent_first
from board.workflow import perform
from config.quarter import DONE, DUE, NOW, home_board, round_in_hand, stages
from meetings.transitions import CHECK, CIRCULATE, END, PUBLISH
from priorities.matrix import Matrix
from priorities.models import AgencyReturn
from priorities.transitions import CLOSE_ROUND, RAISE_QUERY_ON_PART
from reports.models import CommitteeReport
from tests.builders import (
    appoint,
    days_ago,
    london,
    make_action,
    make_agency,
    make_board,
    make_item,
    make_meeting,
    make_threat,
    make_user,
    open_round,
    part_of,
    seat,
    submit,
)

TODAY = datetime.date(2018, 9, 19)


def page(client, person):
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def line(person, board, at=None):
    at = at or timezone.now()
    round = round_in_hand(board, timezone.localdate(at))
    return stages(person, board, round, at)


def hold(world, **fields):
    """A meeting of this morning, ended, with draft minutes."""
    meeting = make_meeting(
        world.board, starts_at=timezone.now() - datetime.timedelta(hours=4), **fields
    )
    make_item(meeting)
    perform(PUBLISH, meeting, by=world.secretary)
    return perform(END, meeting, by=world.secretary)


# The order of the list


def wait(act, **fields):
    return Waiting(**{"due": None, "since": None, "url": "/", "why": ""} | fields, act=act)


def test_a_fixed_hour_today_comes_first_then_late_today_soon_and_waiting():
    day = datetime.timedelta(days=1)
    items = [
        wait("waits long", since=TODAY - 9 * day),
        wait("waits", since=TODAY - day),
        wait("next week", due=TODAY + 7 * day),
        wait("tomorrow", due=TODAY + day),
        wait("today", due=TODAY),
        wait("late", due=TODAY - 2 * day, late=2),
        wait("very late", due=TODAY - 12 * day, late=12),
        wait("today at five", due=TODAY, hour="17:00"),
        wait("today at ten", due=TODAY, hour="10:00"),
    ]

    assert [item.act for item in most_urgent_first(items, TODAY)] == [
        "today at ten",
        "today at five",
        "very late",
        "late",
        "today",
        "tomorrow",
        "next week",
        "waits long",
        "waits",
    ]


# The quarter's line


def test_before_the_first_round_the_line_says_so(client, world):
    line_now = line(world.secretary, world.board)

    assert [stage.where for stage in line_now] == [NOW, DUE, DUE, DUE]
    text = page(client, world.secretary)
    assert "No round is open." in text
    assert "No date yet." in text
    assert text.count('aria-current="step"') == 1


def test_returns_are_counted_and_done_when_all_have_answered(client, world):
    round = open_round(world)
    submit(part_of(round, world.police, world.slavery), world.police_lead)

    first = line(world.secretary, world.board)[0]
    assert (first.where, first.note) == (NOW, "1 of 3 answered")
    assert first.link == (round.get_absolute_url(), "see the 2 to come")

    submit(part_of(round, world.police, world.drugs), world.police_lead)
    submit(part_of(round, world.fire, world.slavery), world.fire_lead)
    first = line(world.secretary, world.board)[0]
    assert (first.where, first.note, first.link) == (DONE, "3 of 3 answered", None)


def test_after_the_due_day_what_is_missing_is_no_return(client, world):
    round = open_round(world, due=days_ago(1))

    first = line(world.secretary, world.board)[0]

    assert first.where == DONE
    assert first.link == (round.get_absolute_url(), "3 No return")
    assert "3 No return" in page(client, world.secretary)


def test_home_counts_a_queried_return_as_its_matrix_does(client, world):
    round = open_round(world)
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="Which hotels?")

    first = line(world.secretary, world.board)[0]
    assert (first.where, first.note) == (NOW, "1 of 3 answered, 1 with a query")
    counts = Matrix(round, world.secretary).counts
    assert (counts["asked"], counts["answered"], counts["queried"]) == (3, 1, 1)
    assert first.link[1] == "see the 2 to come"


def test_a_contributor_reads_the_count_of_the_own_agency_alone(client, world):
    open_round(world)

    text = page(client, world.police_contributor)

    assert "0 of 2 answered" in text
    assert "Your agency’s lead has the dates." in text
    assert "/priorities/rounds/" not in text.split('<div class="grid">')[0]


def test_minutes_and_report_are_both_present_once_the_meeting_has_ended(client, world):
    round = open_round(world, due=days_ago(1))
    meeting = hold(world, round=round)

    line_now = line(world.secretary, world.board)
    assert [stage.where for stage in line_now] == [DONE, DONE, NOW, NOW]
    assert [stage.here for stage in line_now] == ["", "", "We are here.", "And here."]
    assert line_now[2].says == "Draft."
    text = page(client, world.secretary)
    assert text.count('aria-current="step"') == 2

    minutes = perform(CHECK, meeting.minutes.get(), by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    line_now = line(world.secretary, world.board)
    assert [stage.where for stage in line_now] == [DONE, DONE, DONE, NOW]


def test_a_member_learns_nothing_of_draft_minutes_and_reports(client, world):
    hold(world, round=open_round(world))

    line_now = line(world.member, world.board)

    assert (line_now[2].says, line_now[2].link) == ("Not circulated yet.", None)
    assert (line_now[3].says, line_now[3].link) == ("Not issued yet.", None)


def test_a_meeting_today_is_present_and_a_cancelled_one_is_not_shown(world):
    meeting = make_meeting(world.board, starts_at=london(2018, 9, 19, 14))
    morning = london(2018, 9, 19, 9)

    stage = line(world.secretary, world.board, morning)[1]
    assert (stage.where, stage.says) == (NOW, "Today, 14:00.")
    assert line(world.secretary, world.board, london(2018, 9, 18))[1].where == DUE
    meeting.state, meeting.state_reason = "cancelled", "Snow"
    meeting.save()
    assert line(world.secretary, world.board, morning)[1].says == "No date yet."


def test_the_open_round_is_in_hand_even_when_a_new_quarter_has_begun(world):
    old = open_round(world, day=days_ago(100))
    assert round_in_hand(world.board, timezone.localdate()) == old

    perform(CLOSE_ROUND, old, by=world.secretary)
    new = open_round(world)
    assert round_in_hand(world.board, timezone.localdate()) == new


def test_a_person_of_a_board_and_its_working_group_sees_the_boards_quarter(world):
    group = make_board("A Working Group", parent=world.board, kind="working_group")
    appoint(world.secretary, group, "secretary")

    assert home_board(world.secretary) == world.board


# What waits


def test_nothing_waits_and_the_next_date_is_named(client, world):
    meeting = make_meeting(world.board)

    text = page(client, world.member)

    assert "Nothing waits for you." in text
    assert f"Next: SOC Board, {meeting.day:%-d %B}." in text
    assert "Nobody keeps you waiting." in text


def test_a_late_act_says_how_late_and_stands_before_the_rest(client, world):
    make_action(world.board, agency=world.fire, wording="Fit the locks")
    make_action(
        world.board,
        agency=world.fire,
        wording="Print the signs",
        agreed_on=days_ago(40),
        due=days_ago(12),
    )

    text = page(client, world.fire_lead)

    assert '<span class="late">12 days late</span>' in text
    assert text.index("Print the signs") < text.index("Fit the locks")


def test_each_sees_what_waits_for_the_others(client, world):
    round = open_round(world)
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="Which hotels?")
    submit(part_of(round, world.police, world.drugs), world.police_lead)
    hold(world)

    secretary = page(client, world.secretary)
    assert "Police: <a" in secretary
    assert "answer our query on Modern slavery" in secretary
    assert "Fire: <a" in secretary
    assert "answer on 1 priority" in secretary
    assert "Chair: <a" in secretary
    assert "check the minutes of" in secretary
    lead = page(client, world.police_lead)
    assert "Secretary: <a" in lead
    assert "receive our answer" in lead
    assert "Which hotels?" not in page(client, world.fire_lead)


def test_a_draft_report_waits_for_both_and_is_on_the_line(client, world):
    report = make_report(world)
    hold(world, round=open_round(world))

    secretary = page(client, world.secretary)
    assert f'<a class="row__act" href="/reports/{report.ref}/checks/">' in secretary
    assert f"clear the report to the {world.parent}" in secretary.split("Waiting for others")[1]
    assert "and clear it" in page(client, world.chair)
    stage = line(world.secretary, world.board)[3]
    assert (stage.where, stage.says) == (NOW, "Draft.")
    assert report.subject not in page(client, world.member)


def test_a_sensitive_threat_in_the_list_marks_the_page(client, world):
    threat = make_threat(world.board, world.police, world.police_lead)
    assert "OFFICIAL-SENSITIVE</strong>" not in page(client, world.secretary)

    threat.marking = "OFFICIAL-SENSITIVE"
    threat.save()

    text = page(client, world.secretary)
    assert text.count("<strong>OFFICIAL-SENSITIVE</strong>") == 2
    assert "Counterfeit goods by post" not in page(client, world.member)


def test_two_boards_see_nothing_of_each_other(client, world):
    other = make_board("Harbour Board")
    keeper = make_user("keeper@example.org")
    appoint(keeper, other, "secretary")
    open_round(world)
    hold(world)
    make_threat(world.board, world.police, world.police_lead)

    text = page(client, keeper)

    assert "Harbour Board" in text
    for word in ("SOC Board,", "Counterfeit", "Police", "answer on"):
        assert word not in text, word


# Nobody today


def test_a_former_member_is_told_so_and_whom_to_ask(client, world):
    world.board.office_email = "office@example.org"
    world.board.save()

    text = page(client, world.former)

    day = Appointment.objects.get(person=world.former).end
    assert "You hold no appointment today" in text
    assert f"You were member of the SOC Board until {day:%-d %B %Y}." in text
    assert "office@example.org" in text
    assert "quarter-line" not in text
    assert 'href="/published/"' in text


def test_a_list_without_a_role_says_why_it_is_empty(client, world):
    for address in ("/priorities/", "/meetings/", "/meetings/actions/", "/reports/", "/board/"):
        client.force_login(world.former)
        assert "You hold no appointment today" in client.get(address).content.decode(), address
        client.force_login(world.member)
        assert "You hold no appointment today" not in client.get(address).content.decode()


def test_somebody_who_never_had_a_role_gets_the_same_page(client, db):
    text = page(client, make_user())

    assert "ask the Board’s secretary to appoint you" in text


# Size


def more(world, number):
    """One of everything that home shows, for another agency."""
    agency = make_agency(f"Council {number}")
    seat(world.board, agency)
    make_threat(world.board, agency, world.police_lead)
    make_action(world.board, agency=world.police, due=days_ago(3), agreed_on=days_ago(30))
    hold(world)
    make_meeting(world.board)
    make_report(world)


def make_report(world, **fields):
    fields.setdefault("committee_date", timezone.localdate() + datetime.timedelta(days=20))
    return CommitteeReport.objects.create(
        board=world.board,
        to_board=world.parent,
        ref=f"report-{CommitteeReport.objects.count()}",
        subject="Update",
        report_of="Borough Commander",
        drafted_at=timezone.now(),
        drafted_by=world.secretary,
        **fields,
    )


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize(
    ("who", "queries"), [("secretary", 42), ("chair", 20), ("police_lead", 23), ("member", 17)]
)
def test_home_makes_as_many_queries_for_many_rows_as_for_one(
    client, world, django_assert_num_queries, who, queries, rows
):
    for number in range(rows):
        more(world, number)
    round = open_round(world)
    submit(part_of(round, world.police, world.slavery), world.police_lead)
    assert AgencyReturn.objects.count() == 2
    client.force_login(getattr(world, who))
    client.get("/")

    with django_assert_num_queries(queries):
        client.get("/")


def test_the_parent_committees_secretary_is_shown_no_quarter_of_a_board(client, world):
    clerk = make_user("clerk@example.org")
    appoint(clerk, world.parent, "secretary")
    for person, shown in ((clerk, 0), (world.secretary, 4)):
        client.force_login(person)
        page = client.get("/").content.decode()
        assert "Waiting for you" in page
        assert page.count('class="stage__name"') == shown
