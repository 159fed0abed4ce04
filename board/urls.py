from django.urls import path

from board.views import accounts, pages, papers, people, setting_up

app_name = "board"
urlpatterns = [
    path("", pages.boards, name="boards"),
    path("agencies/<slug:slug>/", pages.agency, name="agency"),
    path("agencies/<slug:slug>/edit/", setting_up.edit_agency, name="agency_edit"),
    path("agencies/<slug:slug>/people/add/", people.add_member, name="member_add"),
    path("agencies/<slug:slug>/people/<key:pk>/end/", people.end_member, name="member_end"),
    path("<slug:slug>/", pages.board, name="detail"),
    path("<slug:slug>/settings/", setting_up.settings, name="settings"),
    path("<slug:slug>/committee/", setting_up.committee, name="committee"),
    path("<slug:slug>/agencies/add/", setting_up.new_agency, name="agency_add"),
    path("<slug:slug>/seats/add/", setting_up.add_seat, name="seat_add"),
    path("<slug:slug>/seats/<key:pk>/end/", setting_up.end_seat, name="seat_end"),
    path("<slug:slug>/accounts/", accounts.accounts, name="accounts"),
    path("<slug:slug>/accounts/<key:pk>/", accounts.person, name="person"),
    path("<slug:slug>/accounts/<key:pk>/invite/", accounts.invite, name="invite"),
    path("<slug:slug>/accounts/<key:pk>/second-factor/", accounts.second_factor, name="factor"),
    path("<slug:slug>/appoint/", people.appoint, name="appoint"),
    path("<slug:slug>/appointments/<key:pk>/end/", people.end_appointment, name="appointment_end"),
    path("<slug:slug>/appointments/<key:pk>/leaving/", people.leaving, name="leaving"),
    path("<slug:slug>/nominations/add/", papers.nominate, name="nomination_add"),
    path("<slug:slug>/nominations/<key:pk>/answer/", papers.answer, name="nomination_answer"),
    path("<slug:slug>/signatures/<key:pk>/sign/", papers.sign, name="sign"),
    path("<slug:slug>/agreement/", papers.agreement, name="agreement"),
    path("<slug:slug>/agreement/new/", papers.new_agreement, name="agreement_new"),
    path("<slug:slug>/agreement/<key:pk>/ask/", papers.ask_to_sign, name="agreement_ask"),
    path("<slug:slug>/terms/", papers.terms, name="terms"),
    path("<slug:slug>/terms/new/", papers.new_terms, name="terms_new"),
]
