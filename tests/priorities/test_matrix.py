"""The matrix: who sees what in a square, in words, and in a constant number of queries."""

import csv
import io
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent
from board.sheets import safe
from board.workflow import perform
from priorities.matrix import Matrix
from priorities.models import AgencyReturn, PriorityReturn, Round
from priorities.transitions import CLOSE_ROUND, RAISE_QUERY_ON_PART, SUBMIT_PART
from tests.builders import (
    days_ago,
    fill,
    make_agency,
    make_priority,
    make_round,
    open_round,
    part_of,
    receive,
    submit,
)

QUARTER = 92


def cell_of(round, user, agency, priority, at=None):
    matrix = Matrix(round, user, at)
    row = next(row for row in matrix.rows if row.agency == agency)
    return next(cell for cell in row.cells if cell.priority == priority)


def page(client, round, query=""):
    response = client.get(round.get_absolute_url() + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def answer(round, world, priority=None, *, nothing=False, confidence="fair", direction="steady"):
    part = fill(part_of(round, world.police, priority or world.slavery))
    part.nothing_to_report, part.confidence, part.direction = nothing, confidence, direction
    part.save()
    return receive(perform(SUBMIT_PART, part, by=world.police_lead), world.secretary)


def test_the_squares_say_what_is_so(client, world):
    round = open_round(world)
    answer(round, world)
    answer(round, world, world.drugs, nothing=True)
    client.force_login(world.secretary)
    text = page(client, round)
    day = f"{timezone.localdate():%-d %b}"
    assert f"</a> {day}" in text
    assert "<strong>Fair</strong>" in text
    assert "○</span> <a" in text
    assert "Nothing to report<span" in text
    assert "Awaited<span" in text  # the fire brigade on slavery
    assert "Not asked" in text  # and on drugs
    assert "<strong>2 of 3</strong> answered" in text
    assert '<td data-label="Modern slavery">1 of 2</td>' in text
    assert '<td data-label="Illicit drugs">1 of 1</td>' in text


def test_no_return_is_loud_once_it_is_late(client, world):
    round = open_round(world, due=days_ago(12))
    client.force_login(world.secretary)
    text = page(client, round)
    assert text.count('class="cell cell--none"') == 3
    assert '<span class="late">12 days late</span>' in text
    assert "<strong>3</strong> No return, from Fire, Police" in text


def test_the_days_of_a_missing_return_end_when_the_round_closes(world):
    round = open_round(world, due=days_ago(12))
    closed = perform(CLOSE_ROUND, round, by=world.secretary)
    Round.objects.filter(pk=closed.pk).update(
        closed_at=closed.closed_at - timezone.timedelta(days=9)
    )
    closed.refresh_from_db()
    cell = cell_of(closed, world.secretary, world.fire, world.slavery)
    assert (cell.kind, cell.late) == ("none", 3)


@pytest.mark.parametrize(
    ("before", "now", "words", "changed"),
    [
        ({"confidence": "low"}, {"confidence": "fair"}, "up from Low", True),
        ({"confidence": "high"}, {"confidence": "fair"}, "down from High", True),
        ({}, {}, "as last quarter", False),
        ({"direction": "improving"}, {}, "was Improving", True),
        ({"confidence": "cannot_say"}, {}, "was Cannot say", True),
        ({"nothing": True}, {}, "was Nothing to report", True),
        ({}, {"nothing": True}, "was Fair", True),
        ({"nothing": True}, {"nothing": True}, "as last quarter", False),
        (None, {}, "was No return", True),
        ({}, None, "was Fair", True),
        (None, None, "second quarter running", False),
    ],
)
def test_change_since_last_quarter_in_words(world, before, now, words, changed):
    past = open_round(world, day=days_ago(QUARTER), due=days_ago(60))
    if before is not None:
        past.due = timezone.localdate()
        past.save()
        answer(past, world, **before)
    perform(CLOSE_ROUND, past, by=world.secretary)
    round = open_round(world, due=days_ago(0 if now is not None else 1))
    if now is not None:
        answer(round, world, **now)
    cell = cell_of(round, world.secretary, world.police, world.slavery)
    assert cell.change == (words, changed)


def test_last_quarter_means_the_quarter_before_and_no_older_one(world):
    old = open_round(world, day=days_ago(5 * QUARTER))
    answer(old, world, confidence="low")
    round = open_round(world)
    answer(round, world)
    cell = cell_of(round, world.secretary, world.police, world.slavery)
    assert cell.change == ("", False)
    assert [point["kind"] for point in cell.points] == ["blank"] * 4 + ["level"]
    assert Matrix(round, world.secretary).previous == old


def test_the_small_columns_have_a_sentence(client, world):
    past = open_round(world, day=days_ago(QUARTER))
    answer(past, world, confidence="high")
    round = open_round(world)
    answer(round, world, nothing=True)
    client.force_login(world.secretary)
    sentence = "Quarter by quarter: No round, No round, No round, High; now Nothing to report"
    assert f'aria-label="{sentence}"' in page(client, round)


def test_members_see_that_it_came_but_not_what_it_says_before_it_is_received(client, world):
    round = open_round(world)
    part = fill(part_of(round, world.police, world.slavery))
    part.nothing_to_report = False
    part.save()
    perform(SUBMIT_PART, part, by=world.police_lead)
    cell = cell_of(round, world.member, world.police, world.slavery)
    assert (cell.state, cell.hidden, cell.url) == ("Submitted", True, "")
    assert not cell.says
    assert cell.change == ("", False)
    client.force_login(world.member)
    text = page(client, round)
    assert "Submitted" in text
    assert "What it says is not open to you" in text
    # Fair stands once, in the key; in no square.
    assert "<strong>Fair</strong>" not in text
    for reader in (world.secretary, world.chair, world.police_lead):
        assert cell_of(round, reader, world.police, world.slavery).answer == "Fair"


def test_a_submitted_nothing_to_report_is_content_until_it_is_received(world):
    round = open_round(world)
    part = fill(part_of(round, world.police, world.drugs))
    part.nothing_to_report = True
    part.save()
    part = perform(SUBMIT_PART, part, by=world.police_lead)
    assert cell_of(round, world.member, world.police, world.drugs).state == "Submitted"
    receive(part, world.secretary)
    assert cell_of(round, world.member, world.police, world.drugs).state == "Nothing to report"


def test_what_is_sensitive_stays_closed_to_members_after_it_is_received(client, world):
    round = open_round(world)
    part = answer(round, world, confidence="low")
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    for closed in (world.member, world.fire_lead):
        cell = cell_of(round, closed, world.police, world.slavery)
        assert (cell.state, cell.hidden, cell.url, cell.answer) == ("Received", True, "", "")
    client.force_login(world.member)
    text = page(client, round)
    assert "<strong>Low</strong>" not in text
    assert "<strong>OFFICIAL</strong>" in text
    assert part.get_absolute_url() not in text
    part.agency_return.shared_with.add(world.fire)
    assert cell_of(round, world.fire_lead, world.police, world.slavery).answer == "Low"
    client.force_login(world.secretary)
    assert "<strong>OFFICIAL-SENSITIVE</strong>" in page(client, round)


def test_a_closed_past_quarter_does_not_show_through_the_change(world):
    past = open_round(world, day=days_ago(QUARTER))
    old = answer(past, world, confidence="low")
    round = open_round(world)
    old.marking = "OFFICIAL-SENSITIVE"
    old.save()
    answer(round, world)
    cell = cell_of(round, world.member, world.police, world.slavery)
    assert cell.change == ("", False)
    assert cell.points[-2] == {"kind": "blank"}
    assert "not open to you; now Fair" in cell.spoken
    assert "Low" not in cell.spoken


def test_a_query_is_heard_and_members_do_not_read_the_draft(world):
    round = open_round(world)
    part = answer(round, world)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many?")
    for reader in (world.member, world.secretary):
        cell = cell_of(round, reader, world.police, world.slavery)
        assert (cell.state, cell.heard) == ("Query raised", True)
        assert cell.change[0] in ("", "query not yet settled")
    assert not cell_of(round, world.member, world.police, world.slavery).says


def test_show_keeps_its_filter_in_the_address(client, world):
    round = open_round(world, due=days_ago(2))
    part = fill(part_of(round, world.police, world.slavery))
    perform(SUBMIT_PART, part, by=world.police_lead, note="Leave")
    client.force_login(world.secretary)
    assert "Fire of soc-board" not in page(client, round, "?show=waiting")
    assert "Police of soc-board" in page(client, round, "?show=waiting")
    assert "Fire of soc-board" in page(client, round, "?show=none")
    assert "Nothing has changed since last quarter." in page(client, round, "?show=changed")
    assert 'href="?show=waiting" aria-current="true">Waiting for me 1' in page(
        client, round, "?show=waiting"
    )
    client.force_login(world.police_lead)
    assert "Waiting for me 1" in page(client, round)  # drugs


def test_the_csv_holds_the_same_words_and_no_formula(client, world):
    world.police.name = "=HYPERLINK(police)"
    world.police.save()
    round = open_round(world)
    answer(round, world)
    client.force_login(world.secretary)
    response = client.get(reverse("priorities:round_csv", args=[round.ref]))
    assert response["Content-Disposition"] == f'attachment; filename="{round.ref}.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    police = next(row for row in rows if row["Confidence"])
    assert police["Agency"] == "'=HYPERLINK(police)"
    assert (police["State"], police["Confidence"], police["Direction"]) == (
        "Received", "Fair", "Steady",
    )  # fmt: skip
    assert {row["State"] for row in rows} == {"Received", "Awaited", "Not asked"}


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(first):
    assert safe(f"{first}1+1") == f"'{first}1+1"
    assert safe("1+1") == "1+1"


def test_the_csv_hides_what_the_page_hides_and_downloads_of_sensitive_words_are_noted(
    client, world
):
    round = open_round(world)
    part = answer(round, world, confidence="low")
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    address = reverse("priorities:round_csv", args=[round.ref])
    client.force_login(world.member)
    assert "Low" not in client.get(address).content.decode()
    assert not AuditEvent.objects.filter(act="download the matrix").exists()
    client.force_login(world.secretary)
    assert "Low" in client.get(address).content.decode()
    assert AuditEvent.objects.get(act="download the matrix").actor == world.secretary


def test_a_lifted_expectation_is_no_missing_return(world):
    round = open_round(world, due=days_ago(5))
    part = part_of(round, world.fire, world.slavery)
    part.lifted_on, part.lifted_reason = timezone.localdate(), "Merged."
    part.save()
    cell = cell_of(round, world.secretary, world.fire, world.slavery)
    assert (cell.state, cell.asked) == ("No longer expected", False)
    assert Matrix(round, world.secretary).counts["asked"] == 2


def test_who_may_open_it(client, world):
    round = open_round(world)
    for name, status in {
        "secretary": 200, "chair": 200, "police_lead": 200, "member": 200,
        "police_contributor": 404, "observer": 404, "former": 404, "outsider": 404,
    }.items():  # fmt: skip
        client.force_login(getattr(world, name))
        assert client.get(round.get_absolute_url()).status_code == status, name


# Session, person, roles (two), the round, the rounds before, the next one, the parts; and for the
# secretary four for what changed since it opened and one for what was set aside.
QUERIES = 8


@pytest.mark.parametrize(("agencies", "priorities"), [(1, 1), (4, 3), (40, 12)])
def test_the_same_number_of_queries_whatever_its_size(
    client, world, agencies, priorities, django_assert_num_queries
):
    rounds = [make_round(world.board, day=days_ago(QUARTER * past)) for past in (2, 1, 0)]
    world.board.rounds.update(state="open", opened_at=timezone.now(), opened_by=world.secretary)
    about = [make_priority(world.board, f"Topic {n}", lead=world.police) for n in range(priorities)]
    for agency in [make_agency(f"Number {n}") for n in range(agencies)]:
        wholes = [AgencyReturn(round=round, agency=agency) for round in rounds]
        for whole in AgencyReturn.objects.bulk_create(wholes):
            PriorityReturn.objects.bulk_create(
                PriorityReturn(agency_return=whole, priority=priority) for priority in about
            )
    client.force_login(world.secretary)
    address = rounds[-1].get_absolute_url()
    client.get(address)
    with django_assert_num_queries(QUERIES + 5):
        response = client.get(address)
    assert response.context["counts"]["asked"] == agencies * priorities
    quarters = reverse("priorities:quarters", args=[rounds[-1].ref])
    with django_assert_num_queries(QUERIES):
        assert client.get(quarters).status_code == 200


def test_quarters_side_by_side_count_what_one_may_read(client, world):
    past = open_round(world, day=days_ago(QUARTER), due=days_ago(3))
    part = fill(part_of(past, world.police, world.slavery))
    part.protect = True
    part.save()
    perform(SUBMIT_PART, part, by=world.police_lead, note="Leave")
    now = open_round(world)
    nil = part_of(now, world.police, world.drugs)
    nil.nothing_to_report = True
    nil.save()
    submit(nil, world.police_lead)
    address = reverse("priorities:quarters", args=[now.ref])

    def tables(person):
        client.force_login(person)
        return {
            title: {line.label: line.values for line in lines}
            for title, _, lines in client.get(address).context["tables"]
        }

    read = tables(world.secretary)
    assert read["Timeliness"] == {
        "In time": [0, 1], "Late": [1, 0], "No return": [2, 0], "Awaited": [0, 2],
    }  # fmt: skip
    assert read["Confidence"] == {"Fair": [1, 0], "Nothing to report": [0, 1]}
    assert read["Balance of the 4 Ps"] == {"Protect": [1, 0]}
    closed = tables(world.member)
    assert closed["Timeliness"] == read["Timeliness"]
    assert closed["Confidence"] == {"Not open to you": [1, 1]}
    assert closed["Balance of the 4 Ps"] == {}
    client.force_login(world.secretary)
    one = client.get(address, {"priority": world.drugs.slug})
    assert one.context["tables"][0][2][0].values == [0, 1]


def test_the_sheet_downloads_as_xlsx_too(client, world):
    round = open_round(world)
    answer(round, world)
    client.force_login(world.secretary)
    response = client.get(reverse("priorities:round_xlsx", args=[round.ref]))
    assert response["Content-Disposition"] == f'attachment; filename="{round.ref}.xlsx"'
    book = zipfile.ZipFile(io.BytesIO(response.content))
    assert "Illicit drugs" in book.read("xl/sharedStrings.xml").decode()


def test_a_planned_round_says_who_will_be_asked(client, world):
    round = make_round(world.board)
    client.force_login(world.secretary)
    text = page(client, round)
    assert "Who will be asked" in text
    assert "Modern slavery, Illicit drugs" in text
    assert "Open the round" in text
    client.force_login(world.member)
    assert "Open the round</a>" not in page(client, round)
