"""Words saved as they are typed. The row is locked, its version compared, then it is saved; what
comes from a stale box never overwrites, and is kept beside the note, in its history."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from board.beside import keep_beside, last_save

from .models import AgendaItem, Meeting, Minutes, Note, Part

WRITABLE = (Meeting.State.PUBLISHED, Meeting.State.IN_SESSION, *Meeting.HELD)


class NotWritable(Exception):
    """The minutes can no longer be written in; str() says why and what to do."""


@dataclass(frozen=True)
class Answer:
    """accepted: what is stored now is yours. Otherwise `text`, `version`, `saved_at` and `by` are
    the other person's, and `kept_at` says when yours was put beside it (None: it was not)."""

    accepted: bool
    text: str
    version: int
    saved_at: datetime.datetime | None = None
    by: str = ""
    kept_at: datetime.datetime | None = None


def is_stale(row, version):
    """Whether somebody saved the row after the box with this version was filled."""
    return row.version != version


def may_be_written(meeting, part=Part.BOARD):
    """A sentence why the minutes of a part cannot be written in now, or nothing."""
    if meeting.state not in WRITABLE:
        return (
            f"This meeting is {meeting.get_state_display().lower()}: nothing can be minuted in it."
        )
    left = meeting.minutes.filter(part=part).exclude(state=Minutes.State.DRAFT).first()
    if left:
        state = left.get_state_display().lower()
        return f"These minutes are {state}. Recall them before you change their words."
    return ""


def lock_minutes(meeting, part):
    """Hold the minutes' row, so that nobody circulates a text while it is being changed.
    Raises NotWritable. A part that is first written in after the end gets its minutes now."""
    if meeting.state in Meeting.HELD:
        Minutes.objects.get_or_create(meeting=meeting, part=part)
    list(Minutes.objects.select_for_update().filter(meeting=meeting, part=part))
    if sentence := may_be_written(meeting, part):
        raise NotWritable(sentence)


@transaction.atomic
def save_note(item, part, text, version, *, by, at=None):
    """Store the minute of one item in one part; return an Answer.

    text     already clean (board.text.clean)
    version  of the note when the box was filled; 0 for one that was not there yet
    """
    at = at or timezone.now()
    lock_minutes(item.meeting, part)
    if not text and not version and not Note.objects.filter(item=item, part=part).exists():
        return Answer(True, "", 0)
    # An empty row to lock; in bulk, because its history begins with the first words.
    Note.objects.bulk_create([Note(item=item, part=part)], ignore_conflicts=True)
    note = Note.objects.select_for_update().get(item=item, part=part)
    if note.text == text:
        return Answer(True, text, note.version, note.saved_at)
    if is_stale(note, version):
        saved, (by_whom, _) = note.text, last_save(note)
        note.text = text
        kept_at = keep_beside(note, by=by, at=at)
        return Answer(False, saved, note.version, note.saved_at, by_whom, kept_at)
    note.text, note.version, note.saved_at = text, note.version + 1, at
    note._history_user = by
    note.save()
    return Answer(True, text, note.version, at)


@transaction.atomic
def save_working_notes(item, text, version, *, by, at=None):
    """Store the secretary's own notes on an item; return an Answer. They have no history."""
    row = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if row.working_notes == text:
        return Answer(True, text, row.working_version)
    if row.working_version != version:
        return Answer(False, row.working_notes, row.working_version, by="Another window")
    row.working_notes, row.working_version = text, row.working_version + 1
    row.save(update_fields=["working_notes", "working_version"])
    return Answer(True, text, row.working_version, at or timezone.now())
