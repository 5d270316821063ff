"""Columns as source declares them: Column(…), mapped_column(…), and the fields of SQLModel."""
import ast
import collections

from .expressions import ExpressionSpeller, dotted_name, items
from .source_names import is_builtin, name_of
from .source_parts import keyword_arguments
from .source_types import Unclear, arguments_of, called, literal, opened, sql_of, text_of
from .values import jsonable
from .wire import canonical_json, clean

# What an annotation says: the Kind of its type, and whether None is accepted; each None where it is not clear.
Declared = collections.namedtuple("Declared", "kind nullable")

_TOLD = frozenset("autoincrement comment default index insert_default name nullable primary_key server_default type_ "
                  "unique".split())
_IDLE = frozenset("active_history compare default_factory deferred deferred_group deferred_raiseload doc info init "
                  "kw_only onupdate repr server_onupdate".split())
_INTEGERS = ("integer", "bigint", "smallint")
_STANDARD_MAKERS = ("uuid.uuid1", "uuid.uuid4")


class Column:
    """`facts` as the record of a column has them; `unknown`: names of those that source does not show."""

    def __init__(self, names, name):
        self.names, self.name = names, name
        self.kind, self.facts, self.unknown = None, {}, set()
        self.is_primary = self.is_unique = self.is_indexed = False
        self.is_made_before = False  # before the other fields' columns
        self.is_null_by_itself = self.is_typed_by_key = False  # NULL, or its type, is not said
        self.autoincrement, self.has_default = None, False
        self.keys = []  # (names, target, keywords) of each ForeignKey
        self.checks = []  # (names, call) of each CheckConstraint

    def may_count(self, is_alone):
        """Whether PostgreSQL counts it by itself as a primary key, alone or not; None where that is not known."""
        if self.has_default or not is_alone and self.autoincrement is not True:
            return False
        if self.keys and self.autoincrement is not True or self.autoincrement is False:
            return False
        return self.kind.text in _INTEGERS if self.kind is not None else None

    def record(self, identity):
        """Its record; `identity` where it counts by itself, None where that is not known."""
        told, unknown = dict(self.facts, name=self.name), set(self.unknown)
        if identity is None:
            unknown.add("identity")
        elif identity:
            told["identity"] = identity
        if self.kind is None:
            unknown.update(("type", "enum_labels"))
        else:
            told["type"] = self.kind.text
            if self.kind.labels is None:
                unknown.add("enum_labels")
            elif self.kind.labels:
                told["enum_labels"] = list(self.kind.labels)
        told["unknown"] = sorted(unknown)
        return told


class ColumnReader:
    """Reads columns; each method raises Unclear where not even the name of the column is sure."""

    def __init__(self, types, sqlmodels):
        """`sqlmodels`: the version of SQLModel, as (0, 0, 24); () where it is not known."""
        self._types, self._sqlmodels = types, sqlmodels

    def of_calls(self, attribute, calls, declared=None):
        """The column that [(names, Column(…) or mapped_column(…))] declare; the later ones say more."""
        positional, keywords = [], {}
        for _, call in calls:
            more, by_keyword = arguments_of(call)
            positional.extend(more)
            keywords.update(by_keyword)
        speaking = [names for names, call in calls if not _is_literal(call)] or [names for names, _ in calls]
        if len({names.module.name for names in speaking}) > 1:
            raise Unclear  # each means its own module's names
        return self._column(speaking[0], attribute, positional, keywords, [], declared)

    def _column(self, names, attribute, positional, keywords, keys, declared):
        if set(keywords) - _TOLD - _IDLE:
            raise Unclear
        name = keywords.get("name")
        if name is None and positional and isinstance(opened(names, positional[0])[1], ast.Constant):
            name, positional = positional[0], positional[1:]
        column = Column(names, literal(names, name, str) if name is not None else attribute)
        if not column.name:
            raise Unclear
        column.is_primary, column.is_unique, column.is_indexed = [
            key in keywords and bool(literal(names, keywords[key], (bool, type(None))))
            for key in ("primary_key", "unique", "index")]
        if "autoincrement" in keywords:
            column.autoincrement = literal(names, keywords["autoincrement"], bool)
        column.keys.extend(keys)
        self._put_items(column, positional)
        self._put_type(column, positional, keywords, declared)
        self._put_defaults(column, keywords)
        self._put_nullable(column, keywords, declared)
        if "comment" in keywords:
            try:
                column.facts["comment"] = literal(names, keywords["comment"], str)
            except Unclear:
                pass  # it is docs, and is left out of them
        return column

    @staticmethod
    def _put_items(column, positional):
        """What stands among the arguments beside the type."""
        for item in list(positional):
            names, node = opened(column.names, item)
            word = called(names, node)
            if word == "ForeignKey":
                given, by_keyword = arguments_of(node)
                if len(given) != 1:
                    raise Unclear
                column.keys.append((names, given[0], by_keyword))
            elif word == "CheckConstraint":
                column.checks.append((names, node))
            elif word in ("Identity", "Computed", "Sequence"):
                {"Identity": _put_identity, "Computed": _put_generated, "Sequence": _put_sequence}[word](
                    column, names, node)
            else:
                continue
            positional.remove(item)

    def _put_type(self, column, positional, keywords, declared):
        given = keywords.get("type_")
        if given is None and positional:
            given, positional = positional[0], positional[1:]
        if positional:
            raise Unclear
        if given is None:
            # With a foreign key the type is that of the column it refers to, whatever the annotation says.
            column.is_typed_by_key = bool(column.keys)
            column.kind = declared.kind if declared is not None and not column.keys else None
            return
        names, node = opened(column.names, given)
        if isinstance(node, ast.Call) and names.meaning(dotted_name(node.func)).kind == "named":
            raise Unclear  # a function of the application's: it may make a key as well as a type
        column.kind = self._types.of(names, node)

    @staticmethod
    def _put_defaults(column, keywords):
        names = column.names
        if "server_default" in keywords:
            column.has_default = True
            try:
                column.facts["server_default"] = _server_default(names, keywords["server_default"])
            except Unclear:
                column.unknown.add("server_default")
        for key in ("insert_default", "default"):
            node = keywords.get(key)
            if node is None or isinstance(node, ast.Constant) and node.value is None:
                continue
            column.has_default = True
            try:
                column.facts["client_default"] = _client_default(names, node)
            except Unclear:
                column.unknown.add("client_default")
            break

    @staticmethod
    def _put_nullable(column, keywords, declared):
        nullable = not column.is_primary and "identity" not in column.facts
        column.is_null_by_itself = "nullable" not in keywords
        if "nullable" in keywords:
            nullable = literal(column.names, keywords["nullable"], bool)
        elif declared is not None:
            nullable = declared.nullable if nullable else False if declared.nullable is False else None
        if nullable is None:
            column.unknown.add("nullable")
        else:
            column.facts["nullable"] = nullable

    def of_attribute(self, cls, type_map, name, annotation, value):
        """The column of a mapped class's attribute; None where it is none."""
        names = cls.names.inside(cls.qualname)
        made_names, made = opened(names, value) if value is not None else (names, None)
        word = called(made_names, made)
        if word == "deferred" and made.args:
            made = made.args[0]
            word = called(made_names, made)
        if word in ("Column", "mapped_column"):
            calls = [(made_names, made)]
        elif isinstance(made, ast.Call):
            if _makes_no_column(made_names, made, word):
                return None
            raise Unclear
        elif value is not None or annotation is None:
            return None
        else:
            calls = []
        declared, inside = self._mapped(names, type_map, annotation) if annotation is not None else (None, [])
        if inside or calls:
            return self.of_calls(name, inside + calls, declared)
        return self._column(names, name, [], {}, [], declared) if declared is not None else None

    def _mapped(self, names, type_map, annotation):
        """(Declared, [(names, mapped_column(…))] that stand in its Annotated) of Mapped[…]; (None, []) of others."""
        node = _text_opened(annotation)
        if not _is_subscript_of(names, node, "Mapped"):
            return None, []
        calls, is_annotated = [], False
        names, inner = opened(names, _text_opened(items(node)[0]))
        while _is_subscript_of(names, inner, "Annotated"):
            is_annotated = True
            calls = [(names, item) for item in items(inner)[1:] if called(names, item) == "mapped_column"] + calls
            names, inner = opened(names, items(inner)[0])
        if _holds_annotated(names, inner):
            raise Unclear
        speller = ExpressionSpeller(names)
        text = speller.spell_field(inner)
        kind = self._types.by_python(names, speller, text, {})
        if type_map:
            # It may know each enum, and an Annotated, whatever that is of.
            has_annotated = is_annotated and any(_holds_annotated(theirs, key) for theirs, key, _ in type_map)
            kind = None if has_annotated or speller.references else self._by_map(type_map, text, kind)
        return Declared(kind, True if speller.accepts_none else None if speller.unknown else False), calls

    def _by_map(self, type_map, text, kind):
        if text.startswith("Optional["):
            text = text[len("Optional["):-1]
        for names, key, value in type_map:
            if ExpressionSpeller(names).spell_field(key) == text and not _holds_annotated(names, key):
                return self._types.of(names, value)
        return kind

    def of_field(self, cls, name, annotation, value):
        """The column of a field of SQLModel's; None where it is none."""
        names = cls.names.inside(cls.qualname)
        called_by = ""
        if isinstance(value, ast.Call):
            called_by = names.meaning(dotted_name(value.func)).text.rpartition(".")[2]
        if called_by == "Relationship":
            return None
        speller = ExpressionSpeller(names)
        text = speller.spell_field(annotation)
        calls = list(speller.field_calls)
        if called_by == "Field":
            speller.spell_call_constraints(value)
            calls.append(value)
        for call in calls:
            arguments_of(call)
        given = keyword_arguments(calls)
        if "sa_column" in given:
            made_names, made = opened(names, given["sa_column"])
            if called(made_names, made) != "Column":
                raise Unclear
            column = self.of_calls(name, [(made_names, made)])
            column.is_made_before = True
            return column
        kind = self._types.by_python(names, speller, text, speller.constraints)
        if kind is not None and kind.text.startswith("timestamp "):
            kind = self._time_of_sqlmodel(kind)
        return self._field_column(names, name, given, calls, value if called_by != "Field" else None, Declared(
            kind, True if speller.accepts_none else None if speller.unknown else False))

    def _time_of_sqlmodel(self, kind):
        """A datetime has had no time zone, and has one since; in between that is not known."""
        if (0,) <= self._sqlmodels <= (0, 0, 24):
            return kind
        return kind._replace(text="timestamp with time zone") if self._sqlmodels >= (0, 0, 50) else None

    def _field_column(self, names, name, given, calls, value, declared):
        """SQLModel hands the type to Column(…) itself: a foreign key does not take its place."""
        keywords = {key: given[key] for key in ("primary_key", "index", "unique", "nullable") if key in given}
        args, more = given.get("sa_column_args"), given.get("sa_column_kwargs")
        if not isinstance(args, (ast.List, ast.Tuple, type(None))) or not isinstance(more, (ast.Dict, type(None))):
            raise Unclear
        keys = [(names, given["foreign_key"], {key: given[key] for key in ("ondelete",) if key in given})
                ] if "foreign_key" in given else []
        default = given.get("default_factory", given.get("default", value))
        if default is None:
            default = next((call.args[0] for call in reversed(calls) if call.args), None)
        if default is not None and not (isinstance(default, ast.Constant) and default.value is Ellipsis):
            keywords["default"] = default
        for key, item in zip(more.keys, more.values) if more is not None else ():
            keywords[literal(names, key, str) if key is not None else ""] = item
        kind = self._types.of(names, given["sa_type"]) if "sa_type" in given else declared.kind
        is_primary = "primary_key" in keywords and literal(names, keywords["primary_key"], bool)
        column = self._column(names, name, list(args.elts) if args is not None else [], keywords, keys,
                              Declared(kind, False if is_primary else declared.nullable))
        column.kind, column.is_typed_by_key = kind, False
        return column


def _put_identity(column, names, call):
    positional, keywords = arguments_of(call)
    given = positional[0] if positional else keywords.get("always")
    always = given is not None and literal(names, given, bool)
    column.facts["identity"] = "always" if always else "by default"
    column.has_default = True


def _put_generated(column, names, call):
    positional, keywords = arguments_of(call)
    column.has_default = True
    try:
        column.facts["generated"] = text_of(names, (positional + [keywords.get("sqltext")])[0])
        persisted = positional[1] if len(positional) > 1 else keywords.get("persisted")
        column.facts["stored"] = persisted is None or literal(names, persisted, (bool, type(None))) is not False
    except Unclear:
        column.unknown.update(("generated", "stored"))


def _put_sequence(column, names, call):
    positional, keywords = arguments_of(call)
    column.has_default = True
    if len(positional) != 1 or keywords:
        column.unknown.update(("client_default", "identity"))
    else:
        column.facts["client_default"] = "nextval(%s)" % literal(names, positional[0], str)


def _server_default(names, node):
    names, node = opened(names, node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if "\\" in node.value:
            raise Unclear  # how it is written is the server's setting
        return "'%s'" % clean(node.value).replace("'", "''")
    return sql_of(names, node)


def _client_default(names, node):
    """A value in JSON, an expression as the dialect writes it, or the name of what makes it."""
    if isinstance(node, ast.Lambda):
        return clean(name_of(names, node))
    try:
        return canonical_json(jsonable(names.literal(node)))
    except (ValueError, TypeError):
        pass
    meaning = names.meaning(dotted_name(node))
    if meaning.kind == "named" or meaning.text in _STANDARD_MAKERS or (
            meaning.kind == "external" and meaning.text and "." not in meaning.text and is_builtin(meaning.text)):
        return clean(name_of(names, node))
    return sql_of(names, node)


def _text_opened(node):
    """An annotation that is written as text, parsed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            raise Unclear from None
    return node


def _holds_annotated(names, node, depth=0):
    """Whether an Annotated stands somewhere inside a type: what it brings is not followed there."""
    if depth > 20:
        return True
    for inner in ast.walk(node):
        if not isinstance(inner, (ast.Name, ast.Attribute)):
            continue
        meaning = names.meaning(dotted_name(inner))
        if meaning.text.rpartition(".")[2] == "Annotated":
            return True
        if meaning.kind == "alias" and _holds_annotated(meaning.target[1], meaning.target[0], depth + 1):
            return True
    return False


def _is_literal(call):
    return all(isinstance(item, ast.Constant) for item in call.args + [key.value for key in call.keywords])


def _is_subscript_of(names, node, word):
    return isinstance(node, ast.Subscript) and names.meaning(dotted_name(node.value)).text.rpartition(".")[2] == word


def _makes_no_column(names, call, word):
    """Whether a call gives relationship(…), synonym(…) and the like, or an object that is nothing to SQLAlchemy."""
    if word == "column_property":
        return not any(called(names, inner) in ("Column", "mapped_column") for inner in ast.walk(call))
    if word:
        return word != "composite"
    meaning = names.meaning(dotted_name(call.func))
    return meaning.kind == "class" or meaning.kind == "external" and "." in meaning.text
