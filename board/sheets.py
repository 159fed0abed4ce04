"""Tables to download as CSV or XLSX, safe to open in a spreadsheet."""

import csv
import datetime
import io

from xlsxwriter import Workbook

from board.downloads import attachment

# A cell that begins with one of these is taken for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The most a cell of a spreadsheet holds, with room for the sentence that says so.
MOST = 32_000
CUT = "… (cut here: a cell holds no more)"
WIDEST = 60


def safe(value):
    """The value as text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_response(name, rows):
    """`rows` (sequences, the heading first) as an attachment called `name`.csv.

    The byte order mark tells spreadsheets that it is UTF-8.
    """
    response = attachment(f"{name}.csv", "text/csv; charset=utf-8", "\ufeff")
    writer = csv.writer(response)
    writer.writerows([safe(value) for value in row] for row in rows)
    return response


def xlsx_response(name, rows, *, title, marking):
    """The same rows as an attachment called `name`.xlsx, on one sheet.

    Whole numbers and days stay numbers and days, so that they sort; everything else is text and
    never a formula, not even when somebody edits the cell. `title` and `marking` are printed on
    each page.
    """
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties({"title": title, "comments": marking})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    day = book.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet = book.add_worksheet()
    sheet.set_header(f"&C{marking}\n{title.replace('&', '&&')}")
    sheet.set_footer(f"&C{marking}\nPage &P of &N")
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    widths = {}
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if type(value) is int:
                sheet.write_number(line, column, value, plain)
                shown = str(value)
            elif type(value) is datetime.date:
                sheet.write_datetime(line, column, value, day)
                shown = "31 Dec 2026"
            else:
                shown = "" if value is None else str(value)
                if len(shown) > MOST:
                    shown = shown[:MOST] + CUT
                text = quoted if shown.startswith(FORMULA) else plain
                sheet.write_string(line, column, shown, bold if line == 0 else text)
            longest = max(map(len, shown.split("\n")))
            widths[column] = max(widths.get(column, 0), min(longest + 2, WIDEST))
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    book.close()
    return attachment(f"{name}.xlsx", XLSX, file.getvalue())
