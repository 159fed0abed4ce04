"""What the page asks of the server, as a test wants it answered."""


def held_back(page, matches):
    """Hold back what the page asks of the server, until the function that is returned is called;
    its list fills with what waits."""
    waiting, let = [], []

    def hold(route):
        if let:
            route.continue_()
        else:
            waiting.append(route)

    def release():
        let.append(True)
        for route in waiting:
            route.continue_()

    page.route(matches, hold)
    return waiting, release
