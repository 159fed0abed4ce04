"""Who may do what on a board. Pure functions of (user, record); they read user.roles alone."""


def can_keep_board(user, board):
    """Edit membership, terms of reference, nominations: the secretary's work."""
    return user.roles.secretary(board.pk)


def can_keep_agency(user, boards):
    """Say who works for an agency: the secretary of a board on which it has a seat. `boards` are
    the ids of those boards."""
    return bool(user.roles.kept & set(boards))


def can_read_audit(user):
    return bool(user.roles.keeps)
