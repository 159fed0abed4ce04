"""The e-mail in which a filled Word form came back: who sent it, when, and the form itself.

A stranger wrote it. What the parser would labour over (parts within parts, endless headers) is
refused before it is parsed.
"""

import datetime
import re
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

from django.utils import timezone

from .wordform import NotAForm

MAX_NESTED = 20
MAX_DELIMITERS = 500
MAX_HEADER = 4_000
BOUNDARY = re.compile(rb"boundary\s*[*=]", re.IGNORECASE)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNREADABLE = "This file cannot be read as an e-mail (.eml)."
TOO_MUCH = (
    "This e-mail has too many parts or too long headers to be read. Save the Word form that is "
    "attached to it, and choose that file instead."
)


@dataclass(frozen=True)
class Letter:
    """sender "" and sent_on None where the e-mail does not say; `form` is the attached .docx."""

    sender: str
    sent_on: datetime.date | None
    form: bytes


def read_email(content):
    """A Letter from the bytes of an .eml. Raises NotAForm."""
    if len(BOUNDARY.findall(content)) > MAX_NESTED or content.count(b"\n--") > MAX_DELIMITERS:
        raise NotAForm(TOO_MUCH)
    try:
        # The old policy does not interpret headers: it shows how long they are.
        parts = BytesParser(policy=policy.compat32).parsebytes(content).walk()
        if any(len(str(value)) > MAX_HEADER for part in parts for value in part.values()):
            raise NotAForm(TOO_MUCH)
        message = BytesParser(policy=policy.default).parsebytes(content)
        forms = [part for part in message.walk() if is_word(part)]
        found = [part.get_payload(decode=True) or b"" for part in forms]
        sender, sent_on = sender_of(message), day_of(message)
    except NotAForm:
        raise
    except Exception as error:
        # A broken e-mail fails in many ways, all of which mean one thing to the person.
        raise NotAForm(UNREADABLE) from error
    if not found:
        raise NotAForm(
            "No Word form (.docx) is attached to this e-mail. If the answers stand in the e-mail "
            "itself, type them in below."
        )
    if len(found) > 1:
        raise NotAForm(
            f"{len(found)} Word files are attached to this e-mail. Save the one that is the form, "
            "and choose that file instead."
        )
    return Letter(sender, sent_on, found[0])


def is_word(part):
    name = str(part.get_filename() or "").strip().lower()
    return not part.is_multipart() and (name.endswith(".docx") or part.get_content_type() == WORD)


def sender_of(message):
    """As the secretary would write it: "Partnership inspector, inspector@example.org"."""
    try:
        addresses = getattr(message["From"], "addresses", ())
    except ValueError:  # a line break that was encoded into it
        addresses = ()
    if not addresses:
        return ""
    said = ", ".join(filter(None, (addresses[0].display_name, addresses[0].addr_spec)))
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:120]


def day_of(message):
    """The London day of its Date."""
    moment = getattr(message["Date"], "datetime", None)
    if moment is None:
        return None
    try:
        return moment.date() if timezone.is_naive(moment) else timezone.localdate(moment)
    except (OverflowError, ValueError):
        return None
