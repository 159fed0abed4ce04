"""Two texts, word by word."""

import difflib
import re

WORDS = re.compile(r"\s+|[^\s]+")
SAME, ADDED, REMOVED = "same", "added", "removed"


def words(before, after):
    """[(kind, words)] that lead from one text to the other, in reading order."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for act, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if act == "equal":
            found.append((SAME, "".join(old[old_from:old_to])))
            continue
        if old_from < old_to:
            found.append((REMOVED, "".join(old[old_from:old_to])))
        if new_from < new_to:
            found.append((ADDED, "".join(new[new_from:new_to])))
    return found
