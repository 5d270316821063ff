"""The text of a type, as the interpreter holds it: equal for equal types however they were written.

List[int], list[int] and typing.List[int] are "list[int]"; Optional[X] is what accepts X or None; a
class goes by its name; constraints are taken out of the text and listed beside it.
"""
import collections.abc
import decimal
import datetime
import enum
import typing

from .constraints import put, put_attributes, put_metadata
from .expressions import spell_text, union_text
from .values import jsonable, qualified_name

_NONE = type(None)
_BASES = (bool, str, int, float, decimal.Decimal, bytes, datetime.date, list, set, frozenset)
_STANDS_FOR = {  # classes of Pydantic 1 that are annotated standard types in Pydantic 2
    "StrictBool": ("bool", "strict", True), "FilePath": ("Path", "path_type", "file"),
    "DirectoryPath": ("Path", "path_type", "dir"), "NewPath": ("Path", "path_type", "new"),
    "UUID1": ("UUID", "uuid_version", 1), "UUID3": ("UUID", "uuid_version", 3),
    "UUID4": ("UUID", "uuid_version", 4), "UUID5": ("UUID", "uuid_version", 5),
}


def class_name(cls):
    """Name inside its module, without the function that made it."""
    return cls.__qualname__.rpartition("<locals>.")[2]


def literal_text(value):
    if isinstance(value, enum.Enum):
        return class_name(type(value)) + "." + value.name
    if isinstance(value, (str, bytes, bool, int)) or value is None:
        return repr(value)
    return repr(jsonable(value))


def arguments(annotation):
    """What stands in the brackets of a generic; None where there are no brackets."""
    if getattr(annotation, "_special", False):  # typing.List itself, before Python 3.9
        return None
    return getattr(annotation, "__args__", None)


def is_union(annotation):
    origin = getattr(annotation, "__origin__", None)
    return origin is typing.Union or type(annotation).__name__ in ("UnionType", "Union")


def flat_arms(annotation):
    """The arms of a union, unions within it opened; the annotation alone where it is none."""
    if hasattr(annotation, "__metadata__"):
        inner = flat_arms(annotation.__origin__)
        return inner if len(inner) > 1 else [annotation]
    if not is_union(annotation):
        return [annotation]
    return [arm for part in annotation.__args__ for arm in flat_arms(part)]


def accepts_none(annotation):
    """Whether None is one of its values, as far as the type says."""
    for arm in flat_arms(annotation):
        while hasattr(arm, "__metadata__"):
            arm = arm.__origin__
        if type(arm).__name__ == "TypeAliasType" and accepts_none(arm.__value__):
            return True
        if arm is None or arm is _NONE or arm is typing.Any or arm is object:
            return True
        if isinstance(arm, typing.TypeVar):
            return not arm.__bound__ and not arm.__constraints__ or (
                bool(arm.__bound__) and accepts_none(arm.__bound__))
        if _is_literal(arm) and None in arm.__args__:
            return True
    return False


def _is_made_by_pydantic1(cls):
    """What constr() and Field(max_length=…) make: where Pydantic 1 is compiled, it is of the module that called."""
    return (cls.__name__.startswith("Constrained") and cls.__name__.endswith("Value") or cls.__name__ in (
        "JsonWrapperValue",)) and any(base.__module__.split(".")[0] == "pydantic" for base in cls.__mro__)


def _is_literal(annotation):
    return getattr(getattr(annotation, "__origin__", None), "_name", None) == "Literal" or (
        "Literal" in type(annotation).__name__ and hasattr(annotation, "__args__"))


def _literal_values(annotation):
    for value in annotation.__args__:
        if _is_literal(value):
            for inner in _literal_values(value):
                yield inner
        else:
            yield value


class Speller:
    """Spells one field's type; what it finds beside the text is in `constraints` and `classes`."""

    def __init__(self):
        self.constraints = {}
        self.classes = []  # classes that the text names, for references

    def spell(self, annotation, path=""):
        for rule in (self._plain, self._special, self._generic, self._class):
            text = rule(annotation, path)
            if text is not None:
                return text
        return qualified_name(annotation)

    def _all(self, annotations, path):
        return ", ".join(self.spell(item, "%s[%d]." % (path, at)) for at, item in enumerate(annotations))

    @staticmethod
    def _plain(annotation, _path):
        if annotation is None or annotation is _NONE:
            return "None"
        if annotation is typing.Any:
            return "Any"
        if annotation is Ellipsis:
            return "..."
        if isinstance(annotation, str):
            return spell_text(annotation)
        if isinstance(annotation, typing.ForwardRef):
            return spell_text(annotation.__forward_arg__)
        kind = type(annotation).__name__
        if isinstance(annotation, typing.TypeVar) or kind in ("TypeAliasType", "ParamSpec") or hasattr(
                annotation, "__supertype__"):
            return annotation.__name__
        return None

    def _special(self, annotation, path):
        if hasattr(annotation, "__metadata__"):
            put_metadata(self.constraints, path, annotation.__metadata__)
            return self.spell(annotation.__origin__, path)
        if _is_literal(annotation):
            return "Literal[%s]" % ", ".join(literal_text(value) for value in _literal_values(annotation))
        if is_union(annotation):
            arms = flat_arms(annotation)
            alone = len([arm for arm in arms if arm is not None and arm is not _NONE]) == 1
            return union_text([self.spell(arm, path if alone else "%s[%d]." % (path, at))
                               for at, arm in enumerate(arms)])
        return None

    def _generic(self, annotation, path):
        origin = getattr(annotation, "__origin__", None)
        if origin is None or isinstance(annotation, type) and not hasattr(annotation, "__args__"):
            return None
        name = class_name(origin) if isinstance(origin, type) else self.spell(origin, path)
        args = arguments(annotation)
        if args is None:
            return name
        if origin is collections.abc.Callable:
            wanted = "..." if args[:-1] == (Ellipsis,) else "[%s]" % self._all(args[:-1], path)
            return "Callable[%s, %s]" % (wanted, self.spell(args[-1], path + "[return]."))
        if origin is tuple and args in ((), ((),)):
            return "tuple[()]"
        self._note(origin)
        return "%s[%s]" % (name, self._all(args, path)) if args else name

    def _class(self, annotation, path):
        if not isinstance(annotation, type):
            return None
        generic = getattr(annotation, "__pydantic_generic_metadata__", None)
        if isinstance(generic, dict) and generic.get("origin") is not None:
            self._note(annotation)
            return "%s[%s]" % (class_name(generic["origin"]), self._all(generic["args"], path))
        if annotation.__module__.split(".")[0] == "pydantic" or _is_made_by_pydantic1(annotation):
            text = self._library_class(annotation, path)
            if text is not None:
                return text
        self._note(annotation)
        return class_name(annotation)

    def _library_class(self, cls, path):
        """A type of Pydantic 1 that stands for a standard one with constraints."""
        if cls.__name__ in _STANDS_FOR:
            text, name, value = _STANDS_FOR[cls.__name__]
            put(self.constraints, path, name, value)
            return text
        if "JsonWrapper" in [base.__name__ for base in cls.__mro__]:
            put(self.constraints, path, "json", True)
            return self.spell(cls.inner_type, path)
        if not any(base.__name__.startswith("Constrained") for base in cls.__mro__):
            return None
        put_attributes(self.constraints, path, cls)
        base = next((base for base in _BASES if issubclass(cls, base)), None)
        if base is None:
            return None
        item = getattr(cls, "item_type", None)
        return base.__name__ if item is None else "%s[%s]" % (base.__name__, self.spell(item, path + "[0]."))

    def _note(self, cls):
        if isinstance(cls, type):
            self.classes.append(cls)
