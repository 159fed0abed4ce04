from django.conf import settings
from django.urls import include, path

from config import reminding, views

urlpatterns = [
    path("", views.home, name="home"),
    path("board/", include("board.urls")),
    path("priorities/", include("priorities.urls")),
    path("meetings/", include("meetings.urls")),
    path("reports/", include("reports.urls")),
    path("published/", include("reports.public_urls")),
    path("search/", views.search, name="search"),
    path("audit/", views.audit_trail, name="audit"),
    path("reminders/", reminding.reminders, name="reminders"),
    path("reminders/letters/", reminding.settle_letters, name="settle_letters"),
    path(
        "reminders/<slug:board>/<slug:agency>/write/",
        reminding.over_the_head,
        name="over_the_head",
    ),
    path("healthz", views.healthz, name="healthz"),
    path("accessibility/", views.accessibility, name="accessibility"),
    # What allauth offers and we do not: accounts and their addresses are the secretary's.
    *(
        path(f"accounts/{address}", views.nothing_here)
        for address in (
            "signup/",
            "email/",
            "confirm-email/",
            "confirm-email/<str:key>/",
            "password/set/",
            "login/code/confirm/",
        )
    ),
    path("accounts/", include("allauth.urls")),
]
if settings.DEMO:
    from django.contrib import admin

    urlpatterns.append(path("admin/", admin.site.urls))

handler400 = "config.views.bad_request"
