"""PDFs from strangers, and many bound into one."""

import io
import subprocess
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from board.binding import MAX_PAGES, Bookmark, Sheets, bind, count_pages, read_pdf
from board.pdf import RenderError, render_pdf
from tests.builders import a_pdf

OURS = '<!doctype html><html lang="en-GB"><body data-marking="" data-draft="">{}'


def words(data, *options):
    run = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    )
    return run.stdout.decode()


def changed(change, data=None, **options):
    """A PDF after `change(document)`."""
    with pikepdf.open(io.BytesIO(data or a_pdf("Words that stay"))) as document:
        change(document)
        document.save(out := io.BytesIO(), **options)
    return out.getvalue()


def everything(data):
    """Every key and every text in a PDF, streams unpacked."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return (
            b" ".join(
                item.unparse(resolved=True)
                + (item.read_bytes() if isinstance(item, pikepdf.Stream) else b"")
                for item in document.objects
            )
            + document.trailer.unparse()
        )


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert('canary')"))


def opening(document):
    document.Root.OpenAction = SCRIPT


def named(document):
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("canary"), SCRIPT])))


def on_a_page(document):
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)


def behind_a_link(document):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=SCRIPT)
    document.pages[0].obj.Annots = Array([link])


def after_a_link(document):
    web = Dictionary(S=Name.URI, URI=String("https://example.org/"), Next=SCRIPT)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=web)
    document.pages[0].obj.Annots = Array([link])


def starting_a_program(document):
    launch = Dictionary(S=Name.Launch, F=String("canary.exe"))
    document.Root.Outlines = Dictionary(First=Dictionary(Title=String("x"), A=launch))


def attached(document):
    document.attachments["canary.xlsx"] = b"canary"


def commented(document):
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String("canary")
    )
    document.pages[0].obj.Annots = Array([note])


def signed_by_its_maker(document):
    document.docinfo["/Author"] = "canary"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["canary"]
    document.pages[0].obj.PieceInfo = Dictionary(Word=String("canary"))


@pytest.mark.parametrize(
    ("trick", "said"),
    [
        (opening, ("scripts",)),
        (named, ("scripts",)),
        (on_a_page, ("scripts",)),
        (behind_a_link, ()),
        (after_a_link, ("scripts",)),
        (starting_a_program, ()),
        (attached, ("attached files",)),
        (commented, ("comments",)),
        (signed_by_its_maker, ()),
    ],
)
def test_what_runs_or_hides_is_left_out_and_said(trick, said):
    hostile = changed(trick)
    assert b"canary" in everything(hostile)
    found = read_pdf(hostile, title="Plan")
    left = everything(found.pdf)
    assert b"canary" not in left
    assert not {b"/JavaScript", b"/Launch", b"/JS", b"/EF"} & set(left.split())
    assert found.left_out == said
    assert "Words that stay" in words(found.pdf)


def test_a_link_to_the_web_stays_and_a_filled_form_is_printed():
    def change(document):
        web = Dictionary(S=Name.URI, URI=String("https://example.org/"))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=web)
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("amount"),
                V=String("Nine hotels"),
                DA=String("/Helv 12 Tf 0 g"),
                Rect=Array([70, 500, 300, 530]),
                F=4,
            )
        )
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        document.Root.AcroForm = Dictionary(
            Fields=Array([field]),
            NeedAppearances=True,
            DA=String("/Helv 12 Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=font)),
        )
        document.pages[0].obj.Annots = Array([link, field])

    found = read_pdf(changed(change), title="Plan")
    assert "Nine hotels" in words(found.pdf)
    with pikepdf.open(io.BytesIO(found.pdf)) as document:
        assert [str(mark.A.URI) for mark in document.pages[0].obj.Annots] == [
            "https://example.org/"
        ]
        assert "/AcroForm" not in document.Root
        assert str(document.docinfo["/Title"]) == "Plan"


def too_many(document):
    for _ in range(MAX_PAGES):
        document.pages.append(document.pages[0])


def a_lie(document):
    document.Root.Pages.Count = 2_000_000_000


def no_pages(document):
    del document.pages[0]


def a_form_of_one_program(document):
    document.Root.NeedsRendering = True


def nested(document):
    inner = Array([])
    for _ in range(200):
        inner = Array([inner])
    document.pages[0].obj.Resources.Deep = inner


LOCKED = {"encryption": pikepdf.Encryption(owner="owner", user="user")}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "damaged, or it is no PDF"),
        (b"MZ a program called plan.pdf", "damaged, or it is no PDF"),
        (a_pdf()[:300], "damaged, or it is no PDF"),
        (changed(lambda document: None, **LOCKED), "opens only with a password"),
        (changed(too_many), f"more than {MAX_PAGES} pages"),
        (changed(no_pages), "has no pages"),
        (changed(a_form_of_one_program), "only one program can show"),
        (changed(nested), "damaged"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(RenderError, match=sentence):
        read_pdf(data, title="Plan")


def test_a_lie_about_the_number_of_pages_changes_nothing():
    assert read_pdf(changed(a_lie), title="Plan").pages == 1


def test_a_bomb_is_refused_and_the_next_paper_is_read():
    # One packed megabyte, five hundred times over, and packed again.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b"0" * (1 << 20)
    block = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(500):
        checksum = zlib.adler32(plain, checksum)
    packed = b"\x78\x9c" + block * 500 + b"\x03\x00" + checksum.to_bytes(4)

    def swell(document):
        stream = document.make_stream(zlib.compress(packed))
        stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
        document.pages[0].obj.Contents = Array([stream, document.make_stream(b"n")])

    bomb = changed(swell, compress_streams=False)
    assert len(bomb) < 100_000
    with pytest.raises(RenderError, match=r"too large|could not be read"):
        read_pdf(bomb, title="Plan")
    assert read_pdf(a_pdf(), title="Plan").pages == 1


def test_numbers_on_paper_are_those_on_screen_and_links_lead_to_them():
    front = render_pdf(
        OURS.format('<p><a href="page:31a">Late paper</a>'),
        title="Front",
    )
    papers = [read_pdf(a_pdf("First", "Second"), title="A").pdf, read_pdf(a_pdf(), title="B").pdf]
    bound = bind(
        [Sheets(front, ours=True), Sheets(papers[0], ["30", "31"]), Sheets(papers[1], ["31a"])],
        [Bookmark("Contents", "i"), Bookmark("5. Plan", "30", [Bookmark("Late – paper", "31a")])],
        title="The pack",
    )
    with pikepdf.open(io.BytesIO(bound)) as document:
        assert [page.label for page in document.pages] == ["i", "30", "31", "31a"]
        assert document.pages[0].obj.Annots[0].Dest[0].objgen == document.pages[3].obj.objgen
        assert str(document.docinfo["/Title"]) == "The pack"
        assert str(document.Root.Lang) == "en-GB"
        with document.open_outline() as outline:
            first, second = outline.root
            assert (first.title, second.title) == ("Contents", "5. Plan")
            assert [mark.title for mark in second.children] == ["Late – paper"]
    pages = words(bound, "-layout").split("\f")
    for page, label in zip(pages, ("i", "30", "31", "31a"), strict=False):
        assert f"Page {label}\n" in page
    assert "Second" in pages[2]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_edge_is_legible_whichever_way_the_page_is_turned(turn):
    """Unfinished graphics states and a clip of the page's own do not swallow number and marking."""

    def change(document):
        page = document.pages[0]
        page.obj.Rotate = turn
        page.obj.Contents = document.make_stream(b"q q 5 0 0 5 0 0 cm 0 0 1 1 re W n 1 g")

    paper = read_pdf(changed(change), title="A").pdf
    bound = bind([Sheets(paper, ["7"], "OFFICIAL-SENSITIVE")], [], title="Pack", draft=True)
    shown = words(bound, "-layout")
    assert shown.count("OFFICIAL-SENSITIVE") == 2
    assert "Page 7" in shown
    assert "DRAFT" in shown


def test_same_sheets_same_bytes():
    paper = read_pdf(a_pdf("a"), title="A").pdf
    assert len({bind([Sheets(paper, ["1"])], [], title="Pack") for _ in range(2)}) == 1
    assert count_pages([paper, a_pdf("a", "b")]) == [1, 2]
    assert count_pages([]) == []
