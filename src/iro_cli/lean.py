"""
The names of ``typing`` without importing it, and named tuples that are quick to define.

Before the daily check reads a fact, it defines fifty named tuples.  Importing ``typing`` and
defining them with it takes two thirds of the time in which an empty interpreter starts and
ends.  So a module takes these names from here.  To a type checker they are those of ``typing``
itself.  When the program runs, nothing examines a type, so each name is a placeholder, and a
named tuple is defined without compiling code for it.
"""

import sys

# A type checker takes this for true, as the constant of typing.
TYPE_CHECKING = False
__all__ = [
    "TYPE_CHECKING",
    "Any",
    "BinaryIO",
    "ClassVar",
    "Generic",
    "Literal",
    "NamedTuple",
    "Protocol",
    "Self",
    "TextIO",
    "TypeVar",
]

# Since Python 3.14 the body of a class does not contain its annotations, which are needed below.
if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import (
        Any,
        BinaryIO,
        ClassVar,
        Generic,
        Literal,
        NamedTuple,
        Protocol,
        Self,
        TextIO,
        TypeVar,
    )
else:
    # This makes a field of a tuple fast to read; `collections` uses it too.
    from _collections import _tuplegetter

    class Any:
        """Stands for any type; it is also the base of generic classes and protocols."""

        __slots__ = ()

        def __class_getitem__(cls, types: object) -> type:
            """Return the class itself for any types."""
            return cls

    BinaryIO = ClassVar = Generic = Literal = Protocol = Self = TextIO = Any

    def TypeVar(*_: object, **__: object) -> type:  # noqa: N802 - as typing calls it
        """Return the class that stands for any type."""
        return Any

    class _Tuple(tuple):
        """The methods of every named tuple, the same as in `collections`."""

        __slots__ = ()
        _fields = __match_args__ = ()

        @classmethod
        def _make(cls, values: object) -> object:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **values: object) -> object:
            made = self._make(map(values.pop, self._fields, self))
            if values:
                raise ValueError(f"Got unexpected field names: {list(values)!r}")
            return made

        def _asdict(self) -> dict:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple:
            """Return the values from which a copy is made."""
            return tuple(self)

        def __repr__(self) -> str:
            fields = map("{}={!r}".format, self._fields, self)
            return f"{type(self).__name__}({', '.join(fields)})"

    # The functions that make a tuple, by the number of its fields.
    _makers = {}

    def _maker(name: str, types: dict, defaults: tuple) -> type(lambda: None):
        """
        Return the ``__new__`` of a named tuple.

        One function is compiled for each number of fields.  Each class gets a copy with its own
        names, because compiling takes much longer than copying.
        """
        plain = _makers.get(len(types))
        if plain is None:
            names = "".join(f"_{number}, " for number in range(len(types)))
            text = f"lambda _cls, {names}: new(_cls, ({names}))"
            plain = eval(text, {"new": tuple.__new__})  # noqa: S307 - the text is our own
            _makers[len(types)] = plain
        code = plain.__code__.replace(
            co_name="__new__", co_qualname=f"{name}.__new__", co_varnames=("_cls", *types)
        )
        found = type(plain)(code, plain.__globals__, "__new__", defaults)
        found.__annotations__ = types
        return found

    class _Defining(type):
        """Makes a named tuple from a class whose body names its fields."""

        def __new__(cls, name: str, _: tuple, body: dict) -> type:
            """Take the fields in their order, with their defaults."""
            types = body.get("__annotations__", {})
            fields = tuple(types)
            defaults = tuple([body[field] for field in fields if field in body])
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, None)
            body["__slots__"] = ()
            body["_fields"] = body["__match_args__"] = fields
            body["__new__"] = _maker(name, types, defaults)
            return type(name, (_Tuple,), body)

    NamedTuple = type.__new__(_Defining, "NamedTuple", (), {})
