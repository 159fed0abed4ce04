from django.urls import path

from board import views

app_name = "board"
urlpatterns = [
    path("", views.boards, name="boards"),
    path("agencies/<slug:slug>/", views.agency, name="agency"),
    path("<slug:slug>/", views.board, name="detail"),
]
