"""Two versions of minutes, paragraph by paragraph and word by word."""

import difflib
import itertools

from board.comparing import words


def compare(before, after):
    """[{"heading", "rows": [[(kind, words)]]}]: the paragraphs that differ, under their headings.

    before, after  paragraphs as meetings/contents.py describes them
    """
    old, new = lines_of(before), lines_of(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for act, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if act == "equal":
            continue
        for gone, come in itertools.zip_longest(old[old_from:old_to], new[new_from:new_to]):
            heading = (come or gone)[0]
            if not found or found[-1]["heading"] != heading:
                found.append({"heading": heading, "rows": []})
            found[-1]["rows"].append(words(gone[1] if gone else "", come[1] if come else ""))
    return found


def lines_of(paragraphs):
    """[(heading, line)] of a version. Numbers are left out: one paragraph more is one change."""
    frame, *rest = paragraphs
    heading = "The meeting"
    place = "Remote" if frame.get("remote") else frame["venue"]
    lines = [(heading, f"{place}, {frame['began']} to {frame['ended']}")]
    if frame.get("order"):
        lines.append((heading, frame["order"]))
    for name in ("present", "in_attendance", "apologies", "not_represented", "not_recorded"):
        for row in frame[name]:
            said = ", ".join(word for word in (row["agency"], row["who"], row["note"]) if word)
            lines.append((heading, f"{name.replace('_', ' ').capitalize()}: {said}"))
    for entry in rest:
        if entry["kind"] == "heading":
            heading = f"{entry['number']}. {entry['title']}"
            lines.append((heading, entry["title"]))
        elif entry["kind"] == "action":
            lines.append(
                (
                    heading,
                    f"Action {entry['reference']}: {entry['text']} – {entry['owner']} "
                    f"({entry['who']}) – by {entry['due']}",
                )
            )
        else:
            label = f"{entry['label']} – " if "label" in entry else ""
            dissent = f" {entry['dissent']}" if "dissent" in entry else ""
            lines.append((heading, f"{label}{entry['text']}{dissent}"))
    return lines
