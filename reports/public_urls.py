from django.urls import path

from reports.views import published

app_name = "published"
urlpatterns = [
    path("", published.everything, name="everything"),
    path("<slug:ref>/", published.report, name="report"),
]
