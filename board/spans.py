"""Words with their looks as small Markdown: what board.text.parse reads, written again."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from board.text import Span, parse

# What a mark is made of, and the addresses that hold such letters as they are.
LITERAL = re.compile(
    r"(https?://[^\s<>\"\\]+)|(^[ \t]*[0-9]{0,9})([-+*.)])(?=\s|$)|([\\*_<>\[\]])",
    re.MULTILINE,
)


def from_spans(spans: Iterable[Span]) -> str:
    """The small Markdown of one paragraph whose `parse` gives these spans again. A look or a link
    that the marks cannot carry is dropped, its address kept; a word never is."""
    spans = tuple(spans)
    plain = tuple(Span(f"{s.text} <{s.href}>" if _leads(s) else s.text) for s in spans)
    for wanted in (spans, plain):
        for escaping in (False, True):
            text = "".join(_marked(wanted, escaping))
            read = parse(text)
            if len(read) == 1 and read[0].kind == "p" and _looks(read[0].spans) == _looks(wanted):
                return text
    return text


def _marked(spans: tuple[Span, ...], escaping: bool) -> Iterator[str]:
    for (strong, em), run in groupby(spans, key=lambda span: (span.strong, span.em)):
        words = "".join(_link(span, escaping) for span in run)
        look = "**" * strong + "*" * em
        inner = words.strip()
        if not look or not inner:
            yield words
            continue
        before, after = words.split(inner, 1)
        yield f"{before}{look}{inner}{look[::-1]}{after}"


def _link(span: Span, escaping: bool) -> str:
    words = LITERAL.sub(_escape, span.text) if escaping else span.text
    return f"[{words}]({span.href})" if _leads(span) else words


def _escape(found: re.Match) -> str:
    address, before, mark, within = found.groups()
    return address or f"{before or ''}\\{mark or within}"


def _leads(span: Span) -> bool:
    """Whether a link says something else than its address."""
    return span.href not in ("", span.text, f"mailto:{span.text}") and bool(span.text.strip())


def _looks(spans: Iterable[Span]) -> list[tuple[str, bool, bool, str]]:
    """Each letter with its look: however the spans are cut."""
    return [
        (letter, span.strong, span.em, span.href if _leads(span) else "")
        for span in spans
        for letter in span.text
        if letter == "\n" or not letter.isspace()
    ]
