"""Values as JSON: defaults, constraints, configuration. Runs no code of the application's classes.

What has no JSON form becomes a marker: {"$float": "Infinity"}, {"$object": "module.Class"}. What a
library declares secret is {"$secret": value}; the agent masks it.
"""
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import ipaddress
import pathlib
import re
import uuid

from .wire import canonical_json, clean

MAX_DEPTH = 60


def qualified_name(thing):
    """Name of a function, class or method as people write it; never its repr, which holds addresses."""
    if isinstance(thing, functools.partial):
        return "functools.partial(%s)" % qualified_name(thing.func)
    module = getattr(thing, "__module__", None)
    name = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", None)
    if not isinstance(name, str):
        return qualified_name(type(thing))
    if name.endswith("<lambda>"):
        name = "<lambda>"  # as the source tells it: in which class or function it stands is no part of it
    if not isinstance(module, str) or module == "builtins":
        return clean(name)
    return clean(module + "." + name)


def is_named(thing):
    """Whether a value is code, to be told by its name alone."""
    return isinstance(thing, (type, functools.partial)) or (
        callable(thing) and isinstance(getattr(thing, "__qualname__", None), str))


def _is_library_class(kind, *names):
    return any(base.__name__ in names and base.__module__.split(".")[0] in ("pydantic", "pydantic_core")
               for base in kind.__mro__)


def _duration(value):
    """ISO 8601, as Pydantic 2 writes it: "P1DT2H", "-PT0.5S"."""
    total = value // datetime.timedelta(microseconds=1)
    sign, total = ("-", -total) if total < 0 else ("", total)
    seconds, micros = divmod(total, 1000000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    second = str(seconds) + (".%06d" % micros).rstrip("0") if micros else str(seconds)
    time = "".join(part for part in (
        "%dH" % hours if hours else "", "%dM" % minutes if minutes else "", second + "S" if second != "0" else ""))
    if not days and not time:
        time = "0S"
    return sign + "P" + ("%dD" % days if days else "") + ("T" + time if time else "")


def _float(value):
    if value != value:
        return {"$float": "NaN"}
    if value in (float("inf"), float("-inf")):
        return {"$float": "Infinity" if value > 0 else "-Infinity"}
    return float.__float__(value)


def _key(key, depth):
    if isinstance(key, str):
        return clean(str.__str__(key))
    plain = jsonable(key, depth)
    return plain if isinstance(plain, str) else canonical_json(plain)


def _set(value, depth):
    return sorted((jsonable(item, depth) for item in value), key=canonical_json)


def _attributes(value, names, depth):
    """Of an object: what its own dictionary holds under those names, without asking the object."""
    state = object.__getattribute__(value, "__dict__") if hasattr(type(value), "__dict__") else {}
    return {name: jsonable(state[name], depth) for name in names if name in state}


def _instance(value, depth):
    kind = type(value)
    if _is_library_class(kind, "SecretStr", "SecretBytes", "Secret", "_SecretBase", "SecretField"):
        return {"$secret": jsonable(getattr(value, "_secret_value", None), depth)}
    if _is_library_class(kind, "Url", "MultiHostUrl", "_BaseUrl", "_BaseMultiHostUrl"):
        return clean(str(value))
    fields = kind.__dict__.get("__pydantic_fields__") or getattr(kind, "model_fields", None) or getattr(
        kind, "__fields__", None)
    if _is_library_class(kind, "BaseModel") and isinstance(fields, dict):
        content = _attributes(value, fields, depth)
        is_settings = any(base.__name__ == "BaseSettings" for base in kind.__mro__)
        return {"$secret": content} if is_settings else content
    if dataclasses.is_dataclass(kind):
        return _attributes(value, [field.name for field in dataclasses.fields(kind)], depth)
    return {"$object": qualified_name(value if is_named(value) else kind)}


_TEXTS = (uuid.UUID, decimal.Decimal, fractions.Fraction, pathlib.PurePath, ipaddress.IPv4Address,
          ipaddress.IPv6Address, ipaddress.IPv4Network, ipaddress.IPv6Network, ipaddress.IPv4Interface,
          ipaddress.IPv6Interface, complex)


def jsonable(value, depth=0):
    """`value` in JSON's types. Equal for equal values, whatever their order in memory.

    Raises ValueError where it is nested deeper than MAX_DEPTH; a `depth` below zero lets it be deeper.
    """
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    deeper = depth + 1
    if value is None or value is True or value is False:
        return value
    if isinstance(value, enum.Enum):
        return jsonable(value._value_, deeper)
    if isinstance(value, str):
        return clean(str.__str__(value))
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {_key(key, deeper): jsonable(item, deeper) for key, item in dict.items(value)}
    if isinstance(value, (list, tuple)):
        return [jsonable(item, deeper) for item in value]
    if isinstance(value, (set, frozenset)):
        return _set(value, deeper)
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, re.Pattern):
        return jsonable(value.pattern, deeper)
    if isinstance(value, _TEXTS):
        return clean(str(value))
    return _instance(value, deeper)


def set_docs(record, description, title, examples):
    """Puts into a field's record what is for people to read."""
    for key, text in (("description", description), ("title", title)):
        if isinstance(text, str) and text:
            record[key] = clean(text)
    if isinstance(examples, (list, tuple)) and examples:
        try:
            record["examples"] = canonical_json(jsonable(examples))
        except (ValueError, TypeError):
            pass  # nested too deep to be read by anybody


def set_default(record, value):
    """Puts a default into a field's record: as JSON, or, where it is code, by its name."""
    if is_named(value):
        record["default_text"] = qualified_name(value)
    else:
        record["default"] = canonical_json(jsonable(value))
