"""Types and expressions of SQLAlchemy as source writes them, in the words of PostgreSQL: what a run says of them.

What source alone does not show raises Unclear, or is None: it is never guessed.
"""
import ast
import collections
import re

from .expressions import dotted_name
from .source_others import enum_base, member_names
from .tables import spell_type
from .wire import clean

# text: as PostgreSQL spells it; labels: of an enum, None where they are not known.
Kind = collections.namedtuple("Kind", "text labels")

_MODULES = ("sqlalchemy", "sqlalchemy.types", "sqlalchemy.sql.sqltypes", "sqlalchemy.dialects.postgresql", "sqlmodel",
            "sqlmodel.sql.sqltypes")
_PLAIN = {  # without anything that has a say in the DDL
    "Integer": "INTEGER", "INTEGER": "INTEGER", "INT": "INTEGER", "BigInteger": "BIGINT", "BIGINT": "BIGINT",
    "SmallInteger": "SMALLINT", "SMALLINT": "SMALLINT", "Boolean": "BOOLEAN", "BOOLEAN": "BOOLEAN", "Date": "DATE",
    "DATE": "DATE", "Text": "TEXT", "TEXT": "TEXT", "UnicodeText": "TEXT", "Interval": "INTERVAL",
    "INTERVAL": "INTERVAL", "LargeBinary": "BYTEA", "BYTEA": "BYTEA", "Double": "DOUBLE PRECISION",
    "DOUBLE_PRECISION": "DOUBLE PRECISION", "REAL": "REAL", "Uuid": "UUID", "UUID": "UUID", "JSON": "JSON",
    "JSONB": "JSONB", "INET": "INET", "CIDR": "CIDR", "MACADDR": "MACADDR", "MACADDR8": "MACADDR8", "OID": "OID",
    "TSVECTOR": "TSVECTOR", "HSTORE": "HSTORE", "MONEY": "MONEY", "CITEXT": "CITEXT",
}
_SIZED = {"String": "VARCHAR", "VARCHAR": "VARCHAR", "Unicode": "VARCHAR", "AutoString": "VARCHAR", "CHAR": "CHAR"}
_NUMBERS = {"Numeric": "NUMERIC", "NUMERIC": "NUMERIC", "DECIMAL": "NUMERIC", "Float": "FLOAT", "FLOAT": "FLOAT"}
_TIMES = {"DateTime": "TIMESTAMP", "TIMESTAMP": "TIMESTAMP", "Time": "TIME", "TIME": "TIME"}
_IDLE = ("as_uuid", "none_as_null", "astext_type", "asdecimal", "decimal_return_scale", "create_constraint", "name")
_BY_PYTHON = {"int": "INTEGER", "str": "VARCHAR", "float": "FLOAT", "bool": "BOOLEAN", "bytes": "BYTEA",
              "Decimal": "NUMERIC", "UUID": "UUID", "date": "DATE", "datetime": "TIMESTAMP", "time": "TIME",
              "timedelta": "INTERVAL"}
# What of these a user calls an enum like, PostgreSQL wants quoted; others that it reserves are no names of classes.
_RESERVED = frozenset("all analyse analyze and any array as asc both case cast check collate column constraint create "
                      "default desc distinct do else end except false fetch for foreign freeze from full grant group "
                      "having in inner intersect into is join left like limit natural new not null of off offset old "
                      "on only or order outer over overlaps placing primary references returning right select similar "
                      "some symmetric table then to trailing true union unique user using variadic verbose when where "
                      "window with authorization between binary cross".split())
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
_ANSI = ("current_date", "current_time", "current_timestamp")  # written in capitals, without parentheses
_UNCLEAR = ("current_user", "localtime", "localtimestamp", "session_user", "sysdate", "user")


class Unclear(Exception):
    """Source alone does not say."""


def opened(names, node):
    """(names, expression) that a name stands for, where a module assigns one to it."""
    for _ in range(20):
        if not isinstance(node, (ast.Name, ast.Attribute)):
            break
        meaning = names.meaning(dotted_name(node))
        if meaning.kind != "alias":
            break
        node, names = meaning.target
    return names, node


def called(names, node):
    """"Column" of sa.Column(…) and Column(…); "" of what is no call of SQLAlchemy's or SQLModel's."""
    if not isinstance(node, ast.Call):
        return ""
    meaning = names.meaning(dotted_name(node.func))
    is_known = meaning.kind == "external" and meaning.text.split(".")[0] in ("sqlalchemy", "sqlmodel")
    return meaning.text.rpartition(".")[2] if is_known else ""


def arguments_of(call):
    """(positional, by keyword) of a call; raises Unclear where a list or dictionary is opened in it."""
    if any(isinstance(item, ast.Starred) for item in call.args) or any(key.arg is None for key in call.keywords):
        raise Unclear
    return list(call.args), {key.arg: key.value for key in call.keywords}


def literal(names, node, kind):
    """The value of an expression, of that kind; raises Unclear."""
    try:
        value = names.literal(node)
    except ValueError:
        raise Unclear from None
    if not isinstance(value, kind):
        raise Unclear
    return clean(value) if isinstance(value, str) else value


def text_of(names, node):
    """The text of a literal, or of text("…"); raises Unclear where the dialect would write it otherwise."""
    if called(names, node) == "text":
        positional, keywords = arguments_of(node)
        if len(positional) != 1 or keywords:
            raise Unclear
        node = positional[0]
    found = literal(names, node, str)
    if "\\" in found or re.search(r"(?<!:):\w", found):  # bound parameters
        raise Unclear
    return found


def sql_of(names, node):
    """What the dialect writes for text("…"), func.now() and the like; raises Unclear of others."""
    names, node = opened(names, node)
    word = called(names, node)
    if word == "text":
        return text_of(names, node)
    if word and not node.args and not node.keywords:
        dotted = dotted_name(node.func)
        if ".func." in names.meaning(dotted).text and _NAME.match(word) and word not in _UNCLEAR:
            return word.upper() if word in _ANSI else word + "()"
        if word in ("true", "false"):
            return word
    raise Unclear


class Types:
    """Reads types; `reader` knows the application's enums."""

    def __init__(self, reader):
        self._reader = reader

    def of(self, names, node):
        """The Kind of a type's expression: String(40), sa.Integer, a name of either; None where it is not clear."""
        names, node = opened(names, node)
        call = node if isinstance(node, ast.Call) else None
        meaning = names.meaning(dotted_name(call.func if call else node))
        module, _, word = meaning.text.rpartition(".")
        if meaning.kind != "external" or module not in _MODULES:
            return None
        try:
            positional, keywords = arguments_of(call) if call else ([], {})
            if word in ("Enum", "ENUM"):
                return self._enum(names, positional, keywords)
            if word == "ARRAY":
                return self._array(names, positional, keywords)
            text = _spelled(names, word, positional, {key: keywords[key] for key in keywords if key not in _IDLE})
        except Unclear:
            return None
        return Kind(spell_type(text), ())

    def _array(self, names, positional, keywords):
        item = self.of(names, positional[0]) if positional else None
        if item is None or len(positional) > 1 or set(keywords) - {"as_tuple", "dimensions", "zero_indexes"}:
            raise Unclear
        return Kind(item.text + "[]", item.labels)

    def _enum(self, names, positional, keywords):
        if set(keywords) - {"name", "create_type", "validate_strings", "create_constraint", "values_callable"}:
            raise Unclear
        name = literal(names, keywords["name"], str) if "name" in keywords else ""
        if len(positional) == 1:
            enum = self.enum_of(names, positional[0])
            if enum is not None:
                labels = None if "values_callable" in keywords else enum.labels
                return Kind(_enum_name(name or enum.text), labels)
        return Kind(_enum_name(name), tuple(literal(names, item, str) for item in positional))

    def enum_of(self, names, node):
        """Name and labels of the type that an enum class becomes; None of what is no enum of the application's."""
        meaning = names.meaning(dotted_name(node))
        if meaning.kind != "class":
            return None
        cls = self._reader.found(names, meaning)
        word = enum_base(self._reader, cls)
        return Kind(cls.node.name.lower(), member_names(cls, word)) if word else None

    def by_python(self, names, speller, text, sizes):
        """The Kind of what an annotation says, None where that is not clear. `sizes`: max_length, max_digits and
        decimal_places of SQLModel's fields."""
        if text.startswith("Optional[") and text.endswith("]"):
            text = text[len("Optional["):-1]
        if speller.references:
            enum = self.enum_of(names, ast.parse(text, mode="eval").body) if text.isidentifier() else None
            try:
                return Kind(_enum_name(enum.text), enum.labels) if enum is not None else None
            except Unclear:
                return None
        if speller.unknown or text not in _BY_PYTHON:
            return None
        size = ""
        if text == "str" and "max_length" in sizes:
            size = "(%s)" % sizes["max_length"]
        if text == "Decimal" and "max_digits" in sizes:
            size = "(%s)" % ", ".join(sizes[key] for key in ("max_digits", "decimal_places") if key in sizes)
        elif text == "Decimal" and "decimal_places" in sizes:
            return None
        return Kind(spell_type(_BY_PYTHON[text] + size), ())


def is_plain(name):
    """Whether PostgreSQL takes a name without quotes."""
    return bool(_NAME.match(name)) and name not in _RESERVED


def _enum_name(name):
    if not is_plain(name):
        raise Unclear
    return name


def _spelled(names, word, positional, keywords):
    """As the dialect compiles it."""
    if word in _PLAIN and not positional and not keywords:
        return _PLAIN[word]
    if word in _SIZED and len(positional) + len(keywords) <= 1 and not set(keywords) - {"length"}:
        size = positional + list(keywords.values())
        return _SIZED[word] + ("(%d)" % literal(names, size[0], int) if size else "")
    if word in _NUMBERS and not set(keywords) - {"precision", "scale"}:
        given = [keywords[key] for key in ("precision", "scale") if key in keywords]
        if "scale" in keywords and len(positional) + len(keywords) != 2 or word in ("Float", "FLOAT") and len(
                positional + given) > 1:
            raise Unclear
        sizes = [str(literal(names, size, int)) for size in positional + given]
        return _NUMBERS[word] + ("(%s)" % ", ".join(sizes) if sizes else "")
    if word in _TIMES and len(positional) + len(keywords) <= 1 and not set(keywords) - {"timezone"}:
        zone = positional + list(keywords.values())
        has_zone = bool(zone) and literal(names, zone[0], bool)
        return _TIMES[word] + (" WITH TIME ZONE" if has_zone else " WITHOUT TIME ZONE")
    if word == "BIT" and len(positional) == 1 and not keywords:
        return "BIT(%d)" % literal(names, positional[0], int)
    raise Unclear
