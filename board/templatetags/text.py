"""`{{ words|markdown }}`: the small Markdown of board/text.py in a template."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from board import comparing, text

register = template.Library()
register.filter(text.sentence)
TIME_OF_DAY = re.compile(r"\b(\d{1,2}(?:[.:]\d\d)?) (am|pm|noon)\b")


@register.filter
def markdown(value: str | None) -> SafeString:
    """Paragraphs and lists."""
    return text.to_html(value or "")


@register.filter
def markdown_item(value: str | None, level: int = 1) -> SafeString:
    """The inside of one list item, table cell or line: no paragraph tags. `level` is 2 where the
    item has a letter."""
    return text.to_item_html(value or "", level)


@register.filter
def seen(value: str | None) -> str:
    """A line without what no reader sees, for the pages anybody may read."""
    return text.seen(value or "")


@register.filter
def unbroken(value: str) -> str:
    """No line ends inside a time of day such as "11.42 am"; markup stays markup."""
    kept = TIME_OF_DAY.sub("\\1\N{NO-BREAK SPACE}\\2", value)
    return mark_safe(kept) if isinstance(value, SafeString) else kept


@register.filter
def in_words(value: str) -> str:
    """A stored state such as "not_cleared", as words."""
    return value.replace("_", " ")


@register.filter
def plain(value: str | None) -> str:
    """The words without marks, for plain-text mail and titles."""
    return text.to_plain(value or "")


@register.simple_tag
def compared(before: str, after: str) -> list[tuple[str, str]]:
    """`{% compared then now as words %}`: what board/comparing.py says of two texts."""
    return comparing.words(before or "", after or "")
