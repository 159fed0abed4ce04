"""The cube: every transition of every life, from every state, by every role.

EXPECTED is written by hand. It says for each verb from where, to where and by whom; the tables in
the code must say the same, and `perform` must do the same in each of the cube's cells.
"""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from board.markings import Clearance
from board.models import AuditEvent
from board.workflow import WrongState, perform
from config.lives import LIVES
from meetings import (
    between,
    correcting,
    outcomes,
    papers,
    referring,
)
from meetings import transitions as meetings
from meetings.models import (
    BetweenMeetings,
    Correction,
    Minutes,
    Referral,
)
from priorities import transitions as priorities
from reports import transitions as reports
from reports.models import CommitteeReport, Section
from tests import builders as make

CLEARANCE = ["not_cleared", "cleared", "withdrawn"]


def clearance(*who):
    return {
        "clear for the Board": (CLEARANCE, "cleared", who),
        "clear for the parent committee": (CLEARANCE, "cleared", who),
        "clear for the public": (CLEARANCE, "cleared", who),
        "withdraw the text": (["cleared"], "withdrawn", who),
    }


RETURN = {
    "submit": (["draft"], "submitted", ["police_lead"]),
    "take back": (["submitted"], "draft", ["police_lead"]),
    "receive": (["submitted"], "received", ["secretary"]),
    "raise a query": (["submitted", "received"], "draft", ["secretary"]),
    "enter": (["draft"], "received", ["secretary"]),
}

# {life: {verb: (from, to, by whom)}}
EXPECTED = {
    "Round": {
        "open the round": (["planned"], "open", ["secretary"]),
        "close the round": (["open"], "closed", ["secretary"]),
    },
    "Return": RETURN,
    "Part of a return": RETURN,
    "Text for the report, of a return": clearance("police_lead"),
    "Text for the report, of a threat": clearance("police_lead"),
    "Text for the report, of learning": clearance("secretary"),
    "Meeting": {
        "publish the agenda": (["planned"], "published", ["secretary"]),
        "start the meeting": (["published"], "in_session", ["secretary"]),
        "end the meeting": (["published", "in_session"], "ended", ["secretary"]),
        "reopen the meeting": (["ended"], "in_session", ["secretary"]),
        "cancel the meeting": (["planned", "published"], "cancelled", ["secretary"]),
        "postpone the meeting": (["planned", "published"], "postponed", ["secretary"]),
        "adjourn the meeting": (["in_session"], "adjourned", ["secretary"]),
    },
    # The plain member presides at the meeting of these tests.
    "Minutes": {
        "check the minutes": (["draft"], "checked", ["secretary", "chair", "member"]),
        "circulate the minutes": (["checked"], "circulated", ["secretary"]),
        "recall the minutes": (["checked", "circulated"], "draft", ["secretary"]),
        "approve the minutes": (["circulated"], "approved", ["secretary"]),
        "sign the minutes": (["approved"], "signed", ["secretary", "chair"]),
    },
    # Proposed by the lead of the police, on minutes that are not approved yet.
    "Correction": {
        "incorporate the correction": (["proposed"], "incorporated", ["secretary"]),
        "put the correction to the meeting": (["proposed"], "put", ["secretary"]),
        "record that the correction was agreed": (["put"], "agreed", ["secretary"]),
        "record that the correction was not agreed": (["put"], "not_agreed", ["secretary"]),
        "withdraw the correction": (["proposed", "put"], "withdrawn", ["police_lead"]),
    },
    "Decision between meetings": {
        "record that it was agreed": (["open"], "agreed", ["secretary"]),
        "record that it was not agreed": (["open"], "not_agreed", ["secretary"]),
        "withdraw the question": (["open"], "withdrawn", ["secretary", "chair"]),
    },
    "Referral": {
        "answer the referral": (["received"], "answered", ["secretary", "police_lead"]),
        "ask for another answer": (["answered"], "received", ["secretary"]),
        "record that the answer was reported": (["answered"], "reported", ["secretary"]),
        "withdraw the referral": (["received"], "withdrawn", ["secretary"]),
    },
    "Action": {
        "propose complete": (["open"], "proposed", ["police_lead", "police_contributor"]),
        "confirm complete": (["proposed"], "complete", ["secretary"]),
        "say it is not complete": (["proposed"], "open", ["secretary"]),
        "complete": (["open"], "complete", ["secretary"]),
        "cancel": (["open", "proposed"], "cancelled", ["secretary"]),
        "reopen": (["complete", "cancelled"], "open", ["secretary"]),
    },
    "Paper": {
        "withdraw the paper": (["listed"], "withdrawn", ["secretary"]),
        "put the paper back": (["withdrawn"], "listed", ["secretary"]),
    },
    "Emerging threat": {
        "record the discussion": (["raised"], "discussed", ["secretary"]),
        "adopt the threat": (["discussed"], "adopted", ["secretary"]),
        "monitor the threat": (["discussed"], "monitored", ["secretary"]),
        "close the threat": (["discussed"], "closed", ["secretary"]),
    },
    "Priority": {
        "adopt the priority": (["proposed"], "adopted", ["secretary"]),
        "retire the priority": (["adopted"], "retired", ["secretary"]),
    },
    "Clearance of a minute": clearance("secretary"),
    "Clearance of a decision": clearance("secretary"),
    "Clearance of an answer": clearance("secretary"),
    "Committee report": {
        "clear the report": (["draft"], "cleared", ["chair"]),
        "issue the report": (["cleared"], "issued", ["chair"]),
        "reopen the report": (["cleared"], "draft", ["chair"]),
        "withdraw the report": (["issued"], "withdrawn", ["chair"]),
        "revise the report": (["withdrawn"], "draft", ["chair"]),
    },
}


# One record of each life, walked to a state by real transitions. Each of them lacks nothing that
# a transition asks for, so that a cell is refused for its state or its role alone.


def a_round(world, state):
    record = make.make_round(world.board)
    if state in ("open", "closed"):
        record = perform(priorities.OPEN_ROUND, record, by=world.secretary)
    if state == "closed":
        record = perform(priorities.CLOSE_ROUND, record, by=world.secretary)
    return record


def a_part(world, state):
    part = make.part_of(make.open_round(world), world.police, world.slavery)
    agency_return = make.fill(part).agency_return
    agency_return.sender, agency_return.entered_by = "Chief officer", world.secretary
    agency_return.entered_at = timezone.now()
    agency_return.sent_on = timezone.localdate()
    agency_return.save()
    if state in ("submitted", "received"):
        part = perform(priorities.SUBMIT_PART, part, by=world.police_lead)
    if state == "received":
        part = perform(priorities.RECEIVE_PART, part, by=world.secretary)
    return part


def a_return(world, state):
    return type(a_part(world, state).agency_return).objects.get(agency=world.police)


def cleared(record, rows, by, state):
    """Walk a record's clearance to a state."""
    if state in ("cleared", "withdrawn"):
        record = perform(rows[2], record, by=by)
    if state == "withdrawn":
        record = perform(rows[3], record, by=by)
    return record


def a_part_text(world, state):
    part = a_part(world, "submitted")
    return cleared(part, priorities.PART_CLEARANCE, world.police_lead, state)


def a_threat_text(world, state):
    threat = make.make_threat(world.board, world.police, world.police_lead, report_text="Parcels.")
    return cleared(threat, priorities.THREAT_CLEARANCE, world.police_lead, state)


def a_learning_text(world, state):
    learning = make.make_learning(world.board, report_text="A day well spent.")
    return cleared(learning, priorities.LEARNING_CLEARANCE, world.secretary, state)


def a_meeting(world, state):
    starts_at = timezone.now() - datetime.timedelta(hours=1)
    record = make.make_meeting(
        world.board, starts_at=starts_at, began_at=starts_at, presiding=world.member
    )
    make.make_item(record)
    path = {
        "planned": [],
        "published": [meetings.PUBLISH],
        "in_session": [meetings.PUBLISH, meetings.START],
        "ended": [meetings.PUBLISH, meetings.START, meetings.END],
        "cancelled": [meetings.CANCEL_MEETING],
        "postponed": [meetings.POSTPONE],
        "adjourned": [meetings.PUBLISH, meetings.START, meetings.ADJOURN],
    }
    for row in path[state]:
        record = perform(row, record, by=world.secretary, note="A storm was forecast.")
    return record


def some_minutes(world, state):
    first = a_meeting(world, "ended")
    make.make_note(first.items.get())
    later = make.make_meeting(world.board, starts_at=timezone.now())
    make.make_item(later)
    perform(
        meetings.START, perform(meetings.PUBLISH, later, by=world.secretary), by=world.secretary
    )
    record = Minutes.objects.get(meeting=first)
    for row in meetings.MINUTES[:2] + meetings.MINUTES[3:]:
        if record.state == state:
            break
        record = perform(row, record, by=world.secretary, note="Signed on paper.")
    return record


def a_correction(world, state):
    minutes = some_minutes(world, "circulated")
    circulation = minutes.circulations.get()
    entry = circulation.paragraphs[2]
    record = Correction.objects.create(
        minutes=minutes,
        circulation=circulation,
        paragraph=entry["number"],
        item_id=entry["item"],
        was=entry["text"],
        wording="Members heard the fire brigade.",
        proposed_at=timezone.now(),
        proposed_by=world.police_lead,
    )
    path = {
        "proposed": [],
        "incorporated": [correcting.INCORPORATE],
        "withdrawn": [correcting.WITHDRAW],
        "put": [correcting.PUT_TO_MEETING],
        "agreed": [correcting.PUT_TO_MEETING, correcting.AGREE],
        "not_agreed": [correcting.PUT_TO_MEETING, correcting.DO_NOT_AGREE],
    }
    for row in path[state]:
        by = world.police_lead if row == correcting.WITHDRAW else world.secretary
        record = perform(row, record, by=by)
    return record


def a_question(world, state):
    record = BetweenMeetings.objects.create(
        board=world.board,
        text="The agreement is signed.",
        reason="It runs out.",
        deadline=make.days_ago(1),
        opened_at=timezone.now(),
        opened_by=world.secretary,
    )
    path = {
        "open": [],
        "agreed": [between.AGREE_BETWEEN],
        "not_agreed": [between.REFUSE_BETWEEN],
        "withdrawn": [between.WITHDRAW_BETWEEN],
    }
    for row in path[state]:
        record = perform(row, record, by=world.secretary, note="It is settled.")
    return record


def a_referral(world, state):
    record = Referral.objects.create(
        board=world.board,
        from_board=world.parent,
        text="How many were helped?",
        asked_on=timezone.localdate(),
        due=timezone.localdate(),
        agency=world.police,
    )
    path = {
        "received": [],
        "answered": [referring.ANSWER],
        "reported": [referring.ANSWER, referring.REPORT_ANSWER],
        "withdrawn": [referring.WITHDRAW_REFERRAL],
    }
    for row in path[state]:
        record = perform(row, record, by=world.secretary, note="Fourteen.")
    return record


def an_answer(world, state):
    record = a_referral(world, "answered")
    return cleared(record, referring.REFERRAL_CLEARANCE, world.secretary, state)


def an_action(world, state):
    record = make.make_action(world.board, agency=world.police)
    path = {
        "open": [],
        "proposed": [(meetings.PROPOSE, world.police_lead)],
        "complete": [(meetings.COMPLETE_ACTION, world.secretary)],
        "cancelled": [(meetings.CANCEL_ACTION, world.secretary)],
    }
    for row, by in path[state]:
        record = perform(row, record, by=by, note="Sent to all members.")
    return record


def a_paper(world, state):
    record = make.make_paper(a_meeting(world, "published").items.get(), by=world.secretary)
    if state == "withdrawn":
        record = perform(papers.WITHDRAW, record, by=world.secretary, note="A figure was wrong.")
    return record


def a_threat(world, state):
    threat = make.make_threat(world.board, world.police, world.police_lead)
    make.make_item(a_meeting(world, "in_session"), number=2, threat=threat)
    path = {
        "raised": [],
        "discussed": [outcomes.DISCUSS],
        "adopted": [outcomes.DISCUSS, outcomes.ADOPT_THREAT],
        "monitored": [outcomes.DISCUSS, outcomes.MONITOR],
        "closed": [outcomes.DISCUSS, outcomes.CLOSE_THREAT],
    }
    for row in path[state]:
        threat = perform(row, threat, by=world.secretary, note="The police watch it.")
    return threat


def a_priority(world, state):
    priority = make.make_priority(world.board, "Fraud", lead=world.police, adopted=False)
    long_ago = make.make_meeting(
        world.board, starts_at=timezone.now() - datetime.timedelta(days=100)
    )
    item = make.make_item(long_ago)
    perform(
        meetings.END, perform(meetings.PUBLISH, long_ago, by=world.secretary), by=world.secretary
    )
    make.make_decision(item, priority=priority)
    if state in ("adopted", "retired"):
        priority = perform(outcomes.ADOPT, priority, by=world.secretary)
        make.make_decision(a_meeting(world, "in_session").items.get(), priority=priority)
    if state == "retired":
        priority = perform(outcomes.RETIRE, priority, by=world.secretary)
    return priority


def a_note(world, state):
    note = make.make_note(a_meeting(world, "ended").items.get())
    return cleared(note, meetings.NOTE_CLEARANCE, world.secretary, state)


def a_decision(world, state):
    decision = make.make_decision(a_meeting(world, "ended").items.get())
    return cleared(decision, meetings.DECISION_CLEARANCE, world.secretary, state)


def a_report(world, state):
    report = CommitteeReport.objects.create(
        board=world.board,
        to_board=world.parent,
        ref="parent-2018-09-27",
        committee_date=timezone.localdate(),
        subject="Update",
        report_of="Chair, Fire",
        summary="The Board met.",
        drafted_at=timezone.now(),
        drafted_by=world.secretary,
    )
    section = Section.objects.create(report=report, order=1, heading="Background")
    section.paragraphs.create(order=1, text="The Board met once.")
    path = {
        "draft": [],
        "cleared": [reports.CLEAR],
        "issued": [reports.CLEAR, reports.ISSUE],
        "withdrawn": [reports.CLEAR, reports.ISSUE, reports.WITHDRAW],
    }
    for row in path[state]:
        report = perform(row, report, by=world.chair, note="Superseded.")
    return report


BUILD = {
    "Round": a_round,
    "Return": a_return,
    "Part of a return": a_part,
    "Text for the report, of a return": a_part_text,
    "Text for the report, of a threat": a_threat_text,
    "Text for the report, of learning": a_learning_text,
    "Meeting": a_meeting,
    "Minutes": some_minutes,
    "Correction": a_correction,
    "Decision between meetings": a_question,
    "Referral": a_referral,
    "Action": an_action,
    "Paper": a_paper,
    "Emerging threat": a_threat,
    "Priority": a_priority,
    "Clearance of a minute": a_note,
    "Clearance of a decision": a_decision,
    "Clearance of an answer": an_answer,
    "Committee report": a_report,
}
CELLS = [(life, state) for life in LIVES for state, _ in life.states]


def test_the_tables_say_what_is_expected():
    said = {
        life.name: {row.verb: (list(map(str, row.before)), row.after) for row in life.transitions}
        for life in LIVES
    }
    expected = {
        name: {verb: (before, after) for verb, (before, after, _) in verbs.items()}
        for name, verbs in EXPECTED.items()
    }
    assert said == expected


@pytest.mark.parametrize(
    ("life", "state"), CELLS, ids=[f"{life.name}: {state}" for life, state in CELLS]
)
def test_every_transition_by_every_role(world, life, state):
    record = BUILD[life.name](world, state)
    record = type(record)._default_manager.get(pk=record.pk)
    assert getattr(record, life.field) == state
    for row in life.transitions:
        before, after, who = EXPECTED[life.name][row.verb]
        for role in make.ROLES:
            cell = f"{row.verb}, from {state}, by {role}"
            by = getattr(world, role)
            expected = (
                PermissionDenied if role not in who else None if state in before else WrongState
            )
            assert row.open_to(by, record) is (expected is None), cell
            assert outcome(row, record, by, life.field) == (
                expected or after,
                1 if expected is None else 0,
            ), cell


def outcome(row, record, by, field):
    """(the state it led to or the class of the refusal, events written of this act)."""
    acts = AuditEvent.objects.filter(
        act=row.verb, subject=f"{record._meta.label_lower}:{record.pk}", actor=by, refused=False
    )
    written = acts.count()
    with transaction.atomic():
        try:
            moved = getattr(perform(row, record, by=by, note="A reason."), field)
        except (PermissionDenied, WrongState) as refusal:
            moved = type(refusal)
        result = moved, acts.count() - written
        transaction.set_rollback(True)
    return result


def test_each_clearance_keeps_the_words_of_that_moment(world):
    part = a_part_text(world, "cleared")
    assert part.cleared_text == part.report_text == "Nine hotels were visited."
    part.report_text = "Ten hotels were visited."
    part.save()
    assert part.words_for("public") == "Nine hotels were visited."
    withdrawn = perform(priorities.PART_CLEARANCE[3], part, by=world.police_lead)
    assert (withdrawn.clearance, withdrawn.words_for("public")) == (Clearance.WITHDRAWN, "")


def test_only_models_with_a_life_have_a_state_that_no_form_can_set():
    for model in {life.model for life in LIVES}:
        for life in LIVES:
            if life.model is model:
                assert not model._meta.get_field(life.field).editable
