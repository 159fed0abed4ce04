"""The binder's own process: reads one job from its standard input, a socket, answers and ends.

Started by board/binding.py as a script. It knows neither Django nor our settings, may write no
file, and has read no other paper.
"""

import io
import json
import resource
import socket
import struct
import sys
import traceback

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Stream, String

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 20
DEEPEST = 60
KEPT_IN_ROOT = {"/Type", "/Pages", "/Lang", "/StructTreeRoot", "/MarkInfo", "/OCProperties"}
KEPT_IN_PAGE = {
    "/Type",
    "/Parent",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Contents",
    "/Annots",
    "/Group",
    "/UserUnit",
    "/StructParents",
    "/Tabs",
}
# Wherever they stand: what runs, what hides, and who wrote it on which machine.
DROPPED = {
    "/AA": "scripts",
    "/JS": "scripts",
    "/OpenAction": "scripts",
    "/EF": "attached files",
    "/AF": "attached files",
    "/Metadata": "",
    "/PieceInfo": "",
}
WEB = ("http://", "https://", "mailto:")
# Widths of Helvetica in thousandths, for what is written at the right edge and in the middle.
DIGIT = 556  # and most letters
WIDTHS = {
    letter: width
    for width, letters in (
        (222, "ijl"),
        (278, "ft "),
        (333, "r"),
        (500, "cksvxyz"),
        (667, "P"),
        (722, "w"),
        (833, "m"),
    )
    for letter in letters
}
BOLD_WIDTHS = {"OFFICIAL-SENSITIVE": 10168, "DRAFT": 3388}


class Refused(Exception):
    """str() is one of the reasons in board/binding.py."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    line = socket.socket(fileno=sys.stdin.fileno()).makefile("rwb")
    header = line.read(8)
    if len(header) < 8:
        return
    job = memoryview(line.read(struct.unpack("!Q", header)[0]))
    try:
        kind, answer = b"P", work(job)
    except Refused as refusal:
        kind, answer = b"E", f"{refusal}\n".encode()
    except (MemoryError, RecursionError):
        kind, answer = b"E", b"memory"
    except Exception:
        kind, answer = b"E", f"failed\n{traceback.format_exc()}".encode("utf-8", "replace")
    line.write(struct.pack("!cQ", kind, len(answer)))
    line.write(answer)
    line.flush()


def work(job: memoryview) -> bytes:
    (length,) = struct.unpack("!I", job[:4])
    head = json.loads(bytes(job[4 : 4 + length]))
    blobs, at = [], 4 + length
    for size in head["sizes"]:
        blobs.append(job[at : at + size])
        at += size
    if head["act"] == "read":
        facts, pdf = read(head, blobs[0])
    elif head["act"] == "count":
        facts, pdf = {"pages": [count(blob) for blob in blobs]}, b""
    else:
        facts, pdf = {}, bind(head, blobs)
    words = json.dumps(facts).encode()
    return b"".join([struct.pack("!I", len(words)), words, pdf])


def count(blob: memoryview) -> int:
    with pikepdf.open(io.BytesIO(blob)) as pdf:
        return len(pdf.pages)


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        encryption=False,
    )
    return out.getvalue()


# Reading what a stranger made


def read(head: dict, data: memoryview) -> tuple[dict, bytes]:
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except pikepdf.PdfError:
        raise Refused("broken") from None
    with pdf:
        try:
            number = len(pdf.pages)
        except (pikepdf.PdfError, ValueError):
            raise Refused("broken") from None
        if not number:
            raise Refused("empty")
        if number > head["most"]:
            raise Refused("long")
        if pdf.Root.get("/NeedsRendering", False):
            raise Refused("form")
        left_out = clean(pdf)
        pdf.docinfo["/Title"] = head["title"]
        return {"pages": number, "left_out": sorted(left_out)}, saved(pdf)


def clean(pdf: pikepdf.Pdf) -> set[str]:
    """Leave the pages, their words and pictures, and links to the web; say what went."""
    left_out = set()
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    # What was typed into a form, and what was drawn as a comment, is printed where it stood.
    pdf.flatten_annotations("print")
    names = pdf.Root.get("/Names", Dictionary())
    left_out |= {"scripts"} if "/JavaScript" in names else set()
    left_out |= {"attached files"} if "/EmbeddedFiles" in names else set()
    for key in set(pdf.Root.keys()) - KEPT_IN_ROOT:
        left_out.add(DROPPED.get(key, ""))
        del pdf.Root[key]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for page in pdf.pages:
        page.contents_coalesce()
        kept = []
        for mark in page.obj.get("/Annots", ()):
            if leads_to_the_web(mark):
                kept.append(mark)
            elif mark.get("/Subtype") in ("/Text", "/FreeText", "/Popup"):
                left_out.add("comments")
            elif mark.get("/Subtype") == "/FileAttachment":
                left_out.add("attached files")
        for key in set(page.obj.keys()) - KEPT_IN_PAGE:
            left_out.add(DROPPED.get(key, ""))
            del page.obj[key]
        if "/Annots" in page.obj:
            page.obj["/Annots"] = Array(kept)
    for item in pdf.objects:
        strip(item, left_out, 0)
    return left_out - {""}


def leads_to_the_web(mark) -> bool:
    action = mark.get("/A")
    if mark.get("/Subtype") != "/Link" or not isinstance(action, Dictionary):
        return False
    return action.get("/S") == "/URI" and str(action.get("/URI", "")).lower().startswith(WEB)


def strip(item, left_out: set[str], depth: int) -> None:
    """Drop what runs or hides from one object and what it holds directly."""
    if depth > DEEPEST:
        raise Refused("broken")
    if isinstance(item, Array):
        for part in item:
            if isinstance(part, (Dictionary, Array)) and not part.is_indirect:
                strip(part, left_out, depth + 1)
        return
    if not isinstance(item, (Dictionary, Stream)):
        return
    action = item.get("/A")
    if isinstance(action, Dictionary) and "/S" in action and action.get("/S") != "/URI":
        left_out.add("scripts" if action.get("/S") in ("/JavaScript", "/Launch") else "")
        del item["/A"]
    if "/S" in item and "/Next" in item:  # an action, and what it would do next
        left_out.add("scripts")
        del item["/Next"]
    for key in list(item.keys()):
        if key in DROPPED:
            left_out.add(DROPPED[key])
            del item[key]
            continue
        within = item.get(key)
        if isinstance(within, (Dictionary, Array)) and not within.is_indirect:
            strip(within, left_out, depth + 1)


# Binding


def bind(head: dict, blobs: list[memoryview]) -> bytes:
    out = pikepdf.new()
    out.Root.Lang = String("en-GB")
    out.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    out.Root.PageMode = Name.UseOutlines
    out.docinfo["/Title"] = head["title"]
    fonts = {
        name: out.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=font, Encoding=Name.WinAnsiEncoding
            )
        )
        for name, font in (("/Plain", Name.Helvetica), ("/Bold", Name("/Helvetica-Bold")))
    }
    labels = []
    for sheets, blob in zip(head["sheets"], blobs, strict=True):
        with pikepdf.open(io.BytesIO(blob)) as pdf:
            names = sheets["labels"] or [roman(at + 1) for at in range(len(pdf.pages))]
            for page, label in zip(pdf.pages, names, strict=True):
                out.pages.append(page)
                number(out, out.pages[-1], label, sheets, fonts, draft=head["draft"])
                labels.append(label)
    join_links(out, labels)
    out.Root.PageLabels = Dictionary(
        Nums=Array(
            [part for at, label in enumerate(labels) for part in (at, Dictionary(P=String(label)))]
        )
    )
    with out.open_outline() as outline:
        outline.root.extend(bookmark(mark, labels) for mark in head["bookmarks"])
    return saved(out)


def roman(number: int) -> str:
    words = ""
    for value, letters in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        words += letters * (number // value)
        number %= value
    return words


def bookmark(mark: dict, labels: list[str]) -> OutlineItem:
    item = OutlineItem(mark["title"], labels.index(mark["page"]))
    item.children.extend(bookmark(each, labels) for each in mark["below"])
    item.is_closed = False
    return item


def join_links(out: pikepdf.Pdf, labels: list[str]) -> None:
    """A link to "page:31a" becomes a place in this document."""
    places = {f"page:{label}": at for at, label in enumerate(labels)}
    for page in out.pages:
        for mark in page.obj.get("/Annots", ()):
            target = str(mark.get("/A", Dictionary()).get("/URI", ""))
            if target in places:
                del mark["/A"]
                mark["/Dest"] = Array([out.pages[places[target]].obj, Name.Fit])


def number(out, page, label: str, sheets: dict, fonts: dict, *, draft: bool) -> None:
    """Write the page's number at its foot, and what else its edge must say."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    width, height = right - left, top - bottom
    if turn in (90, 270):
        width, height = height, width
    # From where the reader sees it to where the page keeps it.
    matrix = {
        90: f"0 1 -1 0 {right:.2f} {bottom:.2f}",
        180: f"-1 0 0 -1 {right:.2f} {top:.2f}",
        270: f"0 -1 1 0 {left:.2f} {top:.2f}",
    }.get(turn, f"1 0 0 1 {left:.2f} {bottom:.2f}")
    words = f"Page {label}"
    length = sum(WIDTHS.get(letter, DIGIT) for letter in words) * 10 / 1000
    lines: list[tuple[str, int, float, float, float, str]]
    lines = [("/Plain", 10, width - 65 - length, 41, length, words)]
    edge = sheets["marking"]
    if edge:
        length = BOLD_WIDTHS[edge] * 11 / 1000
        lines += [("/Bold", 11, (width - length) / 2, y, length, edge) for y in (41, height - 40)]
    if draft and not sheets["ours"]:
        length = BOLD_WIDTHS["DRAFT"] * 11 / 1000
        lines.append(("/Bold", 11, width - 65 - length, height - 40, length, "DRAFT"))
    drawn = []
    for font, size, x, y, length, text in lines:
        if not sheets["ours"]:  # a clear ground, whatever the page has there
            drawn.append(f"1 g {x - 4:.2f} {y - 4:.2f} {length + 8:.2f} {size + 6} re f")
        drawn.append(f"BT 0 g {font} {size} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET")
    stamp = f"q {matrix} cm /Artifact BMC {' '.join(drawn)} EMC Q".encode()
    if sheets["ours"]:
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q " + stamp)
        resources = page.obj.Resources
    else:
        # The page inside a form of its own: whatever state it leaves, the number is legible.
        resources = Dictionary(XObject=Dictionary({"/Sheet": form_of(out, page)}))
        page.obj.Resources = resources
        page.obj.Contents = out.make_stream(b"q /Sheet Do Q " + stamp)
    if "/Font" not in resources:
        resources.Font = Dictionary()
    for name, font in fonts.items():
        resources.Font[name] = font


def form_of(out, page) -> Stream:
    """The page's words and pictures as one thing to draw. `read` left them in one stream."""
    words = page.obj.get("/Contents", out.make_stream(b""))
    form = out.make_stream(words.read_raw_bytes())
    for key in ("/Filter", "/DecodeParms"):
        if key in words:
            form[key] = words[key]
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, page.obj.MediaBox
    form.Resources = page.obj.get("/Resources", Dictionary())
    if "/Group" in page.obj:
        form.Group = page.obj.Group
    return form


if __name__ == "__main__":
    main()
