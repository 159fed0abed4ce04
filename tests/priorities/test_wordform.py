"""The Word form: out with last quarter's words, back into the secretary's page, then entered."""

import io
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from priorities.models import ReturnState
from priorities.wordform import read_form
from tests.builders import days_ago, open_round, part_of, returns_of, submit

from .test_return_form import opened


@pytest.fixture
def whole(world):
    before = open_round(world, day=days_ago(92), due=timezone.localdate())
    submit(part_of(before, world.police, world.slavery), world.police_lead)
    return returns_of(open_round(world), world.police)


def downloaded(client, whole):
    response = client.get(reverse("priorities:word_form", args=[whole.pk]))
    assert response.status_code == 200
    return docx.Document(io.BytesIO(response.content))


def fill_in(word, **answers):
    """Write in the boxes of a form, by the names of their questions."""
    for table in word.tables:
        for row in table.rows:
            for name, text in answers.items():
                if f"⟦{name.replace('__', '-')}⟧" in row.cells[0].text:
                    row.cells[1].text = text
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def send(client, whole, content, act="read"):
    day = timezone.localdate()
    address = reverse("priorities:return_enter", args=[whole.pk])
    data = opened(client, address) | {"sender": "Partnership inspector", "act": act}
    data |= {"sent_on_day": day.day, "sent_on_month": day.month, "sent_on_year": day.year}
    if content is not None:
        data["original"] = SimpleUploadedFile("form.docx", content)
    return client.post(address, data)


def test_it_goes_out_with_last_quarters_words_and_no_confidence(client, world, whole):
    client.force_login(world.secretary)
    word = downloaded(client, whole)
    file = io.BytesIO()
    word.save(file)
    found, unread = read_form(file.getvalue())
    slug = world.slavery.slug
    assert found[f"{slug}-did"] == "Visited nine hotels with the council."
    assert found[f"{slug}-confidence"] == ""
    assert found["new_information"] == "A named inbox, read each Monday."
    assert unread == []
    assert word.sections[0].header.paragraphs[0].text == "OFFICIAL"


def test_it_comes_back_into_the_page_and_is_entered_only_by_the_secretarys_press(
    client, world, whole
):
    client.force_login(world.secretary)
    slavery, drugs = world.slavery.slug, world.drugs.slug
    answers = {
        f"{slavery}-did": "Visited ten.\n\nTwo were new.",
        f"{slavery}-strands": "Protect and prepare",
        f"{slavery}-confidence": "fair.",
        f"{slavery}-direction": "up and down",
        f"{drugs}-nothing": "Yes",
    }
    content = fill_in(downloaded(client, whole), **answers)
    response = send(client, whole, content)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Nothing is entered yet" in page
    assert "Not understood, so left empty: Which way is it going?." in page
    form = response.context["sheet"].part(slavery).form
    assert form["did"].value() == "Visited ten.\n\nTwo were new."
    assert form["strands"].value() == ["protect", "prepare"]
    assert form["confidence"].value() == "fair"
    part = part_of(whole.round, world.police, world.slavery)
    assert (part.state, part.did) == (ReturnState.DRAFT, "")
    whole.refresh_from_db()
    assert bytes(whole.original.content) == content
    # What the page shows is sent as it stands.
    data = {
        field.html_name: field.value()
        for form in response.context["forms"]
        for field in form
        if field.value() not in (None, "") and "period" not in field.name
    }
    day = data.pop("sent_on")
    data |= dict(zip(("sent_on_day", "sent_on_month", "sent_on_year"), day, strict=True))
    client.post(reverse("priorities:return_enter", args=[whole.pk]), data | {"act": "enter"})
    part.refresh_from_db()
    assert (part.state, part.did, part.protect, part.confidence) == (
        "received", "Visited ten.\n\nTwo were new.", True, "fair",
    )  # fmt: skip
    nil = part_of(whole.round, world.police, world.drugs)
    assert (nil.state, nil.nothing_to_report) == ("received", True)


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 21_000_000)
    return file.getvalue()


def another():
    file = io.BytesIO()
    docx.Document().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: None, "Choose the file in which the return came."),
        (lambda: b"PK\x03\x04 and no more", "cannot be read as a Word file"),
        (bomb, "too large when unpacked"),
        (another, "not the form that was sent out"),
    ],
)
def test_what_is_no_filled_form_gets_a_sentence(client, world, whole, content, sentence):
    client.force_login(world.secretary)
    response = send(client, whole, content())
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Partnership inspector" in response.content.decode()
