"""Out: the report to the parent committee, what each paragraph rests on, and what was issued."""

from .glossary import Glossary
from .issues import Acceptance, Issue
from .layouts import Layout
from .phrases import Phrase
from .reports import SOURCES, CommitteeReport, Paragraph, ParagraphSource, Section

__all__ = [
    "SOURCES",
    "Acceptance",
    "CommitteeReport",
    "Glossary",
    "Issue",
    "Layout",
    "Paragraph",
    "ParagraphSource",
    "Phrase",
    "Section",
]
