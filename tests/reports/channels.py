"""Everything that can be got out of a paper, by where it stands in it: for searches."""

import io
import re
import zipfile
from html import unescape
from urllib.parse import unquote

import pikepdf

from .papers import pdf_text, spoken

TAG = re.compile(r"<[^>]*>")


def channels(form: str, data: bytes) -> dict[str, str]:
    """{channel: text} of a paper: "pdf", "docx" or "html"."""
    return {"pdf": pdf_channels, "docx": docx_channels, "html": html_channels}[form](data)


def pdf_channels(data: bytes) -> dict[str, str]:
    found = {"raw bytes": data.decode("latin-1"), "extracted text": pdf_text(data)}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        streams, strings, names = [], [], []
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                streams += [item.read_raw_bytes(), item.read_bytes()]
            for value in values_in(item):
                (strings if isinstance(value, pikepdf.String) else names).append(value)
        found["streams"] = b"\n".join(streams).decode("latin-1")
        found["strings"] = "\n".join(read_both_ways(bytes(value)) for value in strings)
        found["names"] = "\n".join(map(str, names))
        found["document information"] = "\n".join(
            f"{key} {value}" for key, value in pdf.docinfo.items()
        )
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            found["XMP"] = str(xmp)
        found["outline"] = "\n".join(titles(pdf.open_outline().root))
        found["attachments"] = "\n".join(
            f"{name} {each.filename} {each.description} "
            + each.get_file().read_bytes().decode("latin-1")
            for name, each in pdf.attachments.items()
        )
        if "/StructTreeRoot" in pdf.Root:
            found["spoken"] = "".join(words for _, words in spoken(data))
    return found


def values_in(item, depth=0):
    """Every string and name within one object; other objects have their own turn."""
    if isinstance(item, pikepdf.String | pikepdf.Name):
        yield item
    elif isinstance(item, pikepdf.Array):
        for value in item:
            yield from inside(value, depth)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in item.items():
            yield pikepdf.Name(key)
            yield from inside(value, depth)


def inside(value, depth):
    if not getattr(value, "is_indirect", False) or depth == 0:
        yield from values_in(value, depth + 1)


def read_both_ways(data: bytes) -> str:
    """A string of a PDF as text: with a mark of its own it is UTF-16, else one byte a letter."""
    if data.startswith(b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("latin-1")


def titles(items):
    for item in items:
        yield item.title
        yield from titles(item.children)


def docx_channels(data: bytes) -> dict[str, str]:
    """Each part as it stands, and its words alone: a word may be cut in two by a tag."""
    found = {"raw bytes": data.decode("latin-1")}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found["names of parts"] = "\n".join(archive.namelist())
        found["comment"] = archive.comment.decode("latin-1")
        for entry in archive.infolist():
            part = archive.read(entry).decode("utf-8", "replace")
            found[entry.filename] = f"{unescape(part)}\n{TAG.sub('', part)}\n{entry.comment!r}"
    return found


def html_channels(data: bytes) -> dict[str, str]:
    """The source, with its comments and attributes, as it stands and as it is read."""
    source = data.decode()
    return {
        "source": source,
        "read": unquote(unescape(source)),
        "words": unescape(TAG.sub("", source)),
    }
