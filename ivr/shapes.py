"""The flow model's type hints, read once into shapes that codec, schema and validation walk."""

import dataclasses
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from ivr.constraints import About, Leads, Pattern, Range, Reads, Size, Writes

Mark: TypeAlias = Pattern | Range | Size | Leads | Reads | Writes | About
ScalarType: TypeAlias = type[str] | type[int] | type[float] | type[bool] | type[date] | type[time]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single JSON value, with what it must satisfy."""

    type: ScalarType
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a fixed set of strings."""

    values: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Any number of values of one shape; a tuple in the model."""

    item: "Shape"
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Named values of one shape; a mapping in the model."""

    key: "Scalar | Choice"
    value: "Shape"
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value or null."""

    inner: "Shape"
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of one of several shapes; records among them are told apart by `kind`."""

    members: tuple["Shape", ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a record. A field without default must be given."""

    name: str
    shape: "Shape"
    required: bool
    default: object


@dataclass(frozen=True, slots=True)
class Record:
    """A dataclass; `kind` is the value that tells it apart, None when nothing else can stand there."""

    cls: type[Any]
    kind: str | None
    members: tuple[Member, ...]
    marks: tuple[Mark, ...] = ()


Shape: TypeAlias = Scalar | Choice | Listing | Table | Maybe | OneOf | Record


@cache
def record_of(cls: type[Any]) -> Record:
    """The shape of a dataclass of the flow model."""
    hints = get_type_hints(cls, include_extras=True)
    members = tuple(_member(field, hints[field.name]) for field in dataclasses.fields(cls))
    return Record(cls, getattr(cls, "kind", None), members)


def shape_of(hint: Any, marks: tuple[Mark, ...] = ()) -> Shape:
    """The shape of a type hint. Raises TypeError for a hint that the flow model has no use for."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return shape_of(arguments[0], (*arguments[1:], *marks))
    if origin in (Union, types.UnionType):
        return _union(arguments, marks)
    if origin is Literal:
        return Choice(arguments, marks)
    if origin is tuple:
        return Listing(shape_of(arguments[0]), marks)
    if origin is Mapping:
        return Table(_key(arguments[0]), shape_of(arguments[1]), marks)
    if dataclasses.is_dataclass(hint):
        return dataclasses.replace(record_of(hint), marks=marks)  # type: ignore[arg-type]
    if hint in (str, int, float, bool, date, time):
        return Scalar(hint, marks)
    raise TypeError(f"no shape for {hint!r}")


def mark_of(shape: Shape, kind: type[Mark]) -> Any:
    """The shape's mark of that kind, or None; the outermost annotation comes first."""
    found = [mark for mark in shape.marks if isinstance(mark, kind)]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value at the end of the model's tree, with the path of JSON keys that leads to it."""

    path: tuple[str, ...]
    shape: Scalar | Choice
    value: object


def leaves(shape: Shape, value: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every scalar below a value of that shape, without the keys of tables; a null has its inner shape."""
    match shape:
        case Scalar() | Choice():
            yield Leaf(path, shape, value)
        case Maybe(inner=inner):
            if value is not None or isinstance(inner, Scalar | Choice):
                yield from leaves(inner, value, path)
        case OneOf():
            yield from leaves(_chosen(shape, value), value, path)
        case Listing(item=item):
            for index, each in enumerate(value):
                yield from leaves(item, each, (*path, str(index)))
        case Table(value=inner):
            for key, each in value.items():
                yield from leaves(inner, each, (*path, key))
        case Record(members=members):
            for member in members:
                yield from leaves(member.shape, getattr(value, member.name), (*path, member.name))


def leaves_of(record: object) -> Iterator[Leaf]:
    """Every scalar of an object of the flow model."""
    cls: Any = type(record)
    return leaves(record_of(cls), record)


def member_for(shape: OneOf, value: object) -> Shape | None:
    """The shape among the members that the Python value belongs to, or None."""
    for member in shape.members:
        cls = member.cls if isinstance(member, Record) else member.type if isinstance(member, Scalar) else str
        if type(value) is cls:
            return member
    return None


def _chosen(shape: OneOf, value: object) -> Shape:
    chosen = member_for(shape, value)
    if chosen is None:
        raise TypeError(f"{type(value).__name__} is none of the shape's members")
    return chosen


def _member(field: "dataclasses.Field[Any]", hint: Any) -> Member:
    default: object = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    required = default is dataclasses.MISSING
    return Member(field.name, shape_of(hint), required, None if required else default)


def _union(arguments: tuple[Any, ...], marks: tuple[Mark, ...]) -> Shape:
    optional = types.NoneType in arguments
    members = tuple(shape_of(each) for each in arguments if each is not types.NoneType)
    if len(members) == 1:
        inner: Shape = dataclasses.replace(members[0], marks=(*members[0].marks, *marks))
    else:
        inner = OneOf(members, marks)
    return Maybe(inner) if optional else inner


def _key(hint: Any) -> Scalar | Choice:
    shape = shape_of(hint)
    if not isinstance(shape, Scalar | Choice):
        raise TypeError(f"{hint!r} cannot name the members of a table")
    return shape
