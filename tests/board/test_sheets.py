"""Downloads that a spreadsheet opens: the right kinds of cell, and no formula."""

import datetime

import pytest

from board.sheets import CUT, MOST, xlsx_response
from tests.workbooks import sheet_of

HEADING = ("Ref", "Words", "Days", "Due")


def made(*row):
    return sheet_of(
        xlsx_response("actions", [HEADING, row], title="Actions", marking="OFFICIAL-SENSITIVE")
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula_nor_becomes_one(sign):
    typed = f"{sign}HYPERLINK(1)"
    rows, xml = made("SOC/1/2018", typed, 3, None)
    kind, value, quoted = rows[1][1]
    assert (kind, value.replace("_x000D_", "\r"), quoted) == ("s", typed, True)
    assert "<f>" not in xml
    assert rows[1][0] == ("s", "SOC/1/2018", False)


def test_numbers_and_days_sort_as_such_and_addresses_do_nothing():
    rows, xml = made("1", "https://example.org", 12, datetime.date(2018, 9, 19))
    assert [cell[:2] for cell in rows[1]] == [
        ("s", "1"),
        ("s", "https://example.org"),
        ("n", "12"),
        ("n", "43362"),
    ]
    assert "hyperlink" not in xml


def test_every_printed_page_bears_the_marking_and_a_long_text_says_it_is_cut():
    rows, xml = made("1", "x" * (MOST + 1), 0, None)
    assert xml.count("OFFICIAL-SENSITIVE") == 2
    assert rows[1][1][1] == "x" * MOST + CUT


def test_the_attachment_has_its_name_and_kind():
    answer = xlsx_response("actions", [HEADING], title="Actions", marking="OFFICIAL")
    assert answer["Content-Disposition"] == 'attachment; filename="actions.xlsx"'
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
