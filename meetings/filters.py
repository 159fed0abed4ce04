import datetime

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q
from django.utils import timezone

from board.models import Agency, User
from priorities.models import Priority

from .models import Action, BetweenMeetings, Decision, Meeting, OtherReference, Referral

NOT_COMPLETE = "not_complete"
THE_BOARD = "board"


class ActionFilter(django_filters.FilterSet):
    """The filters of the action log, which live in the address. Not complete unless asked."""

    agency = django_filters.ChoiceFilter(method="by_agency", label="Agency", empty_label="All")
    person = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label="Person", empty_label="Anybody"
    )
    priority = django_filters.ModelChoiceFilter(
        queryset=Priority.objects.none(), label="Priority", empty_label="All"
    )
    meeting = django_filters.ModelChoiceFilter(
        field_name="item__meeting",
        queryset=Meeting.objects.none(),
        label="Agreed at",
        empty_label="Any meeting",
    )
    age = django_filters.ChoiceFilter(
        choices=[(str(days), f"More than {days} days") for days in (30, 90, 180, 365)],
        method="by_age",
        label="Age",
        empty_label="Any",
    )
    words = django_filters.CharFilter(method="by_words", label="Number or words")
    state = django_filters.ChoiceFilter(
        choices=[(NOT_COMPLETE, "Not complete"), *Action.State.choices, ("all", "All")],
        method="by_state",
        label="State",
        empty_label=None,
    )
    overdue = django_filters.BooleanFilter(
        method="by_overdue", label="Late only", widget=forms.CheckboxInput
    )
    sort = django_filters.OrderingFilter(
        fields=[
            ("due", "due"),
            ("agreed_on", "agreed"),
            ("carried_over", "carried"),
        ],
        label="Sort by",
        choices=[
            ("due", "Due, most urgent first"),
            ("agreed", "Age, oldest first"),
            ("-carried", "Carried over, most often first"),
        ],
        empty_label=None,
    )

    class Meta:
        model = Action
        fields = ["agency", "person", "priority", "meeting", "age", "words", "state", "overdue"]

    def __init__(self, data, *, user):
        data = data.copy()
        data.setdefault("state", NOT_COMPLETE)
        data.setdefault("sort", "due")
        visible = Action.objects.visible_to(user)
        super().__init__(
            data,
            visible.with_carry_overs()
            .with_holders()
            .select_related("board", "agency", "person", "priority"),
        )
        owners = Agency.objects.filter(
            pk__in=visible.exclude(agency=None).order_by().values("agency")
        )
        self.filters["agency"].extra["choices"] = [
            *((str(agency.pk), agency.name) for agency in owners),
            (THE_BOARD, "The Board itself"),
        ]
        self.filters["person"].queryset = User.objects.filter(
            pk__in=visible.exclude(person=None).order_by().values("person")
        )
        self.filters["priority"].queryset = Priority.objects.visible_to(user)
        self.filters["meeting"].queryset = (
            Meeting.objects.filter(
                pk__in=visible.exclude(item=None).order_by().values("item__meeting")
            )
            .select_related("board")
            .order_by("-starts_at")
        )
        self.form.helper = FormHelper()
        self.form.helper.form_tag = False

    def by_agency(self, actions, name, value):
        if value == THE_BOARD:
            return actions.filter(board_owns=True)
        return actions.filter(agency=value)

    def by_state(self, actions, name, value):
        if value == NOT_COMPLETE:
            return actions.open()
        return actions if value == "all" else actions.filter(state=value)

    def by_age(self, actions, name, value):
        day = timezone.localdate() - datetime.timedelta(days=int(value))
        return actions.filter(agreed_on__lt=day)

    def by_words(self, actions, name, value):
        """The permanent reference, a number that a committee gave it, or words of its own."""
        numbered = OtherReference.objects.filter(reference__icontains=value).values("action")
        return actions.filter(
            Q(reference__icontains=value)
            | Q(original_wording__icontains=value)
            | Q(wording__icontains=value)
            | Q(pk__in=numbered)
        )

    def by_overdue(self, actions, name, value):
        return actions.overdue() if value else actions


class DecisionFilter(django_filters.FilterSet):
    """The filters of the register of decisions, which live in the address."""

    words = django_filters.CharFilter(method="by_words", label="Words in the decision")
    outcome = django_filters.ChoiceFilter(
        choices=Decision.Outcome.choices, label="Outcome", empty_label="All"
    )
    priority = django_filters.ModelChoiceFilter(
        queryset=Priority.objects.none(), label="Priority", empty_label="All"
    )
    how = django_filters.ChoiceFilter(
        choices=[("meeting", "At a meeting"), *BetweenMeetings.Route.choices],
        method="by_route",
        label="How",
        empty_label="All",
    )
    year = django_filters.ChoiceFilter(
        field_name="item__meeting__starts_at", lookup_expr="year", label="Year", empty_label="All"
    )

    class Meta:
        model = Decision
        fields = ["words", "outcome", "priority", "how", "year"]

    def __init__(self, data, *, user):
        visible = Decision.objects.visible_to(user)
        super().__init__(data, visible)
        years = visible.order_by().values_list("item__meeting__starts_at__year", flat=True)
        self.filters["year"].extra["choices"] = [
            (str(year), str(year)) for year in sorted(set(years.distinct()), reverse=True)
        ]
        self.filters["priority"].queryset = Priority.objects.visible_to(user)
        self.form.helper = FormHelper()
        self.form.helper.form_tag = False

    def by_words(self, decisions, name, value):
        return decisions.filter(text__icontains=value[:100])

    def by_route(self, decisions, name, value):
        if value == "meeting":
            return decisions.filter(between=None)
        return decisions.filter(between__route=value)


NOT_REPORTED = "not_reported"


class ReferralFilter(django_filters.FilterSet):
    """The filters of the referrals, which live in the address. Not reported unless asked."""

    state = django_filters.ChoiceFilter(
        choices=[(NOT_REPORTED, "Not reported"), *Referral.State.choices, ("all", "All")],
        method="by_state",
        label="State",
        empty_label=None,
    )
    agency = django_filters.ModelChoiceFilter(
        queryset=Agency.objects.none(), label="Who answers", empty_label="All"
    )
    priority = django_filters.ModelChoiceFilter(
        queryset=Priority.objects.none(), label="Priority", empty_label="All"
    )

    class Meta:
        model = Referral
        fields = ["state", "agency", "priority"]

    def __init__(self, data, *, user):
        data = data.copy()
        data.setdefault("state", NOT_REPORTED)
        visible = Referral.objects.visible_to(user)
        super().__init__(data, visible)
        asked = visible.exclude(agency=None).order_by().values("agency")
        self.filters["agency"].queryset = Agency.objects.filter(pk__in=asked)
        self.filters["priority"].queryset = Priority.objects.visible_to(user)
        self.form.helper = FormHelper()
        self.form.helper.form_tag = False

    def by_state(self, referrals, name, value):
        if value == NOT_REPORTED:
            return referrals.filter(state__in=[Referral.State.RECEIVED, Referral.State.ANSWERED])
        return referrals if value == "all" else referrals.filter(state=value)
