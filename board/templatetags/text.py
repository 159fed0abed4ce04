"""`{{ words|markdown }}`: the small Markdown of board/text.py in a template."""

from django import template
from django.utils.safestring import SafeString

from board import text

register = template.Library()


@register.filter
def markdown(value: str | None) -> SafeString:
    """Paragraphs and lists."""
    return text.to_html(value or "")


@register.filter
def markdown_item(value: str | None) -> SafeString:
    """The inside of one list item, table cell or line: no paragraph tags."""
    return text.to_item_html(value or "")


@register.filter
def in_words(value: str) -> str:
    """A stored state such as "not_cleared", as words."""
    return value.replace("_", " ")


@register.filter
def plain(value: str | None) -> str:
    """The words without marks, for plain-text mail and titles."""
    return text.to_plain(value or "")
