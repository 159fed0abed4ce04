"""Notice in clear working days, with England's bank holidays."""

import datetime

import pytest

from board.working_days import clear_days_before, clear_days_between, working_day_from

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (DAY(2018, 9, 27), 5, DAY(2018, 9, 19)),  # over a weekend
        (DAY(2018, 9, 27), 0, DAY(2018, 9, 26)),
        (DAY(2018, 9, 5), 5, DAY(2018, 8, 28)),
        (DAY(2018, 9, 3), 5, DAY(2018, 8, 23)),  # over the summer bank holiday of 27 August
        (DAY(2027, 1, 4), 5, DAY(2026, 12, 22)),  # Christmas, its Boxing Day kept on the 28th
        (DAY(2022, 9, 26), 5, DAY(2022, 9, 15)),  # a holiday proclaimed once, on the 19th
    ],
)
def test_clear_working_days_before(day, count, last):
    assert clear_days_before(day, count) == last
    assert clear_days_between(last, day) == count


def test_a_day_that_is_no_working_day_moves_on():
    assert working_day_from(DAY(2026, 12, 25)) == DAY(2026, 12, 29)
    assert working_day_from(DAY(2026, 12, 29)) == DAY(2026, 12, 29)
