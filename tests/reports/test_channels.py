"""The search of a paper looks everywhere: a word hidden in any corner of it is found there."""

import io
import zipfile

import pikepdf
import pytest

from reports.document import to_pdf
from reports.word import to_docx

from .channels import docx_channels, html_channels, pdf_channels
from .papers import make_document

WORD = "zq1234zq"


def in_information(pdf):
    pdf.docinfo["/Keywords"] = WORD


def in_xmp(pdf):
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:subject"] = {WORD}


def in_outline(pdf):
    with pdf.open_outline() as outline:
        outline.root[0].children.append(pikepdf.OutlineItem(WORD, 0))


def in_attachment(pdf):
    pdf.attachments["notes.txt"] = pikepdf.AttachedFileSpec(pdf, WORD.encode())


def in_name_of_attachment(pdf):
    pdf.attachments[WORD] = pikepdf.AttachedFileSpec(pdf, b"x")


def in_tag(key):
    def plant(pdf):
        tag = next(
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.H1
        )
        tag[key] = pikepdf.String(f"“{WORD}”")  # with a letter that makes it UTF-16

    return plant


def in_annotation(key):
    def plant(pdf):
        pdf.pages[0].Annots[0][key] = pikepdf.String(WORD)

    return plant


def in_link(pdf):
    pdf.pages[0].Annots[0].A.URI = pikepdf.String(f"https://example.org/{WORD}")


def in_stream(pdf):
    pdf.pages[0].PieceInfo = pdf.make_stream(f"% {WORD}".encode())


def in_key(pdf):
    pdf.Root[f"/{WORD}"] = 1


PDF = {
    "document information": in_information,
    "XMP": in_xmp,
    "outline": in_outline,
    "attachments": in_attachment,
    "attachments, by name": in_name_of_attachment,
    "strings, Alt": in_tag("/Alt"),
    "strings, ActualText": in_tag("/ActualText"),
    "strings, E": in_tag("/E"),
    "strings, T": in_tag("/T"),
    "strings, a note": in_annotation("/Contents"),
    "strings, a link": in_link,
    "streams": in_stream,
    "names": in_key,
}


@pytest.mark.parametrize("channel", PDF)
def test_a_word_in_any_corner_of_a_pdf_is_found(channel):
    with pikepdf.open(io.BytesIO(to_pdf(make_document()))) as pdf:
        PDF[channel](pdf)
        pdf.save(
            planted := io.BytesIO(),
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    found = pdf_channels(planted.getvalue())
    assert WORD in found[channel.partition(",")[0]]
    # Packed: a search of the bytes alone would miss it, but in XMP, which stands open.
    assert channel == "XMP" or WORD not in found["raw bytes"]


def test_the_words_of_a_page_are_found_as_read_and_as_heard():
    found = pdf_channels(to_pdf(make_document(summary=f"So **{WORD}**.")))
    assert WORD in found["extracted text"]
    assert WORD in found["spoken"]


@pytest.mark.parametrize(
    "part", ["docProps/core.xml", "docProps/custom.xml", "word/comments.xml", "customXml/item1.xml"]
)
def test_a_word_in_any_part_of_a_word_file_is_found(part):
    data = io.BytesIO(to_docx(make_document()))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        if part in archive.namelist():
            part = f"{part}.rels"
        archive.writestr(part, f"<w:r>{WORD[:3]}</w:r><w:r>{WORD[3:]}</w:r>")
    assert WORD in docx_channels(data.getvalue())[part]


@pytest.mark.parametrize(
    "source", [f"<!-- {WORD} -->", f'<p title="{WORD}">', "<a href='/zq123%34zq'>", "zq123&#52;zq",
               "zq12<b>34</b>zq"],
)  # fmt: skip
def test_a_word_anywhere_in_a_page_is_found(source):
    assert WORD in "".join(html_channels(source.encode()).values())
