"""How minutes put things: paragraphs, resolutions, approvals, times of day, lists of names."""

import re

from django.utils import timezone

from board.models import Board
from board.text import sentence

from .models import Decision, Part

AGREED = Decision.Outcome.AGREED
# Words that are written small after "that"; anything else may be a name, and stays as typed.
SMALL = frozenset(
    "a all an any as both each every if in it its members members' new no on one our partners"
    " that the their there these this those three to two when where".split()
)
CONTINUES = re.compile(r"^(?:\s|[-*+•◦▪●‣·\uf0b7\uf0a7]\s|o\t|[0-9]{1,9}[.)]\s)")


def split_paragraphs(text):
    """A note's paragraphs; a list belongs to the paragraph before it."""
    paragraphs = []
    for chunk in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        if not chunk.strip():
            continue
        if paragraphs and CONTINUES.match(chunk):
            paragraphs[-1] += f"\n\n{chunk}"
        else:
            paragraphs.append(chunk)
    return paragraphs


def late_sentence(item):
    """Why an item could not wait and who agreed that; the minutes have to say both."""
    return (
        f"Late item: {sentence(item.urgency_reason)} Agreed as urgent by {item.urgency_agreed_by}."
    )


def resolution(decision, style, *, informal=False):
    """(label, text): "AGREED", "that one page of signs will be made". The label is by the
    board's style; a meeting without a quorum can only give a view."""
    text = decision.text.strip()
    resolved = style == Board.DecisionStyle.RESOLVED
    outcome = decision.outcome
    if informal and outcome in Decision.BY_AGREEMENT:
        label = "VIEW OF THE MEETING"
    elif resolved and outcome == AGREED:
        label = "RESOLVED"
    else:
        label = decision.get_outcome_display().upper()
    if outcome in Decision.BY_AGREEMENT:
        text = that_clause(text, "That" if resolved else "that")
    else:
        text = small(text)
    return label, text


def reported(question):
    """How the next meeting's record gives a decision taken between meetings: (label, text)."""
    day = f"{timezone.localdate(question.closed_at):%-d %B %Y}"
    how = f"by written procedure closed on {day} ({question.tally})"
    if not question.written:
        how = f"by chair’s action on {day}, under {question.authority}"
    return "REPORTED", f"that it was agreed, {how}, {that_clause(question.text.strip(), 'that')}"


def that_clause(text, that):
    first, _, rest = text.partition(" ")
    if first.lower() == "to":
        return f"to {rest}"
    if first.lower() == "that":
        return f"{that} {rest}"
    return f"{that} {small(text)}"


def small(text):
    """The text with a small first letter, unless its first word may be a name."""
    first, gap, rest = text.partition(" ")
    return (first.lower() if first.lower() in SMALL else first) + gap + rest


def clock(moment):
    """ "10.00 am", the way minutes write it, in London."""
    local = timezone.localtime(moment)
    return f"{local.hour % 12 or 12}.{local:%M} {'am' if local.hour < 12 else 'pm'}"


def agreed_sentence(day, corrections):
    """How a later meeting's minutes, and the paper itself, say that minutes of `day` were agreed.

    corrections  [{"number", "text"}]: the paragraphs it corrected, as they now read
    """
    sentence = f"The minutes of the meeting held on {day:%-d %B %Y} were agreed as a correct record"
    if not corrections:
        return f"{sentence}."
    changed = "\n".join(
        f"- paragraph {made['number']} to read: “{made['text'].strip()}”" for made in corrections
    )
    which = "this correction" if len(corrections) == 1 else "these corrections"
    return f"{sentence}, subject to {which}:\n\n{changed}"


def withheld_sentence(board, notes):
    """What the Board part says of a restricted part: that there is one, and on which ground."""
    sentence = "Part of this item is restricted and is minuted apart"
    note = next((note for note in notes if note.part == Part.RESTRICTED), None)
    if not (board.schedule_12a and note and note.withheld_paragraph):
        return f"{sentence}."
    ground = note.get_withheld_paragraph_display()
    law = "of Part 1 of Schedule 12A to the Local Government Act 1972"
    sentence = (
        f"{sentence}, under paragraph {note.withheld_paragraph} {law} ({ground[:1].lower()}"
        f"{ground[1:]})."
    )
    return f"{sentence} {note.withheld_note}".strip()
