"""Rounds of returns as data, and the acts of asking, answering and receiving."""

import datetime
from dataclasses import dataclass

from board.transitions import CLEAR_VERBS
from priorities import transitions as life
from priorities.models import AgencyReturn, Original, PriorityReturn, Round
from priorities.transitions import PART_CLEARANCE

from .script import at_hour

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """One agency on one priority in one round.

    came       days from the due day to the submission: -2 is two days early, 3 is late
    state      how far it goes: draft, submitted or received
    cleared    the audience its text is cleared for, or "" for not cleared
    query      (days from the due day, question, answer or "" while it waits)
    letter     sent by whom: it came by e-mail, and the secretary entered it
    """

    did: str = ""
    emerging: str = ""
    confidence: str = ""
    direction: str = ""
    because: str = ""
    strands: str = ""
    text: str = ""
    cleared: str = ""
    nothing: bool = False
    came: int = -2
    state: str = "received"
    late: str = ""
    query: tuple = ()
    letter: str = ""
    sensitive: bool = False
    shared_with: tuple = ()
    barriers: str = ""
    outcome: str = ""


NIL = Answer(nothing=True)
NONE = None  # asked, and nothing came


def run_round(script, cast, key, *, ref, first, last, opens, due, closes, answers, two, invented):
    """Add the acts of one round.

    opens, closes  aware moments (closes may be None); due a date
    answers        {(agency, priority): Answer or None}
    two            {agency: (emerging priorities, how it captures new information)}
    """
    people = cast.people
    secretary = people["secretary"]

    def open_it():
        cast.rounds[key] = Round.objects.create(
            board=cast.board,
            ref=ref,
            quarter_start=first,
            quarter_end=last,
            due=due,
            invented=invented,
        )
        script.write("plan", cast.rounds[key])
        cast.rounds[key] = script.do(life.OPEN_ROUND, cast.rounds[key])

    script.add(opens, secretary, open_it)
    for (agency, priority), answer in answers.items():
        if answer is not NONE:
            answering = Answering(script, cast, key, agency, priority, answer, two.get(agency))
            answering.add(due)
    if closes:
        script.add(closes, secretary, lambda: script.do(life.CLOSE_ROUND, cast.rounds[key]))


class Answering:
    """One answer on its way through the script."""

    def __init__(self, script, cast, round_key, agency, priority, answer, two):
        self.script, self.cast, self.round_key = script, cast, round_key
        self.agency, self.priority, self.answer, self.two = agency, priority, answer, two

    def add(self, due):
        answer, add = self.answer, self.script.add
        lead, secretary = self.cast.people[self.agency], self.cast.people["secretary"]
        # Agencies do not all answer at the same minute.
        minute = 7 * len(self.agency) % 50
        came = at_hour(due + answer.came * DAY, 14, minute)
        if answer.letter:
            add(came + DAY, secretary, self.enter)
            return
        add(came - DAY, lead, self.write)
        if answer.state == "draft" and not answer.query:
            return
        add(came, lead, self.submit)
        if answer.query:
            days, _, reply = answer.query
            add(at_hour(due + days * DAY, 11, minute), secretary, self.ask)
            if not reply:
                return
            add(at_hour(due + (days + 2) * DAY, 15, minute), lead, self.reply)
            came = at_hour(due + (days + 2) * DAY, 16, minute)
        if answer.state == "received":
            add(came + DAY, secretary, self.receive)

    def whole(self):
        return AgencyReturn.objects.get(
            round=self.cast.rounds[self.round_key], agency=self.cast.agencies[self.agency]
        )

    def part(self):
        return PriorityReturn.objects.select_related("agency_return__round", "priority").get(
            agency_return__round=self.cast.rounds[self.round_key],
            agency_return__agency=self.cast.agencies[self.agency],
            priority=self.cast.priorities[self.priority],
        )

    def write(self):
        whole, answer = self.whole(), self.answer
        if self.two and not whole.emerging_priorities:
            whole.emerging_priorities, whole.new_information = self.two
            whole.sharing_basis = "Section 115, Crime and Disorder Act 1998"
            whole.version += 1
        if answer.sensitive:
            whole.marking = "OFFICIAL-SENSITIVE"
        whole.save()
        whole.shared_with.add(*(self.cast.agencies[key] for key in answer.shared_with))
        part = self.part()
        part.nothing_to_report = answer.nothing
        part.did, part.emerging = answer.did, answer.emerging
        part.confidence, part.direction = answer.confidence, answer.direction
        part.confidence_because = answer.because
        for strand in answer.strands.split():
            setattr(part, strand, True)
        part.report_text = answer.text
        part.barriers, part.outcome = answer.barriers, answer.outcome
        if answer.sensitive:
            part.marking = "OFFICIAL-SENSITIVE"
        part.version += 1
        part.save()

    def submit(self):
        part = self.part()
        late = part.agency_return.days_late(self.script.at)
        self.script.do(life.SUBMIT_PART, part, self.answer.late if late else "")
        if self.answer.cleared:
            verb = CLEAR_VERBS[self.answer.cleared]
            self.script.do(next(row for row in PART_CLEARANCE if row.verb == verb), part)

    def ask(self):
        self.script.do(life.RAISE_QUERY_ON_PART, self.part(), self.answer.query[1])

    def reply(self):
        part = self.part()
        for query in part.queries.filter(answered_at=None):
            query.answer = self.answer.query[2]
            query.answered_at, query.answered_by = self.script.at, self.script.by
            query.save()
            self.script.write("answer the query", query)
        late = part.agency_return.days_late(self.script.at)
        reason = self.answer.late or "The secretary's query was answered first."
        self.script.do(life.SUBMIT_PART, part, reason if late else "")

    def receive(self):
        self.script.do(life.RECEIVE_PART, self.part())

    def enter(self):
        """A return that came by e-mail, typed in and entered by the secretary."""
        whole = self.whole()
        if not whole.sender:
            whole.sender = self.answer.letter
            whole.sent_on = (self.script.at - DAY).date()
            whole.entered_at, whole.entered_by = self.script.at, self.script.by
            whole.save()
            letter = f"{self.answer.did}\n\n{self.answer.emerging}\n"
            Original.objects.create(
                agency_return=whole, name="return-by-e-mail.txt", content=letter.encode()
            )
        self.write()
        self.script.do(life.ENTER_PART, self.part())
