"""Two texts, word by word: what only one of them has is marked in it."""

import difflib
import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

PIECE = re.compile(r"\S+|\n[ \t]*\n+|\n")


def compared(before: str, after: str) -> tuple[SafeString, SafeString]:
    """(before with <del>, after with <ins>) as HTML; paragraphs and lines are kept."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return (
        joined((old[a:b], "" if tag == "equal" else "del") for tag, a, b, _, _ in steps),
        joined((new[a:b], "" if tag == "equal" else "ins") for tag, _, _, a, b in steps),
    )


def joined(runs) -> SafeString:
    """[(pieces, tag or "")] as HTML. A tag never spans the gap between two lines."""
    html = []
    for pieces, tag in runs:
        words: list[str] = []
        for piece in [*pieces, ""]:
            if piece.strip():
                words.append(piece)
                continue
            if words:
                html.append(marked(" ".join(words), tag))
                words = []
            if piece:
                html.append(mark_safe("<br>" * min(piece.count("\n"), 2)))
    return format_html_join(" ", "{}", ((part,) for part in html))


def marked(words: str, tag: str) -> SafeString:
    if not tag:
        return format_html("{}", words)
    return format_html("<{0}>{1}</{0}>", mark_safe(tag), words)
