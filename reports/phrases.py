"""The sentences of a draft: each kind has a small template, which a board may word otherwise.

{name} stands for what the record says. What is in [square brackets] is left out where a name
within it has nothing to say. Nothing else is read: words from the record are put in as they are.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

NAME = re.compile(r"\{([a-z_]*)\}")
OPTION = re.compile(r"\[([^\[\]]*)\]")
GAPS = re.compile(r"(?<=\S) {2,}")


@dataclass(frozen=True)
class Kind:
    label: str
    text: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(NAME.findall(self.text)))


ROLE = (
    "The role of the Board is to seek reassurance from its members about their work against "
    "serious and organised crime. It asks each of them what it sees as its emerging priorities "
    "and how it captures new information.[ {watcher} continues to monitor {areas} {named}.] The "
    "Board meets {often}: its meetings take each priority in turn, and partners can raise "
    "emerging threats at any of them."
)
SUMMARY = (
    "This report gives an update on the work of the {board} from {first} to {last}.[ In that time "
    "{met}.][ Its priorities are {priorities}.][ It asked its members for {asked} and received "
    "{received}.][ The report tells what was learned from {learning}.][ The {leaving} is to leave "
    "the office.]"
)
KINDS = {
    "summary": Kind("Summary", SUMMARY),
    "background": Kind(
        "What the Board is",
        "The {board} [was set up in {year}. It ][is chaired by the representative of "
        "{chair_agency}, ]gives advice and reports to the {committee}.[ The aim of the Board "
        "is{aim}]",
    ),
    "role": Kind("What it asks of its members", ROLE),
    "meeting": Kind("A meeting", "The {board} met on {day}[ ({draft})]."),
    "agreed": Kind("What was agreed", "It was agreed{words}"),
    "between": Kind(
        "What was agreed between meetings",
        "Between meetings, by {how} on {day}, it was agreed{words}",
    ),
    "noted": Kind("What was noted", "It was noted{words}"),
    "recommended": Kind("What was recommended", "It was recommended{words}"),
    "deferred": Kind("What was deferred", "A decision was deferred: {words}"),
    "returns": Kind(
        "The returns of a quarter",
        "For {quarter} the Board asked {agencies} for {asked}; {received} {was} received.[ No "
        "return was received from {missing}.]",
    ),
    "return": Kind("The words of a return", "{agency} on {priority}: {words}"),
    "learning": Kind("Learning", "{words}"),
    "referral": Kind(
        "An answer to the parent committee",
        "To the {form} of the {committee} of {asked} the answer is: {words}",
    ),
    "threat": Kind("An emerging threat", "An emerging threat was raised by {agency}: {words}"),
    "adopted": Kind("A threat that was adopted", "The Board has taken it up."),
    "monitored": Kind("A threat under watch", "The Board is keeping it under watch."),
    "closed": Kind("A threat that was closed", "The Board has considered it and closed it."),
    "discussed": Kind("A threat that was discussed", "The Board has discussed it."),
    "leaving": Kind(
        "The chair's leaving, and nominations",
        "[The {chair} announced on {announced} that the office will fall vacant: somebody else "
        "will be needed to chair future meetings.][ The {committee} is asked to consider "
        "nominations for the office of {offices}.]",
    ),
    "actions": Kind(
        "The action plan",
        "[In this period the Board agreed {agreed}. ]{done} {was} completed.[ The action plan "
        "holds {objectives}, of which {reached} {has} been reached.]",
    ),
    "ahead": Kind("The next meeting", "The next meeting of the Board is planned for {day}."),
}


def write(text: str, values: dict[str, object]) -> str:
    """A template with its names filled in; None and "" say nothing."""

    def filled(found: re.Match) -> str:
        value = values[found[1]]
        return "" if value is None else str(value)

    def kept(found: re.Match) -> str:
        if any(values[name] in (None, "") for name in NAME.findall(found[1])):
            return ""
        return found[1]

    words = NAME.sub(filled, OPTION.sub(kept, text))
    return "\n".join(GAPS.sub(" ", line).rstrip() for line in words.strip().split("\n"))


def say(kind: str, record, **values: object) -> str:
    """One paragraph of a draft, in the words of the board whose PeriodRecord this is."""
    return write(record.phrases.get(kind, KINDS[kind].text), values)


def validate(kind: str, text: str) -> None:
    """Raises ValidationError with what to change."""
    allowed = KINDS[kind].names
    if strange := next((name for name in NAME.findall(text) if name not in allowed), None):
        known = ", ".join(f"{{{name}}}" for name in allowed) or "no name"
        raise ValidationError(f"{{{strange}}} is nothing that this text knows: it has {known}.")
    rest = OPTION.sub("", text)
    if "[" in rest or "]" in rest or "{" in NAME.sub("", text) or "}" in NAME.sub("", text):
        raise ValidationError(
            "Close each { with } and each [ with ], and put no bracket within another."
        )
    if "words" in allowed and "{words}" not in rest:
        raise ValidationError("Keep {words}, outside square brackets: it is what was cleared.")
