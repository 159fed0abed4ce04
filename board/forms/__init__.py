from .notes import NoteForm

__all__ = ["NoteForm"]
