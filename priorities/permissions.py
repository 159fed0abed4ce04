"""Who may do what with rounds, returns, threats, learning and standards. Pure functions of
(user, record)."""


def can_keep_round(user, round):
    """Plan, open and close a round; add or lift an expectation."""
    return user.roles.secretary(round.board_id)


def can_plan_rounds(user):
    return bool(user.roles.kept)


def can_edit_priority(user, priority):
    """Its statement, reason and map. A meeting adopts and retires it."""
    return user.roles.secretary(priority.board_id)


def can_report_progress(user, objective):
    """Say where a line of the plan stands: its owner's people, and the secretary."""
    return user.roles.belongs(objective.owner_id) or user.roles.secretary(
        objective.priority.board_id
    )


def can_draft_return(user, agency_return):
    """Write in a return: the agency's people, lead and contributors."""
    return user.roles.belongs(agency_return.agency_id)


def can_submit_return(user, agency_return):
    return user.roles.lead(agency_return.agency_id)


def can_submit_part(user, priority_return):
    return can_submit_return(user, priority_return.agency_return)


def can_judge_return(user, record):
    """Receive, or raise a query: the secretary. `record` is a return or a part of one."""
    return user.roles.secretary(record.board_id)


def can_clear_part(user, priority_return):
    """An agency's own words are cleared by that agency."""
    return user.roles.lead(priority_return.agency_return.agency_id)


def can_mark_return(user, agency_return):
    """Only the originator changes a marking."""
    return user.roles.lead(agency_return.agency_id)


def can_enter_return(user, agency_return):
    """Type in a return that came by letter or e-mail, with the marking that it bears."""
    return user.roles.secretary(agency_return.board_id)


def can_read_queries(user, agency_return):
    """What the secretary asked stays between the agency, the secretary and the chair."""
    return user.roles.belongs(agency_return.agency_id) or user.roles.keeper(agency_return.board_id)


def can_raise_threat(user):
    return bool(user.roles.agencies) and bool(user.roles.seated)


def can_edit_threat(user, threat):
    return user.roles.belongs(threat.agency_id)


def can_read_letters(user, threat):
    """Who of the agency was told what became of it, and whether the letter left."""
    return user.roles.belongs(threat.agency_id) or user.roles.keeper(threat.board_id)


def can_clear_threat(user, threat):
    return user.roles.lead(threat.agency_id)


def can_keep_learning(user):
    return bool(user.roles.kept)


def can_edit_learning(user, learning):
    return user.roles.secretary(learning.board_id)


def can_follow_up(user, learning):
    """Say what came of it: who follows it up, its agency's people, and the secretary."""
    return (
        user.roles.belongs(learning.follow_up_agency_id)
        or learning.follow_up_person_id == user.pk
        or can_edit_learning(user, learning)
    )


def can_clear_learning(user, learning):
    return user.roles.secretary(learning.board_id)


def can_keep_standards(user):
    return bool(user.roles.kept)


def can_edit_standard(user, standard):
    return user.roles.secretary(standard.board_id)


def can_assess(user, standard):
    """Say how the Board meets a standard: secretary or chair."""
    return user.roles.keeper(standard.board_id)
