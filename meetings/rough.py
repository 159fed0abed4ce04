"""Rough notes of a whole meeting, from paper or from Word, laid beside the items they belong to."""

import re

from django.db import transaction

from board.text import clean

from .models import AgendaItem

NUMBERED = re.compile(r"^\s*(?:item\s+)?(?P<number>[0-9]{1,2})\s*[.):–-]?\s*(?P<rest>.*)$", re.I)


def lay_beside(text, items):
    """[(item, passage)] of those items that got something, in their order.

    A line that is an item's title, or its number alone or with the beginning of its title, begins
    a passage; what stands before the first belongs to the first item.
    """
    passages, current = {}, items[0]
    for line in text.splitlines():
        begun = heading(line, items)
        current = begun or current
        if not begun:
            passages.setdefault(current, []).append(line)
    found = [(item, "\n".join(passages.get(item, [])).strip("\n")) for item in items]
    return [(item, passage) for item, passage in found if passage.strip()]


def heading(line, items):
    """The item that this line begins, or None."""
    words = line.strip().strip("*:").casefold()
    numbered = NUMBERED.match(line)
    for item in items:
        title = item.title.casefold()
        if words == title:
            return item
        if numbered and int(numbered["number"]) == item.number:
            rest = numbered["rest"].strip().strip("*:").casefold()
            # "5 people came" is no heading; "5" and "5. Modern slavery" are.
            if not rest or rest == title or (len(rest) > 3 and title.startswith(rest)):
                return item
    return None


@transaction.atomic
def keep(passages):
    """Put each passage under the secretary's own notes on its item, below what is there."""
    for item, passage in passages:
        row = AgendaItem.objects.select_for_update().get(pk=item.pk)
        row.working_notes = clean("\n\n".join(filter(None, (row.working_notes, passage))))
        row.working_version += 1
        row.save(update_fields=["working_notes", "working_version"])
