"""Sections of an earlier report that are parts of the paper by themselves: recommendations,
appendices, background papers, contact, and a purpose that stands for the summary.

What a part prints by itself (its heading, the words before the recommendations, their letters)
is taken off the text and said of the form instead, so that no word is lost.
"""

import re
from dataclasses import dataclass, field

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
    "summary": re.compile(rf"{NUMBER}purpose(?: of (?:the |this )?report)?:?", re.IGNORECASE),
}
MARK = re.compile(r"\(?([a-z]{1,5})\)[ \t]+(\S.*)")
BULLET = re.compile(r"([ \t]*)[-*•][ \t]+(\S.*)")
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
            fits = fits and not summary and not placed.sections
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
            plain = tuple(BULLET.sub(r"\2", line).strip() for line in lines)
            setattr(placed, name.replace(" ", "_"), plain)
    return placed


def open_report(order: list[str]) -> None:
    """Recommendations that stood between two sections come before both."""
    if "report" not in order:
        order.append("report")
    elif "recommendations" in order[order.index("report") :]:
        order.remove("recommendations")
        order.insert(order.index("report"), "recommendations")


def recommend(placed: Placed, texts: list[str]) -> None:
    """Fill in the recommendations: the words before them, the points, the points within."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    first = next((at for at, line in enumerate(lines) if marked(line)), None)
    before = lines[:first] if first else []
    if first is None and len(lines) > 1 and lines[0].rstrip().endswith(":"):
        before = lines[:1]
    lead_in = " ".join(line.strip() for line in before)
    if len(lead_in) > 120:  # more than a form holds
        lead_in, before = "", []
    rest = lines[len(before) :]
    points = lettered_points(rest)
    placed.lettered = points is not None
    placed.recommendations = tuple(points if points is not None else plain_points(rest))
    placed.lead_in = lead_in or USUAL_LEAD_IN


def marked(line: str) -> bool:
    return bool(MARK.fullmatch(line.strip()) or BULLET.fullmatch(line))


def lettered_points(lines: list[str]) -> list[str] | None:
    """Points (a), (b) … with (i), (ii) … within, without their marks, when all of them stand in
    turn; None when they do not, and their marks are words."""
    points: list[str] = []
    inner = 0
    for line in lines:
        found = MARK.fullmatch(line.strip())
        mark, words = (found[1], found[2]) if found else ("", line.strip())
        if found and len(points) < len(LETTERS) and mark == LETTERS[len(points)]:
            points.append(words)
            inner = 0
        elif found and points and inner < len(ROMANS) and mark == ROMANS[inner]:
            inner += 1
            points[-1] += ("\n" if inner > 1 else "\n\n") + f"{inner}. {words}"
        elif found or not points:
            return None
        else:
            points[-1] += f" {words}"
    return points or None


def plain_points(lines: list[str]) -> list[str]:
    """One point a line; a bullet within a bullet is a point within."""
    points: list[str] = []
    for line in lines:
        bullet = BULLET.fullmatch(line)
        if bullet and len(bullet[1].expandtabs(4)) >= 2 and points:
            points[-1] += ("\n" if "\n" in points[-1] else "\n\n") + f"- {bullet[2]}"
        else:
            points.append(bullet[2] if bullet else line.strip())
    return points


def as_lines(points: tuple[str, ...]) -> str:
    """Points as a person types them: one a line, those within indented."""
    found = []
    for point in points:
        first, *inner = [line for line in point.split("\n") if line.strip()]
        found += [first, *(f"  {line.strip()}" for line in inner)]
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
