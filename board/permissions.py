"""Who may do what on a board. Pure functions of (user, record); they read user.roles alone."""


def can_keep_board(user, board):
    """Edit membership, terms of reference, nominations: the secretary's work."""
    return user.roles.secretary(board.pk)


def can_keep_agency(user, boards):
    """Say who works for an agency: the secretary of a board on which it has a seat. `boards` are
    the ids of those boards."""
    return bool(user.roles.kept & set(boards))


def can_keep_committee(user, board, reporting, kept):
    """Say what the committee above is called and falls under, while it has no secretary of its
    own (`kept`) and no board but this secretary's answers to it. `reporting` are those boards'
    ids."""
    return can_keep_board(user, board) and not kept and set(reporting) <= user.roles.kept


def can_keep_person(user, boards):
    """Correct a person's name and post: the secretary of every board on which the person holds
    an office or for an agency of which the person works. `boards` are the ids of those boards."""
    return bool(boards) and set(boards) <= user.roles.kept


def can_read_audit(user):
    return bool(user.roles.keeps)
