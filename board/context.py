"""What the frame of every page needs, without a query of its own."""

from board.markings import Marking

# Sections whose pages list what one may see, and would say of a board that it has nothing.
LISTS = ("priorities", "meetings", "actions", "reports", "board")


def page(request):
    """`section` for the navigation, `board_name` and `role_name` for the header, `marking`,
    and `without_role` for somebody whose lists are empty for want of an appointment."""
    context = {"marking": Marking.OFFICIAL, "section": section(request)}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        roles = user.roles
        titles = sorted(roles.titles.values(), key=lambda title: (title[0] != "board", title[1]))
        context["board_name"] = titles[0][1] if titles else "SOC Board"
        context["role_name"] = role_name(user)
        context["without_role"] = context["section"] in LISTS and not (
            roles.reach or roles.agencies
        )
    return context


def section(request):
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    if match.app_name == "meetings" and match.url_name.startswith("action"):
        return "actions"
    return match.app_name or (match.url_name if match.url_name in ("home", "search") else "")


def role_name(user):
    """How the header names this person: the office, or the name."""
    if user.roles.kept:
        return "Secretary"
    if user.roles.chaired:
        return "Chair"
    return user.name
