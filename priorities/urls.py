from django.urls import path

from priorities.views import (
    autosave,
    duties,
    learning,
    marking,
    national,
    plan,
    returning,
    returns,
    rounds,
    standards,
    threats,
    versions,
    wordform,
)

app_name = "priorities"
urlpatterns = [
    path("", plan.priorities, name="priorities"),
    path("new/", plan.new_priority, name="priority_new"),
    # /priorities/rounds/
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/<slug:ref>.csv", rounds.matrix_csv, name="round_csv"),
    path("rounds/<slug:ref>/", rounds.matrix, name="round"),
    path("rounds/<slug:ref>.xlsx", rounds.matrix_xlsx, name="round_xlsx"),
    path("rounds/<slug:ref>/quarters/", rounds.quarters, name="quarters"),
    path("rounds/<slug:ref>/expect/", rounds.expect, name="expect"),
    path("rounds/<slug:ref>/changes/", rounds.follow_changes, name="follow_changes"),
    path("rounds/<slug:ref>/changes/<slug:key>/", rounds.set_change_aside, name="set_aside"),
    path("rounds/<slug:ref>/<slug:verb>/", rounds.move_round, name="round_verb"),
    # /priorities/returns/
    path("returns/", returns.returns, name="returns"),
    path("returns/<key:pk>/", returns.one_return, name="return"),
    path("returns/<key:pk>/edit/", returning.edit_return, name="return_edit"),
    path("returns/<key:pk>/save/<slug:section>/", autosave.save_section, name="return_save"),
    path("returns/<key:pk>/enter/", returning.enter_return, name="return_enter"),
    path(
        "returns/<key:pk>/enter/<slug:section>/save/",
        autosave.save_section,
        {"entering": True},
        name="return_entry_save",
    ),
    path("returns/<key:pk>/marking/", marking.mark_return, name="return_marking"),
    path("returns/<key:pk>/form.docx", wordform.word_form, name="word_form"),
    path("returns/<key:pk>/extend/", rounds.extend, name="extend"),
    path("returns/<key:pk>/versions/", versions.versions, name="versions"),
    path("returns/<key:pk>/original/", returns.original, name="original"),
    path("returns/<key:pk>/<slug:verb>/", returns.move_return, name="return_verb"),
    path("returns/<key:pk>/<slug:slug>/lift/", returns.lift, name="lift"),
    path("returns/<key:pk>/<slug:slug>/<slug:verb>/", returns.move_part, name="part_verb"),
    # /priorities/threats/
    path("threats/", threats.threats, name="threats"),
    path("threats/new/", threats.new_threat, name="threat_new"),
    path("threats/<key:pk>/", threats.threat, name="threat"),
    path("threats/<key:pk>/edit/", threats.edit_threat, name="threat_edit"),
    path("threats/<key:pk>/<slug:verb>/", threats.move_threat, name="threat_verb"),
    # /priorities/learning/
    path("learning/", learning.learning_list, name="learning_list"),
    path("learning/new/", learning.new_learning, name="learning_new"),
    path("learning/<key:pk>/", learning.learning, name="learning"),
    path("learning/<key:pk>/edit/", learning.edit_learning, name="learning_edit"),
    path("learning/<key:pk>/followed-up/", learning.follow_up, name="learning_follow_up"),
    path("learning/<key:pk>/<slug:verb>/", learning.move_learning, name="learning_verb"),
    # /priorities/standards/
    path("standards/", standards.standards, name="standards"),
    path("standards/<slug:slug>.pdf", standards.standards_paper, name="standards_pdf"),
    path("standards/new/", standards.new_standard, name="standard_new"),
    path("standards/<key:pk>/", standards.standard, name="standard"),
    path("standards/<key:pk>/edit/", standards.edit_standard, name="standard_edit"),
    path("standards/<key:pk>/assess/", standards.assess, name="assess"),
    # /priorities/national/, /priorities/objectives/
    path("national/", national.national, name="national"),
    path("national/new/", national.new_national_threat, name="national_threat_new"),
    path("national/<key:pk>/", national.national_threat, name="national_threat"),
    path("national/<key:pk>/edit/", national.edit_national_threat, name="national_threat_edit"),
    path("objectives/<key:pk>/", duties.edit_objective, name="objective"),
    # /priorities/<slug>/: models.plan.RESERVED keeps the words above
    path("<slug:slug>/", plan.priority, name="priority"),
    path("<slug:slug>/edit/", plan.edit_priority, name="priority_edit"),
    path("<slug:slug>/objectives/new/", duties.new_objective, name="objective_new"),
    path("<slug:slug>/responsibilities/", duties.responsibilities, name="responsibilities"),
    path(
        "<slug:slug>/responsibilities/<key:pk>/end/",
        duties.end_responsibility,
        name="responsibility_end",
    ),
]
