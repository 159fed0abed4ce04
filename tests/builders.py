"""Plain builders. Each makes one valid thing with fixed defaults; states are reached by walking
the real transitions, so no test holds a record that the application could not make."""

import datetime
import io
import itertools
import zoneinfo
from types import SimpleNamespace

import pikepdf
from django.utils import timezone

from board.models import Agency, AgencyMember, Appointment, Board, Seat, User
from board.workflow import perform
from meetings import papers
from meetings.models import Action, AgendaItem, Attendance, Decision, Meeting, Note, Paper
from meetings.models.actions import next_reference
from priorities.models import (
    AgencyReturn,
    EmergingThreat,
    Learning,
    Priority,
    PriorityReturn,
    Responsibility,
    Round,
    quarter_of,
)
from priorities.transitions import OPEN_ROUND, RECEIVE_PART, SUBMIT_PART
from reports.models import CommitteeReport, Section

LONDON = zoneinfo.ZoneInfo("Europe/London")
number = itertools.count(1)


def london(year, month, day, hour=10, minute=0):
    return datetime.datetime(year, month, day, hour, minute, tzinfo=LONDON)


def days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


def make_user(email=None, **fields):
    email = email or f"person{next(number)}@example.org"
    fields.setdefault("name", email.split("@")[0].replace(".", " ").title())
    return User.objects.create_user(email, "correct horse battery", **fields)


def make_agency(name=None, **fields):
    name = name or f"Agency {next(number)}"
    fields.setdefault("slug", name.lower().replace(" ", "-"))
    fields.setdefault("kind", Agency.Kind.OTHER)
    return Agency.objects.create(name=name, **fields)


def make_board(name="SOC Board", *, parent=None, **fields):
    if parent is None:
        parent = Board.objects.create(
            name=f"Parent of {name}",
            slug=f"parent-of-{name.lower().replace(' ', '-')}",
            kind=Board.Kind.PARENT,
        )
    fields.setdefault("slug", name.lower().replace(" ", "-"))
    fields.setdefault("kind", Board.Kind.BOARD)
    return Board.objects.create(name=name, reports_to=parent, **fields)


def seat(board, agency, **fields):
    fields.setdefault("start", days_ago(1000))
    return Seat.objects.create(board=board, agency=agency, **fields)


def appoint(person, board, role, **fields):
    fields.setdefault("start", days_ago(1000))
    return Appointment.objects.create(person=person, board=board, role=role, **fields)


def join(person, agency, role="lead", **fields):
    fields.setdefault("start", days_ago(1000))
    return AgencyMember.objects.create(person=person, agency=agency, role=role, **fields)


def make_priority(board, name="Modern slavery", *, lead, adopted=True, **fields):
    fields.setdefault("slug", f"{name.lower().replace(' ', '-')}-{board.pk}")
    fields.setdefault("statement", f"The Board works against {name.lower()}.")
    if adopted:
        fields.setdefault("state", Priority.State.ADOPTED)
        fields.setdefault("adopted_on", days_ago(1000))
    return Priority.objects.create(board=board, name=name, lead_agency=lead, **fields)


def answers_for(agency, priority, role="contributing", **fields):
    fields.setdefault("start", days_ago(1000))
    return Responsibility.objects.create(agency=agency, priority=priority, role=role, **fields)


def make_world(name="SOC Board"):
    """A board with its people: secretary, chair (of fire), two agencies with a lead each, a
    contributor, an observer, a plain member, a former member and an outsider of another board."""
    board = make_board(name)
    tag = board.slug
    police = make_agency(f"Police of {tag}", kind=Agency.Kind.POLICE, short_name="Police")
    fire = make_agency(f"Fire of {tag}", kind=Agency.Kind.FIRE, short_name="Fire")

    def person(role, **fields):
        return make_user(f"{role}@{tag}.example.org", name=role.replace("-", " ").capitalize())

    world = SimpleNamespace(
        board=board,
        parent=board.reports_to,
        police=police,
        fire=fire,
        police_seat=seat(board, police),
        fire_seat=seat(board, fire),
        secretary=person("secretary"),
        chair=person("chair"),
        police_lead=person("police-lead"),
        police_contributor=person("police-contributor"),
        fire_lead=person("fire-lead"),
        member=person("plain-member"),
        observer=person("observer"),
        former=person("former-member"),
        outsider=person("outsider"),
    )
    appoint(world.secretary, board, "secretary")
    appoint(world.chair, board, "chair", seat=world.fire_seat)
    appoint(world.police_lead, board, "member", seat=world.police_seat)
    appoint(world.fire_lead, board, "member", seat=world.fire_seat)
    appoint(world.member, board, "member")
    appoint(world.observer, board, "observer")
    appoint(world.former, board, "member", end=days_ago(1))
    join(world.police_lead, police)
    join(world.police_contributor, police, "contributor")
    join(world.fire_lead, fire)
    world.slavery = make_priority(board, "Modern slavery", lead=police)
    world.drugs = make_priority(board, "Illicit drugs", lead=police, order=1)
    answers_for(police, world.slavery, "lead")
    answers_for(police, world.drugs, "lead")
    answers_for(fire, world.slavery)
    return world


ROLES = (
    "secretary",
    "chair",
    "police_lead",
    "police_contributor",
    "fire_lead",
    "member",
    "observer",
    "former",
    "outsider",
)


def make_round(board, *, day=None, due=None, **fields):
    """A planned round for the quarter of `day` (today when none), due in a week."""
    day = day or timezone.localdate()
    first, last = quarter_of(day, board.quarter_start_month)
    return Round.objects.create(
        board=board,
        ref=fields.pop("ref", f"{board.slug}-{first}"),
        quarter_start=first,
        quarter_end=last,
        due=due or timezone.localdate() + datetime.timedelta(days=7),
        **fields,
    )


def open_round(world, **fields):
    return perform(OPEN_ROUND, make_round(world.board, **fields), by=world.secretary)


def fill(part):
    """Write a part, and the Board's two questions, so that they can be submitted."""
    agency_return = part.agency_return
    agency_return.emerging_priorities = "Short lets used for a week at a time."
    agency_return.new_information = "A named inbox, read each Monday."
    agency_return.save()
    part.did = "Visited nine hotels with the council."
    part.emerging = "Labour supplied to night cleaning."
    part.confidence, part.direction = "fair", "steady"
    part.report_text = "Nine hotels were visited."
    part.save()
    return part


def part_of(round, agency, priority):
    return PriorityReturn.objects.get(
        agency_return__round=round, agency_return__agency=agency, priority=priority
    )


def submit(part, by):
    return perform(SUBMIT_PART, fill(part), by=by)


def receive(part, by):
    return perform(RECEIVE_PART, part, by=by)


def make_threat(board, agency, by, **fields):
    fields.setdefault("title", "Counterfeit goods by post")
    fields.setdefault("description", "Parcels sent on through small shops.")
    fields.setdefault("raised_at", timezone.now())
    return EmergingThreat.objects.create(board=board, agency=agency, raised_by=by, **fields)


def make_learning(board, **fields):
    fields.setdefault("kind", Learning.Kind.CONFERENCE)
    fields.setdefault("title", "A day on partnership")
    fields.setdefault("day", days_ago(30))
    return Learning.objects.create(board=board, **fields)


def make_meeting(board, *, starts_at=None, **fields):
    starts_at = starts_at or timezone.now() + datetime.timedelta(days=14)
    fields.setdefault("ends_at", starts_at + datetime.timedelta(hours=2))
    fields.setdefault("ref", f"{board.slug}-{starts_at:%Y-%m-%d}-{next(number)}")
    return Meeting.objects.create(board=board, starts_at=starts_at, **fields)


def make_item(meeting, number=1, title="Modern slavery", **fields):
    return AgendaItem.objects.create(meeting=meeting, number=number, title=title, **fields)


def make_note(item, text="Members heard the police.", **fields):
    return Note.objects.create(item=item, text=text, **fields)


def make_decision(item, text="One page of signs will be made.", **fields):
    return Decision.objects.create(item=item, text=text, **fields)


def make_action(board, *, agency=None, **fields):
    agreed_on = fields.pop("agreed_on", timezone.localdate())
    due = fields.pop("due", agreed_on + datetime.timedelta(days=30))
    wording = fields.pop("wording", "Write the page of signs")
    return Action.objects.create(
        board=board,
        reference=next_reference(board, agreed_on.year),
        original_wording=wording,
        wording=wording,
        agency=agency,
        board_owns=agency is None,
        agreed_on=agreed_on,
        original_due=due,
        due=due,
        **fields,
    )


def attend(meeting, person=None, status=Attendance.Status.PRESENT, **fields):
    return Attendance.objects.create(meeting=meeting, person=person, status=status, **fields)


def a_pdf(*pages):
    """A PDF with a page for each text, as a stranger's program would write it."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for text in pages or ("A paper",):
        page = document.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        words = f"BT /F1 14 Tf 70 700 Td ({text}) Tj ET".encode()
        page.obj.Contents = document.make_stream(words)
    document.save(content := io.BytesIO())
    return content.getvalue()


def make_paper(item, title="The plan", *, by, pages=1, at=None, kind="pdf", **fields):
    """A paper of so many pages, whose words are its title; none (pages=0): it is to follow."""
    upload = None
    if kind != "pdf":
        upload = papers.Upload(kind, b"PK", 0)
    elif pages:
        upload = papers.Upload("pdf", a_pdf(*[title] * pages), pages)
    paper = Paper(item=item, title=title, **fields)
    return papers.add(paper, upload, by=by, at=at or timezone.now())


def returns_of(round, agency):
    return AgencyReturn.objects.get(round=round, agency=agency)


def make_report(world, name, audience="parent"):
    """A draft to the parent committee, of one paragraph."""
    report = CommitteeReport.objects.create(
        board=world.board,
        to_board=world.parent,
        ref=f"parent-{name}",
        committee_date=timezone.localdate(),
        subject="Update",
        report_of="Chair, Fire",
        audience=audience,
        summary="The Board met.",
        drafted_at=timezone.now(),
        drafted_by=world.secretary,
    )
    section = Section.objects.create(report=report, order=1, heading="Background")
    section.paragraphs.create(order=1, text="The Board met once.")
    return report
