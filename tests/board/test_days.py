import datetime

import pytest
from django.core.exceptions import ValidationError

from board.days import SpokenDayField, day_in_words

MEETING = datetime.date(2026, 11, 25)  # a Wednesday
NEXT = datetime.date(2027, 2, 24)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("next meeting", (2027, 2, 24)),
        ("By the next meeting", (2027, 2, 24)),
        ("31 March", (2027, 3, 31)),
        ("by 31st March", (2027, 3, 31)),
        ("March 31", (2027, 3, 31)),
        ("25 November", (2026, 11, 25)),
        ("24 Nov", (2027, 11, 24)),
        ("31/3", (2027, 3, 31)),
        ("31 Mar 2028", (2028, 3, 31)),
        ("31/03/2028", (2028, 3, 31)),
        ("2028-03-31", (2028, 3, 31)),
        ("in two weeks", (2026, 12, 9)),
        ("2 weeks", (2026, 12, 9)),
        ("a fortnight", (2026, 12, 9)),
        ("within ten days", (2026, 12, 5)),
        ("in three months", (2027, 2, 25)),
        ("in a year", (2027, 11, 25)),
        ("tomorrow", (2026, 11, 26)),
        ("Friday", (2026, 11, 27)),
        ("wednesday", (2026, 12, 2)),
        ("Friday week", (2026, 12, 4)),
        ("a week on Friday", (2026, 12, 4)),
        ("Monday fortnight", (2026, 12, 14)),
        ("a fortnight tomorrow", (2026, 12, 10)),
        ("today week", (2026, 12, 2)),
        ("end of month", (2026, 11, 30)),
        ("end of February", (2027, 2, 28)),
    ],
)
def test_a_day_in_words(words, day):
    field = SpokenDayField()
    field.reckon(MEETING, NEXT)
    assert field.clean(words) == datetime.date(*day)


def test_a_month_that_is_too_short_ends_the_wait():
    assert day_in_words("in a month", datetime.date(2027, 1, 31)) == datetime.date(2027, 2, 28)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("next Friday", "may be 27 November or 4 December"),
        ("31 April", "no such day"),
        ("some week", "Give a real day"),
        ("soon", "Give a real day, such as 31 March"),
        ("in ² weeks", "Give a real day"),
        ("in 4000 years", "Give a real day"),
        ("", "required"),
    ],
)
def test_what_is_no_day_gets_a_sentence(words, sentence):
    field = SpokenDayField()
    field.reckon(MEETING, NEXT)
    with pytest.raises(ValidationError, match=sentence):
        field.clean(words)


def test_next_meeting_needs_one_that_is_planned():
    with pytest.raises(ValidationError, match="No later meeting is planned: give the day"):
        day_in_words("next meeting", MEETING)
