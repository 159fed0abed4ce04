"""Reports of every shape, for hypothesis: lists in lists, links, all three kinds of header."""

from hypothesis import strategies as st

from reports.document import Field, Paragraph, Section
from reports.layouts import USUAL_ORDER

from .papers import make_document

WORDS = (
    "The Board", "met", "boats", "fuel;", "R&D", "£3,000", "3 July 2018", "“quoted”", "(see 4.2)",
    "*leaning*", "**strong**", "it’s", "[the page](https://example.org/a)", "Zoë", "&amp;",
    "soc-board@example.org", "1.5", "20 %", "https://example.org/a-b/c", "don't", "x_y_z", "Ŵ",
)  # fmt: skip
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
lines = words.map(lambda text: f"A {text} of it.")  # as no heading and no list does


@st.composite
def lists(draw, depth=1):
    """Lines of a list, at most five levels of them in all."""
    numbered = draw(st.booleans())
    start = draw(st.sampled_from([1, 1, 1, 2, 7])) if numbered else 0
    found = []
    for number in range(draw(st.integers(1, 3))):
        mark = f"{start + number}. " if numbered else "- "
        found.append(mark + draw(lines))
        if depth < 4 and draw(st.integers(0, 2)) == 0:
            found += [" " * len(mark) + line for line in draw(lists(depth=depth + 1))]
    return found


@st.composite
def texts(draw):
    """A paragraph, perhaps with a list in it, perhaps going on after it."""
    parts = [draw(lines)]
    if draw(st.booleans()):
        parts.append("\n".join(draw(lists())))
        if draw(st.booleans()):
            parts.append(draw(lines))
    return "\n\n".join(parts)


paragraphs = st.builds(Paragraph, texts(), st.sampled_from([True, True, True, False]))
HEADINGS = st.sampled_from(["Background", "Update", "Next steps", "Finance & law"])
sections = st.builds(
    Section,
    HEADINGS,
    st.lists(paragraphs, min_size=1, max_size=3).map(tuple),
)
SUBJECT = Field("Subject:", "Update of the Board")
HEADERS = (
    (),
    (
        (Field("Committee(s):", "Safer Harbour Partnership"), Field("Dated:", "14 March 2019")),
        (SUBJECT, Field("Access:", "Public")),
        (Field("Does this proposal require extra spending?", "N"),),
        (Field("Report of:", "Harbour Master"), Field("Purpose:", "For Information")),
    ),
    (
        (Field("Meeting:", "Safer Harbour Partnership"),),
        (Field("Ward:", "All\nand none"),),
    ),
)  # fmt: skip


@st.composite
def documents(draw, **values):
    some = st.lists(words, max_size=2).map(tuple)
    return make_document(
        **{
            "header_rows": draw(st.sampled_from(HEADERS)),
            "summary": draw(texts()),
            "recommendations": draw(st.lists(texts(), max_size=2).map(tuple)),
            "lettered": draw(st.booleans()),
            "sections": tuple(draw(st.lists(sections, min_size=1, max_size=3))),
            "appendices": draw(some),
            "background_papers": draw(some),
            "withheld": draw(st.sampled_from(["", "- 1 part of minutes: paragraph 7"])),
            "draft": draw(st.booleans()),
            "order": tuple(draw(st.permutations(USUAL_ORDER))),
            **values,
        }
    )
