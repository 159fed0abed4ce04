"""Tables to download as CSV, safe to open in a spreadsheet."""

import csv

from django.http import HttpResponse

# A cell that begins with one of these is taken for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value):
    """The value as text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_response(name, rows):
    """`rows` (sequences, the heading first) as an attachment called `name`.csv.

    The byte order mark tells spreadsheets that it is UTF-8.
    """
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerows([safe(value) for value in row] for row in rows)
    return response
