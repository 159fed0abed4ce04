"""Days as people say them in a meeting: "31 March", "in two weeks", "Friday", "next meeting"."""

import datetime
import re

from django.core.exceptions import ValidationError

from board.fields import DayLineField, is_number, month_number

NUMBERS = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
HOW_MANY = {"a": 1, "an": 1} | {name: number for number, name in enumerate(NUMBERS, 1)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FILLERS = re.compile(r"^(?:(?:by|on|at|before|due|the)\s+)+")
ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
EXAMPLES = "such as 31 March, in two weeks, Friday or next meeting"


def day_in_words(text, after, next_meeting=None):
    """The day that is meant, on or after the day `after`; None if this is no way to say a day.

    next_meeting  what "next meeting" stands for, or None when none is planned

    Raises ValidationError for words that may mean two days, or none that exists.
    """
    words = ORDINAL.sub("", FILLERS.sub("", " ".join(text.lower().replace(",", " ").split())))
    words = words.rstrip(".")
    if words in ("next meeting", "next board", "meeting"):
        if next_meeting is None:
            raise ValidationError("No later meeting is planned: give the day")
        return next_meeting
    if words in ("today", "tomorrow"):
        return after + datetime.timedelta(days=words == "tomorrow")
    if words in ("end of month", "end of the month", "end of this month", "month end"):
        return end_of_month(after.year, after.month)
    return (
        on_from_a_day(words, after)
        or some_time_from(words, after)
        or weekday_after(words, after)
        or day_of_a_month(words, after)
    )


def on_from_a_day(words, after):
    """ "friday week", "a week on friday", "a fortnight today"."""
    found = re.fullmatch(r"(\w+) (week|fortnight)", words)
    turned = re.fullmatch(r"a (week|fortnight) (?:on )?(\w+)", words)
    if not (found or turned):
        return None
    name, span = found.groups() if found else reversed(turned.groups())
    days = {"today": after, "tomorrow": after + datetime.timedelta(days=1)}
    first = days.get(name) or weekday_after(name, after)
    return first and first + datetime.timedelta(days={"week": 7, "fortnight": 14}[span])


def some_time_from(words, after):
    """ "in two weeks", "3 months", "a fortnight"."""
    found = re.fullmatch(
        r"(?:in\s+|within\s+)?(\w+)\s+(day|week|fortnight|month|year)s?(?:\s+from\s+now)?", words
    )
    if not found:
        return None
    number, unit = found.groups()
    number = int(number) if is_number(number) and len(number) <= 3 else HOW_MANY.get(number)
    if number is None:
        return None
    if unit in ("month", "year"):
        return months_on(after, number * (12 if unit == "year" else 1))
    return after + datetime.timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])


def months_on(day, months):
    """The same day so many months on, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = end_of_month(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def end_of_month(year, month):
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def weekday_after(words, after):
    """ "friday": the first one after the day. "next friday" is said of two different days."""
    name = words.removeprefix("this ").removeprefix("next ")
    if name not in WEEKDAYS:
        return None
    ahead = (WEEKDAYS.index(name) - after.weekday() - 1) % 7 + 1
    first = after + datetime.timedelta(days=ahead)
    if words.startswith("next "):
        second = first + datetime.timedelta(days=7)
        raise ValidationError(
            f"“Next {name.title()}” may be {first:%-d %B} or {second:%-d %B}: give the day"
        )
    return first


def day_of_a_month(words, after):
    """ "31 march", "march 31", "31/3", "end of march": the first on or after the day."""
    parts = words.replace("/", " ").replace(".", " ").split()
    if parts[:2] == ["end", "of"] and len(parts) == 3 and (month := month_number(parts[2])):
        return next_such(after, lambda year: end_of_month(year, month))
    if len(parts) != 2:
        return None
    day, month = parts if is_number(parts[0]) else reversed(parts)
    number = month_number(month)
    if not is_number(day) or len(day) > 2 or number is None:
        return None
    try:
        return next_such(after, lambda year: datetime.date(year, number, int(day)))
    except ValueError:
        raise ValidationError(f"There is no such day: give a real one, {EXAMPLES}") from None


def next_such(after, in_year):
    day = in_year(after.year)
    return day if day >= after else in_year(after.year + 1)


class SpokenDayField(DayLineField):
    """One box for a day in words or numbers. Call `reckon` before it cleans."""

    default_error_messages = {"invalid": f"Give a real day, {EXAMPLES}"}
    after = next_meeting = None

    def reckon(self, after, next_meeting):
        """Words count from the day `after`; "next meeting" is that day, or None."""
        self.after, self.next_meeting = after, next_meeting

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            if day := day_in_words(value, self.after, self.next_meeting):
                return day
        return super().to_python(value)
