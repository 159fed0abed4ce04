import django_filters
from django import forms

from board.models import Agency
from priorities.models import EmergingThreat, Priority, PriorityReturn, ReturnState, Round


class ReturnFilter(django_filters.FilterSet):
    """Filters over the parts a person may read. Choices come from what is in reach."""

    agency = django_filters.ModelChoiceFilter(
        field_name="agency_return__agency",
        queryset=Agency.objects.none(),
        label="Agency",
        empty_label="All",
    )
    priority = django_filters.ModelChoiceFilter(
        field_name="priority",
        queryset=Priority.objects.none(),
        to_field_name="slug",
        label="Priority",
        empty_label="All",
    )
    round = django_filters.ModelChoiceFilter(
        field_name="agency_return__round",
        queryset=Round.objects.none(),
        to_field_name="ref",
        label="Quarter",
        empty_label="All",
    )
    state = django_filters.ChoiceFilter(
        choices=ReturnState.choices, label="State", empty_label="All"
    )
    late = django_filters.BooleanFilter(
        method="only_late", label="Late only", widget=forms.CheckboxInput
    )

    class Meta:
        model = PriorityReturn
        fields = ["agency", "priority", "round", "state", "late"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        reach = Round.objects.filter(board__in=user.roles.reach).select_related("board")
        self.filters["agency"].queryset = Agency.objects.visible_to(user)
        self.filters["priority"].queryset = Priority.objects.visible_to(user)
        self.filters["round"].queryset = reach.exclude(state=Round.State.PLANNED)

    def only_late(self, queryset, name, value):
        return queryset.late() if value else queryset


class ThreatFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=EmergingThreat.State.choices, label="State", empty_label="All"
    )

    class Meta:
        model = EmergingThreat
        fields = ["state"]
