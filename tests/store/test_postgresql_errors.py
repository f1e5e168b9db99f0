"""PostgreSQL's errors in words, without stored data or a password."""

import sys

import pytest

from iro_cli.errors import LostStoreError, StoreError
from iro_cli.store.opening import store_named, without_password
from running import each

pytest.importorskip("psycopg", reason="NOT TESTED: `postgresql` is not installed")


def _said(code: str) -> Exception:
    """Return an error with a code, as a server gives it."""
    import psycopg

    error = psycopg.Error("Robin Redbreast")
    error.sqlstate = code
    return error


# The code, and the words of the message.
CODES = [
    ("28P01", "refuses the login or its password"),
    ("28000", "does not let this login in"),
    ("3D000", "no such database"),
    ("53300", "no connection left"),
    ("53100", "disk of the server"),
    ("53200", "too little memory"),
    ("57P01", "was lost: nothing was stored"),
    ("57P03", "starting or stopping"),
    ("57014", "stopped what was asked"),
    ("08006", "was lost"),
    ("55P03", "locked by somebody else"),
    ("40P01", "locked by somebody else"),
    ("42501", "your login may not do this"),
    ("25006", "only reads"),
    ("42P01", "not built as this program builds it"),
    ("23505", "a rule of its own"),
    ("P0001", "a rule of its own"),
    ("IRO01", "in the name of somebody else"),
    ("22021", "cannot hold one of the values"),
    ("58030", "cannot read or write its disk"),
    ("XX001", "is damaged"),
    ("0A000", "please report this line"),
]
# The text of libpq if no connection is made, and the words of the message.
TEXTS = [
    ('FATAL:  password authentication failed for user "ada"', "refuses the login or its password"),
    ("fe_sendauth: no password supplied", "none was given"),
    ('FATAL:  no pg_hba.conf entry for host "10.0.0.7", no encryption', "pg_hba.conf"),
    ('FATAL:  database "irro" does not exist', "no such database"),
    ('FATAL:  permission denied for database "iro"', "your login may not connect"),
    ('FATAL:  database "iro" is not currently accepting connections', "takes no connections now"),
    ('FATAL:  role "adda" does not exist', "refuses the login"),
    ("FATAL:  sorry, too many clients already", "no connection left"),
    ("FATAL:  the database system is starting up", "starting or stopping"),
    ("failed to resolve host 'db.exmple'", "is not known"),
    ("connection timeout expired", "does not answer"),
    ("Connection refused\n\tIs the server running on that host", "cannot be reached"),
    ("server does not support SSL, but SSL was required", "no encrypted connection"),
    ("server closed the connection unexpectedly", "was lost"),
    ("SSL connection has been closed unexpectedly", "was lost"),
    ('FATAL:  too many connections for role "ada"', "no connection left"),
    ("FATAL: Passwort-Authentifizierung fehlgeschlagen", "no connection to"),
]


@each("code, words", CODES)
def test_each_code_has_its_words(code: str, words: str) -> None:
    """The message says what is wrong in which store, without data of the row."""
    said = str(store_named("postgresql://ada:hunter2@host/iro").refusal(_said(code)))

    assert words in said
    assert "Robin" not in said
    assert "hunter2" not in said


@each("text, words", TEXTS)
def test_a_connection_that_is_not_made_says_why(text: str, words: str) -> None:
    """libpq gives a text and no code."""
    import psycopg

    error = psycopg.OperationalError(f"connection failed: {text}")
    said = str(store_named("postgresql://ada:hunter2@host/iro").refusal(error))

    assert words in said
    assert text not in said


def test_a_lost_connection_is_an_error_of_its_own() -> None:
    """Whoever stored something before is not told that nothing was stored."""
    import psycopg

    store = store_named("postgresql://host/iro")
    lost = psycopg.OperationalError("server closed the connection unexpectedly")

    assert type(store.refusal(lost)) is LostStoreError
    assert type(store.refusal(_said("57P01"))) is LostStoreError
    assert type(store.refusal(_said("53100"))) is StoreError


def test_what_is_no_row_is_damage() -> None:
    """A value that cannot be right means that the store is damaged."""
    said = str(store_named("postgresql://host/iro").refusal(ValueError("Robin")))

    assert "is damaged (ValueError)" in said


NAMED = [
    ("postgresql://ada:hunter2@host:5433/iro?sslmode=require", "postgresql://ada@host:5433/iro"),
    ("postgresql+psycopg://host/iro?user=ada&password=hunter2", "postgresql://ada@host/iro"),
    ("postgres:///iro?host=/run/postgresql", "postgresql:///iro"),
    ("postgresql://ada:hun?ter2@host/iro", "postgresql://ada@host/iro"),
    ("postgresql://ada:hun#ter2@host/iro", "postgresql://ada@host/iro"),
    ("postgresql://ada:hunter2@one:5432,two:5433/iro", "postgresql://ada@one,two:5432,5433/iro"),
    ("postgresql://ada:h%40nter2@[::1]/iro", "postgresql://ada@[::1]/iro"),
]


@each("url, shown", NAMED)
def test_a_store_is_named_without_its_password(url: str, shown: str) -> None:
    """This holds however the password is written."""
    assert str(store_named(url)) == shown
    assert "nter2" not in without_password(url)


# URLs with a slightly wrong password, a part of which might be shown.
MISWRITTEN = [
    "postgresql://ada:hun ter2@host/iro",
    "postgresql://ada:hun/ter2@host/iro",
    "postgresql://ada:12/ter2@host/iro",
    "postgresql://ada:hun?a@ter2/@host/iro",
    "postgresql://ada:hun@ter2@host/iro",
    "postgresql://ada:hun@ter2/@host/iro",
    "postgresql://ada@host:ter2/iro",
    "postgresql://ada:hunter2@host/iro%0a",
    "postgresql://ada@host/iro?sslpasswort=ter2",
    "postgresql:/ada:hunter2@host/iro",
    "postgresql:ada:hunter2@host/iro",
    "Postgres:/ada:hunter2@host/iro",
    "host=db.example user=ada password=hunter2",
]


@each("url", MISWRITTEN)
def test_a_url_that_is_none_is_refused_without_its_text(url: str) -> None:
    """It may contain the password; it is not taken for a file name either."""
    with pytest.raises(StoreError) as raised:
        store_named(url)

    assert "write it as postgresql:" in str(raised.value)
    assert "ter2" not in str(raised.value)


@each(
    "url",
    [
        *(one for one in MISWRITTEN if "ada@host" not in one),
        "postgresql://ada@host/iro?sslpassword=hunter2",
        "postgresql://ada@host/iro?oauth_client_secret=hunter2&sslmode=require",
    ],
)
def test_what_is_configured_is_shown_without_a_password(url: str) -> None:
    """This holds even if the text is no URL."""
    assert "ter2" not in without_password(url)


def test_what_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL without the extra is refused."""
    for name in [one for one in sys.modules if "postgresql" in one and "iro_cli" in one]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'iro-cli\[postgresql\]'"):
        store_named("postgresql://host/iro")
