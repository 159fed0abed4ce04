"""A quarter that was cleared for the public, and one marker word in every text that was not."""

import copy
import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction

from board.models import Appointment, Nomination, TermsOfReference
from board.workflow import perform
from meetings.models import Note, Part
from meetings.transitions import DECISION_CLEARANCE, NOTE_CLEARANCE
from priorities.models import Learning, NationalThreat, PriorityReturn
from priorities.transitions import (
    LEARNING_CLEARANCE,
    OPEN_ROUND,
    PART_CLEARANCE,
    RECEIVE_PART,
    SUBMIT_PART,
    THREAT_CLEARANCE,
)
from tests.builders import (
    london,
    make_action,
    make_decision,
    make_item,
    make_learning,
    make_meeting,
    make_note,
    make_round,
    make_threat,
    make_world,
    part_of,
)

FOLDER = Path(__file__).parent
FROM, TO, COMMITTEE = (
    datetime.date(2018, 7, 1),
    datetime.date(2018, 9, 27),
    datetime.date(2018, 9, 27),
)
PUBLIC = 2  # the third row of a table of clearances


def hold(meeting, by):
    """A meeting that was held, without its minutes."""
    meeting.state = "ended"
    meeting.ended_at, meeting.ended_by = meeting.ends_at, by
    meeting.save()
    return meeting


def clear(rows, record, by, audience=PUBLIC):
    return perform(rows[audience], record, by=by)


def make_quarter(world):
    """July to September 2018 of a board: one meeting, a round, learning, a threat, a chair who
    leaves. `world` is that of tests.builders.make_world; what was made comes back by name."""
    board, secretary = world.board, world.secretary
    for agency in world.board.seats.all():
        agency.start = datetime.date(2016, 1, 1)
        agency.save()
    Appointment.objects.update(start=datetime.date(2016, 1, 1))
    for priority in (world.slavery, world.drugs):
        priority.adopted_on = datetime.date(2018, 1, 1)
        priority.save()
        priority.responsibilities.update(start=datetime.date(2018, 1, 1))
    board.established, board.aim = datetime.date(2016, 4, 1), "To bring every power to bear."
    board.office_email, board.office_phone = "soc-board@example.org", "020 7946 0123"
    board.save()
    made = SimpleNamespace(world=world)
    made.terms = TermsOfReference.objects.create(
        board=board, version=2, text="TERMSTEXT", agreed_on=datetime.date(2018, 7, 3)
    )
    for name in ("Drugs", "Fraud"):
        NationalThreat.objects.get_or_create(
            name=name,
            source="Home Office list",
            valid_from=datetime.date(2013, 1, 1),
            defaults={"monitored_by": world.police},
        )
    made.meeting = hold(make_meeting(board, starts_at=london(2018, 9, 19)), secretary)
    made.item = make_item(made.meeting, 1, working_notes="WORKINGNOTE", title="ITEMTITLE")
    made.note = make_note(made.item, "Members heard CLEAREDNOTE from the police.")
    made.decision = make_decision(
        made.item, "To focus on CLEAREDDECISION:\n\n- illicit drugs\n- fraud"
    )
    made.shut_item = make_item(made.meeting, 2, title="Second")
    made.shut_note = make_note(made.shut_item, "SHUTNOTE")
    made.restricted = Note.objects.create(
        item=made.item, part=Part.RESTRICTED, text="RESTRICTEDNOTE", withheld_paragraph="7"
    )
    made.shut_decision = make_decision(made.shut_item, "SHUTDECISION")
    make_decision(made.shut_item, "RESTRICTEDDECISION", part=Part.RESTRICTED)
    made.note = clear(NOTE_CLEARANCE, made.note, secretary)
    made.decision = clear(DECISION_CLEARANCE, made.decision, secretary)
    made.round = perform(
        OPEN_ROUND,
        make_round(board, day=FROM, due=datetime.date(2018, 9, 12)),
        by=secretary,
        at=london(2018, 8, 1),
    )
    made.part = send(world, made.round, world.slavery, "CLEAREDRETURN was done by nine hotels.")
    made.part = clear(PART_CLEARANCE, made.part, world.police_lead)
    made.shut_part = send(world, made.round, world.drugs, "SHUTRETURN")
    made.threat = make_threat(
        board, world.police, world.police_lead, raised_at=london(2018, 8, 20),
        title="THREATTITLE", description="THREATDESCRIPTION", report_text="CLEAREDTHREAT by post.",
    )  # fmt: skip
    made.threat = clear(THREAT_CLEARANCE, made.threat, world.police_lead)
    make_threat(
        board, world.fire, world.fire_lead, raised_at=london(2018, 8, 21),
        title="SHUTTITLE", description="SHUTDESCRIPTION", report_text="SHUTTHREAT",
    )  # fmt: skip
    made.learning = make_learning(
        board, day=datetime.date(2018, 7, 12), title="LEARNINGTITLE", place="LEARNINGPLACE",
        themes="LEARNINGTHEMES", meaning="LEARNINGMEANING", kind=Learning.Kind.CONFERENCE,
        report_text="CLEAREDLEARNING had two themes:\n\n- partners\n- data\n\n"
        "The second CLEAREDPIECE.",
    )  # fmt: skip
    made.learning = clear(LEARNING_CLEARANCE, made.learning, secretary)
    make_learning(board, day=datetime.date(2018, 7, 13), report_text="SHUTLEARNING")
    make_action(board, agency=world.police, agreed_on=made.meeting.day, wording="ACTIONWORDING")
    make_action(
        board, agency=world.fire, agreed_on=made.meeting.day, wording="RESTRICTEDACTION",
        part=Part.RESTRICTED,
    )  # fmt: skip
    chair = Appointment.objects.get(board=board, role="chair")
    chair.leaving_announced_on, chair.leaving_note = made.meeting.day, "LEAVINGNOTE"
    chair.save()
    made.nomination = Nomination.objects.create(
        board=board, office="chair", reason="NOMINATIONREASON", sought_on=made.meeting.day,
        put_to=world.parent,
    )  # fmt: skip
    return made


def send(world, round, priority, report_text):
    """The police's part of a round, received; every other text of it is a marker."""
    part = part_of(round, world.police, priority)
    whole = part.agency_return
    whole.emerging_priorities, whole.new_information = "QUESTIONONE", "QUESTIONTWO"
    whole.sharing_basis = "SHARINGBASIS"
    whole.save()
    for name in ("did", "emerging", "objectives_progress", "outcome", "barriers"):
        setattr(part, name, f"RETURN{name.upper()}")
    part.confidence, part.confidence_because, part.direction = "fair", "BECAUSE", "steady"
    part.report_text = report_text
    part.save()
    part = perform(SUBMIT_PART, part, by=world.police_lead, at=london(2018, 9, 10))
    part = perform(RECEIVE_PART, part, by=world.secretary, at=london(2018, 9, 11))
    return PriorityReturn.objects.get(pk=part.pk)


def pytest_collection_modifyitems(items):
    """Within a module those without a quarter come first: the shared one is then not yet there."""
    ours = [place for place, item in enumerate(items) if item.path.is_relative_to(FOLDER)]
    modules = {}
    for place in ours:
        modules.setdefault(items[place].path, len(modules))
    in_order = sorted(
        (items[place] for place in ours),
        key=lambda item: (modules[item.path], "shared_quarter" in item.fixturenames),
    )
    for place, item in zip(ours, in_order, strict=True):
        items[place] = item


@pytest.fixture(scope="module")
def shared_quarter(django_db_setup, django_db_blocker):
    """Built once for a module and taken away at its end; each test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_quarter(make_world())
        transaction.set_rollback(True)


@pytest.fixture
def quarter(shared_quarter, db):
    return copy.deepcopy(shared_quarter)
