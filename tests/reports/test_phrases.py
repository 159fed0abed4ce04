"""The templates of drafted paragraphs: their small language, and a board's own wording."""

import pytest
from django.core.exceptions import ValidationError

from board.models import Board
from reports.models import Phrase
from reports.phrases import KINDS, validate, write

from .test_views import make_draft, page


def test_what_stands_in_brackets_goes_when_a_name_has_nothing_to_say():
    text = "It met on {day}[ ({draft})].[ Then {a} and {b}.]"
    values = {"day": "3 July", "draft": "", "a": "one", "b": None}
    assert write(text, values) == "It met on 3 July."
    values |= {"draft": "draft", "b": 2}
    assert write(text, values) == "It met on 3 July (draft). Then one and 2."


def test_words_from_the_record_are_put_in_as_they_are():
    assert write("{words}", {"words": "[a] {day} {words}\n\n- b"}) == "[a] {day} {words}\n\n- b"


@pytest.mark.parametrize("kind", KINDS)
def test_the_usual_wording_is_one_that_a_board_may_write(kind):
    validate(kind, KINDS[kind].text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{agency.office_email}: {words}", "Close each"),
        ("{record}: {words}", "{record} is nothing that this text knows"),
        ("{agency} [on [{priority}]]: {words}", "Close each"),
        ("{agency} on {priority", "Close each"),
        ("{agency}[: {words}]", "Keep {words}"),
        ("{agency} did something.", "Keep {words}"),
    ],
)
def test_a_text_that_cannot_be_used_says_what_to_change(text, sentence):
    with pytest.raises(ValidationError) as refused:
        validate("return", text)
    assert sentence in refused.value.messages[0]


def test_a_board_words_its_drafts_and_goes_back_to_the_usual(client, quarter):
    board = quarter.world.board
    address = f"/reports/wording/{board.slug}/"
    client.force_login(quarter.world.secretary)
    assert "May use {agency}, {priority}, {words}" in page(client, address)
    usual = {name: kind.text for name, kind in KINDS.items()}
    refused = client.post(address, usual | {"return": "{agency.name}", "ahead": "On {day}."})
    assert refused.status_code == 422
    assert "On {day}." in refused.content.decode()
    assert not Phrase.objects.exists()
    own = usual | {"return": "From {agency}, on {priority}: {words}"}
    assert client.post(address, own).status_code == 302
    assert [phrase.kind for phrase in Phrase.objects.all()] == ["return"]
    texts = make_draft(quarter).sections.values_list("paragraphs__text", flat=True)
    (said,) = [text for text in texts if "CLEAREDRETURN" in text]
    assert said.startswith("From Police of soc-board, on modern slavery: CLEAREDRETURN")
    assert client.post(address, usual | {"return": ""}).status_code == 302
    assert not Phrase.objects.exists()


def test_another_boards_wording_is_its_own(quarter, client):
    other = Board.objects.create(
        name="Other", slug="other", kind="board", reports_to=quarter.world.parent
    )
    Phrase.objects.create(board=other, kind="return", text="Theirs: {words}")
    from_record = make_draft(quarter).sections.values_list("paragraphs__text", flat=True)
    assert not any("Theirs:" in text for text in from_record)
    client.force_login(quarter.world.secretary)
    page(client, "/reports/wording/other/", 404)
    client.force_login(quarter.world.member)
    page(client, f"/reports/wording/{quarter.world.board.slug}/", 403)
