"""Which pages papers are, in every copy of a meeting's pack.

A page is a pair (number, letter): (31, 0) is page 31, (31, 1) page 31a. Numbers run on through
the meeting, the restricted part last, so both versions of the pack bear the same ones.
"""

from .models import Paper


def label(page):
    """ "31", or "31a" for what joined after page 31."""
    number, letter = page
    return f"{number}{letters(letter)}"


def letters(number):
    """1 is a, 26 z, 27 aa; 0 is nothing."""
    words = ""
    while number:
        number, rest = divmod(number - 1, 26)
        words = chr(ord("a") + rest) + words
    return words


def pages_of(paper):
    """The pages of a paper that has a file and a place: [(number, letter)]."""
    if paper.first_letter:
        return [(paper.first_page, paper.first_letter + step) for step in range(paper.file.pages)]
    return [(paper.first_page + step, 0) for step in range(paper.file.pages)]


def span(paper):
    """ "page 31a", "pages 5 to 12", or nothing for what is not in the pack."""
    if paper.first_page is None or not hasattr(paper, "file") or not paper.file.pages:
        return ""
    pages = pages_of(paper)
    if len(pages) == 1:
        return f"page {label(pages[0])}"
    return f"pages {label(pages[0])} to {label(pages[-1])}"


def in_order(papers):
    """Papers as they lie in the pack: the Board part, then the restricted part."""
    return sorted(
        papers,
        key=lambda paper: (paper.restricted, paper.item.number, paper.order),
    )


def number_all(papers):
    """Give papers with pages their first pages, from 1; the draft pack does it without saving."""
    page = 1
    for paper in in_order(papers):
        if hasattr(paper, "file") and paper.file.pages:
            paper.first_page, paper.first_letter = page, 0
            page += paper.file.pages


def with_files(papers):
    """Papers with what is known of their files, and not the bytes."""
    return (
        papers.select_related("item__meeting__board", "file")
        .defer("file__content")
        .order_by("item__number", "order")
    )


def late_place(meeting, paper):
    """Where a paper joins that came after the pages were numbered: after the last page of the
    paper before it in its part; when it is the first of its part, at the end."""
    placed = list(
        with_files(Paper.objects.of(meeting).filter(first_page__isnull=False, file__pages__gt=0))
    )
    if not placed:
        return 1, 0
    before = [
        row
        for row in placed
        if row.part == paper.part
        and (row.item.number, row.order) < (paper.item.number, paper.order)
    ]
    if not before:
        return max(page for row in placed for page, _ in pages_of(row)) + 1, 0
    number = max(pages_of(row)[-1] for row in before)[0]
    taken = [letter for row in placed for page, letter in pages_of(row) if page == number]
    return number, max(taken) + 1


def readable(meeting, user):
    """The papers of a meeting that are open to this person now, each with its `span`."""
    papers = list(with_files(Paper.objects.of(meeting).visible_to(user).listed()))
    for paper in papers:
        paper.span = span(paper)
    return papers
