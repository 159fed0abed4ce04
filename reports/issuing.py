"""Issue: the snapshot, rendered once and frozen."""


def freeze(report, *, by, note, at):
    raise NotImplementedError
