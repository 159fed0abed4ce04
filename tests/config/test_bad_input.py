"""Bad input, walked through the web: each gets its sentence, and nothing is lost by it.

A wrong password is in tests/board/test_accounts.py; a closed round, a second submit and a stale
return in tests/priorities/test_return_form.py; deep bullets and NUL bytes in a minute in
tests/meetings/test_saving.py. Here stand the ones that no other file walks to the end.
"""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from board.models import AuditEvent
from meetings.models import Note
from priorities.models import AgencyReturn, EmergingThreat, PriorityReturn
from reports.models import CommitteeReport
from tests.builders import fill, open_round, part_of, returns_of
from tests.meetings.rooms import in_session, item_of, save

DEEP = "\n".join("  " * level + "- deep" for level in range(81))
THREE_MB = "x" * 3_000_000


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def edit(round, world):
    return reverse("priorities:return_edit", args=[returns_of(round, world.police).pk])


def words(response):
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def kept(model):
    """Every row of a model, as it is stored."""
    return list(model.objects.order_by("pk").values())


def opened(client, address):
    """What a browser would send back of a form's boxes that hold something."""
    response = client.get(address)
    assert response.status_code == 200
    return {
        field.html_name: field.value()
        for form in response.context["forms"]
        for field in form
        if field.value() not in (None, "") and "period" not in field.html_name
    }


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/here/",
        "/priorities/returns/999999/",
        "/meetings/no-such/",
        "/reports/no-such/edit/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_says_what_it_can_be_and_leads_home(client, world, address, method):
    client.force_login(world.secretary)
    response = getattr(client, method)(address)
    assert response.status_code == 404
    assert "Either there is no page at this address, or it is one you may not see." in words(
        response
    )
    assert 'href="/"' in words(response)


def test_another_agencys_return_looks_like_no_return_and_stays_as_it_is(client, world, round, edit):
    part = fill(part_of(round, world.police, world.slavery))
    before = kept(AgencyReturn), kept(PriorityReturn)
    client.force_login(world.fire_lead)
    name = f"{world.slavery.slug}-did"
    for response in (
        client.get(edit),
        client.post(edit, {"act": "save", name: "Ours now"}),
        client.post(edit, {"act": "submit", name: "Ours now"}),
        client.get(part.agency_return.get_absolute_url()),
    ):
        assert response.status_code == 404
        assert "There is nothing here for you" in words(response)
        assert part.did not in words(response)
    nowhere = client.get(reverse("priorities:return_edit", args=[999_999]))
    assert nowhere.status_code == 404
    assert (kept(AgencyReturn), kept(PriorityReturn)) == before


@pytest.mark.parametrize("name", ["did", "report_text"])
def test_three_megabytes_in_a_return_say_so_and_change_nothing(client, world, round, edit, name):
    fill(part_of(round, world.police, world.slavery))
    before = kept(AgencyReturn), kept(PriorityReturn)
    client.force_login(world.police_lead)
    response = client.post(
        edit, opened(client, edit) | {"act": "save", f"{world.slavery.slug}-{name}": THREE_MB}
    )
    assert response.status_code == 413
    assert "Go back, where your words should still be, and send it in smaller parts." in words(
        response
    )
    assert (kept(AgencyReturn), kept(PriorityReturn)) == before


def test_three_megabytes_in_a_minute_leave_the_acknowledged_words(client, world):
    meeting = in_session(world)
    item = item_of(meeting)
    client.force_login(world.secretary)
    save(client, meeting, item, "The police told of car washes.", 0)
    response = save(client, meeting, item, THREE_MB, 1)
    assert response.status_code == 413
    assert "Nothing of it was saved." in words(response)
    assert Note.objects.get(item=item).text == "The police told of car washes."


def test_bullets_81_deep_in_a_return_come_back_with_a_sentence(client, world, round, edit):
    client.force_login(world.police_lead)
    before = kept(PriorityReturn)
    slug = world.slavery.slug
    response = client.post(
        edit,
        opened(client, edit)
        | {"act": "save", f"{slug}-did": DEEP, f"{slug}-emerging": "Kept words"},
    )
    assert response.status_code == 422
    assert "more than 5 levels deep" in words(response)
    assert f'href="#id_{slug}-did"' in words(response)
    assert "Kept words" in words(response)
    assert html.unescape(response.content.decode()).count("- deep") >= 81
    assert kept(PriorityReturn) == before


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [("a\0b", "holds a character that cannot be kept"), (DEEP, "more than 5 levels deep")],
)
def test_a_threat_that_cannot_be_kept_comes_back_with_its_other_words(client, world, bad, sentence):
    client.force_login(world.police_lead)
    events = AuditEvent.objects.count()
    response = client.post(
        reverse("priorities:threat_new"),
        {"title": "Counterfeit goods by post", "description": bad, "report_text": "Kept words"},
    )
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Counterfeit goods by post" in words(response)
    assert "Kept words" in words(response)
    assert not EmergingThreat.objects.exists()
    assert AuditEvent.objects.count() == events


def test_a_nul_byte_in_the_query_of_a_list_gets_a_page_that_says_what_to_do(client, world):
    client.force_login(world.secretary)
    response = client.get("/priorities/returns/?agency=%00")
    assert response.status_code == 400
    assert "Go back and try once more" in words(response)


def test_a_pdf_renamed_txt_is_named_for_what_it_is_and_leaves_nothing_behind(client, world):
    client.force_login(world.chair)
    events = AuditEvent.objects.count()
    response = client.post(
        reverse("reports:import"),
        {
            "board": world.board.pk,
            "file": SimpleUploadedFile("report.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
            "pasted": "",
        },
    )
    assert response.status_code == 422
    assert "This is a PDF, whatever its name says." in words(response)
    assert f'<option value="{world.board.pk}" selected' in words(response)
    assert not CommitteeReport.objects.exists()
    assert AuditEvent.objects.count() == events
