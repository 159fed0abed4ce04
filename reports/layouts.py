"""The form of a report as data: which fields its header has, which parts follow, in which order.

Both are written as lines, so that a secretary can write a new one:

    Committee(s): = committee | Date(s): = date      the header, one or two fields a row
    Ward:                                            a field that whoever writes the report fills in

    recommendations: Recommendation(s)               the parts, each with its heading
    report:                                          the sections, with headings of their own
"""

from django.core.exceptions import ValidationError

FIELDS = ("committee", "date", "subject", "report of", "purpose", "access")
HEADINGS = {
    "summary": "Summary",
    "recommendations": "Recommendations",
    "report": "",
    "appendices": "Appendices",
    "background papers": "Background papers",
    "information withheld": "Information withheld",
    "contact": "Contact",
}
USUAL_HEADER = """\
Committee(s): = committee | Date(s): = date
Subject: = subject
Report of: = report of | Purpose: = purpose"""
USUAL_LEAD_IN = "Members are asked to:"

Header = tuple[tuple[tuple[str, str], ...], ...]
Order = tuple[tuple[str, str], ...]


def read_header(text: str) -> Header:
    """Rows of (label, field of the report; empty for one that is filled in). Raises
    ValidationError with a sentence."""
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 2:
            raise ValidationError(f"Write at most two fields in one row: “{line[:80]}”.")
        row = []
        for cell in cells:
            label, gap, name = (part.strip() for part in cell.partition("="))
            if not label or (gap and name.lower() not in FIELDS):
                raise ValidationError(
                    f"“{cell[:80]}” needs a label, and after = one of {', '.join(FIELDS)}."
                )
            row.append((label, name.lower()))
        rows.append(tuple(row))
    names = [name for row in rows for _, name in row]
    for name in ("committee", "date", "subject"):
        if name not in names:
            raise ValidationError(f"Give the header the {name}, such as {name.title()}: = {name}.")
    labels = [label for row in rows for label, _ in row]
    if twice := next((label for label in labels if labels.count(label) > 1), None):
        raise ValidationError(f"Two fields of the header are called “{twice[:80]}”.")
    return tuple(rows)


def read_order(text: str) -> Order:
    """(part, heading) in order. What a form leaves out stands at the end, so that nothing that
    was written is lost; it prints nothing while it is empty. Raises ValidationError."""
    order = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, heading = (part.strip() for part in line.partition(":"))
        if name.lower() not in HEADINGS or name.lower() in order:
            raise ValidationError(
                f"“{line[:80]}” must begin with one of {', '.join(HEADINGS)}, each once."
            )
        order[name.lower()] = heading or HEADINGS[name.lower()]
    return tuple((order | {n: h for n, h in HEADINGS.items() if n not in order}).items())


USUAL_ORDER = tuple(HEADINGS.items())


def typed_labels(header: Header) -> list[str]:
    """The fields that whoever writes the report fills in."""
    return [label for row in header for label, name in row if not name]
