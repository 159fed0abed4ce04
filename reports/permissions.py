"""Who may do what with reports. Pure functions of (user, record)."""


def can_draft_reports(user):
    return bool(user.roles.keeps)


def can_keep_words(user, board):
    """The glossary of a board, and the forms of its reports."""
    return user.roles.keeper(board.pk)


def can_edit_report(user, report):
    """Secretary or chair, while it is a draft (the state is the view's and the table's)."""
    return user.roles.keeper(report.board_id)


def can_accept(user, report, *, chairs_alone):
    """A finding. What would leak into a public report takes the chair's own reason."""
    if chairs_alone:
        return user.roles.chair(report.board_id)
    return user.roles.keeper(report.board_id)


def can_issue_report(user, report):
    """Clear and issue: the chair; one person may do both, and the record shows it."""
    return user.roles.chair(report.board_id)
