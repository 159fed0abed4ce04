"""What a report says in each of its forms, marks and numbers included, as one string that can be
compared: a list's mark stands in ⟦⟧, whoever worked it out."""

import io
import re

import docx
import lxml.html
import pikepdf
from docx.oxml.ns import qn

from .papers import _marked_words

SPACE = re.compile(r"\s+")
BREAKING = {"h1", "h2", "p", "th", "td", "li", "div", "br", "ul", "ol", "section", "tr"}


def flat(text):
    return SPACE.sub(" ", text).strip()


def squeezed(text):
    """Without any space: a PDF keeps none at the end of a line."""
    return SPACE.sub("", text)


def mark(words):
    words = flat(words).replace("–", "•")  # a bullet within a bullet
    return f" ⟦{words}⟧ " if words else ""


# HTML: what a browser makes of the lists, by the rules of the style sheets


def html_lines(html):
    (article,) = lxml.html.document_fromstring(html).iter("article")
    for marks in article.find_class("report__marks"):
        marks.getparent().remove(marks)
    return flat("".join(html_walk(article)))


def html_walk(element, ordered=0):
    if element.tag == "li":
        yield mark(html_mark(element))
    if element.tag in BREAKING:
        yield " "
    yield element.text or ""
    for child in element:
        yield from html_walk(child)
        yield child.tail or ""
    if element.tag in BREAKING:
        yield " "


def html_mark(item):
    lists = [each for each in item.iterancestors("ol", "ul")]
    if lists[0].tag == "ul":
        return "•"
    number = int(lists[0].get("start", 1)) + lists[0].index(item)
    # Lists that stand within an item count (a), and within one of those (i).
    inner = [each for each in lists if each.tag == "ol" and next(each.iterancestors("li"), None)
             is not None]  # fmt: skip
    lettered = [each for each in lists if each.get("class") == "report__letters"]
    depth = len(inner) + len(lettered)
    return counted(number, ("decimal", "lowerLetter", "lowerRoman")[min(depth, 2)], bool(depth))


def counted(number, form, brackets):
    shown = {"decimal": str, "lowerLetter": letters, "lowerRoman": roman}[form](number)
    return f"({shown})" if brackets else f"{shown}."


def letters(number):
    """a … z, aa, bb …"""
    return "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)


def roman(number):
    shown = ""
    for value, figure in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"), strict=True,
    ):  # fmt: skip
        while number >= value:
            shown, number = shown + figure, number - value
    return shown


# PDF: what a screen reader says


def pdf_lines(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.obj.objgen: _marked_words(page) for page in pdf.pages}
        return flat("".join(pdf_walk(pdf.Root.StructTreeRoot.K[0], pages, None)))


def pdf_walk(element, pages, page):
    page = element.Pg.objgen if "/Pg" in element else page
    tag = str(element.S)
    said = "".join(
        pages[page][kid] if isinstance(kid, int) else "".join(pdf_walk(kid, pages, page))
        for kid in element.get("/K", [])
        if isinstance(kid, int) or "/S" in kid
    )
    yield mark(said) if tag == "/Lbl" else said
    if tag in ("/H1", "/H2", "/P", "/TH", "/TD", "/LI", "/LBody"):
        yield " "


# Word: what Word numbers, worked out from its lists


def docx_lines(data):
    word = docx.Document(io.BytesIO(data))
    counters = Counters(word.part.numbering_part.element)
    said = []
    for element in word.element.body.iter(qn("w:p")):
        properties = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is not None:
            said.append(mark(counters.next(properties)))
        said += [*docx_words(element), " "]
    return flat("".join(said))


def docx_words(paragraph):
    for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        yield node.text or "" if node.tag == qn("w:t") else " "


class Counters:
    """The lists of a Word file as they count: a deeper level starts again after a higher one."""

    def __init__(self, numbering):
        self.numbering, self.now = numbering, {}

    def next(self, properties):
        level = int(properties.find(qn("w:ilvl")).get(qn("w:val")))
        list_id = properties.find(qn("w:numId")).get(qn("w:val"))
        kind = self.numbering.xpath(f'w:num[@w:numId="{list_id}"]/w:abstractNumId/@w:val')[0]
        place = f'w:abstractNum[@w:abstractNumId="{kind}"]/w:lvl[@w:ilvl="{level}"]'
        form = self.numbering.xpath(f"{place}/w:numFmt/@w:val")[0]
        shown = self.numbering.xpath(f"{place}/w:lvlText/@w:val")[0]
        starts = self.numbering.xpath(
            f'w:num[@w:numId="{list_id}"]/w:lvlOverride[@w:ilvl="{level}"]/w:startOverride/@w:val'
        ) or self.numbering.xpath(f"{place}/w:start/@w:val")
        counts = self.now.setdefault(list_id, {})
        counts[level] = counts.get(level, int(starts[0]) - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if form == "bullet":
            return "•"
        number = counted(counts[level], form, False).removesuffix(".")
        return shown.replace(f"%{level + 1}", number)
