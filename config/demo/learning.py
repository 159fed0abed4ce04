"""What the Board learned in 2018, each with the words that its secretary cleared."""

import datetime

from board.transitions import CLEAR_VERBS
from priorities.models import Learning, LearningLink
from priorities.transitions import LEARNING_CLEARANCE

DAY = datetime.date
Kind = Learning.Kind

CONFERENCE_THEMES = """\
- Models of partnership that work best, and new ideas, from all over the United Kingdom
- How to tell whether a network of partners is effective
- How to build governance and structures for strategy
- How it looks to those who are the victims
- How to bring businesses into the work against modern slavery
"""

CONFERENCE_TEXT = """\
On 12 July the Borough Commander attended a conference in Birmingham on partnerships and how they \
can respond to modern slavery. Modern slavery is one of the City's three priorities: a threat of \
high priority, whose effect on individuals and on the community can be devastating. The conference \
showed how far the national response has come since the Modern Slavery Act became law in 2015, and \
that partnerships were fundamental to it. It had five key themes:

- models of partnership that work best, and new ideas, from all over the United Kingdom
- how to tell whether a network of partners is effective
- how to build governance and structures for strategy
- how it looks to those who are the victims
- how to bring businesses into the work against modern slavery

Partners who want to work together must understand modern slavery as a business: only then can \
agencies step in and help to take apart the organised crime groups that profit from it. \
Better intelligence on these groups, and more of it shared, is how we can do that: for example, to \
stop them from recruiting vulnerable people into forced labour.

Agencies were described as "capable guardians". Governance and accountability were held to be \
essential wherever partners tackle serious and organised crime together. The Board will therefore \
consider the roles and responsibilities of each of its participants, and how they account for them \
openly.

Modern slavery is often hidden. Those who know its signs, through training and through work to \
raise awareness, help to bring it into the open. Charities and other non-governmental \
organisations, and the community itself, have an important part too, and the Board will look for \
ways to promote and to raise awareness.
"""

CHALLENGER_TEXT = """\
The conference also heard of Programme Challenger, a team of several agencies under one roof that \
oversees and coordinates the work against organised crime across Greater Manchester. It gathers \
information and intelligence, and puts strategies in place to target, disrupt and prosecute the \
criminals who organise it. Its site is at <https://www.programmechallenger.co.uk/>.
"""

TOOLKIT_TEXT = """\
A toolkit for anti-slavery partnerships, still being developed, was shown at the conference. It is \
a training database, described at <http://iascmap.nottingham.ac.uk/about/>, that is to point out \
good practice and the conditions under which it succeeds. It is meant to inspire, and to let \
partners share resources; it also holds a checklist for partnerships, strategies and action plans. \
Once it is live, partners may wish to register for its guidance and resources.
"""

HERTFORDSHIRE_TEXT = """\
An evaluation of how partners share showed how much depends on engaging early, and on \
understanding the part that each partner could play. The Shiva Foundation gave Hertfordshire as an \
example; how partners share there is described at \
<http://www.shivafoundation.org.uk/operation-tropic-coordinated-response-modern-slavery-hertfordshire/>.
"""

# kind, title, day, place, who, themes, meaning, text, links
LESSONS = (
    (
        Kind.CONFERENCE,
        "Partnerships against modern slavery",
        DAY(2018, 7, 12),
        "Birmingham",
        "The Borough Commander, London Fire Brigade",
        CONFERENCE_THEMES,
        "Ask what each member answers for and how it accounts for it. See modern slavery as a "
        "business. Share more, and earlier. Raise awareness with charities and the community.",
        CONFERENCE_TEXT,
        (),
    ),
    (
        Kind.CASE_STUDY,
        "Programme Challenger",
        DAY(2018, 7, 12),
        "Greater Manchester",
        "Heard at the conference of 12 July",
        "- One team of several agencies, under one roof\n"
        "- Oversight of all work against organised crime in the area",
        "The City is too small for a team of its own; what can be copied is one picture that all "
        "partners feed.",
        CHALLENGER_TEXT,
        (("Programme Challenger", "https://www.programmechallenger.co.uk/"),),
    ),
    (
        Kind.TOOLKIT,
        "Toolkit for anti-slavery partnerships",
        DAY(2018, 7, 12),
        "University of Nottingham",
        "Shown at the conference of 12 July",
        "- A training database of good practice\n- A checklist, strategies and action plans",
        "Register the members once it is live.",
        TOOLKIT_TEXT,
        (("About the database", "http://iascmap.nottingham.ac.uk/about/"),),
    ),
    (
        Kind.CASE_STUDY,
        "Hertfordshire: sharing between partners",
        DAY(2018, 7, 12),
        "Hertfordshire",
        "Heard at the conference of 12 July",
        "- Engage early\n- Know the part that each partner could play",
        "Agree who is told, and when, before there is a case.",
        HERTFORDSHIRE_TEXT,
        (
            (
                "Operation Tropic, Shiva Foundation",
                "http://www.shivafoundation.org.uk/operation-tropic-coordinated-response-modern-slavery-hertfordshire/",
            ),
        ),
    ),
)


def tell(script, cast, lessons, priorities=("modern-slavery",), audience="public", follow_up=None):
    """Write each lesson down and clear its words; for an act of the script.

    follow_up  (key of the agency that follows it up, by which day), or None
    """
    row = next(row for row in LEARNING_CLEARANCE if row.verb == CLEAR_VERBS[audience])
    for kind, title, day, place, who, themes, meaning, text, links in lessons:
        learning = Learning.objects.create(
            board=cast.board,
            kind=kind,
            title=title,
            day=day,
            place=place,
            who=who,
            themes=themes,
            meaning=meaning,
            report_text=text,
            agency=cast.agencies["fire"],
            follow_up_agency=cast.agencies[follow_up[0]] if follow_up else None,
            follow_up_by=follow_up[1] if follow_up else None,
        )
        learning.priorities.set(cast.priorities[key] for key in priorities)
        for label, address in links:
            LearningLink.objects.create(learning=learning, label=label, address=address)
        script.write("record", learning)
        if text:
            script.do(row, learning)
