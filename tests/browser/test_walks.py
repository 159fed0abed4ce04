"""The three users, each doing their main job once, through the pages alone. Every page on the way
is checked: its heading, axe, and that nothing runs sideways at 320 pixels."""

import datetime
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from board.workflow import perform
from meetings.models import Action, Decision, Meeting
from priorities.models import EmergingThreat, PriorityReturn, Round
from priorities.transitions import PART_CLEARANCE
from reports.models import CommitteeReport
from tests import builders as make
from tests.reports.papers import pdf_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


ASKS = "The Board heard of nine hotels. Members are asked to consider nominations."


class Walk:
    """A person in a browser of their own, signed in through the form."""

    def __init__(self, context, url, person):
        self.page, self.url = context.new_page(), url
        self.goto("/accounts/login/", "Sign in")
        self.page.fill("[name=login]", person.email)
        self.page.fill("[name=password]", "correct horse battery")
        self.press("Sign in")
        self.check("My quarter")

    def goto(self, path, heading):
        assert self.page.goto(self.url + path).status == 200, path
        self.check(heading)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name, heading):
        self.page.get_by_role("link", name=name).first.click()
        self.check(heading)

    def fill(self, **boxes):
        for name, text in boxes.items():
            self.page.fill(f"[name='{name}']", text)

    def fill_day(self, name, day):
        self.fill(**{
            f"{name}_day": str(day.day), f"{name}_month": str(day.month),
            f"{name}_year": str(day.year),
        })  # fmt: skip

    def choose(self, name, value):
        self.page.check(f"[name='{name}'][value='{value}']")

    def says(self, text):
        expect(self.page.locator("main")).to_contain_text(text)

    def check(self, heading):
        expect(self.page.get_by_role("heading", level=1).first).to_contain_text(heading)
        results = Axe().run(self.page, options=AXE)
        assert results.violations_count == 0, f"{heading}: {results.generate_report()}"
        self.page.set_viewport_size({"width": 320, "height": 800})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{heading} is {wide} pixels wide"
        self.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def world(transactional_db):
    with transaction.atomic():
        return make.make_world()


@pytest.fixture
def walk(chromium, live_server):
    contexts = []

    def starting(person):
        contexts.append(chromium.new_context())
        return Walk(contexts[-1], live_server.url, person)

    yield starting
    for context in contexts:
        context.close()


def answer(visit, part):
    """Fill one priority's part of the form."""
    prefix = part.priority.slug
    box = visit.page.locator(f"[name='{prefix}-did']")
    box.fill("Visited nine hotels with the council.")
    visit.fill(**{
        f"{prefix}-emerging": "Labour supplied to night cleaning.",
        f"{prefix}-report_text": "Nine hotels were visited.",
    })  # fmt: skip
    visit.choose(f"{prefix}-confidence", "fair")
    visit.choose(f"{prefix}-direction", "steady")


def test_a_partner_answers_for_the_quarter(world, walk):
    round = make.open_round(world)
    slavery = make.part_of(round, world.police, world.slavery)
    drugs = make.part_of(round, world.police, world.drugs)
    visit = walk(world.police_lead)
    visit.says("Write your return on modern slavery")
    visit.goto(f"/priorities/returns/{slavery.agency_return_id}/edit/", "Your return")

    visit.press("Submit all")
    expect(visit.page.get_by_role("alert")).to_contain_text("Say what your emerging priorities are")
    visit.check("Your return")
    visit.fill(emerging_priorities="Short lets.", new_information="A named inbox.")
    answer(visit, slavery)
    visit.press("Save draft")
    visit.says("Saved as a draft.")
    slavery.refresh_from_db()
    assert (slavery.state, slavery.did) == ("draft", "Visited nine hotels with the council.")

    visit.press("Submit modern slavery alone")
    slavery.refresh_from_db()
    drugs.refresh_from_db()
    assert (slavery.state, drugs.state) == ("submitted", "draft")

    answer(visit, drugs)
    visit.page.select_option(f"[name='{drugs.priority.slug}-clear_for']", "public")
    visit.press("Submit illicit drugs")
    drugs.refresh_from_db()
    assert (drugs.state, drugs.clearance, drugs.cleared_for) == ("submitted", "cleared", "public")

    visit.goto(f"/priorities/returns/{slavery.agency_return_id}/", world.police.name)
    visit.press("Clear for the public")
    slavery.refresh_from_db()
    assert slavery.words_for("public") == "Nine hotels were visited."

    visit.goto("/priorities/threats/new/", "Raise")
    visit.fill(title="Riders for two trades", description="Deliveries that carry more than food.")
    visit.press("Raise it")
    visit.check("Riders for two trades")
    assert EmergingThreat.objects.get().agency == world.police


def test_a_secretary_runs_round_and_meeting(world, walk, tmp_path):
    round = make.make_round(world.board)
    visit = walk(world.secretary)
    visit.goto(f"/priorities/rounds/{round.ref}/open-the-round/", "Open the round")
    visit.press("Open the round")
    assert Round.objects.get().state == "open"
    slavery = make.submit(make.part_of(round, world.police, world.slavery), world.police_lead)
    drugs = make.submit(make.part_of(round, world.police, world.drugs), world.police_lead)

    visit.goto(f"/priorities/rounds/{round.ref}/", "Returns")
    visit.says("2 of 3 answered")
    visit.goto(f"/priorities/returns/{slavery.agency_return_id}/", world.police.name)
    visit.page.locator("#priority-" + world.slavery.slug).get_by_role(
        "button", name="Receive"
    ).first.click()
    address = f"/priorities/returns/{slavery.agency_return_id}/{world.drugs.slug}/raise-a-query/"
    visit.goto(address, "Raise a query")
    visit.fill(note="Which courier line?")
    visit.press("Raise a query")
    slavery.refresh_from_db()
    drugs.refresh_from_db()
    assert (slavery.state, drugs.state) == ("received", "draft")

    fire = make.part_of(round, world.fire, world.slavery)
    letter = tmp_path / "letter.txt"
    letter.write_text("We trained two watches.")
    visit.goto(f"/priorities/returns/{fire.agency_return_id}/enter/", "Enter a return")
    visit.fill(sender="Station office", emerging_priorities="None new.", new_information="A log.")
    visit.fill_day("sent_on", timezone.localdate())
    visit.page.set_input_files("[name=original]", letter)
    answer(visit, fire)
    visit.press("Enter as received")
    fire.refresh_from_db()
    assert (fire.state, fire.agency_return.original.name) == ("received", "letter.txt")

    visit.goto("/meetings/new/", "Plan a meeting")
    visit.page.select_option("[name=focus_priority]", label="Modern slavery")
    visit.fill_day("day", timezone.localdate())
    visit.fill(starts="10:00", ends="12:00", venue="Committee Room 2")
    visit.press("Plan it")
    meeting = Meeting.objects.get()
    kinds = list(meeting.items.values_list("kind", flat=True))
    assert kinds == [
        "apologies", "declarations", "minutes", "matters_arising", "focus", "threats",
        "round_up", "aob", "next_date",
    ]  # fmt: skip
    base = f"/meetings/{meeting.ref}/"
    visit.goto(f"{base}agenda/", "Agenda")
    visit.goto(base, "SOC Board")
    visit.press("Publish the agenda")
    visit.goto(f"{base}attendance/", "")
    visit.goto(f"{base}minute/", "SOC Board")
    visit.press("Start the meeting")

    focus = meeting.items.get(kind="focus")
    visit.goto(f"{base}minute/?item={focus.pk}", "SOC Board")
    visit.page.get_by_label("Notes", exact=True).fill("The police spoke of hand car washes.")
    expect(visit.page.locator("main")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    visit.page.get_by_label("Wording").fill("One page of signs will be made.")
    visit.press("Add decision")
    for wording in ("Write the page", "Print the page"):
        visit.page.get_by_label("What is to be done").fill(wording)
        visit.page.get_by_label("Owner").select_option(label=world.police.name)
        due = timezone.localdate() + datetime.timedelta(days=30)
        visit.page.get_by_label("Due").fill(f"{due:%-d %B %Y}")
        visit.press("Add action")
        visit.check("SOC Board")
    assert Decision.objects.get().text == "One page of signs will be made."
    assert Action.objects.count() == 2

    visit.goto(f"{base}end-the-meeting/", "End the meeting")
    visit.press("End the meeting")
    visit.goto(f"{base}minutes/", "Minutes")
    visit.says("hand car washes")
    pdf = visit.page.request.get(f"{visit.url}{base}minutes.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    text = " ".join(pdf_text(pdf.body()).split())
    for said in ("hand car washes", "one page of signs", "Write the page", "Print the page"):
        assert said in text


def test_a_chair_issues_the_report(world, walk):
    with transaction.atomic():
        round = make.open_round(world)
        part = make.submit(make.part_of(round, world.police, world.slavery), world.police_lead)
        part = perform(PART_CLEARANCE[2], part, by=world.police_lead)
        make.receive(part, world.secretary)
    visit = walk(world.chair)
    visit.goto("/reports/", "Reports")
    today = timezone.localdate()
    visit.fill_day("committee_date", today)
    visit.fill_day("period_from", round.quarter_start)
    visit.fill_day("period_to", round.quarter_end)
    visit.fill(subject="Update of the Board", report_of="Borough Commander, Fire")
    visit.press("Draft from the record")
    report = CommitteeReport.objects.get()
    base = f"/reports/{report.ref}/"
    visit.goto(base, "Report to")
    visit.goto(f"{base}edit/", "")
    visit.says("Nine hotels were visited.")
    visit.page.locator("summary", has_text="Header, summary").click()
    visit.page.locator("textarea[name$='summary']").fill(ASKS)
    visit.press("Save")
    report.refresh_from_db()
    assert report.summary == ASKS
    visit.goto(f"{base}preview/", "")
    visit.goto(f"{base}checks/", "Report to")
    visit.says("Members are asked to consider nominations.")
    accept = visit.page.locator("form:has(button[value^='accept:'])")
    while accept.count():
        accept.first.get_by_label("Reason").fill("Agreed with the clerk.")
        accept.first.get_by_role("button").click()
        visit.check("Report to")
    assert report.acceptances.get().reason == "Agreed with the clerk."
    visit.goto(f"{base}clear-the-report/", "Clear the report")
    visit.press("Clear the report")
    visit.goto(f"{base}issue-the-report/", "Issue the report")
    visit.press("Issue the report")
    report.refresh_from_db()
    assert report.state == "issued"
    visit.goto(base, "Report to")
    pdf = visit.page.request.get(f"{visit.url}/reports/{report.ref}.pdf").body()
    issue = report.issues.get()
    assert pdf == bytes(issue.pdf)
    text = " ".join(pdf_text(pdf).split())
    for said in ("For Information", f"{today:%-d %B %Y}", "Nine hotels were visited.", "Page 1 of"):
        assert said in text
    docx = visit.page.request.get(f"{visit.url}/reports/{report.ref}.docx").body()
    assert docx == bytes(issue.docx)


def test_the_return_needs_no_scripts(world, chromium, live_server):
    part = make.part_of(make.open_round(world), world.fire, world.slavery)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", world.fire_lead.email)
    page.fill("[name=password]", "correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_server.url}/priorities/returns/{part.agency_return_id}/edit/")
    page.fill("[name=emerging_priorities]", "Short lets.")
    page.fill("[name=new_information]", "A named inbox.")
    page.get_by_role("button", name="Nothing to report").click()
    page.get_by_role("button", name="Submit modern slavery").click()
    part = PriorityReturn.objects.get(pk=part.pk)
    assert (part.state, part.nothing_to_report) == ("submitted", True)
    context.close()
