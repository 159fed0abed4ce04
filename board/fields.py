"""Form fields of our own.

``DayField`` is three boxes (day, month, year) for a form somebody fills in calmly.
``DayLineField`` is one box that takes "31 Oct 2018" or "31/10/2018", for fast typing.
Both give back a ``datetime.date``, and both show wrong input again as it was typed.
``RecordsField`` is a choice of several records.
"""

import datetime

from django import forms
from django.core.exceptions import ValidationError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
BOXES = ("day", "month", "year")
# Digits as ASCII only: str.isdigit() also takes "²", which int() refuses.
DIGITS = frozenset("0123456789")
# The figures of the largest key that every table can hold; a 64-bit one has 19.
KEY_FIGURES = 18


def month_number(text):
    """1 to 12 for "9", "09", "Sep", "Sept" or "September"; None for anything else."""
    text = text.strip().rstrip(".").lower()
    if is_number(text):
        return int(text) if len(text) <= 2 and 1 <= int(text) <= 12 else None
    if len(text) >= 3:
        for number, name in enumerate(MONTH_NAMES, start=1):
            if name.startswith(text):
                return number
    return None


def is_number(text):
    return bool(text) and set(text) <= DIGITS


class DayInput(forms.MultiWidget):
    """Three text boxes named ``<name>_day``, ``<name>_month`` and ``<name>_year``."""

    use_fieldset = True

    def __init__(self, attrs=None):
        boxes = {
            "day": forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
            "month": forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
            "year": forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
        }
        super().__init__(boxes, attrs)

    def decompress(self, value):
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                return [value, "", ""]
        if value is None:
            return ["", "", ""]
        return [str(value.day), str(value.month), str(value.year)]


class DayField(forms.DateField):
    """A day in three boxes. Errors name the boxes at fault in ``params["boxes"]``."""

    widget = DayInput
    default_error_messages = {
        "incomplete": "Give a %(missing)s",
        "year": "Give the year in four numbers",
        "invalid": "Give a real date, such as 27 9 2018",
    }

    def to_python(self, value):
        if not isinstance(value, (list, tuple)):
            return super().to_python(value)
        day, month, year = ((part or "").strip() for part in value)
        missing = [name for name, part in zip(BOXES, (day, month, year), strict=True) if not part]
        if len(missing) == len(BOXES):
            return None
        if missing:
            raise self._error("incomplete", missing, missing=" and a ".join(missing))
        wrong = []
        if not is_number(day) or len(day) > 2 or not 1 <= int(day) <= 31:
            wrong.append("day")
        if month_number(month) is None:
            wrong.append("month")
        if wrong:
            raise self._error("invalid", wrong)
        if not is_number(year) or len(year) != 4:
            raise self._error("year", ["year"])
        try:
            return datetime.date(int(year), month_number(month), int(day))
        except ValueError:
            raise self._error("invalid", ["day"]) from None

    def _error(self, code, boxes, **params):
        message = self.error_messages[code]
        return ValidationError(message, code=code, params={"boxes": boxes, **params})


class DayLineInput(forms.DateInput):
    """One text box that shows a day as "31 Oct 2018"."""

    input_type = "text"

    def format_value(self, value):
        if isinstance(value, datetime.date):
            return f"{value.day} {MONTHS[value.month - 1].title()} {value.year}"
        return value


class DayLineField(forms.DateField):
    """A day in one box: 31 Oct 2018, 31 October 2018, 31/10/2018, 31.10.2018, 2018-10-31."""

    widget = DayLineInput
    default_error_messages = {"invalid": "Give a real date, such as 31 Oct 2018"}

    def prepare_value(self, value):
        return value

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        parts = value.replace("/", " ").replace(".", " ").replace(",", " ").split()
        if not parts:
            return None
        if len(parts) == 1:
            parts = list(reversed(value.strip().split("-")))
        if len(parts) == 3:
            day, month, year = parts
            number = month_number(month)
            if is_number(day) and number and is_number(year) and len(year) == 4 and len(day) <= 2:
                try:
                    return datetime.date(int(year), number, int(day))
                except ValueError:
                    pass
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records. A key that no table can hold is no choice; Django's own field asks the
    database for it, which refuses such a number with an error."""

    def _check_values(self, value):
        for key in value:
            if len(str(key)) > KEY_FIGURES:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super()._check_values(value)
