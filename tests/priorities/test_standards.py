"""The Board against the national model: assessed anew each time, the last time beside it."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from board.models import AuditEvent
from priorities.models import Assessment, Standard
from priorities.standards import compared, tally
from tests.builders import days_ago, make_world
from tests.reports.papers import pdf_text


def standard(world, statement="The board has a profile of the harm in its area.", **fields):
    return Standard.objects.create(
        board=world.board, theme="Knowledge", statement=statement, source="Guidance", **fields
    )


def assessed(world, standard, verdict, day):
    more = {} if verdict == "met" else {"next_step": "Write it.", "owner": world.police}
    return Assessment.objects.create(
        standard=standard,
        statement=standard.statement,
        day=day,
        verdict=verdict,
        evidence=f"What showed it on {day}.",
        made_by=world.secretary,
        **more,
    )


def answers(**fields):
    today = datetime.date.today()
    return {
        "day_day": today.day, "day_month": today.month, "day_year": today.year,
        "verdict": "partly", "evidence": "A profile of 2024.", "next_step": "Write a new one.",
    } | fields  # fmt: skip


def test_the_chair_assesses_and_the_last_time_stands_beside(client, world):
    one = standard(world)
    assessed(world, one, "not_met", days_ago(100))
    client.force_login(world.chair)
    response = client.post(
        f"/priorities/standards/{one.pk}/assess/", answers(owner=world.police.pk)
    )
    assert response.status_code == 302

    page = client.get("/priorities/standards/").content.decode()
    for said in ("Partly met", "Not met", "Better.", "1 partly met.", "Write a new one."):
        assert said in page
    assert AuditEvent.objects.get(act="assess").after == "partly"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"next_step": ""}, "Say what comes next"),
        ({"owner": ""}, "Choose the agency that sees to it."),
        ({"verdict": ""}, "Choose whether the Board meets this."),
        ({"evidence": ""}, "Say what shows it."),
        ({"day_day": 1, "day_month": 1, "day_year": 2199}, "Enter a day that has come."),
    ],
)
def test_what_is_missing_is_said_and_the_words_stay(client, world, wrong, sentence):
    one = standard(world)
    client.force_login(world.secretary)
    data = answers(owner=world.police.pk, evidence="A profile of 2024.") | wrong
    response = client.post(f"/priorities/standards/{one.pk}/assess/", data)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert data["evidence"] in page
    assert not Assessment.objects.exists()


def test_an_old_assessment_keeps_the_words_it_had(client, world):
    one = standard(world)
    assessed(world, one, "met", days_ago(3))
    client.force_login(world.secretary)
    address = f"/priorities/standards/{one.pk}/edit/"
    form = client.get(address).context["form"]
    client.post(
        address,
        {
            "theme": "Knowledge", "statement": "The board renews its profile each year.",
            "source": "Guidance", "others": "", "order": 0,
            "version": form["version"].value(), "seen": form["seen"].value(),
        },
    )  # fmt: skip
    page = client.get(one.get_absolute_url()).content.decode()
    assert "The board renews its profile each year." in page
    assert "The statement then read: The board has a profile of the harm in its area." in page


def test_withdrawn_ones_leave_the_list_and_keep_their_page(client, world):
    gone = standard(world, "Old.", withdrawn_on=days_ago(1))
    kept = standard(world, "New.")
    assert [row.standard for row in compared(world.board)] == [kept]
    client.force_login(world.member)
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_the_database_wants_to_know_what_comes_next(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            standard=standard(world), statement="x", day=days_ago(0), verdict="partly",
            evidence="x", made_by=world.secretary,
        )  # fmt: skip


def test_the_paper_for_a_visitor_says_it_all(client, world):
    one = standard(world, others="A county meets its **schools**.")
    assessed(world, one, "not_met", days_ago(100))
    assessed(world, one, "met", days_ago(1))
    standard(world, "The board has a plan.")
    client.force_login(world.chair)
    response = client.get(f"/priorities/standards/{world.board.slug}.pdf")
    text = " ".join(pdf_text(response.content).split())
    for said in (
        "1 met, 1 not yet assessed.", "Better.", "A county meets its schools.",
        "The board has a plan.", "Not yet assessed.",
    ):  # fmt: skip
        assert said in text


def test_another_board_finds_none(client, world):
    one = standard(world)
    other = make_world("Other Board")
    client.force_login(other.secretary)
    assert one.statement not in client.get("/priorities/standards/").content.decode()
    assert client.get(f"/priorities/standards/{world.board.slug}.pdf").status_code == 404


def test_as_many_queries_for_one_as_for_many(client, world, django_assert_num_queries):
    client.force_login(world.member)
    client.get("/priorities/standards/")  # the first page of a session writes it down
    for number in range(9):
        one = standard(world, f"Statement {number}.")
        assessed(world, one, "partly", days_ago(9))
        assessed(world, one, "met", days_ago(8))
        if number in (0, 8):
            with django_assert_num_queries(8):
                client.get("/priorities/standards/")
    assert tally(compared(world.board)) == "9 met."
