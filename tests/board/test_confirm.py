"""The one page for every transition, and the buttons that lead to it."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone

from board.confirm import acts, confirm
from board.models import AuditEvent
from board.workflow import perform
from meetings.models import Meeting
from meetings.transitions import MEETING, MINUTES
from tests.builders import make_item, make_meeting


def act(request, ref, verb):
    meeting = Meeting.objects.get(ref=ref)
    return confirm(request, meeting, MEETING, verb, back="/back/", done=request.GET.get("done", ""))


urlpatterns = [path("act/<slug:ref>/<slug:verb>/", act, name="act")]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def meeting(world):
    meeting = make_meeting(world.board)
    make_item(meeting)
    return meeting


@pytest.fixture
def ask(rf, world, meeting):
    """Calls the view as somebody: (answer, messages)."""

    def call(method, verb, person=world.secretary, **data):
        request = getattr(rf, method)(f"/act/{meeting.ref}/{verb}/", data)
        request.user = person
        request.session = {}
        request._messages = Messages()
        request.csp_nonce = "nonce"
        return act(request, meeting.ref, verb), [str(each) for each in get_messages(request)]

    return call


class Messages(list):
    def add(self, level, message, extra_tags=""):
        self.append(message)


def state(meeting):
    meeting.refresh_from_db()
    return meeting.state


def test_a_get_asks_and_changes_nothing(ask, meeting):
    response, _ = ask("get", "cancel-the-meeting")

    text = response.content.decode()
    assert response.status_code == 200
    assert "The reason goes by e-mail to everybody who was invited" in text
    assert '<a class="govuk-link" href="/back/">' in text
    assert "Reason" in text
    assert state(meeting) == "planned"


def test_a_post_does_it_and_says_so(ask, meeting):
    response, said = ask("post", "publish-the-agenda")

    assert response.headers["Location"] == "/back/"
    assert said == ["Done: publish the agenda."]
    assert state(meeting) == "published"


def test_without_the_reason_it_asks_again_and_keeps_what_was_typed(ask, meeting):
    response, _ = ask("post", "cancel-the-meeting", note="   ")
    assert response.status_code == 422
    assert "Enter the reason." in response.content.decode()

    response, _ = ask("post", "cancel-the-meeting", note="81\0")
    assert response.status_code == 422
    assert "holds a character that cannot be kept" in response.content.decode()
    assert state(meeting) == "planned"

    ask("post", "cancel-the-meeting", note="Snow")
    assert state(meeting) == "cancelled"
    assert meeting.state_reason == "Snow"


def test_what_the_record_lacks_is_said(ask, meeting):
    meeting.items.all().delete()

    response, _ = ask("post", "publish-the-agenda")

    assert response.status_code == 422
    assert "There is nothing on the agenda yet" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stale_page_gets_a_sentence(ask, meeting, method):
    ask("post", "publish-the-agenda")
    events = AuditEvent.objects.filter(refused=False).count()

    response, said = ask(method, "publish-the-agenda")

    assert response.headers["Location"] == "/back/"
    assert said == ["Nothing was changed: this is already agenda published."]
    assert AuditEvent.objects.filter(refused=False).count() == events


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_verb_that_is_none_and_one_that_is_not_ones_own(ask, world, meeting, method):
    with pytest.raises(Http404):
        ask(method, "burn-the-minutes")
    with pytest.raises(PermissionDenied):
        ask(method, "publish-the-agenda", world.chair)
    assert state(meeting) == "planned"


def test_the_buttons_are_those_open_to_this_person_now(world, meeting):
    found = acts(MEETING, world.secretary, meeting, "act")

    assert [(row.verb, url) for row, url in found] == [
        ("publish the agenda", f"/act/{meeting.ref}/publish-the-agenda/"),
        ("cancel the meeting", f"/act/{meeting.ref}/cancel-the-meeting/"),
        ("postpone the meeting", f"/act/{meeting.ref}/postpone-the-meeting/"),
    ]
    assert acts(MEETING, world.chair, meeting, "act") == []


def test_what_takes_words_or_warns_is_a_link_and_the_rest_a_button(world):
    meeting = make_meeting(world.board, starts_at=timezone.now())
    make_item(meeting)
    meeting = perform(MEETING[0], meeting, by=world.secretary)
    html = render_to_string(
        "components/acts.html", {"acts": acts(MEETING, world.secretary, meeting, "act")}
    )

    assert html.count('<form method="post"') == 1
    assert f'action="/act/{meeting.ref}/start-the-meeting/"' in html
    assert f'href="/act/{meeting.ref}/cancel-the-meeting/"' in html
    sign = MINUTES[-1]
    assert sign.note == "optional"
    html = render_to_string("components/acts.html", {"acts": [(sign, "/sign/")]})
    assert 'href="/sign/"' in html
    assert render_to_string("components/acts.html", {"acts": []}).strip() == ""


def test_what_leads_on_stands_out_where_it_comes_first(world, meeting):
    def standing_out(found):
        html = render_to_string("components/acts.html", {"acts": found})
        return [
            words
            for kind, words in re.findall(r'class="govuk-button(|\s[^"]*)"[^>]*>([^<]*)<', html)
            if "secondary" not in kind
        ]

    assert standing_out(acts(MEETING, world.secretary, meeting, "act")) == ["Publish the agenda"]
    meeting = perform(MEETING[0], meeting, by=world.secretary)
    assert standing_out(acts(MEETING, world.secretary, meeting, "act")) == ["Start the meeting"]
    recall = next(row for row in MINUTES if row.verb == "recall the minutes")
    assert standing_out([(recall, "/recall/")]) == []
