"""Who answers for what, on the pages of a board and of an agency, which know no priorities."""

from django import template
from django.db.models import Case, Value, When
from django.utils import timezone

from board.markings import Clearance
from board.models import AgencyMember
from priorities.models import EmergingThreat, Priority, PriorityReturn, Responsibility, ReturnState

register = template.Library()
# Lead first: the order in which the model names them.
WEIGHT = Case(*(When(role=role, then=Value(n)) for n, role in enumerate(Responsibility.Role)))


def current(user):
    """Present responsibilities for priorities in force, of the boards in this person's reach."""
    return (
        Responsibility.objects.current()
        .filter(priority__in=Priority.objects.visible_to(user).in_force())
        .select_related("agency", "priority")
        .order_by("priority__order", "priority__name", WEIGHT, "agency__name")
    )


@register.inclusion_tag("priorities/_responsibilities.html", takes_context=True)
def board_responsibilities(context, board):
    found = current(context["user"]).filter(priority__board=board)
    return {"responsibilities": found, "by": "priority"}


@register.inclusion_tag("priorities/_responsibilities.html", takes_context=True)
def agency_responsibilities(context, agency):
    return {"responsibilities": current(context["user"]).filter(agency=agency), "by": "agency"}


@register.inclusion_tag("priorities/_left_behind.html", takes_context=True)
def left_behind(context, person, board=None):
    """Drafts and texts not cleared of the agencies for which this person works, on the boards of
    the reader or on one of them, and who else there can submit and clear."""
    user = context["user"]
    day = timezone.localdate()
    boards = [board.pk] if board else user.roles.kept
    works = AgencyMember.objects.current(day).filter(person=person).values("agency")
    parts = (
        PriorityReturn.objects.visible_to(user)
        .expected()
        .filter(
            agency_return__agency__in=works,
            agency_return__round__board__in=boards,
            agency_return__round__state="open",
        )
        .select_related("agency_return__agency", "agency_return__round", "priority")
    )
    drafts = [part for part in parts if part.state == ReturnState.DRAFT]
    texts = [
        part
        for part in parts
        if part.state != ReturnState.DRAFT
        and part.clearance == Clearance.NOT_CLEARED
        and part.text_for_report.strip()
    ]
    threats = EmergingThreat.objects.visible_to(user).filter(
        agency__in=works, board__in=boards, clearance=Clearance.NOT_CLEARED
    )
    others = (
        AgencyMember.objects.current(day)
        .filter(agency__in=works, role=AgencyMember.Role.LEAD)
        .exclude(person=person)
        .select_related("person", "agency")
    )
    return {
        "person": person,
        "drafts": drafts,
        "texts": texts,
        "threats": [each for each in threats if each.text_for_report.strip()],
        "leads": others,
        "works": works.exists(),
    }
