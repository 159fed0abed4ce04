"""One letter of each kind at the least, written down by the acts that ask for it."""

import datetime

from django.core import mail
from django.db import transaction
from django.utils import timezone

from board.workflow import perform
from config import reminders
from config.letters import KINDS
from config.owed import owed_to
from meetings import question_letters
from meetings.models import BetweenMeetings
from meetings.outcomes import DISCUSS
from meetings.transitions import END, PUBLISH
from priorities.transitions import PART_CLEARANCE
from tests import builders as make
from tests.meetings.rooms import in_session, item_of, planned

CLEAR, WITHDRAW = PART_CLEARANCE[2], PART_CLEARANCE[3]


def write_each(world):
    """Whether they leave is the caller's: with the mail server down, or in a transaction that
    nobody commits, they wait."""
    now, today = timezone.now(), timezone.localdate()
    coming = now + datetime.timedelta(days=21)
    perform(PUBLISH, planned(world, ref="coming", starts_at=coming), by=world.secretary)

    meeting = in_session(world)
    threat = make.make_threat(world.board, world.police, world.police_contributor)
    make.make_item(meeting, 30, threat=threat)
    perform(DISCUSS, threat, by=world.secretary, note="Heard.")
    make.make_action(world.board, agency=world.police, item=item_of(meeting))
    perform(END, meeting, by=world.secretary)

    part = make.submit(
        make.part_of(make.open_round(world), world.police, world.slavery), world.police_lead
    )
    for row in (CLEAR, WITHDRAW):
        part = perform(row, part, by=world.police_lead)

    with transaction.atomic():
        question = BetweenMeetings.objects.create(
            board=world.board, route="written", text="The agreement is signed.", reason="It ends.",
            deadline=make.days_ago(-20), opened_at=now, opened_by=world.secretary,
        )  # fmt: skip
        question_letters.ask(question, now)

    make.make_action(world.board, agency=world.police, agreed_on=make.days_ago(30), due=today)
    things = owed_to(world.board, today)[world.police]
    reminders.write_down(world.board, world.police, world.police_lead, things, now)


def every(at=None):
    """{kind's slug: [letter]}"""
    return {kind.slug: list(kind.letters(at or timezone.now())) for kind in KINDS}


def copies():
    """{a letter's identity: how many of it arrived}"""
    found = {}
    for message in mail.outbox:
        identity = message.extra_headers["Message-ID"]
        found[identity] = found.get(identity, 0) + 1
    return found
