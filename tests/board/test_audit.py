import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from board import audit, triggers
from board.models import AuditEvent, AuditHead
from tests import builders as make
from tests.racing import at_once

FROZEN = "is kept as it is"


@pytest.fixture
def trail(world):
    """Twenty events, and no triggers: a hand that reaches past the application."""
    for number in range(20):
        audit.record("note", world.board, by=world.secretary, note=f"Word {number} – ŵ£😀")
    triggers.remove()
    yield AuditEvent.objects
    if not connection.needs_rollback:
        triggers.install()


def test_each_event_follows_from_the_one_before(world):
    first = audit.record("open the round", world.board, by=world.secretary)
    second = audit.record("note", world.board, by="a command", note="Nobody signed in.")
    assert (first.seq, first.previous_hash) == (1, audit.GENESIS)
    assert (second.seq, second.previous_hash) == (2, first.hash)
    assert (second.actor, second.actor_label) == (None, "a command")
    assert second.board == world.board
    assert audit.first_fault() is None


def test_an_event_goes_with_the_act_when_that_is_rolled_back(world):
    audit.record("stays", world.board, by=world.secretary)
    with transaction.atomic():
        audit.record("goes", world.board, by=world.secretary)
        transaction.set_rollback(True)
    audit.record("stays too", world.board, by=world.secretary)
    assert list(AuditEvent.objects.order_by("seq").values_list("seq", "act")) == [
        (1, "stays"),
        (2, "stays too"),
    ]
    assert audit.first_fault() is None


@pytest.mark.parametrize("field", [*audit.HASHED, "at", "hash"])
def test_a_change_to_any_fact_is_found_at_its_row(trail, field):
    event = trail.get(seq=11)
    changed = {
        "seq": 999,
        "refused": True,
        "at": event.at.replace(microsecond=(event.at.microsecond + 1) % 1_000_000),
    }.get(field, "f" * 64 if "hash" in field else "changed")
    trail.filter(seq=11).update(**{field: changed})
    assert audit.first_fault()[0] == 11


def test_a_row_taken_out_is_found(trail):
    trail.filter(seq=7).delete()
    assert audit.first_fault() == (7, "Event 7 is missing; the next one is 8.")


def test_a_tail_cut_off_is_found(trail):
    trail.filter(seq__gt=15).delete()
    assert audit.first_fault()[0] == 16


def test_a_trail_without_its_head_is_found(trail):
    AuditHead.objects.all().delete()
    assert audit.first_fault()[0] == 21


def test_two_rows_swapped_are_found(trail):
    four, nine = trail.get(seq=4), trail.get(seq=9)
    trail.filter(pk=four.pk).update(seq=1000)
    trail.filter(pk=nine.pk).update(seq=4)
    trail.filter(pk=four.pk).update(seq=9)
    assert audit.first_fault()[0] == 4


def test_a_row_slipped_in_is_found(trail):
    head = AuditHead.objects.get()
    forged = AuditEvent(
        seq=21,
        at=trail.get(seq=1).at,
        actor_label="nobody",
        act="note",
        subject="x",
        subject_label="x",
        previous_hash=head.hash,
    )
    forged.hash = audit.chain_hash(forged)
    forged.save()
    assert audit.first_fault()[0] == 22, "the head still says 20"


def test_verify_audit_names_the_first_bad_row(trail, capsys):
    call_command("verify_audit")
    assert capsys.readouterr().out == "The audit trail is whole: 20 events.\n"
    trail.filter(seq=5).update(note="changed")
    with pytest.raises(CommandError, match=r"^Event 5 is not what was written\.$"):
        call_command("verify_audit")


def test_the_chain_cannot_fork(world):
    first = audit.record("note", world.board, by=world.secretary)
    twin = AuditEvent(
        seq=2,
        at=first.at,
        actor_label="x",
        act="x",
        subject="x",
        subject_label="x",
        previous_hash=first.previous_hash,
        hash="f" * 64,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def ways_to_change(event):
    table = AuditEvent._meta.db_table

    def raw(sql):
        def run():
            with connection.cursor() as cursor:
                cursor.execute(sql, [event.pk])

        return run

    return {
        "save": lambda: event.save(),
        "update": lambda: AuditEvent.objects.update(note="changed"),
        "delete": lambda: event.delete(),
        "delete all": lambda: AuditEvent.objects.all().delete(),
        "raw update": raw(f"UPDATE {table} SET note = 'changed' WHERE id = %s"),
        "raw delete": raw(f"DELETE FROM {table} WHERE id = %s"),
    }


def test_the_database_refuses_every_way_to_change_the_trail(world):
    event = audit.record("note", world.board, by=world.secretary)
    for way, change in ways_to_change(event).items():
        with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
            change()
        event = AuditEvent.objects.get()
        assert event.note == "", way


def test_without_the_triggers_it_would_be_changed(world):
    """The control of the test above: it is the triggers that refuse."""
    event = audit.record("note", world.board, by=world.secretary)
    triggers.remove()
    AuditEvent.objects.filter(pk=event.pk).update(note="changed")
    assert AuditEvent.objects.get().note == "changed"


@pytest.mark.django_db
def test_all_triggers_are_there_after_all_migrations():
    assert triggers.missing() == []
    assert len(triggers.frozen_tables()) >= 3
    triggers.remove()
    missing = triggers.missing()
    assert "board_auditevent_refuse_update" in missing
    assert len(missing) == 2 * len(triggers.frozen_tables())
    triggers.install()
    triggers.install()
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain():
    world = make.make_world()

    def write(name):
        for number in range(25):
            audit.record("note", world.board, by=name, note=str(number))

    outcomes = at_once([lambda name=f"writer {n}": write(name) for n in range(8)])
    assert outcomes == [None] * 8
    assert AuditEvent.objects.count() == 200
    assert audit.first_fault() is None


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("secretary", True),
        ("chair", True),
        ("member", False),
        ("police_lead", False),
        ("observer", False),
        ("former", False),
        ("outsider", False),
    ],
)
def test_the_trail_of_a_board_is_for_its_secretary_and_chair(world, role, sees):
    event = audit.record("note", world.board, by=world.secretary)
    assert (event in AuditEvent.objects.visible_to(getattr(world, role))) is sees


def test_another_boards_secretary_sees_nothing_of_it(world):
    other = make.make_world("Other Board")
    audit.record("note", world.board, by=world.secretary)
    signed_in = audit.record("sign in", world.police_lead, by=world.police_lead)
    assert list(AuditEvent.objects.visible_to(other.secretary)) == []
    assert signed_in in AuditEvent.objects.visible_to(world.secretary)
