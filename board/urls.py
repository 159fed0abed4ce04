from django.urls import path

from board.views import pages, papers, people

app_name = "board"
urlpatterns = [
    path("", pages.boards, name="boards"),
    path("agencies/<slug:slug>/", pages.agency, name="agency"),
    path("agencies/<slug:slug>/people/add/", people.add_member, name="member_add"),
    path("agencies/<slug:slug>/people/<int:pk>/end/", people.end_member, name="member_end"),
    path("<slug:slug>/", pages.board, name="detail"),
    path("<slug:slug>/appoint/", people.appoint, name="appoint"),
    path("<slug:slug>/appointments/<int:pk>/end/", people.end_appointment, name="appointment_end"),
    path("<slug:slug>/appointments/<int:pk>/leaving/", people.leaving, name="leaving"),
    path("<slug:slug>/nominations/add/", papers.nominate, name="nomination_add"),
    path("<slug:slug>/nominations/<int:pk>/answer/", papers.answer, name="nomination_answer"),
    path("<slug:slug>/signatures/<int:pk>/sign/", papers.sign, name="sign"),
    path("<slug:slug>/terms/", papers.terms, name="terms"),
    path("<slug:slug>/terms/new/", papers.new_terms, name="terms_new"),
]
