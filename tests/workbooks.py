"""A reader for the workbooks that a page gives for download."""

import io
import xml.etree.ElementTree as ET
import zipfile

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_of(response):
    """(rows of (kind, value, quoted), the sheet's own XML) of a workbook."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        assert book.testzip() is None
        xml = book.read("xl/worksheets/sheet1.xml").decode()
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))
        formats = ET.fromstring(book.read("xl/styles.xml")).find(f"{NS}cellXfs")
    words = ["".join(part.itertext()) for part in strings]
    quoted = [xf.get("quotePrefix") == "1" for xf in formats]
    rows = []
    for row in ET.fromstring(xml).iter(f"{NS}row"):
        cells = []
        for cell in row:
            value = cell.findtext(f"{NS}v")
            kind = cell.get("t", "n")
            style = quoted[int(cell.get("s", 0))]
            cells.append((kind, words[int(value)] if kind == "s" else value, style))
        rows.append(cells)
    return rows, xml
