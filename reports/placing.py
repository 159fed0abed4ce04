"""Sections of an earlier report that are parts of the paper by themselves: recommendations,
appendices, background papers, contact, and a purpose that stands for the summary.

What a part prints by itself (its heading, the words before the recommendations, their letters)
is taken off the text and said of the form instead, so that no word is lost.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .layouts import HEADINGS, USUAL_LEAD_IN, Order

NUMBER = r"(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?\s+)?"
PARTS = {
    "recommendations": re.compile(
        rf"{NUMBER}(?:officer |proposed )?recommendation(?:s|\(s\))?:?", re.IGNORECASE
    ),
    "appendices": re.compile(
        rf"{NUMBER}(?:list of |report )?(?:appendices|appendix|annexes)(?: list)?:?", re.IGNORECASE
    ),
    "background papers": re.compile(
        rf"{NUMBER}(?:list of )?background (?:papers|documents)(?: used)?:?", re.IGNORECASE
    ),
    "contact": re.compile(
        rf"{NUMBER}(?:contact|report author|contact officers?|officer contacts?|contact details)"
        r"(?:\(s\))?:?",
        re.IGNORECASE,
    ),
    "summary": re.compile(
        rf"{NUMBER}(?:(?:executive )?summary|purpose(?: of (?:the |this )?report)?):?",
        re.IGNORECASE,
    ),
}
PURPOSE = re.compile(rf"{NUMBER}purpose", re.IGNORECASE)
MARK = re.compile(r"\(?([a-z]{1,5})\)[ \t]+(\S.*)")
BULLET = re.compile(r"([ \t]*)[-*•][ \t]+(\S.*)")
LISTED = re.compile(r"[ \t]*(?:-|[0-9]+[.)]) ")
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LINE = 300  # a longer one is prose, and stays in a section


@dataclass
class Placed:
    """The parts that were found, each with the heading it had."""

    sections: list = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    summary: str = ""
    recommendations: tuple[str, ...] = ()
    lead_in: str = USUAL_LEAD_IN
    lettered: bool = False
    appendices: tuple[str, ...] = ()
    background_papers: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()


def part_named(heading: str) -> str:
    """The part that a heading opens, or "" for a section of the report."""
    return next((name for name, shape in PARTS.items() if shape.fullmatch(heading.strip())), "")


def place(sections, *, summary: bool) -> Placed:
    """Take the parts out of `sections`, [(heading, [entries with text and numbered])].

    summary  whether the report has one already, so that a purpose stays a section
    """
    placed = Placed()
    for heading, entries in sections:
        name = part_named(heading)
        texts = [entry.text for entry in entries]
        fits = name and texts and name not in placed.headings
        # Numbers run on through the whole report: what has one stays where it is.
        fits = fits and not any(entry.numbered for entry in entries)
        if name == "summary":
            # A purpose that follows other sections is one of them.
            fits = fits and not summary and not (placed.sections and PURPOSE.match(heading))
        elif fits and name != "recommendations":
            fits = all(len(line) <= LINE for text in texts for line in text.split("\n"))
        if not fits:
            placed.sections.append((heading, entries))
            open_report(placed.order)
            continue
        placed.headings[name] = heading.strip()
        placed.order.append(name)
        if name == "summary":
            placed.summary = "\n\n".join(texts)
        elif name == "recommendations":
            recommend(placed, texts)
        else:
            lines = [line for text in texts for line in text.split("\n") if line.strip()]
            setattr(placed, name.replace(" ", "_"), tuple(map(one_line, lines)))
    return placed


def open_report(order: list[str]) -> None:
    """Recommendations that stood between two sections come before both."""
    if "report" not in order:
        order.append("report")
    elif "recommendations" in order[order.index("report") :]:
        order.remove("recommendations")
        order.insert(order.index("report"), "recommendations")


def recommend(placed: Placed, texts: list[str]) -> None:
    """Fill in the recommendations: the words before them, the points, what is within a point."""
    lines = "\n\n".join(texts).split("\n")
    first = next((at for at, line in enumerate(lines) if marked(line)), None)
    before = lines[:first] if first else []
    if first is None and len(lines) > 1 and lines[0].rstrip().endswith(":"):
        before = lines[:1]
    lead_in = " ".join(" ".join(before).split())
    if len(lead_in) > 120:  # more than a form holds
        lead_in, before = "", []
    # Each line, and whether a gap stands before it.
    rest = [
        (line, not above.strip())
        for above, line in pairwise(["", *lines[len(before) :]])
        if line.strip()
    ]
    points = lettered_points(rest)
    placed.lettered = points is not None
    placed.recommendations = tuple(points if points is not None else plain_points(rest))
    placed.lead_in = lead_in or USUAL_LEAD_IN


def marked(line: str) -> bool:
    return bool(MARK.fullmatch(line.strip()) or BULLET.fullmatch(line))


def lettered_points(lines: list[tuple[str, bool]]) -> list[str] | None:
    """Points (a), (b) … with (i), (ii) … within, without their marks, when all of them stand in
    turn; None when they do not, and their marks are words."""
    points: list[str] = []
    inner = 0
    for line, gap in lines:
        found = MARK.fullmatch(line.strip())
        mark, words = (found[1], found[2]) if found else ("", line)
        if found and len(points) < len(LETTERS) and mark == LETTERS[len(points)]:
            points.append(words)
            inner = 0
        elif found and points and inner < len(ROMANS) and mark == ROMANS[inner]:
            inner += 1
            points[-1] = gone_on(points[-1], f"{inner}. {words}", gap)
        elif found or not points:
            return None
        else:
            points[-1] = gone_on(points[-1], line, gap)
    return points or None


def plain_points(lines: list[tuple[str, bool]]) -> list[str]:
    """One point a line, with what is indented below it."""
    points: list[str] = []
    for line, gap in lines:
        indented = line.expandtabs(4)
        if points and indented.startswith("  "):
            points[-1] = gone_on(points[-1], indented[2:], gap)
        else:
            points.append(one_line(line))
    return points


def gone_on(point: str, line: str, gap: bool) -> str:
    """A point and a further line of it: an item of a list within, more of such an item, a
    paragraph, or more of the words."""
    if LISTED.match(line):
        return point + ("\n" if LISTED.match(point.rpartition("\n")[2]) else "\n\n") + line
    if gap or line[:1].isspace():
        return point + ("\n\n" if gap else "\n") + line
    return f"{point} {line}"


def one_line(line: str) -> str:
    """A line without its bullet; a number before it is a word of it."""
    bullet = BULLET.fullmatch(line)
    words = (bullet[2] if bullet else line).strip()
    return re.sub(r"^([0-9]+)([.)])(?=\s)", r"\1\\\2", words)


def as_lines(points: tuple[str, ...]) -> str:
    """Points as a person types them: one a line, the lists within indented."""
    found: list[str] = []
    for point in points:
        first, *inner = [line for line in point.split("\n") if line.strip()]
        found.append(first)
        for line in inner:
            if LISTED.match(line):
                found.append(f"  {line}")
            else:
                found[-1] += f" {line.strip()}"
    return "\n".join(found)


def order_of(placed: Placed, *, summary: str, contact: bool) -> Order:
    """(part, heading) in the order in which they stood, with a place for every other part.

    summary  the heading of a summary that stood before all sections, or ""
    """
    found = {"summary": summary} if summary else {}
    found |= {name: placed.headings.get(name, "") for name in placed.order}
    if contact:
        found.setdefault("contact", placed.headings.get("contact", ""))
    found |= {name: "" for name in HEADINGS if name not in found}
    return tuple((name, heading or HEADINGS[name]) for name, heading in found.items())
