"""The look of each listing, with its fields declared once, and the pages of the reports."""

from collections.abc import Iterator

from iro_cli.forms.listing import Listing


def listings() -> Iterator[Listing]:
    """Yield every declared listing, in order of command, for the docs and the tests."""
    # The daily check loads this module, but does not need these.
    from importlib import import_module  # noqa: PLC0415
    from pkgutil import iter_modules  # noqa: PLC0415

    names = [one.name for one in iter_modules(__path__, f"{__name__}.")]
    found = {
        one.command: one
        for name in names
        if not name.startswith(f"{__name__}.report")  # these declare no listing, and need extras
        for one in vars(import_module(name)).values()
        if isinstance(one, Listing)
    }
    yield from (found[command] for command in sorted(found))
