"""The three users, each doing their main job once, through the pages alone. Every page on the way
is checked: its heading, axe, and that nothing runs sideways at 320 pixels."""

import datetime
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from board.mail import IN_HAND
from board.workflow import perform
from meetings.models import Action, Decision, Meeting, Note
from priorities.models import EmergingThreat, Round
from priorities.transitions import PART_CLEARANCE
from reports.models import CommitteeReport
from reports.reading import word_lines
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
        self.page, self.url, self.complaints = context.new_page(), url, []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.goto("/accounts/login/", "Sign in")
        self.page.fill("[name=login]", person.email)
        self.page.fill("[name=password]", "correct horse battery")
        self.press("Sign in")
        self.check("My quarter")

    def hear(self, said):
        """Keep what the console complains of, but that the page itself was refused (422)."""
        if said.type == "error" and said.location["url"] != self.page.url:
            self.complaints.append(said.text)

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

    def says(self, *texts):
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def check(self, heading, *says):
        """Every page on the way: the heading and words it has, and what is asked of all."""
        assert heading
        expect(self.page.get_by_role("heading", level=1).first).to_contain_text(heading)
        self.says(*says)
        results = Axe().run(self.page, options=AXE)
        assert results.violations_count == 0, f"{heading}: {results.generate_report()}"
        self.page.set_viewport_size({"width": 320, "height": 800})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{heading} is {wide} pixels wide"
        self.page.set_viewport_size({"width": 1280, "height": 900})
        assert self.complaints == [], heading


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
    visit.follow("Write your return on modern slavery", "Your return")

    visit.press("Submit all")
    expect(visit.page.get_by_role("alert")).to_contain_text("Say what your emerging priorities are")
    visit.check("Your return")
    links = visit.page.locator(".govuk-error-summary a")
    assert links.count() == 6  # the two questions; two of each priority
    for index in range(links.count()):
        target = links.nth(index).get_attribute("href")
        links.nth(index).click()
        focused = visit.page.locator(":focus")
        assert f"#{focused.get_attribute('id')}" == target
        assert focused.evaluate("e => e.matches('textarea, select, input:not([type=hidden])')")
    visit.fill(emerging_priorities="Short lets.", new_information="A named inbox.")
    answer(visit, slavery)
    visit.press("Save draft")
    visit.check("Your return", "Saved as a draft.")
    slavery.refresh_from_db()
    assert (slavery.state, slavery.did) == ("draft", "Visited nine hotels with the council.")

    visit.press("Submit modern slavery alone")
    visit.check("Your return", "Submitted: Modern slavery.")
    slavery.refresh_from_db()
    drugs.refresh_from_db()
    assert (slavery.state, drugs.state) == ("submitted", "draft")

    answer(visit, drugs)
    visit.page.select_option(f"[name='{drugs.priority.slug}-clear_for']", "public")
    visit.press("Submit illicit drugs")
    visit.check(world.police.name, "Submitted: the whole return.", "Cleared for: ")
    drugs.refresh_from_db()
    assert (drugs.state, drugs.clearance, drugs.cleared_for) == ("submitted", "cleared", "public")

    clearing = visit.page.locator(f"#priority-{world.slavery.slug}")
    expect(clearing).to_contain_text("Text not cleared.")
    clearing.get_by_role("button", name="Clear for the public").click()
    expect(clearing).to_contain_text("Cleared for: ")
    visit.check(world.police.name)
    slavery.refresh_from_db()
    assert slavery.words_for("public") == "Nine hotels were visited."

    visit.goto("/priorities/threats/new/", "Raise")
    visit.fill(title="Riders for two trades", description="Deliveries that carry more than food.")
    visit.press("Raise it")
    visit.check("Riders for two trades")
    assert EmergingThreat.objects.get().agency == world.police
    visit.goto("/priorities/threats/", "Emerging threats")
    visit.says("Riders for two trades")
    visit.goto(f"/priorities/rounds/{round.ref}/", "Returns")
    visit.goto("/", "My quarter")
    expect(visit.page.get_by_text("Write your return")).to_have_count(0)


def test_a_secretary_runs_round_and_meeting(world, walk, tmp_path):
    round = make.make_round(world.board)
    visit = walk(world.secretary)
    visit.goto(f"/priorities/rounds/{round.ref}/open-the-round/", "Open the round")
    visit.press("Open the round")
    visit.check("Returns", "0 of 3 answered")
    assert Round.objects.get().state == "open"
    slavery = make.submit(make.part_of(round, world.police, world.slavery), world.police_lead)
    drugs = make.submit(make.part_of(round, world.police, world.drugs), world.police_lead)

    visit.goto(f"/priorities/rounds/{round.ref}/", "Returns")
    visit.says("2 of 3 answered")
    visit.goto(f"/priorities/returns/{slavery.agency_return_id}/", world.police.name)
    visit.page.locator("#priority-" + world.slavery.slug).get_by_role(
        "button", name="Receive"
    ).click()
    visit.check(world.police.name, "Received")
    address = f"/priorities/returns/{slavery.agency_return_id}/{world.drugs.slug}/raise-a-query/"
    visit.goto(address, "Raise a query")
    visit.fill(note="Which courier line?")
    visit.press("Raise a query")
    visit.check(world.police.name, "Which courier line?", "Not yet answered.")
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
    visit.check(world.fire.name, "Entered as received.", "letter.txt")
    fire.refresh_from_db()
    assert (fire.state, fire.agency_return.original.name) == ("received", "letter.txt")

    visit.goto("/meetings/new/", "Plan a meeting")
    visit.page.select_option("[name=focus_priority]", label="Modern slavery")
    visit.fill_day("day", timezone.localdate())
    visit.fill(starts="10:00", ends="12:00", venue="Committee Room 2")
    visit.press("Plan it")
    visit.check("Agenda", "The meeting is planned, with its standing items.")
    meeting = Meeting.objects.get()
    kinds = list(meeting.items.values_list("kind", flat=True))
    assert kinds == [
        "apologies", "declarations", "minutes", "matters_arising", "focus", "threats",
        "round_up", "aob", "next_date",
    ]  # fmt: skip
    base = f"/meetings/{meeting.ref}/"
    visit.follow("Go to the meeting", "SOC Board")
    visit.press("Publish the agenda")
    visit.check("Publish the agenda", "Everybody expected is sent the order of business")
    visit.press("Publish the agenda")
    visit.check("SOC Board", "Agenda published")
    visit.follow("Minute it", "SOC Board")
    visit.press("Start the meeting")
    visit.check("SOC Board", "In session since")

    visit.follow("Substitutes, guests", "Attendance")
    here = visit.page.get_by_role("group", name=world.police.name)
    here.get_by_label("Attendance").select_option("present")
    away = visit.page.get_by_role("group", name=world.fire.name)
    away.get_by_label("Attendance").select_option("apologies")
    visit.press("Save attendance")
    visit.check("Attendance", "Attendance is saved.")

    focus = meeting.items.get(kind="focus")
    visit.goto(f"{base}minute/?item={focus.pk}", "SOC Board")
    visit.page.get_by_label("Notes", exact=True).fill("The police spoke of hand car washes.")
    visit.says(re.compile(r"Saved \d\d:\d\d"))
    assert Note.objects.get(item=focus).text == "The police spoke of hand car washes."
    visit.page.get_by_label("Wording").fill("One page of signs will be made.")
    visit.press("Add decision")
    visit.check("SOC Board", "One page of signs will be made.")
    for wording in ("Write the page", "Print the page"):
        visit.page.get_by_label("What is to be done").fill(wording)
        visit.page.get_by_label("Owner").fill("police")
        due = timezone.localdate() + datetime.timedelta(days=30)
        visit.page.get_by_label("Due").fill(f"{due:%-d %B %Y}")
        visit.press("Add action")
        expect(visit.page.locator(".item__done", has_text=wording)).to_be_visible()
        visit.check("SOC Board")
    assert Decision.objects.get().text == "One page of signs will be made."
    assert [action.agency for action in Action.objects.all()] == [world.police] * 2

    visit.goto(f"{base}end-the-meeting/", "End the meeting")
    visit.press("End the meeting")
    visit.check("Minutes", "DRAFT: not yet agreed as a correct record.")
    said = (
        "hand car washes", "one page of signs", "Write the page", "Print the page",
        "Apologies for absence", "Police lead",
    )  # fmt: skip
    visit.says(*said)
    pdf = visit.page.request.get(f"{visit.url}{base}minutes.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    text = " ".join(pdf_text(pdf.body()).split())
    for words in said:
        assert words in text


def test_a_secretary_looks_after_letters_and_what_was_prepared(world, walk):
    """Two letters of which nobody knows, and a responsibility that began in mid-quarter."""
    with transaction.atomic():
        round = make.open_round(world)
        make.answers_for(world.fire, world.drugs, start=timezone.localdate())
        threat = make.make_threat(world.board, world.police, world.police_lead)
        for state in ("discussed", "closed"):
            threat.letters.create(
                state=state, address="lead@example.org", subject=f"Threat 1: {state}", text="-",
                made_at=timezone.now(), handed_at=timezone.now() - IN_HAND,
            )  # fmt: skip
    visit = walk(world.secretary)
    visit.follow("Look after 2 letters", "Reminders and letters")
    visit.page.get_by_label("Threat 1: discussed").check()
    visit.press("It arrived, or I told them")
    visit.check("Reminders and letters", "1 letter arrived, on your word.", "Threat 1: closed")
    visit.page.get_by_label("Threat 1: closed").check()
    visit.press("Send again")
    visit.check("Reminders and letters", "Sent to lead@example.org.")

    visit.goto(round.get_absolute_url(), "Returns")
    visit.follow("Set it aside", "Set a change aside")
    visit.press("Set it aside")
    visit.check("Set a change aside", "Give the reason.")
    visit.fill(reason="Fire answers from January.")
    visit.press("Set it aside")
    visit.check("Returns", "Set aside.", "1 set aside")
    visit.goto("/", "My quarter")
    expect(visit.page.get_by_text("Bring the round up to date")).to_have_count(0)


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
    visit.check("Report to", "No source has changed")
    report = CommitteeReport.objects.get()
    base = f"/reports/{report.ref}/"
    words = visit.page.locator("textarea", has_text="Nine hotels were visited.")
    words.fill("Nine hotels were visited. Two were new to us.")
    visit.page.locator("summary", has_text="Header, summary").click()
    visit.page.locator("textarea[name$='summary']").fill(ASKS)
    visit.press("Save")
    # What is typed is saved first, box by box; then the page is sent.
    expect(visit.page.locator("main .note")).to_contain_text("Saved")
    visit.check("Report to", "Saved")
    report.refresh_from_db()
    assert report.summary == ASKS
    visit.goto(f"{base}preview/", "Report to")
    visit.says("Two were new to us.")
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
    visit.check("Report to", "cleared")
    visit.goto(f"{base}issue-the-report/", "Issue the report")
    visit.press("Issue the report")
    visit.check("Report to", "Issued")
    report.refresh_from_db()
    assert report.state == "issued"
    pdf = visit.page.request.get(f"{visit.url}/reports/{report.ref}.pdf").body()
    issue = report.issues.get()
    assert pdf == bytes(issue.pdf)
    text = " ".join(pdf_text(pdf).split())
    said = (
        "For Information", f"{today:%-d %B %Y}", "Report of: Borough Commander, Fire",
        "Nine hotels were visited. Two were new to us.", "Page 1 of",
    )  # fmt: skip
    for words in said:
        assert words in text
    assert "DRAFT" not in text
    docx = visit.page.request.get(f"{visit.url}/reports/{report.ref}.docx").body()
    assert docx == bytes(issue.docx)
    assert "Two were new to us." in "\n".join(word_lines(docx))


def test_the_return_needs_no_scripts(world, chromium, live_server):
    round = make.open_round(world)
    slavery = make.part_of(round, world.police, world.slavery)
    drugs = make.part_of(round, world.police, world.drugs)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", world.police_lead.email)
    page.fill("[name=password]", "correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Write your return on modern slavery").click()
    page.fill("[name=emerging_priorities]", "Short lets.")
    page.fill("[name=new_information]", "A named inbox.")
    page.fill(f"[name={world.slavery.slug}-did]", "Visited nine hotels.")
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    slavery.refresh_from_db()
    assert (slavery.state, slavery.did) == ("draft", "Visited nine hotels.")
    page.get_by_role("button", name="Nothing to report on Illicit drugs").click()
    expect(page.get_by_text("You say: nothing to report")).to_be_visible()
    page.get_by_role("button", name="Submit illicit drugs alone").click()
    expect(page.get_by_text("Submitted: Illicit drugs.")).to_be_visible()
    slavery.refresh_from_db()
    drugs.refresh_from_db()
    assert (slavery.state, drugs.state, drugs.nothing_to_report) == ("draft", "submitted", True)
    expect(page.locator(f"[name={world.slavery.slug}-did]")).to_have_value("Visited nine hotels.")
    context.close()
