"""What the pages of lower apps show of reports."""

from django import template
from django.db.models import Q

from board.roles import CHAIRS
from reports.models import CommitteeReport, ParagraphSource

register = template.Library()


@register.inclusion_tag("reports/in_hand.html", takes_context=True)
def reports_in_hand(context, appointment):
    """The reports not yet issued, for a chair or a secretary who is to leave."""
    role = appointment.role
    found = CommitteeReport.objects.none()
    if role in CHAIRS or role == appointment.Role.SECRETARY:
        found = CommitteeReport.objects.visible_to(context["user"]).filter(
            board=appointment.board_id,
            state__in=[CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED],
        )
    return {"reports": found.select_related("to_board")}


# A meeting is a source itself, and through its minutes.
THROUGH = {"meeting": ("meeting", "note__item__meeting", "decision__item__meeting")}


@register.simple_tag(takes_context=True)
def mark_reports_using(context, key, records):
    """Give each record `used_in`, the reports that rest on it and that this person may read, for
    reports/used_in.html. `key` as in ParagraphSource; one query for all of them."""
    records = list(records)
    lookups = THROUGH.get(key, (key,))
    which = Q()
    for lookup in lookups:
        which |= Q(**{f"{lookup}__in": [record.pk for record in records]})
    reports = CommitteeReport.objects.visible_to(context["request"].user)
    rows = (
        ParagraphSource.objects.filter(which, paragraph__section__report__in=reports)
        .order_by("-paragraph__section__report__committee_date")
        .values_list(
            "paragraph__section__report__ref",
            "paragraph__section__report__to_board__name",
            "paragraph__section__report__committee_date",
            "paragraph__section__report__state",
            *lookups,
        )
        .distinct()
    )
    used = {record.pk: {} for record in records}
    for ref, to_board, day, state, *found in rows:
        for pk in filter(None, found):
            used[pk][ref] = {"ref": ref, "to_board": to_board, "day": day, "state": state}
    for record in records:
        record.used_in = list(used[record.pk].values())
    return ""


@register.inclusion_tag("reports/used_in.html", takes_context=True)
def reports_using(context, key, record):
    """The same for one record, and the sentence at once."""
    mark_reports_using(context, key, [record])
    return {"record": record}


@register.inclusion_tag("reports/to_take.html", takes_context=True)
def reports_to_take(context, learning):
    """The drafts that this person may put it into, and that do not have it."""
    user = context["request"].user
    drafts = CommitteeReport.objects.none()
    if user.roles.keeper(learning.board_id):
        has_it = ParagraphSource.objects.filter(learning=learning)
        drafts = (
            CommitteeReport.objects.visible_to(user)
            .filter(board=learning.board_id, state=CommitteeReport.State.DRAFT)
            .exclude(period_from=None)
            .exclude(pk__in=has_it.values("paragraph__section__report"))
            .select_related("to_board")
            .order_by("-committee_date")
        )
    return {"learning": learning, "drafts": drafts, "csrf_token": context.get("csrf_token")}
