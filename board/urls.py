from django.urls import path

from board import views

app_name = "board"
urlpatterns = [
    path("", views.boards, name="boards"),
    path("agencies/<slug:slug>/", views.agency, name="agency"),
    path("agencies/<slug:slug>/people/add/", views.add_member, name="member_add"),
    path("agencies/<slug:slug>/people/<int:pk>/end/", views.end_member, name="member_end"),
    path("<slug:slug>/", views.board, name="detail"),
    path("<slug:slug>/appoint/", views.appoint, name="appoint"),
    path("<slug:slug>/appointments/<int:pk>/end/", views.end_appointment, name="appointment_end"),
    path("<slug:slug>/appointments/<int:pk>/leaving/", views.leaving, name="leaving"),
    path("<slug:slug>/nominations/add/", views.nominate, name="nomination_add"),
    path("<slug:slug>/nominations/<int:pk>/answer/", views.answer, name="nomination_answer"),
    path("<slug:slug>/signatures/<int:pk>/sign/", views.sign, name="sign"),
    path("<slug:slug>/terms/", views.terms, name="terms"),
    path("<slug:slug>/terms/new/", views.new_terms, name="terms_new"),
]
