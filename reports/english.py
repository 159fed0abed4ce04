"""Small words for drafted sentences: numbers, lists, days, sentences that follow on."""

import datetime
import re

NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
INTERVALS = {1: "every month", 2: "every two months", 3: "quarterly", 4: "every four months",
             6: "twice a year", 12: "once a year"}  # fmt: skip
# Words that can lose their capital inside a sentence: they begin no name.
LEADING = frozenset(
    "a all an and any as at both by each every for four from in it its members more no of on one "
    "our partners some that the their there these they this three to two we when with".split()
)
LIST_MARK = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,3}[.)])[ \t]")
BLANK = re.compile(r"\n[ \t]*\n+")


def number(count: int) -> str:
    """ "three" up to twelve, figures after that; "no" for 0."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def counted(count: int, one: str, many: str = "") -> str:
    """ "one return", "nine returns", "no returns"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def times(count: int) -> str:
    """ "once", "twice", "three times"."""
    return {1: "once", 2: "twice"}.get(count, f"{number(count)} times")


def day_words(day: datetime.date, year: int | None = None) -> str:
    """ "3 July 2018"; "3 July" when it lies in `year`, which the reader has before him."""
    return f"{day.day} {day:%B}" if day.year == year else f"{day.day} {day:%B %Y}"


def often(months: int) -> str:
    """How often a board meets: "quarterly" for 3."""
    return INTERVALS.get(months, f"every {number(months)} months")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def follows(text: str) -> str:
    """A sentence after words that lead up to it: without its capital, where that begins no name."""
    first = re.match(r"[^\W_]+", text)
    if first and first[0].lower() in LEADING:
        return text[:1].lower() + text[1:]
    return text


def agreed(text: str) -> str:
    """What follows "agreed": "to focus on …", "that one page …", or ": Trading Standards …"."""
    inside = follows(text.strip())
    if inside.startswith(("to ", "that ")):
        return f" {inside}"
    return f" that {inside}" if inside[:1].islower() else f": {inside}"


def full_stop(text: str) -> str:
    """The text, ended as a sentence is."""
    text = text.rstrip()
    return text if not text or text[-1] in ".!?:;" or "\n" in text else f"{text}."


def pieces(text: str) -> tuple[str, ...]:
    """The numbered paragraphs that a text makes: a list, and a line that only gives an address,
    stay with the paragraph before them."""
    found: list[str] = []
    for block in BLANK.split(text.strip()):
        block = block.strip("\n")
        short = "://" in block and len(block.split()) <= 10
        if found and (short or LIST_MARK.match(block)):
            found[-1] += f"\n\n{block}"
        elif block:
            found.append(block)
    return tuple(found)


def inside(name: str) -> str:
    """A name as it stands within a sentence: "modern slavery", but "SOC"."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def all_of(count: int) -> str:
    """ "all eight", "both", "the one"."""
    return {1: "the one", 2: "both"}.get(count, f"all {number(count)}")


def with_article(noun: str) -> str:
    """ "a conference", "an exhibition"."""
    noun = noun.lower()
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
