"""Every kind of letter, for the daily run and for the page of what is not known to have left."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from board.mail import IN_HAND, send_once, settleable
from board.waiting import Waiting
from config import reminders
from config.models import Notice
from meetings import action_sheets, invitations, question_letters
from priorities import telling


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    slug     names it in a form
    one      what it is called; `many`, several of them
    letters  (at) -> those that still tell something at that moment, as a queryset of a
             board.models.Letter
    send     (rows, at) -> those tried, as board.mail.send_once
    daily    (at) -> those that the daily run tried
    """

    slug: str
    one: str
    many: str
    letters: Callable
    send: Callable
    daily: Callable


def kind_of(slug, one, many, message, letters, waiting=None):
    """A kind that the daily run only tries again: those of `waiting(at)`, else of `letters`."""

    def send(rows, at):
        return send_once(rows, message)

    return Kind(
        slug, one, many, letters, send, lambda at: send_once((waiting or letters)(at), message)
    )


KINDS = (
    kind_of(
        "invitation", "invitation", "invitations",
        invitations.invitation_letter, invitations.to_come,
    ),
    kind_of(
        "actions", "action letter", "action letters",
        action_sheets.message, lambda at: action_sheets.letters(), action_sheets.to_try,
    ),
    kind_of(
        "threat", "letter on a threat", "letters on threats",
        telling.e_mail, lambda at: telling.threat_letters(),
    ),
    kind_of(
        "withdrawal", "letter on a withdrawn text", "letters on withdrawn texts",
        telling.e_mail, lambda at: telling.withdrawal_letters(),
    ),
    Kind(
        "question", "letter on a question", "letters on questions",
        lambda at: question_letters.letters(),
        lambda rows, at: send_once(rows, question_letters.message),
        question_letters.remind_of_questions,
    ),
    Kind(
        "reminder", "reminder", "reminders",
        lambda at: Notice.objects.select_related("board", "agency", "person"),
        lambda rows, at: reminders.send(rows, timezone.localdate(at)),
        reminders.remind,
    ),
)  # fmt: skip


def left_over(user, at):
    """[(kind, letter)] of what is not known to have left, of boards this person keeps; a query a
    kind. Each letter has `key`, its name in a form, and `settleable`: whether it is this person's
    to settle, and not in somebody's hands at this moment."""
    found = []
    for kind in KINDS:
        for letter in kind.letters(at).visible_to(user).unsettled():
            in_hand = letter.handed_at and letter.handed_at > at - IN_HAND
            letter.key = f"{kind.slug}-{letter.pk}"
            letter.settleable = letter.board_key in user.roles.kept and not in_hand
            found.append((kind, letter))
    return found


def waiting(user, at):
    """For the secretary, as a list of Waiting; one query."""
    if not user.roles.kept:
        return []
    every = [
        settleable(kind.letters(at).kept_by(user), at)
        .exclude(handed_at=None, failed="")
        .select_related(None)
        .order_by()
        .values("pk")
        for kind in KINDS
    ]
    number = len(every[0].union(*every[1:], all=True))
    if not number:
        return []
    return [
        Waiting(
            None,
            timezone.localdate(at),
            f"Look after {'1 letter' if number == 1 else f'{number} letters'}",
            f"{reverse('reminders')}#letters",
            "It could not be sent, or nobody knows whether it left."
            if number == 1
            else "They could not be sent, or nobody knows whether they left.",
        )
    ]
