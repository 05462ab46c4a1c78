"""What a page is called, and the section that it shows."""


def title(shown):
    return _first(shown, "# ")


def section(shown):
    return _first(shown, "## ")


def _first(shown, mark):
    return next(
        each.value.removeprefix(mark).split("\n")[0] for each in shown.main.markdown if each.value.startswith(mark)
    )
