"""Check whether the history is still what was stored, by the chain of changes."""

from iro_cli.errors import StoreError, UsageError
from iro_cli.lean import NamedTuple
from iro_cli.store.reading import Reader

# The fewest letters of a digest that identify it safely, and can be read out on a telephone.
_LEAST = 16


class VerifiedChain(NamedTuple):
    """
    A chain of changes that fits.

    Attributes:
        changes: How many changes it has.
        last: When the last change was made.
        head: The digest of the last change, which depends on all changes before it.
        since: How many changes were made after the one with the expected digest.
    """

    changes: int
    last: str | None
    head: str
    since: int | None = None


def verified(reader: Reader, expect: str | None = None) -> VerifiedChain:
    """
    Check that every change in the chain is the one that was stored.

    Args:
        reader: The store.
        expect: A digest that was written down, or at least its first 16 letters.

    Raises:
        UsageError: *expect* is not a digest.
        StoreError: Something was altered, removed or added outside this program, or the
            history is not the one whose digest was written down.
    """
    wanted = expect.strip().casefold() if expect is not None else None
    if wanted is not None and (len(wanted) < _LEAST or set(wanted) - {*"0123456789abcdef"}):
        raise UsageError(
            f"--expect {expect!r}: a digest as `iro history --verify` shows it, at least its "
            f"first {_LEAST} letters"
        )
    chain = reader.chain()
    if chain.problems:
        raise StoreError(
            "\n".join(
                [
                    f"the history of {reader.store} does not fit:",
                    *(f"  {one}" for one in chain.problems),
                    reader.store.put_back,
                ]
            )
        )
    number, at = reader.last_change()
    since = None
    if wanted is not None:
        found = [one for one, digest in chain.digests.items() if digest.startswith(wanted)]
        if not found:
            raise StoreError(
                f"no change of {reader.store} has the digest {wanted}: its history is not the "
                "one that digest was taken from. Another store or an older backup stands "
                f"there, or the history was rebuilt; {reader.store.put_back}"
            )
        since = number - found[0]
    return VerifiedChain(len(chain.digests), at if number else None, chain.head, since)


def broken(reader: Reader) -> list[tuple[str, str]]:
    """Return what does not fit or cannot be read in the chain, each with what to do."""
    try:
        return [(one, reader.store.put_back) for one in reader.chain().problems]
    except StoreError as error:
        problem = f"the chain of changes cannot be gone through: {error}"
        return [(problem, reader.store.put_back)]
