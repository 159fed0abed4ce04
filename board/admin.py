"""Reference data, for whoever sets up the demo. Never a record with a state, never the audit
trail; production has no admin."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.shortcuts import redirect

from board import audit

from .models import (
    Agency,
    AgencyMember,
    Appointment,
    Board,
    Seat,
    SharingAgreement,
    SharingSignature,
    TermsOfReference,
    User,
)


def sign_out(request, extra_context=None):
    return redirect("account_logout")


def change_password(request, extra_context=None):
    return redirect("account_change_password")


# One way in and out, with its limits, its second factor and its trail: the sign-in page.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.logout = sign_out  # type: ignore[method-assign]
admin.site.password_change = change_password  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Reference data"
# Many rows at once would leave no event for each.
admin.site.disable_action("delete_selected")


class ReferenceAdmin(admin.ModelAdmin):
    """Each change is written to the trail, in the transaction in which the admin makes it."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit.record("change" if change else "add", obj, by=request.user, note=changed(form))

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for row, fields in formset.changed_objects:
            audit.record("change", row, by=request.user, note=", ".join(fields))
        for row in formset.new_objects:
            audit.record("add", row, by=request.user)

    def has_delete_permission(self, request, obj=None):
        """Reference data ends on a day; nothing that records rest on is deleted."""
        return False


def changed(form):
    """The names of the fields that changed, never what they hold."""
    return ", ".join(form.changed_data)


class SignatureInline(admin.TabularInline):
    model = SharingSignature
    extra = 1


@admin.register(Board)
class BoardAdmin(ReferenceAdmin):
    list_display = ["name", "kind", "reports_to"]


@admin.register(Agency)
class AgencyAdmin(ReferenceAdmin):
    list_display = ["name", "kind", "responsible_authority"]
    search_fields = ["name"]


@admin.register(Seat)
class SeatAdmin(ReferenceAdmin):
    list_display = ["agency", "board", "start", "end"]
    list_select_related = ["agency", "board"]


@admin.register(AgencyMember)
class AgencyMemberAdmin(ReferenceAdmin):
    list_display = ["person", "agency", "role", "start", "end"]
    list_select_related = ["person", "agency"]


@admin.register(Appointment)
class AppointmentAdmin(ReferenceAdmin):
    list_display = ["person", "board", "role", "start", "end"]
    list_select_related = ["person", "board"]


@admin.register(TermsOfReference)
class TermsOfReferenceAdmin(ReferenceAdmin):
    list_display = ["board", "version", "agreed_on", "review_due"]
    list_select_related = ["board"]


@admin.register(SharingAgreement)
class SharingAgreementAdmin(ReferenceAdmin):
    list_display = ["title", "version", "board", "agreed_on"]
    list_select_related = ["board"]
    inlines = [SignatureInline]


@admin.register(User)
class UserAdmin(ReferenceAdmin):
    """People. Passwords are set by their owners; rights come from appointments alone."""

    list_display = ["name", "email", "post", "is_active"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "post", "is_active"]
