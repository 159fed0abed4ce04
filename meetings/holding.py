"""What goes with each step of a meeting's life: what it needs, and what else happens then."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from board.pdf import RenderError

from .action_sheets import send_letters
from .agenda import list_expected, name_minutes
from .carrying import hand_on
from .invitations import invite, recall
from .models import Action, Decision, Meeting, Minutes, Note, Part, Review
from .papers import publish_papers
from .planning import round_of


def require_agenda(meeting, *, by, note, at):
    if not meeting.items.exists():
        raise ValidationError("There is nothing on the agenda yet: add an item first.")
    try:
        publish_papers(meeting, at=at)
    except RenderError as failure:
        raise ValidationError(str(failure)) from failure


def tell_those_invited(meeting, *, by, note, at):
    """Who sits, which minutes are to be agreed and whether the quarter has a round may have
    changed since it was planned."""
    if meeting.kind == Meeting.Kind.ORDINARY and meeting.round_id is None:
        meeting.round = round_of(meeting.board, meeting.day)
        meeting.save(update_fields=["round"])
    list_expected(meeting)
    name_minutes(meeting)
    if meeting.starts_at > at:
        invite(meeting, at)


def another_day(meeting):
    """What starting it warns of."""
    if meeting.day == timezone.localdate():
        return ""
    return f"It is arranged for {meeting.day:%A %-d %B %Y}, which is not today."


def begin(meeting, *, by, note, at):
    meeting.began_at = meeting.began_at or at


def finish(meeting, *, by, note, at):
    """Real times, for minutes typed up afterwards too: those planned, unless others are set."""
    if meeting.state == Meeting.State.PUBLISHED:
        meeting.began_at = meeting.began_at or meeting.starts_at
        meeting.finished_at = meeting.finished_at or meeting.ends_at
    else:
        meeting.finished_at = at
    if meeting.began_at and meeting.finished_at <= meeting.began_at:
        raise ValidationError("The meeting would end before it began: correct its times first.")


def draft_minutes(meeting, *, by, note, at):
    parts = [Part.BOARD]
    restricted = {"item__meeting": meeting, "part": Part.RESTRICTED}
    reviewed = Review.objects.filter(item__meeting=meeting, action__part=Part.RESTRICTED)
    if reviewed.exists() or any(
        kind.objects.filter(**restricted).exists() for kind in (Note, Decision, Action)
    ):
        parts.append(Part.RESTRICTED)
    for part in parts:
        Minutes.objects.get_or_create(meeting=meeting, part=part)


def after_it_was_held(meeting, *, by, note, at):
    draft_minutes(meeting, by=by, note=note, at=at)
    hand_on(meeting)
    send_letters(meeting, at)


def after_it_broke_off(meeting, *, by, note, at):
    draft_minutes(meeting, by=by, note=note, at=at)
    send_letters(meeting, at)


def require_draft_minutes(meeting, *, by, note, at):
    if meeting.minutes.exclude(state=Minutes.State.DRAFT).exists():
        raise ValidationError("Its minutes have left draft: recall them first.")
    meeting.finished_at = None


def keep_reason(meeting, *, by, note, at):
    meeting.state_reason = note.strip()[:300]


def stop(meeting, *, by, note, at):
    """Adjourned: it was held as far as it went."""
    keep_reason(meeting, by=by, note=note, at=at)
    finish(meeting, by=by, note=note, at=at)


def cancel(meeting, *, by, note, at):
    recall(meeting, at)
    hand_on(meeting)


def postpone(meeting, *, by, note, at):
    recall(meeting, at)
