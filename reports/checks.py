"""The checks before issue."""


def open_findings(report):
    raise NotImplementedError
