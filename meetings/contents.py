"""The minutes of a meeting, put together from its record, and their PDF."""


def minutes_paragraphs(meeting, part):
    raise NotImplementedError


def plain_minutes(minutes):
    raise NotImplementedError


def minutes_pdf(minutes):
    raise NotImplementedError
