"""What source shows beside models: enums, docstrings, what is deprecated."""
import ast
import inspect

from .expressions import dotted_name, source_text
from .files import relative
from .values import jsonable
from .wire import canonical_json, clean

_ENUMS = ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
_FLAGS = ("Flag", "IntFlag")


def deprecated_text(names, node):
    """Why something is deprecated, from an expression; None where it is not, or that is not to be read."""
    try:
        value = names.literal(node)
    except ValueError:
        return None
    return "true" if value is True else clean(value) if isinstance(value, str) and value else None


def decorators_reason(names, node):
    """The message of a class's or a function's @deprecated("…")."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and decorator.args and names.meaning(
                dotted_name(decorator.func)).text in ("typing_extensions.deprecated", "warnings.deprecated"):
            text = deprecated_text(names, decorator.args[0])
            return text if text is not None and text != "true" else ""
    return ""


def docstring(node):
    return clean(inspect.cleandoc(ast.get_docstring(node, clean=False) or ""))


def first_line(node):
    return min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])


def enum_base(reader, cls, seen=()):
    """The word of enum's that a class derives from: "Enum", "IntFlag"; "" where it is no enum."""
    if cls.id in seen:
        return ""
    for base, meaning in reader.bases(cls):
        if base is not None:
            word = enum_base(reader, base, seen + (cls.id,))
        else:
            module, _, name = meaning.text.rpartition(".")
            word = name if module == "enum" and name in _ENUMS else ""
        if word:
            return word
    return ""


class _Auto:
    """What auto() gives, as far as that is known: not where the class says otherwise."""

    def __init__(self, word, node):
        self._word = word
        self._is_known = not any(isinstance(inner, ast.FunctionDef) and inner.name == "_generate_next_value_"
                                 for inner in node.body)

    def next(self, name, values):
        if not self._is_known or not all(type(value) is int for value in values) and self._word != "StrEnum":
            raise ValueError("not known")
        if self._word == "StrEnum":
            return name.lower()
        highest = max(values, default=0)
        return 1 << highest.bit_length() if self._word in _FLAGS else highest + 1


def _members(cls, word):
    """The members in declared order; of a value that is not to be read its text."""
    members, values = [], []
    auto = _Auto(word, cls.node)
    changes = any(isinstance(inner, ast.FunctionDef) and inner.name in ("__new__", "__init__") for inner in cls.node.body)
    for node in cls.node.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            name = target.id if isinstance(target, ast.Name) else ""
            if not name or name.startswith("_"):
                continue
            record = {"name": clean(name)}
            try:
                if changes:
                    raise ValueError("its own code makes the value")
                is_auto = isinstance(node.value, ast.Call) and cls.names.meaning(
                    dotted_name(node.value.func)).text == "enum.auto"
                value = auto.next(name, values) if is_auto else cls.names.literal(node.value)
                values.append(value)
                record["value"] = canonical_json(jsonable(value))
            except (ValueError, TypeError):
                record["value_text"] = clean(source_text(node.value))
            members.append(record)
    return members


def member_names(cls, word):
    """Names of an enum's members without aliases, in declared order."""
    names = {}
    for member in _members(cls, word):
        names.setdefault((member.get("value"), member.get("value_text")), member["name"])
    return tuple(names.values())


def enum_record(reader, cls, folders):
    """The record of an enum; None of what is none."""
    word = enum_base(reader, cls)
    if not word:
        return None
    module = cls.names.module
    return {"id": clean(cls.id), "module": clean(module.name), "qualname": clean(cls.qualname), "static": True,
            "bases": reader.base_ids(cls), "doc": docstring(cls.node), "line": first_line(cls.node),
            "file": clean(relative(module.file, folders)), "members": _members(cls, word)}
