"""The small Markdown that people type: what may be stored, and how it is shown.

Paragraphs, bullets, numbered sub-lists, links and emphasis; nothing else. One
parse feeds HTML, the Word file and plain text, so they cannot differ.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_BYTES = 100_000
MAX_LEVELS = 5
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br"}
SCHEMES = {"http", "https", "mailto"}

# Word's manual line break arrives as a vertical tab; the rest are line ends in all but name.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ufffe\uffff\ud800-\udfff]"
)
# What has no shape of its own (Unicode: Default_Ignorable_Code_Point), and the marks and blanks
# that are as good as none.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Letters carry two marks at most; a higher stack covers what stands around it.
MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
STACKED = re.compile(f"({MARKS}{{2}}){MARKS}+")
# Bullets as Word and mail programs paste them; \uf0b7 and \uf0a7 are those of Word's Symbol and
# Wingdings fonts, and its second level is an o with a tab.
PASTED_BULLET = re.compile(
    "^([ \t\xa0]*)(?:[•◦▪●‣·\uf0b7\uf0a7][ \t\xa0]+|o\t[ \t]*)", re.MULTILINE
)
INDENT = re.compile("^[ \t\xa0]*\xa0[ \t\xa0]*", re.MULTILINE)
AFTER_MARKER = re.compile("^([ \t]*(?:[-*+]|[0-9]{1,9}[.)]))[ \t]*\xa0[ \t\xa0]*", re.MULTILINE)
RULED_LINE = re.compile(r"^([ \t]*)([-*_](?:[ \t]*[-*_]){2,}[ \t]*)$", re.MULTILINE)
SCHEME_TYPED = re.compile(r"(?<![A-Za-z0-9])https?\Z", re.IGNORECASE)
ADDRESS = re.compile(r'[^\s<>"\\]+')
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)


@dataclass(frozen=True)
class Span:
    """A run of words with one look. The text "\\n" is a line break."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph (spans) or a list (items, each a tuple of blocks)."""

    kind: Literal["p", "ul", "ol"]
    spans: tuple[Span, ...] = ()
    items: tuple[tuple["Block", ...], ...] = ()
    start: int = 1


def clean(text: str) -> str:
    """The text as it is stored: NFC, line ends as LF, otherwise as typed.

    Raises ValidationError with a sentence when it cannot be stored.
    """
    if len(text) <= MAX_BYTES:
        text = _normal(text)
    validate_text(text)
    return text


def validate_text(text: str) -> None:
    """For `validators=[validate_text]`: size, characters, depth of lists."""
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise ValidationError(
            f"This text is {size // 1000} kB long. One box holds {MAX_BYTES // 1000} kB: "
            "shorten it, or put the rest in a paper.",
            code="too_long",
        )
    text = _normal(text)
    if found := UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValidationError(
            f"Line {line} holds a character that cannot be printed "
            f"(U+{ord(found[0]):04X}). Delete it and try again.",
            code="unprintable",
        )
    if _levels(_tokens(text)) > MAX_LEVELS:
        raise ValidationError(
            f"The lists in this text go more than {MAX_LEVELS} levels deep. "
            "Move the deepest ones up.",
            code="too_deep",
        )


def digest(text: str) -> str:
    """SHA-256 in hex. Line ends and composed or decomposed accents do not count."""
    return hashlib.sha256(_normal(text).encode("utf-8", "replace")).hexdigest()


def seen(text: str) -> str:
    """The text without what no reader sees: for papers that must say to a program what they say
    to the eye. What people type is stored with it."""
    return UNPRINTABLE.sub("\ufffd", STACKED.sub(r"\1", UNSEEN.sub("", _normal(text))))


def to_html(text: str) -> SafeString:
    """The text as paragraphs and lists."""
    return _cleaned("".join(_block_html(block) for block in parse(text)))


def to_item_html(text: str, level: int = 1) -> SafeString:
    """The text as the inside of one list item: no paragraph tags, which fail PDF/UA there.

    `level` is 2 in an item that has a letter: a list in it counts (i), else (a).
    """
    return _cleaned(_item_html(parse(text), level))


def to_plain(text: str) -> str:
    """The text without marks: bullets as "- ", a link's address after its words."""
    return "\n\n".join(_block_plain(block) for block in parse(text))


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text. Text that may not be stored comes back as one plain paragraph."""
    text = UNPRINTABLE.sub("\ufffd", _normal(text))
    if len(text) <= MAX_BYTES:
        tokens = _tokens(text)
        if _levels(tokens) <= MAX_LEVELS:
            return tuple(_blocks(iter(tokens)))
    lines = [span for line in text.split("\n") for span in (Span(line), Span("\n"))]
    return (Block("p", spans=tuple(lines[:-1])),)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))


def _bare_link(state: StateInline, silent: bool) -> bool:
    """An inline rule: an http(s) address typed without brackets is a link."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = SCHEME_TYPED.search(state.pending)
    address = ADDRESS.match(state.src, state.pos + 3)
    if not scheme or not address:
        return False
    rest = _without_closing_marks(address[0])
    if not rest:
        return False
    if not silent:
        shown = f"{scheme[0]}://{rest}"
        state.pending = state.pending[: scheme.start()]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(shown)}
        state.push("text", "", 0).content = shown
        state.push("link_close", "a", -1)
    state.pos += 3 + len(rest)
    return True


def _without_closing_marks(address: str) -> str:
    """An address in a sentence does not own the full stop or the bracket after it."""
    end = len(address)
    opened, closed = address.count("("), address.count(")")
    while end and (address[end - 1] in ".,;:!?'*_’”" or address[end - 1] == ")"):
        if address[end - 1] == ")":
            if closed <= opened:
                break
            closed -= 1
        end -= 1
    return address[:end]


class _Markdown(MarkdownIt):
    """Addresses stand as they were typed, and only those that may be followed are links."""

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return url.partition(":")[0].lower() in SCHEMES and ":" in url


def _reader() -> MarkdownIt:
    markdown = _Markdown("zero", {"html": False, "maxNesting": 4 * MAX_LEVELS})
    markdown.enable(["list", "newline", "escape", "emphasis", "link", "autolink"])
    markdown.inline.ruler.before("escape", "bare_link", _bare_link)
    return markdown


READER = _reader()


def _tokens(text: str) -> list[Token]:
    text = INDENT.sub(lambda found: found[0].replace("\xa0", " "), text)
    text = PASTED_BULLET.sub(r"\1- ", text)
    text = AFTER_MARKER.sub(r"\1 ", text)
    text = RULED_LINE.sub(r"\1\\\2", text)
    return READER.parse(text)


def _levels(tokens: list[Token]) -> int:
    deepest = level = 0
    for token in tokens:
        if token.type.endswith("_list_open"):
            level += 1
            deepest = max(deepest, level)
        elif token.type.endswith("_list_close"):
            level -= 1
    return deepest


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    """Blocks up to the end of the enclosing item or list."""
    for token in tokens:
        if token.type == "inline":
            yield Block("p", spans=tuple(_spans(token.children or [])))
        elif token.type.endswith("_list_open"):
            kind: Literal["ul", "ol"] = "ol" if token.tag == "ol" else "ul"
            start = token.attrGet("start")
            yield Block(kind, items=tuple(_items(tokens)), start=1 if start is None else int(start))
        elif token.type == "list_item_close":
            return


def _items(tokens: Iterator[Token]) -> Iterator[tuple[Block, ...]]:
    for token in tokens:
        if token.type == "list_item_open":
            yield tuple(_blocks(tokens))
        else:
            return


def _spans(tokens: list[Token]) -> Iterator[Span]:
    strong = em = 0
    href = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                em += token.nesting
            case "link_open":
                href = str(token.attrGet("href") or "")
            case "link_close":
                href = ""
            case "softbreak" | "hardbreak":
                yield Span("\n")
            case "text" if token.content:
                span = Span(token.content, strong > 0, em > 0, href)
                yield from [span] if href else _email_links(span)


def _email_links(span: Span) -> Iterator[Span]:
    at = 0
    for found in EMAIL.finditer(span.text):
        if found.start() > at:
            yield replace(span, text=span.text[at : found.start()])
        yield replace(span, text=found[0], href=f"mailto:{found[0]}")
        at = found.end()
    if at < len(span.text):
        yield replace(span, text=span.text[at:])


def _cleaned(html: str) -> SafeString:
    """Everything above escapes already; this is the second lock."""
    return mark_safe(
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}, "ol": {"start", "type"}},
            allowed_classes={"a": {"address"}},
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer",
        )
    )


def _block_html(block: Block, level: int = 0) -> str:
    """`level` as of to_item_html, 0 outside any item. How a list counts is said in the HTML, since
    a page may be read without our style sheets."""
    if block.kind == "p":
        return f"<p>{_spans_html(block.spans)}</p>\n"
    counts = ""
    if block.kind == "ol":
        counts = f' start="{block.start}"' if block.start != 1 else ""
        counts += ("", ' type="a"', ' type="i"')[min(level, 2)]
    inner = level + 1 if block.kind == "ol" else max(level, 1)
    items = "\n".join(f"<li>{_item_html(item, inner)}</li>" for item in block.items)
    return f"<{block.kind}{counts}>\n{items}\n</{block.kind}>\n"


def _item_html(blocks: tuple[Block, ...], level: int) -> str:
    html = ""
    before = ""
    for block in blocks:
        if block.kind == "p":
            html += ("<br><br>" if before == "p" else "") + _spans_html(block.spans)
        else:
            html += "\n" + _block_html(block, level)
        before = block.kind
    return html


def _spans_html(spans: tuple[Span, ...]) -> str:
    html = ""
    for span in spans:
        part = "<br>" if span.text == "\n" else escape(span.text)
        if span.href:
            # A bare address is marked, so that paper can break it where it should.
            bare = ' class="address"' if span.text == span.href else ""
            part = f'<a href="{escape(span.href)}"{bare}>{part}</a>'
        if span.em:
            part = f"<em>{part}</em>"
        if span.strong:
            part = f"<strong>{part}</strong>"
        html += part
    return html


def _block_plain(block: Block) -> str:
    if block.kind == "p":
        return "".join(_span_plain(span) for span in block.spans)
    lines = []
    for number, item in enumerate(block.items, block.start):
        mark = f"{number}. " if block.kind == "ol" else "- "
        words = "\n".join(_block_plain(part) for part in item)
        lines.append(mark + words.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _span_plain(span: Span) -> str:
    if span.href in ("", span.text, f"mailto:{span.text}"):
        return span.text
    return f"{span.text} ({span.href})"


def sentence(words: str) -> str:
    """With a full stop, where another sentence follows."""
    return words if words.endswith((".", "?", "!")) else f"{words}."


def listed(words):
    """ "a, b and c"; empty for none."""
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
