"""A report that saves itself box by box: none acknowledged is lost, none overwrites another's."""

import pytest

from board.beside import BESIDE
from board.models import AuditEvent
from reports.models import Paragraph

from .test_views import as_chair, boxes, issue, page, report, text_of

__all__ = ["as_chair", "report"]  # fixtures

JSON = {"Accept": "application/json"}


def edit(report):
    return f"/reports/{report.ref}/edit/"


def box(report, paragraph, words, data=None):
    """What the page sends of one paragraph: `data`, what it was filled with, or as it is now."""
    name = f"p{paragraph.pk}"
    data = data or boxes(report)
    return {key: value for key, value in data.items() if key.startswith(f"{name}-")} | {
        f"{name}-text": words
    }


def save(client, report, data):
    return client.post(edit(report), data, headers=JSON)


def test_a_box_saves_alone_and_writes_no_event(as_chair, quarter, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    events = AuditEvent.objects.count()
    filled = box(report, paragraph, "Nine")
    answer = save(as_chair, report, filled)
    assert answer.status_code == 200
    assert answer.json()["saved_at"]
    paragraph.refresh_from_db()
    assert (paragraph.text, paragraph.version, paragraph.numbered) == ("Nine", 1, True)
    assert paragraph.history.first().history_user == quarter.world.chair
    assert AuditEvent.objects.count() == events
    # What came back lets the page go on: the next save is not stale.
    filled |= answer.json()["fields"] | {f"p{paragraph.pk}-text": "Nine hotels"}
    assert save(as_chair, report, filled).status_code == 200
    paragraph.refresh_from_db()
    assert paragraph.text == "Nine hotels"


def test_header_and_heading_save_alone_too(as_chair, report):
    data = boxes(report)
    header = {name: value for name, value in data.items() if name.startswith("report-")}
    assert save(as_chair, report, header | {"report-subject": "New"}).status_code == 200
    section = report.sections.last()
    heading = {name: value for name, value in data.items() if name.startswith(f"s{section.pk}-")}
    heading[f"s{section.pk}-heading"] = "Since July"
    assert save(as_chair, report, heading).status_code == 200
    report.refresh_from_db()
    assert report.subject == "New"
    assert report.sections.last().heading == "Since July"


def test_the_same_words_again_are_accepted_though_the_answer_was_lost(as_chair, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    filled = box(report, paragraph, "Nine")
    save(as_chair, report, filled)
    answer = save(as_chair, report, filled)
    assert answer.status_code == 200
    paragraph.refresh_from_db()
    assert paragraph.version == 1
    filled |= answer.json()["fields"] | {f"p{paragraph.pk}-text": "Nine hotels"}
    assert save(as_chair, report, filled).status_code == 200


def test_an_overtaken_box_gets_both_texts_and_its_own_is_kept_beside(client, quarter, report):
    client.force_login(quarter.world.chair)
    paragraph = text_of(report, "CLEAREDRETURN")
    filled = boxes(report)
    client.force_login(quarter.world.secretary)
    save(client, report, box(report, paragraph, "Theirs."))
    client.force_login(quarter.world.chair)
    answer = save(client, report, box(report, paragraph, "Mine.", filled))
    assert answer.status_code == 409
    said = answer.json()
    assert said["by"] == str(quarter.world.secretary)
    (difference,) = said["differences"]
    assert (difference["yours"], difference["theirs"]) == ("Mine.", "Theirs.")
    paragraph.refresh_from_db()
    assert paragraph.text == "Theirs."
    assert paragraph.history.get(history_change_reason=BESIDE).text == "Mine."
    # Choosing is one more save, with the version that came back.
    both = box(report, paragraph, "Mine.\n\nTheirs.", filled) | said["fields"]
    assert save(client, report, both).status_code == 200


def test_two_people_in_different_paragraphs_never_disturb_each_other(as_chair, report):
    """With JavaScript and without."""
    first, second = text_of(report, "CLEAREDRETURN"), text_of(report, "CLEAREDTHREAT")
    filled = boxes(report)
    assert save(as_chair, report, box(report, first, "Mine.", filled)).status_code == 200
    assert save(as_chair, report, box(report, second, "Theirs.", filled)).status_code == 200
    third = text_of(report, "CLEAREDLEARNING")
    whole = filled | {f"p{third.pk}-text": "By hand.", "act": f"up:{third.pk}"}
    assert as_chair.post(edit(report), whole).status_code == 302
    texts = [Paragraph.objects.get(pk=each.pk).text for each in (first, second, third)]
    assert texts == ["Mine.", "Theirs.", "By hand."]


def test_a_whole_page_that_was_overtaken_saves_nothing_and_keeps_every_word(as_chair, report):
    paragraph, gone = text_of(report, "CLEAREDRETURN"), text_of(report, "CLEAREDTHREAT")
    old = boxes(report, **{f"p{paragraph.pk}-text": "Mine.", f"p{gone.pk}-text": "Mine too."})
    as_chair.post(edit(report), boxes(report, **{f"p{paragraph.pk}-text": "Theirs."}))
    as_chair.post(edit(report), boxes(report, act=f"remove:{gone.pk}"))
    answer = as_chair.post(edit(report), old)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Nothing was saved over, and nothing of yours is lost." in text
    assert "Theirs.</p></blockquote>" in text
    assert ">\nMine.</textarea>" in text
    assert ">Mine too.</textarea>" in text
    paragraph.refresh_from_db()
    assert paragraph.text == "Theirs."
    assert paragraph.history.get(history_change_reason=BESIDE).text == "Mine."
    again = boxes(report, **{f"p{paragraph.pk}-text": "Mine.", "extra": "Mine too."})
    assert as_chair.post(edit(report), again).status_code == 302
    paragraph.refresh_from_db()
    assert paragraph.text == "Mine."
    assert text_of(report, "Mine too.")


def test_words_in_a_paragraph_that_was_removed_get_a_sentence(as_chair, report):
    gone = text_of(report, "CLEAREDTHREAT")
    filled = box(report, gone, "Mine.")
    as_chair.post(edit(report), boxes(report, act=f"remove:{gone.pk}"))
    answer = save(as_chair, report, filled)
    assert answer.status_code == 422
    assert "Press Save: your words then stand at the end" in answer.json()["error"]


@pytest.mark.parametrize("words", ["a\x00b", "\n".join("  " * n + "- deep" for n in range(9))])
def test_what_cannot_be_stored_gets_a_sentence(as_chair, report, words):
    paragraph = text_of(report, "CLEAREDRETURN")
    answer = save(as_chair, report, box(report, paragraph, words))
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Paragraph 6: ")
    paragraph.refresh_from_db()
    assert "CLEAREDRETURN" in paragraph.text


def test_what_was_issued_meanwhile_is_not_changed(as_chair, quarter, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    filled = box(report, paragraph, "Late words")
    issue(report, quarter.world.chair)
    answer = save(as_chair, report, filled)
    assert answer.status_code == 422
    assert answer.json() == {"error": "this report is issued: open it again"}
    paragraph.refresh_from_db()
    assert "CLEAREDRETURN" in paragraph.text


def test_saving_costs_the_same_for_few_paragraphs_and_for_many(
    as_chair, report, django_assert_num_queries
):
    first, second, third = (
        box(report, text_of(report, word), "New.")
        for word in ("CLEAREDRETURN", "CLEAREDTHREAT", "CLEAREDLEARNING")
    )
    save(as_chair, report, first)
    with django_assert_num_queries(13):
        save(as_chair, report, second)
    for number in range(5):
        Paragraph.objects.create(section=report.sections.last(), order=50 + number, text="More")
    with django_assert_num_queries(13):
        save(as_chair, report, third)


def test_the_page_carries_what_a_save_is_compared_by(as_chair, report):
    text = page(as_chair, edit(report))
    paragraph = text_of(report, "CLEAREDRETURN")
    for name in ("version", "seen"):
        assert f'name="p{paragraph.pk}-{name}"' in text
        assert f'name="report-{name}"' in text
