def add_quarters(script, cast):
    pass
