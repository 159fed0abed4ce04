"""The long form of a drill bears the mark of that name and runs only where it is asked for
(`make drills`); the short form runs with every test."""


def pytest_collection_modifyitems(config, items):
    if "drills" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("drills")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if not item.get_closest_marker("drills")]
