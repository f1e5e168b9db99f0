"""The listing of the configuration."""

from collections.abc import Sequence
from datetime import date

from iro_cli.forms.listing import LIST, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple


class Configured(NamedTuple):
    """
    A key of the configuration.

    Attributes:
        key: The key.
        value: The configured values; empty if there are none.
        environment: The value in the environment, which counts more than the configured one.
        meaning: What the key sets, in words.
    """

    key: str
    value: tuple[str, ...]
    environment: str | None
    meaning: str


CONFIGURATION = Listing(
    "Configuration",
    (
        Field("key"),
        Field("value", LIST),
        Field("environment"),
        Field("meaning"),
    ),
    columns=("key", "value", "environment", "meaning"),
    command="config list",
)


def configuration_export(
    rows: Sequence[Configured], path: str, catalogue: Catalogue, as_of: date
) -> Export:
    """Make the listing of the configuration, with the path of its file as heading."""

    def grids() -> list[Grid]:
        return [CONFIGURATION.grid(path, rows)]

    return CONFIGURATION.export(rows, about(catalogue, as_of), grids)
