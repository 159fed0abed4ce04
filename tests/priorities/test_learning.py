"""What was learnt: who follows it up, and that it becomes an action or a paragraph."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from board.workflow import perform
from meetings.models import Action
from meetings.transitions import PUBLISH, START
from priorities.models import Learning
from priorities.queries import waiting
from priorities.transitions import LEARNING_CLEARANCE
from reports.drafting import draft_report
from reports.models import ParagraphSource
from tests import builders as make
from tests.meetings.rooms import again, planned

CLEAR = LEARNING_CLEARANCE[2]


@pytest.fixture
def learning(world):
    record = make.make_learning(
        world.board,
        meaning="Give each hotel one page of signs.",
        report_text="Members learnt how others work.",
        follow_up_agency=world.police,
        follow_up_by=make.days_ago(-7),
    )
    record.priorities.add(world.slavery)
    return record


def follow_ups(person):
    return [row for row in waiting(person) if "Follow up" in row.act]


def test_it_waits_for_its_agency_until_it_is_said_what_came_of_it(client, world, learning):
    elsewhere = make.make_world("other-board")
    make.make_learning(
        elsewhere.board, follow_up_agency=world.police, follow_up_by=make.days_ago(-7)
    )
    assert len(follow_ups(world.police_lead)) == 1
    for person in (world.police_lead, world.member, world.fire_lead):
        assert bool(follow_ups(person)) is (person == world.police_lead)
    # A contributor without a place on the board cannot read it, and is told nothing of it.
    assert follow_ups(world.police_contributor) == []
    client.force_login(world.police_lead)
    assert "Follow up what was learnt: A day on partnership" in client.get("/").content.decode()
    address = reverse("priorities:learning_follow_up", args=[learning.pk])
    page = client.get(learning.get_absolute_url()).content.decode()
    assert f"Police follows it up by {learning.follow_up_by:%-d %B %Y}" in page
    form = client.get(address).context["form"]
    data = {"version": form["version"].value(), "seen": form["seen"].value()}
    assert client.post(address, data | {"followed_up": "The page is out."}).status_code == 302
    assert follow_ups(world.police_lead) == []
    assert "The page is out." in client.get(learning.get_absolute_url()).content.decode()
    listed = client.get(reverse("priorities:learning_list")).content.decode()
    assert 'Police<span class="sub">Followed up' in listed


def test_it_waits_for_a_person_from_two_weeks_before_and_says_how_late_it_is(world, learning):
    learning.follow_up_agency, learning.follow_up_person = None, world.member
    learning.follow_up_by = day = datetime.date(2027, 3, 28)
    learning.save()
    for at, late in (
        (make.london(2027, 3, 13), None),
        (make.london(2027, 3, 14), 0),
        (make.london(2027, 3, 28, 23), 0),  # the clocks have gone forward by then
        (make.london(2027, 3, 29, 0), 1),
    ):
        found = [row.late for row in waiting(world.member, at) if row.due == day]
        assert found == ([] if late is None else [late]), at


@pytest.mark.parametrize(
    ("named", "dated", "sentence"),
    [
        (True, False, "Give the day by which it is followed up."),
        (False, True, "Say who follows it up: an agency, or a person."),
    ],
)
def test_who_and_when_go_together(client, world, learning, named, dated, sentence):
    client.force_login(world.secretary)
    address = reverse("priorities:learning_edit", args=[learning.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() or "" for name in ("version", "seen", "kind", "title")} | {
        "day_day": "1", "day_month": "2", "day_year": "2027",
        "links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0",
        "follow_up_person": world.member.pk if named else "",
        "follow_up_by_day": "1" if dated else "",
        "follow_up_by_month": "3" if dated else "",
        "follow_up_by_year": "2027" if dated else "",
    }  # fmt: skip
    response = client.post(address, data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Learning.objects.filter(pk=learning.pk).update(
            follow_up_agency=None, follow_up_by=timezone.localdate()
        )


def test_a_meeting_makes_an_action_of_it_in_two_presses(client, world, learning):
    meeting = planned(world)
    client.force_login(world.secretary)
    put = reverse("meetings:learning_put", args=[learning.pk])
    for sentence in ("It is item", "on the agenda of"):
        assert sentence in client.post(put, follow=True).content.decode()
    item = meeting.items.get(learning=learning)
    assert (item.title, item.priority, item.kind) == (
        "Learning: A day on partnership", world.slavery, "other",
    )  # fmt: skip
    for act in (PUBLISH, START):
        meeting = perform(act, again(meeting), by=world.secretary)
    address = f"{reverse('meetings:minute', args=[meeting.ref])}?item={item.pk}"
    form = client.get(address).context["action_form"]
    words = {name: form[name].value() for name in ("wording", "owner", "due")}
    assert words == {
        "wording": "Give each hotel one page of signs.",
        "owner": str(world.police),
        "due": f"{learning.follow_up_by:%-d %B %Y}",
    }
    data = {f"action-{name}": value for name, value in words.items()}
    client.post(reverse("meetings:action_add", args=[meeting.ref, item.pk]), data)
    action = Action.objects.get(learning=learning)
    assert (action.agency, action.due) == (world.police, learning.follow_up_by)
    assert action.wording == "Give each hotel one page of signs."
    assert not client.get(address).context["action_form"]["wording"].value()
    learning.refresh_from_db()
    assert learning.followed_up == f"It became action {action.reference}."
    assert follow_ups(world.police_lead) == []
    page = client.get(learning.get_absolute_url()).content.decode()
    assert f">{action.reference}</a>: Give each hotel one page of signs." in page


def test_it_goes_into_a_draft_report_once_and_only_cleared(client, world, learning):
    today = timezone.localdate()
    report = draft_report(
        world.board, world.parent, committee_date=today, period_from=make.days_ago(3),
        period_to=today, by=world.secretary,
    )  # fmt: skip
    client.force_login(world.secretary)
    take = reverse("reports:take_learning", args=[report.ref, learning.pk])
    assert take in client.get(learning.get_absolute_url()).content.decode()
    page = client.post(take, follow=True).content.decode()
    assert "its text is not cleared for the public" in page
    perform(CLEAR, learning, by=world.secretary)
    for sentence in ("at the end. Move it where it belongs.", "this report has it already"):
        assert sentence in client.post(take, follow=True).content.decode()
    source = ParagraphSource.objects.get(learning=learning)
    assert "Members learnt how others work." in source.paragraph.text
    page = client.get(learning.get_absolute_url()).content.decode()
    assert f"/reports/{report.ref}/" in page
    assert take not in page
    edit = client.get(reverse("reports:edit", args=[report.ref])).content.decode()
    assert "Learning: A day on partnership" in edit


@pytest.mark.parametrize("number", [1, 4])
def test_queries_are_as_many_for_one_as_for_four(
    client, world, learning, number, django_assert_num_queries
):
    for _ in range(number - 1):
        more = make.make_learning(
            world.board, follow_up_agency=world.police, follow_up_by=make.days_ago(-7)
        )
        more.priorities.add(world.drugs)
    client.force_login(world.member)
    client.get(reverse("priorities:learning_list"))
    with django_assert_num_queries(7):
        client.get(reverse("priorities:learning_list"))


def test_a_link_is_dead_only_when_somebody_says_so(client, world, learning):
    """Nothing is fetched, so nothing else could tell."""
    for name in ("guide", "film"):
        learning.links.create(label=f"The {name}", address=f"https://example.org/{name}")
    client.force_login(world.secretary)
    page = client.get(learning.get_absolute_url()).content.decode()
    assert 'href="https://example.org/guide"' in page
    assert "leads nowhere" not in page
    address = reverse("priorities:learning_edit", args=[learning.pk])
    context = client.get(address).context
    data = {
        field.html_name: field.value()
        for form in (context["form"], context["formset"].management_form, *context["formset"])
        for field in form
        if field.value() not in (None, "", False) and not isinstance(field.value(), datetime.date)
    }
    for name in ("day", "follow_up_by"):
        day = getattr(learning, name)
        data |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    assert client.post(address, data | {"links-0-dead": "on"}).status_code == 302
    page = client.get(learning.get_absolute_url()).content.decode()
    assert 'href="https://example.org/guide"' not in page
    assert "https://example.org/guide · leads nowhere any more" in page
    assert 'href="https://example.org/film"' in page
