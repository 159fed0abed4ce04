"""Working days in England: weekends and bank holidays do not count."""

import datetime

import holidays

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")
DAY = datetime.timedelta(days=1)


def is_working_day(day: datetime.date) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def clear_days_before(day: datetime.date, count: int) -> datetime.date:
    """The last day on which papers are sent so that `count` clear working days lie between it
    and `day`. Neither of the two counts."""
    left = count + 1
    while left:
        day -= DAY
        left -= is_working_day(day)
    return day


def clear_days_between(sent: datetime.date, day: datetime.date) -> int:
    """How many working days lie clear between the day of sending and `day`."""
    between = (sent + DAY * number for number in range(1, (day - sent).days))
    return sum(map(is_working_day, between))


def working_day_from(day: datetime.date) -> datetime.date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += DAY
    return day


def working_day_until(day: datetime.date) -> datetime.date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= DAY
    return day
