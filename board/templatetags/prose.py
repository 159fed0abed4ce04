"""`{{ words|prose }}`: what people typed, in the small Markdown of board/text.py."""

from django import template
from django.utils.safestring import SafeString

from board.text import to_html

register = template.Library()


@register.filter
def prose(value: str | None) -> SafeString:
    """Paragraphs and lists."""
    return to_html(value or "")
