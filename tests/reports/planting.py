"""A word of its own in every text of every row, and the rows to plant them in.

What the public may read of the record is named here, field by field, with the rows in which it is
open; everything else that holds text is secret. A model or a field that is new is planted without
being named, and one that cannot be planted is missed by the test.
"""

import contextlib
import copy
import datetime
import itertools
import re

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from board import triggers
from board.markings import Audience, Clearance, Marking
from board.models import Board, Clearable, Nomination
from config.models import Reminder
from meetings.models import (
    AgendaItem,
    BetweenMeetings,
    Decision,
    Note,
    Referral,
    StandingItem,
)
from priorities.models import (
    AgencyReturn,
    EmergingThreat,
    Learning,
    PriorityReturn,
    WithdrawalLetter,
)
from reports.layouts import USUAL_HEADER
from reports.models import (
    CommitteeReport,
    Issue,
    Layout,
    Paragraph,
    ParagraphSource,
    Phrase,
    Section,
)
from tests.builders import (
    london,
    make_agency,
    make_item,
    make_meeting,
    make_paper,
    make_round,
    make_world,
    seat,
)

OURS = ("board", "priorities", "meetings", "reports", "config")
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
# Sums of bytes, and what a password was made into: no words, and the code compares them.
SUMS = {
    "password", "hash", "previous_hash", "digest", "sha256", "pdf_sha256", "docx_sha256",
    "html_sha256",
}  # fmt: skip
MARKER = re.compile(r"z[qp]\d{4}z[qp]")
SHORT = 40  # a field of fewer letters takes the word instead of its own words


def text_fields():
    """Every field of ours that holds text somebody typed, of tables of history too."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if isinstance(field, TEXT) and not field.choices and field.name not in SUMS:
                    yield model, field


def name_of(model, field):
    return f"{model._meta.label}.{field.name}"


class Planter:
    """Secret words begin with zq, open ones with zp."""

    def __init__(self, made):
        self.made = made
        self.last = 1000
        self.secret, self.open = {}, {}
        self.done = set()

    def plant(self):
        """In every row that has none yet, with the triggers down that would refuse it."""
        triggers.remove()
        for model, field in list(text_fields()):
            for row in model._base_manager.all():
                place = (model, row.pk, field.name)
                if place not in self.done and not self.printed_of(row, field):
                    self.done.add(place)
                    self.plant_in(row, field)
        triggers.install()

    def plant_in(self, row, field):
        name = name_of(type(row), field)
        is_open = is_public(row, field, self.made)
        self.last += 1
        word = "z{0}{1}z{0}".format("p" if is_open else "q", self.last)
        try:
            with transaction.atomic():
                value = grown(getattr(row, field.name), word, field)
                type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
        except IntegrityError:
            return  # in this state the database wants it empty
        (self.open if is_open else self.secret)[word] = name

    def printed_of(self, row, field):
        """Words of the report itself: it is written, and read, in the test."""
        report = getattr(self.made, "report", None)
        if report is None:
            return False
        match row:
            case Issue():
                newest = row == report.issues.first() and row.report.state == "issued"
                return newest and field.name in PAPERS
            case Section():
                return row.report == report
            case Paragraph():
                return row.section.report == report
            case CommitteeReport():
                return row == report and field.name not in UNPRINTED
        return False

    def missed(self):
        """Fields in which no word could be planted, by name."""
        planted = {*self.secret.values(), *self.open.values()}
        return sorted({name_of(*pair) for pair in text_fields()} - planted - PRINTED)


# What the test itself writes into the report.
UNPRINTED = {"leftovers", "imported_from"}
PAPERS = {"document", "pdf", "docx", "html"}
PRINTED = {"reports.Section.heading", "reports.Paragraph.text"}


def grown(value, word, field):
    if isinstance(field, models.BinaryField):
        return bytes(value or b"") + word.encode()
    if isinstance(field, models.JSONField):
        return grown_leaves(value, word) if value else [[word, word]]
    if isinstance(field, models.EmailField):
        return f"{word}@example.org"
    if isinstance(field, models.SlugField):
        return f"{(value or word)[:40]}-{word}"
    if isinstance(field, models.URLField):
        return f"https://example.org/{word}"
    if field.max_length and field.max_length < SHORT:
        return word[: field.max_length]
    room = (field.max_length or 100_000) - len(word) - 1
    return f"{(value or '')[:room]} {word}".strip()


def grown_leaves(value, word):
    if isinstance(value, dict):
        return {key: grown_leaves(inner, word) for key, inner in value.items()}
    if isinstance(value, list):
        return [grown_leaves(inner, word) for inner in value]
    return f"{value} {word}" if isinstance(value, str) else value


def is_public(row, field, made):
    """Whether the report to the public, or the pages beside it, may say this."""
    name = name_of(type(row), field)
    if isinstance(row, Clearable) and field.name == "cleared_text":
        return row.pk == made.cleared[type(row)]
    return name in PUBLIC and PUBLIC[name](row, made)


def seated(agency, made):
    return agency.seats.filter(board__kind=Board.Kind.BOARD).exists()


def the_chair(person, made):
    return person == made.world.chair


def our_board(board, made):
    return board == made.world.board


def our_phrase(phrase, made):
    return phrase.board == made.world.board


def our_form(layout, made):
    return layout.name.startswith("Ours")


PUBLIC = {
    # On /published/, which lists every board, and in the report's sentences.
    "board.Board.name": lambda board, made: True,
    "board.Board.slug": lambda board, made: board.kind == Board.Kind.BOARD,
    "board.Board.aim": lambda board, made: board.kind == Board.Kind.BOARD,
    "board.Agency.name": seated,
    "priorities.Priority.name": lambda priority, made: priority.board == made.world.board,
    # In the sign-off.
    "board.Board.office_email": our_board,
    "board.Board.office_phone": our_board,
    "board.User.post": the_chair,
    # How our reports look and are worded.
    "reports.Phrase.text": our_phrase,
    "reports.Layout.header": our_form,
    "reports.Layout.order": our_form,
    "reports.Layout.lead_in": our_form,
}


# Rows: each way in which words may not travel, for each kind of record that lends words


def standings(model):
    """{standing: the fields of a row whose words may not be printed for the public}."""
    cleared = {"clearance": Clearance.CLEARED, "cleared_for": Audience.PUBLIC}
    found = {
        "not cleared": {
            "clearance": Clearance.NOT_CLEARED, "cleared_for": "", "cleared_text": "",
        },
        "withdrawn": {
            "clearance": Clearance.WITHDRAWN, "cleared_text": "", "withdrawn_at": timezone.now(),
        },
        **{
            f"cleared for {audience}": {**cleared, "cleared_for": audience}
            for audience in Audience
            if audience != Audience.PUBLIC
        },
        "another quarter": cleared,
        "another board": cleared,
    }  # fmt: skip
    names = {field.name for field in model._meta.concrete_fields}
    if "marking" in names:
        found["OFFICIAL-SENSITIVE"] = {**cleared, "marking": Marking.SENSITIVE}
    if "part" in names:
        found["restricted"] = {**cleared, "part": "restricted"}
    if model is PriorityReturn:
        found["the whole OFFICIAL-SENSITIVE"] = cleared
    return found


def twins(made):
    """Of each record that lends words and was cleared for the public: a twin in each standing."""
    places = {
        Note: item_place, Decision: item_place, PriorityReturn: return_place,
        Learning: day_place, EmergingThreat: threat_place, Referral: referral_place,
    }  # fmt: skip
    made.cleared = {}
    for model in Clearable.__subclasses__():
        record = getattr(made, NAMES[model])
        made.cleared[model] = record.pk
        for standing, values in standings(model).items():
            twin = copy.copy(model.objects.get(pk=record.pk))
            twin.pk, twin._state.adding = None, True
            for name, value in (values | places[model](made, standing)).items():
                setattr(twin, name, value)
            twin.save()


NAMES = {
    Note: "note", Decision: "decision", PriorityReturn: "part", Learning: "learning",
    EmergingThreat: "threat", Referral: "referral",
}  # fmt: skip
number = itertools.count(50)
TODAY = timezone.localdate()


def board_of(made, standing):
    return made.other.board if standing == "another board" else made.world.board


def item_place(made, standing):
    if standing == "another board":
        meeting = made.other_meeting
    else:
        meeting = made.earlier_meeting if standing == "another quarter" else made.meeting
    return {"item": make_item(meeting, next(number))}


def return_place(made, standing):
    round = {"another quarter": made.earlier_round, "another board": made.other_round}.get(
        standing, made.round
    )
    agency = make_agency()
    seat(round.board, agency)
    whole = AgencyReturn.objects.create(
        round=round,
        agency=agency,
        marking="OFFICIAL-SENSITIVE" if standing.startswith("the whole") else "OFFICIAL",
        state="received",
        submitted_at=timezone.now(),
        submitted_by=made.world.police_lead,
        received_at=timezone.now(),
        received_by=made.world.secretary,
    )
    return {"agency_return": whole}


def day_place(made, standing):
    long_ago = {"day": datetime.date(2017, 7, 12)} if standing == "another quarter" else {}
    return {"board": board_of(made, standing), **long_ago}


def threat_place(made, standing):
    long_ago = {"raised_at": london(2017, 8, 20)} if standing == "another quarter" else {}
    return {"board": board_of(made, standing), **long_ago}


def referral_place(made, standing):
    long_ago = {"answered_at": london(2017, 8, 20)} if standing == "another quarter" else {}
    return {"board": board_of(made, standing), **long_ago}


def rows_of_every_model(made):
    """Another board, another quarter, and a row of every model that has none yet."""
    world = made.world
    made.other = other = make_world("Other Board")
    for meeting, board, day in (
        ("earlier_meeting", world.board, london(2017, 9, 19)),
        ("other_meeting", other.board, london(2018, 9, 19)),
    ):
        held = make_meeting(
            board, starts_at=day, state="ended", ended_at=day, ended_by=world.secretary
        )
        setattr(made, meeting, held)
    made.earlier_round = make_round(
        world.board, day=datetime.date(2017, 7, 1), due=datetime.date(2017, 9, 12)
    )
    made.other_round = make_round(
        other.board, day=datetime.date(2018, 7, 1), due=datetime.date(2018, 9, 12)
    )
    for round in (made.earlier_round, made.other_round):
        round.state, round.opened_at, round.opened_by = "open", timezone.now(), world.secretary
        round.save()
    made.referral = any_row(
        Referral, board=world.board, from_board=world.parent, text="What of boats?",
        answer="CLEAREDANSWER was given.", state="answered", answered_at=london(2018, 8, 1),
        answered_by=world.secretary, asked_on=datetime.date(2018, 7, 2), agency=None,
        due=datetime.date(2018, 9, 1), clearance="cleared", cleared_for="public",
        cleared_text="CLEAREDANSWER was given.", cleared_at=timezone.now(),
        cleared_by=world.secretary,
    )  # fmt: skip
    twins(made)
    given = {
        "Paper": lambda: make_paper(made.item, by=world.secretary),
        "PaperFile": lambda: None,  # with its paper
        "ParagraphSource": lambda: any_row(ParagraphSource, note=made.note),
        "Reminder": lambda: any_row(Reminder, agency_return=made.part.agency_return),
        "BetweenMeetings": lambda: any_row(BetweenMeetings, route="chair", authority="x"),
        "StandingItem": lambda: any_row(StandingItem, title="x"),
        "WithdrawalLetter": lambda: any_row(WithdrawalLetter, part=made.part),
    }
    # Fields that the database wants empty but in one state.
    any_row(
        Nomination, board=world.board, put_to=world.parent, sought_on=datetime.date(2017, 7, 1),
        answer="x", answered_on=datetime.date(2017, 8, 1),
    )  # fmt: skip
    any_row(
        AgendaItem, meeting=made.meeting, number=next(number), urgency_reason="x",
        urgency_agreed_by="x",
    )  # fmt: skip
    whole = any_row(
        AgencyReturn, round=made.round, agency=make_agency(), extended_to=TODAY,
        extended_reason="x", entered_at=timezone.now(), entered_by=world.secretary, sender="x",
    )  # fmt: skip
    any_row(
        PriorityReturn, agency_return=whole, priority=world.slavery, lifted_on=TODAY,
        lifted_reason="x",
    )  # fmt: skip
    Phrase.objects.create(board=world.board, kind="meeting", text="The {board} met on {day}.")
    made.layout = Layout.objects.create(
        board=world.board, name="Ours", header=f"{USUAL_HEADER}\nWard",
        order="report:\nrecommendations: Recommendation(s)\ncontact: Contact",
        lead_in="Members are asked to:",
    )  # fmt: skip
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            if not model._base_manager.exists():
                # A row that the database refuses is missed later by its fields' names, if it has
                # any that hold text: give it above what it needs.
                with contextlib.suppress(IntegrityError), transaction.atomic():
                    given.get(model.__name__, lambda model=model: any_row(model))()


def any_row(model, **given):
    """A row of a model, its fields filled by their kinds: what it says is not what is tested."""
    values = dict(given)
    for field in model._meta.concrete_fields:
        if field.name in values or (field.primary_key and not field.remote_field):
            continue
        if field.has_default() or field.null or (field.blank and isinstance(field, TEXT)):
            continue
        values[field.name] = any_value(field)
    return model._base_manager.create(**values)


def any_value(field):
    if field.remote_field:
        return field.related_model._base_manager.first() or any_row(field.related_model)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.JSONField):
        return ["x"]
    return "x" if isinstance(field, TEXT) else 1
