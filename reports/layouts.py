"""The form of a report as data: which fields its header has, which parts follow, in which order.

Both are written as lines, so that a secretary can write a new one:

    Committee(s): = committee | Date(s): = date      the header, one or two fields a row
    Ward:                                            a field that whoever writes the report fills in

    recommendations: Recommendation(s)               the parts, each with its heading
    report:                                          the sections, with headings of their own
    without: summary                                 the parts that this form does not have
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
# Every report has these: its text, and what its readers are told of what was withheld.
KEPT = ("report", "information withheld")
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
    """(part, heading) in order. A part that is not named stands at the end, so that nothing that
    was written is lost; it prints nothing while it is empty. One that stands after "without:"
    is not printed at all. Raises ValidationError."""
    order: dict[str, str] = {}
    without: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, heading = (part.strip() for part in line.partition(":"))
        if name.lower() == "without":
            without += [part.strip().lower() for part in heading.split(",") if part.strip()]
            continue
        if name.lower() not in HEADINGS or name.lower() in order:
            raise ValidationError(
                f"“{line[:80]}” must begin with one of {', '.join(HEADINGS)}, each once."
            )
        order[name.lower()] = heading or HEADINGS[name.lower()]
    for name in without:
        if name in KEPT or name not in HEADINGS:
            may = [part for part in HEADINGS if part not in KEPT]
            raise ValidationError(
                f"“{name[:80]}” cannot be left out: after without: name some of {', '.join(may)}."
            )
        if name in order:
            raise ValidationError(f"“{name}” is both given a place and left out: choose one.")
    rest = {n: h for n, h in HEADINGS.items() if n not in order and n not in without}
    return tuple((order | rest).items())


def left_out(order: Order) -> list[str]:
    """The parts that a form does not have."""
    printed = dict(order)
    return [name for name in HEADINGS if name not in printed]


USUAL_ORDER = tuple(HEADINGS.items())


def typed_labels(header: Header) -> list[str]:
    """The fields that whoever writes the report fills in."""
    return [label for row in header for label, name in row if not name]
