"""Reference data only. What has a state (a priority, a round, a return) is never edited here."""

from django.contrib import admin

from board.admin import ReferenceAdmin
from priorities.models import NationalThreat, Objective, Responsibility


@admin.register(NationalThreat)
class NationalThreatAdmin(ReferenceAdmin):
    list_display = ["name", "source", "valid_from", "valid_to", "monitored_by"]


@admin.register(Responsibility)
class ResponsibilityAdmin(ReferenceAdmin):
    list_display = ["agency", "priority", "role", "start", "end"]
    list_filter = ["priority"]


@admin.register(Objective)
class ObjectiveAdmin(ReferenceAdmin):
    list_display = ["title", "priority", "strand", "owner", "due", "progress"]
    list_filter = ["priority", "strand"]
