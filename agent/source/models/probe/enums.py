"""Records of the enums that the application's modules define."""
import enum
import inspect

from .files import relative
from .values import jsonable
from .wire import canonical_json, clean


def find(has, subclasses):
    """Enums of the application, those with members or with code of their own."""
    return [cls for cls in subclasses(enum.Enum) if has(cls.__module__)]


def enum_id(cls):
    return clean(cls.__module__ + ":" + cls.__qualname__)


def record(cls, place, folders):
    """The record of one; members as the class holds them, aliases under their own names."""
    file, line = place
    doc = vars(cls).get("__doc__")
    if not isinstance(doc, str) or doc == "An enumeration.":  # which Python before 3.11 gives to all
        doc = ""
    return {"id": enum_id(cls), "module": clean(cls.__module__), "qualname": clean(cls.__qualname__),
            "bases": [clean(base.__module__ + ":" + base.__qualname__) for base in cls.__bases__],
            "doc": clean(inspect.cleandoc(doc)), "file": clean(relative(file, folders)), "line": line,
            "members": [{"name": clean(name), "value": canonical_json(jsonable(member._value_))}
                        for name, member in vars(cls)["_member_map_"].items()]}
