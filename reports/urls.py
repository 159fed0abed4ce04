from django.urls import path

from reports.views import (
    checking,
    earlier,
    editor,
    glossary,
    layouts,
    papers,
    reports,
    taking,
    versions,
)

app_name = "reports"
urlpatterns = [
    path("", reports.reports, name="reports"),
    path("import/", earlier.import_report, name="import"),
    path("forms/", layouts.layouts, name="layouts"),
    path("forms/<slug:board>/new/", layouts.new, name="layout_new"),
    path("forms/<key:pk>/", layouts.layout, name="layout"),
    path("wording/<slug:board>/", glossary.wording, name="wording"),
    path("glossary/<slug:board>/", glossary.glossary, name="glossary"),
    path("<slug:ref>.pdf", papers.paper, {"form": "pdf"}, name="pdf"),
    path("<slug:ref>.docx", papers.paper, {"form": "docx"}, name="docx"),
    path("<slug:ref>.html", papers.paper, {"form": "html"}, name="html"),
    path("<slug:ref>/", reports.report, name="report"),
    path("<slug:ref>/edit/", editor.edit, name="edit"),
    path("<slug:ref>/preview/", reports.preview, name="preview"),
    path("<slug:ref>/versions/", versions.versions, name="versions"),
    path("<slug:ref>/next/", reports.next_report, name="next"),
    path("<slug:ref>/checks/", checking.checking, name="checks"),
    path("<slug:ref>/take/learning/<key:pk>/", taking.take_learning, name="take_learning"),
    path("<slug:ref>/<slug:verb>/", reports.transition, name="report_verb"),
]
