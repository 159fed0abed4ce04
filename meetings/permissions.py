"""Who may do what with meetings, minutes and actions. Pure functions of (user, record)."""


def can_plan_meetings(user):
    return bool(user.roles.kept)


def can_plan_for(user, board):
    return user.roles.secretary(board.pk)


def can_keep_meeting(user, meeting):
    """Plan, build the agenda, minute, end: the secretary."""
    return user.roles.secretary(meeting.board_id)


def can_read_notes(user, meeting):
    """Draft notes: the secretary, the chair, and who presides at that meeting."""
    return user.roles.keeper(meeting.board_id) or presides(user, meeting)


def presides(user, meeting):
    return meeting.presiding_id == user.pk and user.roles.member(meeting.board_id)


def can_read_working_notes(user, meeting):
    return user.roles.secretary(meeting.board_id)


def can_check_minutes(user, minutes):
    """The chair, who presided, or the secretary on the chair's word; the record shows who."""
    return can_read_notes(user, minutes.meeting)


def can_keep_minutes(user, minutes):
    return user.roles.secretary(minutes.board_id)


def can_sign_minutes(user, minutes):
    """Who presided at the meeting that approved them, the chair where nobody is named; or the
    secretary, when they were signed on paper."""
    if user.roles.secretary(minutes.board_id):
        return True
    if minutes.approved_at_meeting_id and minutes.approved_at_meeting.presiding_id:
        return presides(user, minutes.approved_at_meeting)
    return user.roles.chair(minutes.board_id)


def can_clear_record(user, record):
    """A note or a decision is cleared by the secretary."""
    return user.roles.secretary(record.board_id)


def can_propose_complete(user, action):
    """Somebody of the agency that owns it."""
    return user.roles.belongs(action.agency_id)


def can_keep_action(user, action):
    return user.roles.secretary(action.board_id)


def can_record_outcome(user, threat):
    return user.roles.secretary(threat.board_id)


def can_change_priorities(user, priority):
    return user.roles.secretary(priority.board_id)


def can_propose_correction(user, minutes):
    """Whoever was at the meeting, once the minutes are circulated."""
    if minutes.state not in minutes.READABLE:
        return False
    rows = minutes.meeting.attendances.all()
    return any(row.person_id == user.pk and row.status in row.THERE for row in rows)


def can_put_correction(user, correction):
    return user.roles.secretary(correction.board_id)


def can_incorporate(user, correction):
    """The secretary, until a meeting has approved the minutes."""
    return (
        user.roles.secretary(correction.board_id)
        and correction.minutes.approved_at_meeting_id is None
    )


def can_decide_correction(user, correction):
    """The secretary writes down what the meeting decided."""
    return user.roles.secretary(correction.board_id)


def can_withdraw_correction(user, correction):
    """Who proposed it, while still of the board."""
    return correction.proposed_by_id == user.pk


def can_keep_paper(user, paper):
    return user.roles.secretary(paper.board_id)


def can_seek_decision(user):
    """Put a question between meetings: a secretary, or a chair."""
    return bool(user.roles.keeps)


def can_keep_between(user, question):
    return user.roles.keeper(question.board_id)


def can_close_between(user, question):
    """The secretary writes down how it ended; the chair's action is the chair's to take."""
    if user.roles.secretary(question.board_id):
        return True
    return not question.written and user.roles.chair(question.board_id)


def can_keep_referral(user, referral):
    return user.roles.secretary(referral.board_id)


def can_answer_referral(user, referral):
    """The lead of the agency that is asked, or the secretary with its answer or the Board's."""
    return can_keep_referral(user, referral) or user.roles.lead(referral.agency_id)
