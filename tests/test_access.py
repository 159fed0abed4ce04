"""Every address, by every role: who is let in, who is refused, who finds nothing there.

A row is one request. Its answers stand in the order of WHO; 302 for a visitor is the way to sign
in, 404 is for what one may not see, 403 for what one may not do. An address without a row fails.
"""

import datetime
import re
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils import timezone

from board.models import Nomination, SharingAgreement, TermsOfReference
from board.workflow import perform
from config.models import Notice
from meetings import transitions as meetings
from meetings.models import BetweenMeetings, Correction, Minutes, Referral
from priorities.models import NationalThreat, Objective
from reports.layouts import USUAL_HEADER
from reports.models import Layout
from reports.transitions import CLEAR, ISSUE
from tests import builders as make

# A visitor, then: secretary, chair, the lead and a contributor of the police, the lead of another
# agency, a plain member, an observer, a member until yesterday, somebody of no board.
WHO = ("visitor", *make.ROLES)

UNKNOWN = ("put", "patch", "delete", "options")

# Groups of answers that recur. V: visitor.
#                 V   sec chr pol con fir mem obs for out
ANYBODY_IN = [302, 200, 200, 200, 200, 200, 200, 200, 200, 200]
OPEN_TO_ALL = [200] * 10
REACH = [302, 200, 200, 200, 200, 200, 200, 200, 404, 404]
MEMBERS = [302, 200, 200, 200, 404, 200, 200, 404, 404, 404]
INVITED = [302, 200, 200, 200, 404, 200, 200, 200, 404, 404]
KEEPERS = [302, 200, 200, 404, 404, 404, 404, 404, 404, 404]
SECRETARY_OF_ANY = [302, 200, 403, 403, 403, 403, 403, 403, 403, 403]
KEEPER_OF_ANY = [302, 200, 200, 403, 403, 403, 403, 403, 403, 403]


def only(*allowed, see=MEMBERS, with_=200):
    """Those named are answered `with_`; whoever merely sees the record is refused."""
    return [
        with_ if who in allowed else 403 if answer == 200 else answer
        for who, answer in zip(WHO, see, strict=True)
    ]


# Without the number of a paragraph, it leads back to the minutes.
ATTENDED = [302, 403, 403, 302, 404, 403, 403, 403, 404, 404]
SECRETARY = ("secretary",)
POLICE = ("police_lead", "police_contributor")
# A draft return: its agency, secretary and chair; once received the members too.
DRAFT_RETURN = [302, 200, 200, 200, 200, 404, 404, 404, 404, 404]
RECEIVED_RETURN = [302, 200, 200, 200, 200, 200, 200, 404, 404, 404]


@pytest.fixture
def records(world):
    """One of each, in the states that matter for who sees it."""
    r = SimpleNamespace(world=world)
    by = world.secretary
    r.round = make.open_round(world)
    part = make.submit(make.part_of(r.round, world.police, world.slavery), world.police_lead)
    r.received = make.receive(part, by).agency_return
    r.draft = make.returns_of(r.round, world.fire)
    r.line = NationalThreat.objects.create(
        name="Firearms", source="A list", valid_from=make.days_ago(90)
    )
    r.objective = Objective.objects.create(
        priority=world.slavery, strand="protect", title="One page of signs",
        owner=world.police, due=make.days_ago(-90),
    )  # fmt: skip
    r.threat = make.make_threat(world.board, world.police, world.police_lead)
    r.sensitive_threat = make.make_threat(
        world.board, world.police, world.police_lead, marking="OFFICIAL-SENSITIVE"
    )
    r.learning = make.make_learning(
        world.board, follow_up_agency=world.fire, follow_up_by=make.days_ago(-90)
    )
    r.standard = world.board.standards.create(theme="Plan", statement="It has one.", source="-")

    r.meeting = make.make_meeting(
        world.board, starts_at=timezone.now() - datetime.timedelta(days=7)
    )
    r.item = make.make_item(r.meeting, threat=r.threat)
    r.note = make.make_note(r.item)
    r.decision = make.make_decision(r.item, priority=world.slavery)
    r.restricted = make.make_decision(r.item, "Held back.", part="restricted")
    r.action = make.make_action(world.board, agency=world.police, item=r.item)
    r.paper = make.make_paper(r.item, by=by)
    r.secret = make.make_paper(
        r.item, "Held back", by=by, part="restricted", marking="OFFICIAL-SENSITIVE"
    )
    r.number = r.action.other_references.create(
        reference="OR4", given_by="The Partnership", since=timezone.localdate()
    )
    r.named_action = make.make_action(
        world.board, agency=world.police, person=world.police_contributor
    )
    r.attendance = make.attend(r.meeting, world.police_lead, seat=world.police_seat)
    r.declaration = r.attendance.declarations.create(interest="A seat on a charity")
    for row in (meetings.PUBLISH, meetings.END):
        r.meeting = perform(row, r.meeting, by=by)
    r.live = make.make_meeting(world.board, starts_at=timezone.now())
    r.live_item = make.make_item(r.live)
    for row in (meetings.PUBLISH, meetings.START):
        r.live = perform(row, r.live, by=by)
    r.live_decision = make.make_decision(r.live_item)
    r.past = make.make_action(world.board, agency=world.police)
    r.review = r.past.reviews.create(
        meeting=r.live,
        item=r.live_item,
        outcome="noted",
        note="On its way",
        made_at=timezone.now(),
        made_by=by,
    )
    r.draft_meeting = make.make_meeting(world.board)
    r.open_item = make.make_item(r.draft_meeting)
    r.postponed = perform(
        meetings.POSTPONE, make.make_meeting(world.board), by=by, note="A storm was forecast."
    )
    r.draft_paper = make.make_paper(r.open_item, by=by)
    r.circulated = Minutes.objects.get(meeting=r.meeting, part="board")
    for row in (meetings.CHECK, meetings.CIRCULATE):
        r.circulated = perform(row, r.circulated, by=by)

    r.referral = Referral.objects.create(
        board=world.board,
        from_board=world.parent,
        text="How many were helped?",
        asked_on=timezone.localdate(),
        due=timezone.localdate(),
        agency=world.police,
    )
    r.question = BetweenMeetings.objects.create(
        board=world.board,
        text="The agreement is signed.",
        reason="It runs out.",
        deadline=timezone.localdate(),
        opened_at=timezone.now(),
        opened_by=by,
    )
    r.correction = Correction.objects.create(
        minutes=r.circulated,
        circulation=r.circulated.circulations.get(),
        paragraph=1,
        item=r.item,
        was=r.note.text,
        wording="Members heard the fire brigade.",
        proposed_at=timezone.now(),
        proposed_by=world.police_lead,
    )

    r.report = make.make_report(world, "draft")
    r.issued = issue(make.make_report(world, "issued"), world.chair)
    r.public = issue(make.make_report(world, "public", audience="public"), world.chair)

    r.notice = Notice.objects.create(
        board=world.board,
        agency=world.police,
        person=world.police_lead,
        address=world.police_lead.email,
        made_at=timezone.now(),
    )
    r.layout = Layout.objects.create(board=world.board, name="Ours", header=USUAL_HEADER)

    r.appointment = world.police_lead.appointments.get()
    r.membership = world.police_contributor.agency_memberships.get()
    r.nomination = Nomination.objects.create(
        board=world.board,
        office="chair",
        reason="The chair retires.",
        sought_on=timezone.localdate(),
        put_to=world.parent,
    )
    agreement = SharingAgreement.objects.create(board=world.board, title="Sharing")
    r.signature = agreement.signatures.create(agency=world.fire)
    TermsOfReference.objects.create(board=world.board, version=1, text="To meet.")
    return r


def issue(report, by):
    return perform(ISSUE, perform(CLEAR, report, by=by), by=by)


BOARD = lambda r: [r.world.board.slug]  # noqa: E731
ACCOUNT = lambda r: [r.world.board.slug, r.world.member.pk]  # noqa: E731
REF = lambda r: [r.meeting.ref]  # noqa: E731
LIVE = lambda r: [r.live.ref]  # noqa: E731
LIVE_ITEM = lambda r: [r.live.ref, r.live_item.pk]  # noqa: E731
ROUND = lambda r: [r.round.ref]  # noqa: E731

# (address, its arguments, method, answers)
ROWS = [
    ("home", lambda r: [], "get", ANYBODY_IN),
    ("audit", lambda r: [], "get", KEEPER_OF_ANY),
    ("search", lambda r: [], "get", ANYBODY_IN),
    ("reminders", lambda r: [], "get", KEEPER_OF_ANY),
    ("settle_letters", lambda r: [], "post", only("secretary", see=ANYBODY_IN, with_=302)),
    (
        "over_the_head",
        lambda r: [r.world.board.slug, r.world.police.slug],
        "get",
        only("secretary", see=REACH, with_=302),
    ),
    ("healthz", lambda r: [], "get", OPEN_TO_ALL),
    ("accessibility", lambda r: [], "get", OPEN_TO_ALL),
    ("account_reset_password_from_key", lambda r: ["0", "a-key"], "get", OPEN_TO_ALL),
    # Board
    ("board:boards", lambda r: [], "get", ANYBODY_IN),
    ("board:detail", BOARD, "get", REACH),
    ("board:terms", BOARD, "get", REACH),
    ("board:terms_new", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("board:appoint", BOARD, "get", only(*SECRETARY, see=REACH)),
    (
        "board:appointment_end",
        lambda r: [r.world.board.slug, r.appointment.pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    (
        "board:leaving",
        lambda r: [r.world.board.slug, r.appointment.pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("board:settings", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("board:committee", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("board:agency_add", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("board:seat_add", BOARD, "get", only(*SECRETARY, see=REACH)),
    (
        "board:seat_end",
        lambda r: [r.world.board.slug, r.world.police_seat.pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("board:accounts", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("board:person", ACCOUNT, "get", only(*SECRETARY, see=REACH)),
    ("board:invite", ACCOUNT, "post", only(*SECRETARY, see=REACH, with_=302)),
    ("board:factor", ACCOUNT, "get", only(*SECRETARY, see=REACH)),
    ("board:agreement", BOARD, "get", REACH),
    ("board:agreement_new", BOARD, "get", only(*SECRETARY, see=REACH)),
    (
        "board:agreement_ask",
        lambda r: [r.world.board.slug, r.signature.agreement_id],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("board:nomination_add", BOARD, "get", only(*SECRETARY, see=REACH)),
    (
        "board:nomination_answer",
        lambda r: [r.world.board.slug, r.nomination.pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    (
        "board:sign",
        lambda r: [r.world.board.slug, r.signature.pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("board:agency", lambda r: [r.world.police.slug], "get", REACH),
    ("board:agency_edit", lambda r: [r.world.police.slug], "get", only(*SECRETARY, see=REACH)),
    ("board:member_add", lambda r: [r.world.police.slug], "get", only(*SECRETARY, see=REACH)),
    (
        "board:member_end",
        lambda r: [r.world.police.slug, r.membership.pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    # Priorities
    ("priorities:priorities", lambda r: [], "get", ANYBODY_IN),
    ("priorities:priority_new", lambda r: [], "get", SECRETARY_OF_ANY),
    ("priorities:standards", lambda r: [], "get", ANYBODY_IN),
    ("priorities:standards_pdf", lambda r: [r.world.board.slug], "get", MEMBERS),
    ("priorities:standard_new", lambda r: [], "get", SECRETARY_OF_ANY),
    ("priorities:standard", lambda r: [r.standard.pk], "get", MEMBERS),
    ("priorities:standard_edit", lambda r: [r.standard.pk], "get", only("secretary")),
    ("priorities:assess", lambda r: [r.standard.pk], "get", only("secretary", "chair")),
    ("priorities:priority", lambda r: [r.world.slavery.slug], "get", REACH),
    (
        "priorities:priority_edit",
        lambda r: [r.world.slavery.slug],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("priorities:national", lambda r: [], "get", ANYBODY_IN),
    ("priorities:national_threat_new", lambda r: [], "get", SECRETARY_OF_ANY),
    ("priorities:national_threat", lambda r: [r.line.pk], "get", ANYBODY_IN),
    ("priorities:national_threat_edit", lambda r: [r.line.pk], "get", SECRETARY_OF_ANY),
    (
        "priorities:objective",
        lambda r: [r.objective.pk],
        "get",
        [302, 200, 403, 200, 404, 403, 403, 404, 404, 404],
    ),
    (
        "priorities:objective_new",
        lambda r: [r.world.slavery.slug],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    (
        "priorities:responsibilities",
        lambda r: [r.world.slavery.slug],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    (
        "priorities:responsibility_end",
        lambda r: [r.world.slavery.slug, r.world.slavery.responsibilities.first().pk],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("priorities:rounds", lambda r: [], "get", ANYBODY_IN),
    ("priorities:round", ROUND, "get", MEMBERS),
    ("priorities:round_csv", ROUND, "get", MEMBERS),
    ("priorities:round_xlsx", ROUND, "get", MEMBERS),
    ("priorities:quarters", ROUND, "get", MEMBERS),
    ("priorities:expect", ROUND, "get", only(*SECRETARY)),
    ("priorities:follow_changes", ROUND, "post", only(*SECRETARY, with_=302)),
    # Without a change of that name, it leads back to the round.
    (
        "priorities:set_aside",
        lambda r: [r.round.ref, "add-1-1"],
        "get",
        only(*SECRETARY, with_=302),
    ),
    ("priorities:round_verb", lambda r: [r.round.ref, "close-the-round"], "get", only(*SECRETARY)),
    ("priorities:returns", lambda r: [], "get", ANYBODY_IN),
    ("priorities:return", lambda r: [r.received.pk], "get", RECEIVED_RETURN),
    (
        "priorities:return",
        lambda r: [r.draft.pk],
        "get",
        [302, 200, 200, 404, 404, 200, 404, 404, 404, 404],
    ),
    (
        "priorities:return_edit",
        lambda r: [r.received.pk],
        "get",
        only(*POLICE, see=RECEIVED_RETURN),
    ),
    (
        "priorities:return_edit",
        lambda r: [r.draft.pk],
        "get",
        [302, 403, 403, 404, 404, 200, 404, 404, 404, 404],
    ),
    (
        "priorities:word_form",
        lambda r: [r.draft.pk],
        "get",
        [302, 200, 403, 404, 404, 200, 404, 404, 404, 404],
    ),
    (
        "priorities:extend",
        lambda r: [r.draft.pk],
        "get",
        [302, 200, 403, 404, 404, 403, 404, 404, 404, 404],
    ),
    (
        "priorities:versions",
        lambda r: [r.received.pk],
        "get",
        [302, 200, 200, 200, 200, 403, 403, 404, 404, 404],
    ),
    (
        "priorities:return_save",
        lambda r: [r.draft.pk, "questions"],
        "post",
        [302, 403, 403, 404, 404, 409, 404, 404, 404, 404],
    ),
    (
        "priorities:return_entry_save",
        lambda r: [r.draft.pk, "questions"],
        "post",
        [302, 409, 403, 404, 404, 403, 404, 404, 404, 404],
    ),
    (
        "priorities:return_marking",
        lambda r: [r.draft.pk],
        "get",
        [302, 403, 403, 404, 404, 200, 404, 404, 404, 404],
    ),
    (
        "priorities:return_enter",
        lambda r: [r.draft.pk],
        "get",
        [302, 200, 403, 404, 404, 403, 404, 404, 404, 404],
    ),
    (
        "priorities:original",
        lambda r: [r.draft.pk],
        "get",
        [302, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    ),
    (
        "priorities:return_verb",
        lambda r: [r.draft.pk, "submit"],
        "get",
        [302, 403, 403, 404, 404, 200, 404, 404, 404, 404],
    ),
    (
        "priorities:part_verb",
        lambda r: [r.draft.pk, r.world.slavery.slug, "submit"],
        "get",
        [302, 403, 403, 404, 404, 200, 404, 404, 404, 404],
    ),
    (
        "priorities:lift",
        lambda r: [r.draft.pk, r.world.slavery.slug],
        "get",
        [302, 200, 403, 404, 404, 403, 404, 404, 404, 404],
    ),
    ("priorities:threats", lambda r: [], "get", ANYBODY_IN),
    (
        "priorities:threat_new",
        lambda r: [],
        "get",
        [302, 403, 403, 200, 200, 200, 403, 403, 403, 403],
    ),
    (
        "priorities:threat",
        lambda r: [r.threat.pk],
        "get",
        [302, 200, 200, 200, 200, 200, 200, 404, 404, 404],
    ),
    ("priorities:threat", lambda r: [r.sensitive_threat.pk], "get", DRAFT_RETURN),
    ("priorities:threat_edit", lambda r: [r.threat.pk], "get", only(*POLICE, see=RECEIVED_RETURN)),
    (
        "priorities:threat_verb",
        lambda r: [r.threat.pk, "clear-for-the-public"],
        "get",
        only("police_lead", see=RECEIVED_RETURN),
    ),
    ("priorities:learning_list", lambda r: [], "get", ANYBODY_IN),
    ("priorities:learning_new", lambda r: [], "get", SECRETARY_OF_ANY),
    ("priorities:learning", lambda r: [r.learning.pk], "get", MEMBERS),
    ("priorities:learning_edit", lambda r: [r.learning.pk], "get", only(*SECRETARY)),
    (
        "priorities:learning_follow_up",
        lambda r: [r.learning.pk],
        "get",
        only(*SECRETARY, "fire_lead"),
    ),
    (
        "meetings:learning_put",
        lambda r: [r.learning.pk],
        "post",
        only(*SECRETARY, with_=302),
    ),
    (
        "reports:take_learning",
        lambda r: [r.report.ref, r.learning.pk],
        "post",
        only(*SECRETARY, "chair", see=KEEPERS, with_=302),
    ),
    (
        "priorities:learning_verb",
        lambda r: [r.learning.pk, "clear-for-the-public"],
        "get",
        only(*SECRETARY),
    ),
    # Meetings
    ("meetings:calendar", lambda r: [], "get", ANYBODY_IN),
    ("meetings:new", lambda r: [], "get", SECRETARY_OF_ANY),
    ("meetings:plan", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("meetings:standing", BOARD, "get", only(*SECRETARY, see=REACH)),
    ("meetings:meeting", REF, "get", INVITED),
    ("meetings:edit", REF, "get", only(*SECRETARY, see=INVITED)),
    (
        "meetings:meeting_verb",
        lambda r: [r.draft_meeting.ref, "publish-the-agenda"],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    ("meetings:calendar_entry", REF, "get", INVITED),
    (
        "meetings:again",
        lambda r: [r.postponed.ref],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:invitations_send",
        lambda r: [r.draft_meeting.ref],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    (
        "meetings:left_over_add",
        lambda r: [r.draft_meeting.ref, r.item.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    (
        "meetings:views_add",
        lambda r: [r.draft_meeting.ref, r.meeting.ref],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    ("meetings:agenda", lambda r: [r.draft_meeting.ref], "get", only(*SECRETARY, see=INVITED)),
    ("meetings:agenda_pdf", REF, "get", INVITED),
    ("meetings:item_new", lambda r: [r.draft_meeting.ref], "get", only(*SECRETARY, see=INVITED)),
    (
        "meetings:item_edit",
        lambda r: [r.draft_meeting.ref, r.open_item.pk],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:item_remove",
        lambda r: [r.draft_meeting.ref, r.open_item.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    (
        "meetings:item_move",
        lambda r: [r.draft_meeting.ref, r.open_item.pk, "up"],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    (
        "meetings:threat_add",
        lambda r: [r.draft_meeting.ref, r.threat.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    ("meetings:papers", REF, "get", INVITED),
    ("meetings:papers", lambda r: [r.draft_meeting.ref], "get", KEEPERS),
    ("meetings:pack", REF, "get", INVITED),
    ("meetings:pack", lambda r: [r.draft_meeting.ref], "get", KEEPERS),
    (
        "meetings:action_sheet",
        REF,
        "get",
        [302, 200, 200, 200, 404, 200, 200, 404, 404, 404],
    ),
    ("meetings:letters", REF, "get", only(*SECRETARY, see=INVITED)),
    ("meetings:brief", REF, "get", only("secretary", "chair", see=INVITED)),
    ("meetings:paper", lambda r: [r.meeting.ref, r.paper.pk], "get", INVITED),
    # The lead of the police was there for its item.
    (
        "meetings:paper",
        lambda r: [r.meeting.ref, r.secret.pk],
        "get",
        [302, 200, 200, 200, 404, 404, 404, 404, 404, 404],
    ),
    ("meetings:paper", lambda r: [r.draft_meeting.ref, r.draft_paper.pk], "get", KEEPERS),
    (
        "meetings:paper_new",
        lambda r: [r.meeting.ref, r.item.pk],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:paper_take",
        lambda r: [r.meeting.ref, r.item.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    (
        "meetings:paper_edit",
        lambda r: [r.meeting.ref, r.paper.pk],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:paper_remove",
        lambda r: [r.draft_meeting.ref, r.draft_paper.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    (
        "meetings:paper_verb",
        lambda r: [r.meeting.ref, r.paper.pk, "withdraw-the-paper"],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    ("meetings:attendance", REF, "get", only(*SECRETARY, see=INVITED)),
    ("meetings:declare", REF, "post", only(*SECRETARY, see=INVITED, with_=422)),
    (
        "meetings:declaration_remove",
        lambda r: [r.meeting.ref, r.declaration.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=302),
    ),
    ("meetings:minute", LIVE, "get", only(*SECRETARY, see=INVITED)),
    ("meetings:news", LIVE, "get", only(*SECRETARY, see=INVITED)),
    ("meetings:rough", LIVE, "get", only(*SECRETARY, see=INVITED)),
    ("meetings:preside", LIVE, "post", only(*SECRETARY, see=INVITED, with_=302)),
    ("meetings:moves", LIVE_ITEM, "post", only(*SECRETARY, see=INVITED, with_=303)),
    ("meetings:order", LIVE_ITEM, "post", only(*SECRETARY, see=INVITED, with_=303)),
    ("meetings:times", LIVE_ITEM, "post", only(*SECRETARY, see=INVITED, with_=422)),
    (
        "meetings:review",
        lambda r: [r.live.ref, r.live_item.pk, r.past.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=422),
    ),
    (
        "meetings:review_remove",
        lambda r: [r.live.ref, r.live_item.pk, r.review.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=303),
    ),
    ("meetings:choices", REF, "get", only(*SECRETARY, see=INVITED)),
    (
        "meetings:choose",
        lambda r: [r.meeting.ref, r.past.pk],
        "post",
        only(*SECRETARY, see=INVITED, with_=422),
    ),
    (
        "meetings:minute_save",
        LIVE_ITEM,
        "post",
        only(*SECRETARY, see=INVITED, with_=422),
    ),
    (
        "meetings:decision_add",
        LIVE_ITEM,
        "post",
        only(*SECRETARY, see=INVITED, with_=422),
    ),
    (
        "meetings:decision_edit",
        lambda r: [r.live.ref, r.live_item.pk, r.live_decision.pk],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:action_add",
        LIVE_ITEM,
        "post",
        only(*SECRETARY, see=INVITED, with_=422),
    ),
    (
        "meetings:note_history",
        LIVE_ITEM,
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    ("meetings:minutes", REF, "get", INVITED),
    ("meetings:minutes_pdf", REF, "get", INVITED),
    (
        "meetings:minutes_verb",
        lambda r: [r.meeting.ref, "board", "recall-the-minutes"],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:minutes_verb",
        lambda r: [r.meeting.ref, "restricted", "check-the-minutes"],
        "get",
        KEEPERS,
    ),
    ("meetings:decisions_csv", lambda r: [], "get", ANYBODY_IN),
    ("meetings:between_new", lambda r: [], "get", KEEPER_OF_ANY),
    ("meetings:between", lambda r: [r.question.pk], "get", MEMBERS),
    # The secretary enters replies; whoever holds a seat gives one; a plain member has none.
    (
        "meetings:between_reply",
        lambda r: [r.question.pk],
        "post",
        [302, 422, 422, 422, 404, 422, 403, 404, 404, 404],
    ),
    (
        "meetings:between_verb",
        lambda r: [r.question.pk, "withdraw-the-question"],
        "get",
        only("secretary", "chair"),
    ),
    ("meetings:referrals", lambda r: [], "get", ANYBODY_IN),
    ("meetings:referral_new", lambda r: [], "get", SECRETARY_OF_ANY),
    # The members, and the agency that is asked.
    ("meetings:referral", lambda r: [r.referral.pk], "get", RECEIVED_RETURN),
    (
        "meetings:referral_edit",
        lambda r: [r.referral.pk],
        "get",
        only(*SECRETARY, see=RECEIVED_RETURN),
    ),
    (
        "meetings:referral_put",
        lambda r: [r.referral.pk],
        "post",
        only(*SECRETARY, see=RECEIVED_RETURN, with_=302),
    ),
    (
        "meetings:referral_verb",
        lambda r: [r.referral.pk, "answer-the-referral"],
        "get",
        only("secretary", "police_lead", see=RECEIVED_RETURN),
    ),
    # Only the lead of the police was at the meeting.
    ("meetings:correct", lambda r: [r.meeting.ref, "board"], "get", ATTENDED),
    (
        "meetings:correct",
        lambda r: [r.meeting.ref, "restricted"],
        "get",
        only(see=KEEPERS),
    ),
    ("meetings:versions", lambda r: [r.meeting.ref, "board"], "get", INVITED),
    ("meetings:versions", lambda r: [r.meeting.ref, "restricted"], "get", KEEPERS),
    (
        "meetings:correction_verb",
        lambda r: [r.correction.pk, "put-the-correction-to-the-meeting"],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:ground",
        lambda r: [r.live.ref, r.live_item.pk],
        "get",
        only(*SECRETARY, see=INVITED, with_=404),
    ),
    ("meetings:actions", lambda r: [], "get", ANYBODY_IN),
    ("meetings:actions_csv", lambda r: [], "get", ANYBODY_IN),
    ("meetings:actions_xlsx", lambda r: [], "get", ANYBODY_IN),
    ("meetings:number_add", lambda r: [r.action.pk], "get", only(*SECRETARY, see=RECEIVED_RETURN)),
    (
        "meetings:number_remove",
        lambda r: [r.action.pk, r.number.pk],
        "post",
        only(*SECRETARY, see=RECEIVED_RETURN, with_=302),
    ),
    (
        "meetings:action",
        lambda r: [r.action.pk],
        "get",
        [302, 200, 200, 200, 200, 200, 200, 404, 404, 404],
    ),
    ("meetings:action_edit", lambda r: [r.action.pk], "get", only(*SECRETARY, see=RECEIVED_RETURN)),
    (
        "meetings:action_verb",
        lambda r: [r.action.pk, "propose-complete"],
        "get",
        only(*POLICE, see=RECEIVED_RETURN),
    ),
    (
        "meetings:action_hand_on",
        lambda r: [r.world.board.slug, r.named_action.person_id],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    ("meetings:decisions", lambda r: [], "get", ANYBODY_IN),
    (
        "meetings:decision_verb",
        lambda r: [r.decision.pk, "clear-for-the-public"],
        "get",
        only(*SECRETARY, see=INVITED),
    ),
    (
        "meetings:decision_verb",
        lambda r: [r.restricted.pk, "clear-for-the-public"],
        "get",
        [302, 200, 403, 403, 404, 404, 404, 404, 404, 404],
    ),
    (
        "meetings:note_verb",
        lambda r: [r.note.pk, "clear-for-the-public"],
        "get",
        only(*SECRETARY, see=KEEPERS),
    ),
    (
        "meetings:threat_verb",
        lambda r: [r.threat.pk, "record-the-discussion"],
        "get",
        only(*SECRETARY, see=RECEIVED_RETURN),
    ),
    (
        "meetings:priority_verb",
        lambda r: [r.world.slavery.slug, "retire-the-priority"],
        "get",
        only(*SECRETARY, see=REACH),
    ),
    # Reports
    ("reports:reports", lambda r: [], "get", ANYBODY_IN),
    ("reports:import", lambda r: [], "get", KEEPER_OF_ANY),
    ("reports:layouts", lambda r: [], "get", KEEPER_OF_ANY),
    ("reports:layout_new", BOARD, "get", only(*SECRETARY, "chair", see=REACH)),
    ("reports:layout", lambda r: [r.layout.pk], "get", KEEPERS),
    ("reports:wording", BOARD, "get", only(*SECRETARY, "chair", see=REACH)),
    ("reports:glossary", BOARD, "get", only(*SECRETARY, "chair", see=REACH)),
    ("reports:report", lambda r: [r.report.ref], "get", KEEPERS),
    ("reports:report", lambda r: [r.issued.ref], "get", MEMBERS),
    ("reports:edit", lambda r: [r.report.ref], "get", KEEPERS),
    ("reports:preview", lambda r: [r.report.ref], "get", KEEPERS),
    ("reports:checks", lambda r: [r.report.ref], "get", KEEPERS),
    ("reports:next", lambda r: [r.issued.ref], "get", only(*SECRETARY, "chair", see=MEMBERS)),
    ("reports:versions", lambda r: [r.report.ref], "get", KEEPERS),
    ("reports:versions", lambda r: [r.issued.ref], "get", only(*SECRETARY, "chair")),
    (
        "reports:checks",
        lambda r: [r.issued.ref],
        "get",
        only("secretary", "chair", see=MEMBERS, with_=302),
    ),
    (
        "reports:report_verb",
        lambda r: [r.report.ref, "clear-the-report"],
        "get",
        only("chair", see=KEEPERS),
    ),
    *[
        (f"reports:{form}", lambda r: [r.report.ref], "get", KEEPERS)
        for form in ("pdf", "docx", "html")
    ],
    *[
        (f"reports:{form}", lambda r: [r.issued.ref], "get", MEMBERS)
        for form in ("pdf", "docx", "html")
    ],
    *[
        (f"reports:{form}", lambda r: [r.public.ref], "get", OPEN_TO_ALL)
        for form in ("pdf", "docx", "html")
    ],
    # Published
    ("published:everything", lambda r: [], "get", OPEN_TO_ALL),
    ("published:report", lambda r: [r.public.ref], "get", OPEN_TO_ALL),
    ("published:report", lambda r: [r.issued.ref], "get", [404] * 10),
    ("published:report", lambda r: [r.report.ref], "get", [404] * 10),
]

# Signing in, out and the second factor: django-allauth's own, open or closed as it says.
SIGN_IN = {
    "account_login": OPEN_TO_ALL[:1] + [302] * 9,
    "account_logout": [302] + [200] * 9,
    "account_inactive": OPEN_TO_ALL,
    "account_reset_password": OPEN_TO_ALL,
    "account_reset_password_done": OPEN_TO_ALL,
    "account_reset_password_from_key_done": OPEN_TO_ALL,
    "account_change_password": ANYBODY_IN,
    "mfa_index": ANYBODY_IN,
}

# What allauth offers and we do not: nothing is there, for anybody.
NOT_OFFERED = {
    "accounts/signup/": ["account_signup"],
    "accounts/email/": ["account_email"],
    "accounts/confirm-email/": ["account_email_verification_sent"],
    "accounts/confirm-email/<str:key>/": ["account_confirm_email"],
    "accounts/password/set/": ["account_set_password"],
    "accounts/login/code/confirm/": ["account_confirm_login_code"],
}

SECOND_FACTOR = {
    "account_reauthenticate": [],
    "mfa_authenticate": [],
    "mfa_reauthenticate": [],
    "mfa_activate_totp": [],
    "mfa_deactivate_totp": [],
    "mfa_view_recovery_codes": [],
    "mfa_generate_recovery_codes": [],
    "mfa_download_recovery_codes": [],
}


def addresses(resolver=None, namespace=""):
    """(name, kept by whom) of every address but the admin's, which have a test of their own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield namespace + (pattern.name or str(pattern.pattern))
        elif pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner)


def test_every_address_has_a_row():
    closed = {name for path, names in NOT_OFFERED.items() for name in (path, *names)}
    rows = {name for name, *_ in ROWS} | set(SIGN_IN) | set(SECOND_FACTOR) | closed
    assert sorted(set(addresses()) - rows) == []
    assert sorted(rows - set(addresses())) == []


def clients(world):
    """A browser for each of WHO."""
    return [signed_in(getattr(world, who, None)) for who in WHO]


def signed_in(person):
    """That person's browser; a visitor's when there is none."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


def answers(browsers, url, method, data=None):
    """The status each of WHO gets; whatever one of them changed is taken back."""
    given = []
    for client in browsers:
        with transaction.atomic():
            given.append(getattr(client, method)(url, data or {}).status_code)
            transaction.set_rollback(True)
    return given


def test_every_address_by_every_role(records):
    wrong, browsers = [], clients(records.world)
    for name, arguments, method, expected in ROWS:
        url = reverse(name, args=arguments(records))
        given = answers(browsers, url, method)
        wrong += [
            f"{method.upper()} {url} ({name}) by {who}: {code}, expected {right}"
            for who, code, right in zip(WHO, given, expected, strict=True)
            if code != right
        ]
    assert not wrong, "\n".join(wrong)


def routes(resolver=None, before=""):
    """Each address of ours as it is written, "meetings/actions/<key:pk>/"."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if not hasattr(pattern, "url_patterns"):
            yield route
        elif pattern.namespace != "admin" and not route.startswith("accounts/"):
            yield from routes(pattern, route)


def test_a_number_that_no_table_can_hold_is_the_key_of_nothing():
    keyed = [route for route in routes() if re.search(r"<(int|key):", route)]
    assert len(keyed) > 50
    for route in keyed:
        address = re.sub(r"<(int|key):\w+>", "9" * 30, route)
        with suppress(Resolver404):  # another address may take it for a slug
            assert resolve("/" + re.sub(r"<\w+:\w+>", "x", address)).route != route


def test_head_is_answered_as_get_and_no_method_but_get_and_post_at_all(records):
    secretary, wrong = signed_in(records.world.secretary), []
    for name, arguments, method, expected in ROWS:
        if method != "get":
            continue
        url = reverse(name, args=arguments(records))
        given = secretary.head(url).status_code
        others = [getattr(secretary, each)(url).status_code for each in UNKNOWN]
        if (given, others) != (expected[WHO.index("secretary")], [405] * len(UNKNOWN)):
            wrong.append(f"{url} ({name}): HEAD {given}, {dict(zip(UNKNOWN, others, strict=True))}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", SIGN_IN)
def test_signing_in_and_out(world, name):
    assert answers(clients(world), reverse(name), "get") == SIGN_IN[name]


@pytest.mark.parametrize("path", NOT_OFFERED)
def test_what_is_not_offered_is_not_there(world, path):
    address = "/" + path.replace("<str:key>", "a-key")
    assert answers(clients(world), address, "get") == [404] * 10


@pytest.mark.parametrize("name", SECOND_FACTOR)
def test_the_second_factor_is_for_those_who_signed_in(world, name):
    given = answers(clients(world), reverse(name, args=SECOND_FACTOR[name]), "get")
    assert given[0] == 302, "a visitor signs in first"
    assert set(given[1:]) <= {200, 302, 404}, given


def test_the_admin_is_for_staff_alone(world):
    staff = make.make_user("staff@example.org", is_staff=True, is_superuser=True)
    address = reverse("admin:index")
    assert answers(clients(world), address, "get") == [302] * 10
    client = Client()
    client.force_login(staff)
    assert client.get(address).status_code == 200


def test_what_one_may_not_see_looks_like_what_is_not_there(records):
    """Same status, same page, whether it is another agency's or nobody's."""
    client = Client()
    client.force_login(records.world.police_lead)
    theirs = client.get(reverse("priorities:return", args=[records.draft.pk]))
    nobodys = client.get(reverse("priorities:return", args=[records.draft.pk + 10_000]))
    assert (theirs.status_code, nobodys.status_code) == (404, 404)

    def plain(response):
        """Without the two values that differ from answer to answer."""
        html = response.content.decode().replace(str(response.wsgi_request.csp_nonce), "")
        return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", html)

    assert plain(theirs) == plain(nobodys)


def test_another_boards_people_find_nothing(records):
    """Two boards on one installation never see each other: not even those who may most there."""
    other = make.make_world("Other Board")
    others = [signed_in(getattr(other, who)) for who in ("secretary", "chair", "police_lead")]
    for name, arguments, method, expected in ROWS:
        if expected[-1] != 404:
            continue
        url = reverse(name, args=arguments(records))
        assert set(answers(others, url, method)) == {404}, url


def test_a_role_is_gone_at_the_next_request(records):
    client = Client()
    client.force_login(records.world.secretary)
    address = reverse("meetings:minute", args=[records.live.ref])
    assert client.get(address).status_code == 200
    records.world.secretary.appointments.update(end=make.days_ago(1))
    assert client.get(address).status_code == 404
