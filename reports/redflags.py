"""What to look at before a report is issued: checks of its words alone.

Each check reads a Document and returns findings; none decides anything. The
expressions are bounded, so that a long text costs no more than its length.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from board.text import EMAIL, seen
from reports.document import Document


class Kind(StrEnum):
    PHONE = "Personal telephone number"
    EMAIL = "Personal e-mail address"
    POSTCODE = "Postcode"
    PLATE = "Vehicle number plate"
    MARKING = "Protective marking in the text"
    ASK = "An ask in a report for information"
    MARKUP = "Stray markup"
    LINK = "A link that will not work"
    EMPTY = "An empty section"
    ACRONYM = "A short form that is not explained"
    SHARED = "Words shared with another record"


@dataclass(frozen=True)
class Finding:
    kind: Kind
    excerpt: str
    where: str
    """As on paper: "Paragraph 13", "Contact", "Summary"."""


Look = Callable[[str, str], Iterator[Finding]]

GAP = r"[ \t\xa0.()-]{0,3}"
MOBILE = re.compile(
    rf"(?<![0-9+])(?:\+44|0044|0){GAP}(?:\(?0\)?{GAP})?7(?:{GAP}[0-9]){{9}}(?![0-9])"
)
HOME = re.compile(
    rf"\b(?:home|private|personal|mobile|mob)\b[^\n0-9+]{{0,20}}((?:\+44|0)(?:{GAP}[0-9]){{9,11}})(?![0-9])",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]?[ \xa0]?[0-9][ABD-HJLNP-UW-Z]{2}\b")
PLATE = re.compile(r"\b(?:[A-Z]{2}[0-9]{2}[ \xa0]?[A-Z]{3}|[A-Z][0-9]{2,3}[ \xa0]?[A-Z]{3})\b")
MARKING = re.compile(
    r"\b(?:OFFICIAL(?:[ -]{1,3}SENSITIVE)?|(?i:official[ -]sensitive)|TOP SECRET|SECRET|RESTRICTED"
    r"|CONFIDENTIAL|NOT PROTECTIVELY MARKED|LIMDIS)\b"
)
MARKUP = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,200})?/?>|&(?:[a-z]{2,8}|#[0-9]{1,6});|\ufffd"
)
DEAD_LINK = re.compile(
    r"\b(?:javascript|vbscript|data|file|ftp|smb):[^\s<>]{1,200}"
    r"|\]\((?!https?://|mailto:)[^()\s]{1,200}\)"
    r"|(?<![\w/.@:-])www\.[^\s<>]{1,200}"
    r"|\\\\[\w.-]{1,60}\\[^\s<>]{1,200}",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?])[ \t\xa0]+|\n+")
WHO = r"(?:members?|the (?:\w+ ){0,4}(?:committee|partnership|board|group|court|meeting))"
ASKS = (
    re.compile(
        rf"\b{WHO}\b[^.\n]{{0,60}}?\b(?:is|are|be)\b[^.\n]{{0,30}}?"
        r"\b(?:asked|invited|requested|recommended|urged|required)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:ask|asks|invite|invites|request|requests|urge|urges) {WHO}\b", re.IGNORECASE
    ),
    re.compile(r"\b(?:it is|we|officers) recommend(?:ed|s)?\b", re.IGNORECASE),
    re.compile(
        r"\b(?:approval|agreement|decision|endorsement|views?|nominations?)\b[^.\n]{0,30}?"
        r"\b(?:is|are) (?:sought|requested|invited|needed)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{WHO} (?:should|must|may wish to|will need to)\b", re.IGNORECASE),
)
# To note or to receive a report is what a report for information is for.
ONLY_NOTE = re.compile(
    r"\b(?:asked|invited|requested|recommended) to (?:note|receive)\b", re.IGNORECASE
)
DECIDE = re.compile(
    r"\b(?:agree|approve|authorise|comment|confirm|consider|decide|delegate|endorse|nominate|provide"
    r"|ratify|support)\b",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"(?<![\w@/.-])(?:[A-Z][A-Z&]{1,7}[0-9]?)(?=s?\b)(?![\w@/-])")
SHOUTED = re.compile(r"(?:\b[A-Z]{2,}\b[ ,]*){3,}")
NAMED = re.compile(r"[a-z][a-z'-]{0,30}[._][a-z][a-z'-]{0,40}[0-9]{0,3}", re.IGNORECASE)
FREE_MAIL = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|icloud|me|aol|btinternet|sky|virginmedia"
    r"|protonmail|proton)\.(?:com|co\.uk|net|org|me)$",
    re.IGNORECASE,
)
ROLE_WORDS = """
admin advice board bureau chair chairman clerk committee community contact council crime data
democratic desk duty enquiries enquiry fire foi fraud governance group health help hub info
intelligence licensing mail media office partnership police press probation protection records
safer safety scp secretariat secretary service services soc standards support team town trading unit
"""
ROLES = frozenset(ROLE_WORDS.split())
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Letters of Cyrillic and Greek that are drawn as Latin ones, in that order.
LOOKALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03bf\u03bd\u03b9\u03ba\u03c1",
    "ABEKMHOPCTYXSIJaeopcyxsijhdqwABEZHIKMNOPTYXovikp",
)


def check(document: Document) -> tuple[Finding, ...]:
    """Every finding, in the order of the paper."""
    found: list[Finding] = []
    information = "information" in document.purpose.lower()
    for where, text in document.texts():
        for look in (phones, emails, postcodes, plates, markings, markup, dead_links):
            found += look(text, where)
            if not text.isascii():
                found += disguised(look, text, where)
        if information:
            found += asks(text, where)
    return (*found, *empty_sections(document))


def disguised(look: Look, text: str, where: str) -> Iterator[Finding]:
    """What is found only when letters and figures of other scripts are read as they look."""
    known = {folded(finding.excerpt) for finding in look(text, where)}
    yield from (finding for finding in look(folded(text), where) if finding.excerpt not in known)


def folded(text: str) -> str:
    """A text as it looks: for comparing, not for showing."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", seen(text)).translate(LOOKALIKES)


def phones(text: str, where: str) -> Iterator[Finding]:
    """Mobile numbers however spaced, and any number said to be a home or personal one."""
    mobiles = {found.span(): found[0] for found in MOBILE.finditer(text)}
    yield from (Finding(Kind.PHONE, number, where) for number in mobiles.values())
    for found in HOME.finditer(text):
        if not any(start <= found.start(1) < end for start, end in mobiles):
            yield Finding(Kind.PHONE, found[1], where)


def emails(text: str, where: str) -> Iterator[Finding]:
    """Addresses made of a person's name, or with a free provider. A role's mailbox is none."""
    for found in EMAIL.finditer(text):
        name = found[0].partition("@")[0]
        parts = set(re.split(r"[._-]", name.lower()))
        named = NAMED.fullmatch(name) and not parts & ROLES
        if named or FREE_MAIL.search(found[0]):
            yield Finding(Kind.EMAIL, found[0], where)


def postcodes(text: str, where: str) -> Iterator[Finding]:
    yield from (Finding(Kind.POSTCODE, found[0], where) for found in POSTCODE.finditer(text))


def plates(text: str, where: str) -> Iterator[Finding]:
    yield from (Finding(Kind.PLATE, found[0], where) for found in PLATE.finditer(text))


def markings(text: str, where: str) -> Iterator[Finding]:
    yield from (Finding(Kind.MARKING, found[0], where) for found in MARKING.finditer(text))


def markup(text: str, where: str) -> Iterator[Finding]:
    """Tags, entities and characters that did not survive a conversion."""
    yield from (Finding(Kind.MARKUP, found[0], where) for found in MARKUP.finditer(text))


def dead_links(text: str, where: str) -> Iterator[Finding]:
    """What looks like a link but is neither http, https nor mailto."""
    yield from (Finding(Kind.LINK, found[0], where) for found in DEAD_LINK.finditer(text))


def asks(text: str, where: str) -> Iterator[Finding]:
    """Sentences that ask the reading committee for more than to note."""
    for sentence in SENTENCE.split(text):
        if not any(ask.search(sentence) for ask in ASKS):
            continue
        if ONLY_NOTE.search(sentence) and not DECIDE.search(sentence):
            continue
        yield Finding(Kind.ASK, sentence.strip(), where)


def acronyms(document: Document, known: Collection[str]) -> Iterator[Finding]:
    """Each short form once, where it stands first, unless it is in `known` or the report gives it
    in brackets after its long form, "Safer City Partnership (SCP)"."""
    texts = list(document.texts())
    seen = {*known}
    for _, text in texts:
        seen.update(found[0] for found in ACRONYM.finditer(text) if in_brackets(text, found))
    for where, text in texts:
        plain = SHOUTED.sub(" ", text)
        for found in ACRONYM.finditer(plain):
            if found[0] not in seen:
                seen.add(found[0])
                yield Finding(Kind.ACRONYM, found[0], where)


def in_brackets(text: str, found: re.Match) -> bool:
    return text[found.start() - 1 : found.start()] == "(" and text[found.end() :][:1] in (")", "s")


def empty_sections(document: Document) -> Iterator[Finding]:
    for section in document.sections:
        if not any(paragraph.text.strip() for paragraph in section.paragraphs):
            yield Finding(Kind.EMPTY, section.heading, section.heading or "A section")


def shared_with(document: Document, label: str, other: str, *, words: int = 8) -> list[Finding]:
    """Runs of words that the report shares with another text, such as a restricted note."""
    return [
        Finding(Kind.SHARED, f"{run} ({label})", where)
        for where, text in document.texts()
        for run in shared_runs(text, other, words=words)
    ]


def shared_runs(text: str, other: str, *, words: int = 8) -> list[str]:
    """The longest runs of at least `words` words of `text` that `other` has too.

    As they stand in `text`; case, punctuation and invisible characters do not count.
    """
    here, there = _words(text), _words(other)
    known = {tuple(there[at : at + words]) for at in range(len(there) - words + 1)}
    runs: list[list[int]] = []
    for at in range(len(here) - words + 1):
        if tuple(here[at : at + words]) not in known:
            continue
        if runs and at <= runs[-1][1]:
            runs[-1][1] = at + words
        else:
            runs.append([at, at + words])
    shown = folded(text)
    places = [found.span() for found in WORD.finditer(shown)]
    return [shown[places[first][0] : places[last - 1][1]] for first, last in runs]


def _words(text: str) -> list[str]:
    return [found[0].casefold().replace("’", "'") for found in WORD.finditer(folded(text))]
