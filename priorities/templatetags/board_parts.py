"""Who answers for what, on the pages of a board and of an agency, which know no priorities."""

from django import template
from django.db.models import Case, Value, When

from priorities.models import Priority, Responsibility

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
