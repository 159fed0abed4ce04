from django.db import models

from board.text import clean


class ProseField(models.TextField):
    """A text that people type, in the small Markdown of board/text.py."""

    def to_python(self, value):
        value = super().to_python(value)
        return clean(value) if value else value
