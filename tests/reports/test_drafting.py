import datetime

import pytest

from board.models import Nomination
from board.text import listed
from board.workflow import perform
from meetings.models import BetweenMeetings, Decision, Minutes, Referral
from meetings.referring import ANSWER, REFERRAL_CLEARANCE
from priorities.transitions import LEARNING_CLEARANCE, PART_CLEARANCE, THREAT_CLEARANCE
from reports.drafting import draft_paragraphs, draft_report
from reports.editing import add_from_record, take_new_words
from reports.english import agreed, counted, day_words, pieces
from reports.heading import free_ref
from reports.models import CommitteeReport, Paragraph, ParagraphSource
from reports.record import PeriodRecord
from tests.builders import london, make_world

from .conftest import COMMITTEE, FROM, TO, clear, make_quarter


def draft(quarter, **values):
    values.setdefault("by", quarter.world.secretary)
    return draft_report(
        quarter.world.board,
        quarter.world.parent,
        committee_date=COMMITTEE,
        period_from=FROM,
        period_to=TO,
        **values,
    )


def texts(report):
    return list(
        Paragraph.objects.filter(section__report=report)
        .order_by("section__order", "order")
        .values_list("text", flat=True)
    )


def paragraph(report, words):
    return Paragraph.objects.get(section__report=report, text__contains=words)


def test_the_header_comes_from_the_record(quarter):
    report = draft(quarter)
    assert report.ref == "parent-of-soc-board-2018-09-27"
    assert report.state == CommitteeReport.State.DRAFT
    assert report.report_of == "Chair of the SOC Board, Fire of soc-board"
    assert report.contact.split("\n")[1:] == [
        "SOC Board",
        "Telephone: 020 7946 0123",
        "E-mail: soc-board@example.org",
    ]
    assert report.drafted_by == quarter.world.secretary
    assert [section.heading for section in report.sections.all()] == ["Background", "Update"]


def test_a_header_that_is_given_stands(quarter):
    report = draft(quarter, subject="Ours", summary="In short.")
    assert (report.subject, report.summary) == ("Ours", "In short.")
    with pytest.raises(TypeError, match="colour"):
        draft(quarter, colour="red")


def test_the_summary_stands_alone_in_a_hundred_and_twenty_words(quarter):
    summary = draft(quarter).summary
    assert len(summary.split()) <= 120
    assert "from 1 July to 27 September" in summary
    assert "the Board met once" in summary
    assert "modern slavery and illicit drugs" in summary
    assert "three returns and received two" in summary
    assert "a conference" in summary


def test_the_board_is_introduced(quarter):
    background = texts(draft(quarter))[0]
    assert background == (
        "The SOC Board was set up in 2016. It is chaired by the representative of Fire of "
        "soc-board, gives advice and reports to the Parent of SOC Board. The aim of the Board is "
        "to bring every power to bear."
    )


def test_the_paragraphs_follow_the_days(quarter):
    order = [
        "CLEAREDLEARNING", "CLEAREDPIECE", "CLEAREDTHREAT", "three returns", "CLEAREDRETURN",
        "CLEAREDNOTE", "reassurance", "nominations", "one action",
    ]  # fmt: skip
    found = texts(draft(quarter))[1:]
    assert [next(w for w in order if w in text) for text in found] == order


def test_a_meeting_opens_its_minute_and_closes_with_what_was_agreed(quarter):
    assert paragraph(draft(quarter), "CLEAREDNOTE").text == (
        "The SOC Board met on 19 September (from draft minutes, subject to approval). Members "
        "heard CLEAREDNOTE from the police. It was agreed to focus on CLEAREDDECISION:\n\n"
        "- illicit drugs\n- fraud"
    )


@pytest.mark.parametrize(
    ("route", "how"),
    [("written", "written procedure"), ("chair", "chair’s action")],
)
def test_what_was_agreed_between_meetings_is_not_said_to_be_the_meeting_s(quarter, route, how):
    decision = Decision.objects.get(text__contains="CLEAREDDECISION")
    BetweenMeetings.objects.create(
        board=quarter.world.board,
        route=route,
        text=decision.text,
        state="agreed",
        deadline=datetime.date(2018, 8, 20) if route == "written" else None,
        authority="" if route == "written" else "paragraph 6",
        opened_at=london(2018, 8, 13),
        opened_by=quarter.world.secretary,
        closed_at=london(2018, 8, 21),
        closed_by=quarter.world.secretary,
        decision=decision,
    )
    text = paragraph(draft(quarter), "CLEAREDNOTE").text
    assert f"Between meetings, by {how} on 21 August, it was agreed to focus on CLEARED" in text


def test_approved_minutes_are_no_draft(quarter):
    Minutes.objects.create(
        meeting=quarter.meeting, state="approved", text="x", pdf=b"%PDF", sha256="a" * 64,
        approved_at=quarter.meeting.ends_at, approved_by=quarter.world.secretary,
        approved_at_meeting=quarter.meeting,
    )  # fmt: skip
    text = paragraph(draft(quarter), "CLEAREDNOTE").text
    assert "The SOC Board met on 19 September. Members" in text


def test_a_missing_return_is_said_in_one_sentence(quarter):
    text = paragraph(draft(quarter), "three returns").text
    assert text == (
        "For July to September 2018 the Board asked two agencies for three returns; two were "
        "received. No return was received from Fire of soc-board (modern slavery)."
    )


def test_who_watches_the_national_list_comes_from_the_list(quarter):
    text = paragraph(draft(quarter), "reassurance").text
    assert (
        "Police of soc-board continues to monitor both priority areas named by the Home Office."
    ) in text
    assert "The Board meets quarterly" in text


def test_a_list_stays_in_the_paragraph_and_a_new_block_makes_a_new_one(quarter):
    report = draft(quarter)
    assert paragraph(report, "CLEAREDLEARNING").text.count("\n- ") == 2
    assert paragraph(report, "CLEAREDPIECE").text == "The second CLEAREDPIECE."


def asked(quarter, answer):
    """A question of the committee that the police answered in the period."""
    referral = Referral.objects.create(
        board=quarter.world.board, from_board=quarter.world.parent, text="How many?",
        asked_on=datetime.date(2018, 7, 20), due=datetime.date(2018, 9, 20),
        agency=quarter.world.police,
    )  # fmt: skip
    return perform(
        ANSWER, referral, by=quarter.world.secretary, note=answer, at=london(2018, 9, 12)
    )


def test_the_answer_to_the_committee_enters_the_next_report_once_it_is_cleared(quarter):
    asked(quarter, "SHUTANSWER")
    told = clear(REFERRAL_CLEARANCE, asked(quarter, "Nineteen, by two."), quarter.world.secretary)

    report = draft(quarter)

    answer = paragraph(report, "Nineteen")
    assert answer.text == (
        f"To the question of the {quarter.world.parent} of 20 July 2018 the answer is: "
        "Nineteen, by two."
    )
    source = answer.sources.get()
    assert source.record == told
    assert source.label == f"Answer to the question of the {quarter.world.parent}, 20 July 2018"
    assert not any("SHUTANSWER" in text for text in texts(report))


def test_the_office_and_the_nomination_stand_together(quarter):
    text = paragraph(draft(quarter), "nominations").text
    assert "The Chair announced on 19 September" in text
    assert "asked to consider nominations for the office of chair." in text


def test_a_chair_may_leave_without_nominations_sought(quarter):
    Nomination.objects.all().delete()
    found = texts(draft(quarter))
    assert any("announced on 19 September" in text for text in found)
    assert not any("nominations" in text for text in found)


def test_each_paragraph_knows_its_sources(quarter):
    report = draft(quarter)
    sources = ParagraphSource.objects.filter(paragraph__section__report=report)
    named = {label for label in sources.values_list("label", flat=True)}
    assert "SOC Board, 19 September 2018" in named
    assert (
        "SOC Board, 19 September 2018, item 1, decision, from draft minutes, subject to approval"
        in named
    )
    assert "Return: Police, Modern slavery" in named
    assert "Returns, July to September 2018" in named
    assert all(len(digest) == 64 for digest in sources.values_list("digest", flat=True))


def test_only_words_cleared_that_far_enter(quarter):
    clear(PART_CLEARANCE, quarter.shut_part, quarter.world.police_lead, audience=1)
    assert not any("SHUTRETURN" in text for text in texts(draft(quarter)))
    assert any("SHUTRETURN" in text for text in texts(draft(quarter, audience="parent")))


def test_a_marked_return_gives_no_words_whatever_was_cleared(quarter):
    quarter.part.marking = "OFFICIAL-SENSITIVE"
    quarter.part.save()
    assert not any("CLEAREDRETURN" in text for text in texts(draft(quarter)))


def test_a_whole_return_that_is_marked_marks_its_parts(quarter):
    quarter.part.agency_return.marking = "OFFICIAL-SENSITIVE"
    quarter.part.agency_return.save()
    assert not any("CLEAREDRETURN" in text for text in texts(draft(quarter)))


def test_what_is_withheld_is_counted_never_quoted(quarter):
    record = PeriodRecord(quarter.world.board, quarter.world.parent, COMMITTEE, FROM, TO, "public")
    assert record.withheld() == [
        {"kind": "Restricted parts of minutes", "number": 1, "paragraph": "7"},
        {"kind": "Minutes not cleared", "number": 1, "paragraph": ""},
        {"kind": "Decisions not cleared", "number": 1, "paragraph": ""},
        {"kind": "Returns not cleared", "number": 1, "paragraph": ""},
        {"kind": "Threats not cleared", "number": 1, "paragraph": ""},
        {"kind": "Learning not cleared", "number": 1, "paragraph": ""},
        {"kind": "Restricted actions", "number": 1, "paragraph": ""},
    ]


def test_another_board_lends_nothing(quarter):
    other = make_quarter(make_world("Other Board"))
    assert sum("CLEAREDNOTE" in text for text in texts(draft(other))) == 1
    assert "Other Board" in texts(draft(other))[0]


def test_a_period_without_anything_still_makes_a_report(world):
    report = draft_report(
        world.board, world.parent, committee_date=COMMITTEE, period_from=FROM, period_to=TO, by=None
    )
    assert [text.split()[0:3] for text in texts(report)] == [
        ["The", "SOC", "Board"],
        ["The", "role", "of"],
    ]


def test_the_action_plan_is_told_as_it_stood(quarter):
    assert paragraph(draft(quarter), "one action").text == (
        "In this period the Board agreed one action. No actions were completed."
    )


def test_an_address_is_never_given_twice(quarter):
    first = draft(quarter)
    assert draft(quarter).ref == f"{first.ref}-2"
    quarter.world.parent.name = "x" * 90
    assert len(free_ref(quarter.world.parent, COMMITTEE)) <= 50


def test_drafting_asks_the_database_as_often_for_one_record_as_for_many(
    quarter, django_assert_num_queries
):
    def record():
        return PeriodRecord(
            quarter.world.board, quarter.world.parent, COMMITTEE, FROM, TO, "public"
        )

    with django_assert_num_queries(22):
        few = len(draft_paragraphs(record()))
    for number in range(3):
        copy_learning(quarter, number)
    with django_assert_num_queries(22):
        assert len(draft_paragraphs(record())) == few + 6


def copy_learning(quarter, number):
    learning = quarter.learning
    learning.pk, learning.title = None, f"Another day {number}"
    learning.save()


def test_new_words_replace_the_paragraph_that_rested_on_the_old(quarter):
    report = draft(quarter)
    old = paragraph(report, "CLEAREDRETURN")
    quarter.part.report_text = "Eleven hotels were visited."
    quarter.part.save()
    clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
    assert take_new_words(report, old)
    old.refresh_from_db()
    assert old.text == "Police of soc-board on modern slavery: Eleven hotels were visited."
    assert old.version == 1
    assert old.history.count() == 2


def test_the_second_paragraph_of_a_text_takes_the_second_of_the_new(quarter):
    report = draft(quarter)
    second = paragraph(report, "CLEAREDPIECE")
    quarter.learning.report_text = "First again.\n\nSecond again."
    quarter.learning.save()
    clear(LEARNING_CLEARANCE, quarter.learning, quarter.world.secretary)
    assert take_new_words(report, second)
    second.refresh_from_db()
    assert second.text == "Second again."


def test_words_that_are_gone_cannot_be_taken(quarter):
    report = draft(quarter)
    second = paragraph(report, "CLEAREDPIECE")
    quarter.learning.report_text = "One only."
    quarter.learning.save()
    clear(LEARNING_CLEARANCE, quarter.learning, quarter.world.secretary)
    assert not take_new_words(report, second)
    second.refresh_from_db()
    assert second.text == "The second CLEAREDPIECE."


def test_what_was_cleared_since_is_added_once(quarter):
    report = draft(quarter)
    assert add_from_record(report) == 0
    clear(PART_CLEARANCE, quarter.shut_part, quarter.world.police_lead)
    assert add_from_record(report) == 1
    assert add_from_record(report) == 0
    assert paragraph(report, "SHUTRETURN").sources.count() == 1


def test_what_became_of_a_threat_is_said(quarter):
    threat = quarter.threat
    threat.state = "monitored"
    threat.save()
    assert paragraph(draft(quarter), "CLEAREDTHREAT").text == (
        "An emerging threat was raised by Police of soc-board: CLEAREDTHREAT by post. The Board "
        "is keeping it under watch."
    )
    perform(THREAT_CLEARANCE[-1], threat, by=quarter.world.police_lead)
    assert not any("emerging threat was" in text for text in texts(draft(quarter)))


def test_small_words():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(1, "return") == "one return"
    assert counted(13, "return") == "13 returns"
    assert day_words(datetime.date(2018, 7, 3), 2018) == "3 July"
    assert day_words(datetime.date(2018, 7, 3)) == "3 July 2018"
    assert agreed("To focus on three.") == " to focus on three."
    assert agreed("That it be noted.") == " that it be noted."
    assert agreed("One page will be made.") == " that one page will be made."
    assert agreed("Trading Standards will lead.") == ": Trading Standards will lead."


def test_a_text_falls_into_numbered_paragraphs():
    assert pieces("One:\n\n- a\n- b\n\nTwo.\n\nSee https://example.org/x\n\nThree.") == (
        "One:\n\n- a\n- b",
        "Two.\n\nSee https://example.org/x",
        "Three.",
    )
    assert pieces("") == ()
