from django.urls import path

from .views import actions, agenda, attendance, meetings, minute, minutes, registers

app_name = "meetings"
urlpatterns = [
    path("", meetings.calendar, name="calendar"),
    path("new/", meetings.new, name="new"),
    path("actions/", actions.actions, name="actions"),
    path("actions/log.csv", actions.actions_csv, name="actions_csv"),
    path("actions/<int:pk>/", actions.action, name="action"),
    path("actions/<int:pk>/edit/", actions.edit, name="action_edit"),
    path("actions/<int:pk>/<slug:verb>/", actions.verb, name="action_verb"),
    path("decisions/", registers.decisions, name="decisions"),
    path("decisions/<int:pk>/<slug:verb>/", registers.decision_verb, name="decision_verb"),
    path("notes/<int:pk>/<slug:verb>/", registers.note_verb, name="note_verb"),
    path("threats/<int:pk>/<slug:verb>/", registers.threat_verb, name="threat_verb"),
    path("priorities/<slug:slug>/<slug:verb>/", registers.priority_verb, name="priority_verb"),
    path("<slug:ref>/", meetings.meeting, name="meeting"),
    path("<slug:ref>/edit/", meetings.edit, name="edit"),
    path("<slug:ref>/agenda.pdf", agenda.pdf, name="agenda_pdf"),
    path("<slug:ref>/agenda/", agenda.build, name="agenda"),
    path("<slug:ref>/agenda/new/", agenda.item_new, name="item_new"),
    path("<slug:ref>/agenda/<int:item>/", agenda.item_edit, name="item_edit"),
    path("<slug:ref>/agenda/<int:item>/remove/", agenda.item_remove, name="item_remove"),
    path("<slug:ref>/agenda/<int:item>/<slug:step>/", agenda.item_move, name="item_move"),
    path("<slug:ref>/agenda/threats/<int:threat>/", agenda.threat_add, name="threat_add"),
    path("<slug:ref>/attendance/", attendance.attendance, name="attendance"),
    path("<slug:ref>/attendance/declarations/", attendance.declare, name="declare"),
    path(
        "<slug:ref>/attendance/declarations/<int:declaration>/remove/",
        attendance.declaration_remove,
        name="declaration_remove",
    ),
    path("<slug:ref>/minute/", minute.minute, name="minute"),
    path("<slug:ref>/minute/<int:item>/save/", minute.save, name="minute_save"),
    path("<slug:ref>/minute/<int:item>/decisions/", minute.decision_add, name="decision_add"),
    path(
        "<slug:ref>/minute/<int:item>/decisions/<int:decision>/",
        minute.decision_edit,
        name="decision_edit",
    ),
    path("<slug:ref>/minute/<int:item>/actions/", minute.action_add, name="action_add"),
    path("<slug:ref>/minute/<int:item>/history/", minute.history, name="note_history"),
    path("<slug:ref>/minutes.pdf", minutes.pdf, name="minutes_pdf"),
    path("<slug:ref>/minutes/", minutes.minutes, name="minutes"),
    path("<slug:ref>/minutes/<slug:part>/<slug:verb>/", minutes.verb, name="minutes_verb"),
    path("<slug:ref>/<slug:verb>/", meetings.verb, name="meeting_verb"),
]
