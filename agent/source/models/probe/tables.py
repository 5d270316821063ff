"""Tables that SQLAlchemy knows, as PostgreSQL would have them: by its own dialect, without a driver or a connection."""
import gc
import re
import sys
import types

from .values import is_named, jsonable, qualified_name
from .wire import canonical_json, clean

_NAMES = {"VARCHAR": "character varying", "CHAR": "character", "DECIMAL": "numeric", "INT": "integer"}
_TYPE = re.compile(r"([A-Z][A-Z0-9 ]*?)(\([\d, ]+\))?((?: WITH(?:OUT)? TIME ZONE)?)((?:\[\])*)\Z")
LONGEST_NAME = 63
PARTS = ("columns", "primary_key", "foreign_keys", "uniques", "indexes", "checks")


def spell_type(text):
    """A type as the dialect compiles it, in the words of PostgreSQL's format_type; a type of the user's own as it is."""
    match = _TYPE.match(text)
    if match is None:
        return text
    name, size, zone, array = match.groups()
    size = (size or "").replace(" ", "")
    if name == "FLOAT":
        name, size = ("REAL" if size and int(size[1:-1]) <= 24 else "DOUBLE PRECISION"), ""
    if name in ("TIMESTAMP", "TIME") and not zone:
        zone = " WITHOUT TIME ZONE"
    if name == "CHAR" and not size:
        size = "(1)"
    if name in ("NUMERIC", "DECIMAL") and size and "," not in size:
        size = size[:-1] + ",0)"
    return _NAMES.get(name, name.lower()) + size + zone.lower() + ("[]" if array else "")


class Compiler:
    """What the postgresql dialect of the application's SQLAlchemy says; `problems` has what it could not."""

    def __init__(self):
        from sqlalchemy.dialects import postgresql
        self._dialect = postgresql.dialect(paramstyle="named")  # others write each % twice
        self._ddl = self._dialect.ddl_compiler(self._dialect, None)
        self.problems = []

    def _try(self, make, what):
        try:
            return make()
        except Exception as error:  # pylint: disable=broad-except  # types are the application's, too
            self.problems.append("%s: %s" % (what, type(error).__name__))
            return None

    def text(self, expression, what):
        """"" where it could not, which is a problem."""
        if isinstance(expression, str):
            return clean(expression)
        made = self._try(lambda: self._ddl.sql_compiler.process(
            expression, include_table=False, literal_binds=True), what)
        return clean(made) if isinstance(made, str) else ""

    def type_of(self, column):
        """"" likewise."""
        made = self._try(lambda: column.type.compile(dialect=self._dialect), column.name)
        return clean(spell_type(made)) if isinstance(made, str) else ""

    def default_of(self, column):
        """None where it could not; "" where PostgreSQL is told of none."""
        made = self._try(lambda: self._ddl.get_column_default_string(column) or "", column.name)
        return clean(made) if isinstance(made, str) else None

    def is_serial(self, column):
        def words():
            before = len(self._dialect.identifier_preparer.format_column(column))
            return self._ddl.get_column_specification(column)[before:].split()
        if not column.primary_key:
            return False
        made = self._try(words, column.name)
        return bool(made) and made[0] in ("SERIAL", "BIGSERIAL", "SMALLSERIAL")

    def is_made(self, constraint):
        """Whether PostgreSQL gets that constraint: some belong to types that it has itself."""
        rule = getattr(constraint, "_create_rule", None)
        return rule is None or bool(self._try(lambda: rule(self._ddl), "a constraint"))


def _enum_labels(kind):
    import sqlalchemy
    for _ in range(8):  # a decorated type of a decorated type
        if isinstance(kind, sqlalchemy.Enum):
            return [clean(str(label)) for label in kind.enums]
        inner = getattr(kind, "impl", None) or getattr(kind, "item_type", None)
        if inner is None or isinstance(inner, type):
            return []
        kind = inner
    return []


def _client_default(column, compiler):
    default = column.default
    if default is None:
        return None
    if type(default).__name__ == "Sequence":
        return clean("nextval(%s)" % default.name)
    value = getattr(default, "arg", None)
    if is_named(value) or callable(value) and not hasattr(value, "compile"):
        return qualified_name(value)
    if hasattr(value, "compile") and not isinstance(value, str):
        return compiler.text(value, column.name)
    return canonical_json(jsonable(value))


def _column(column, compiler):
    record = {"name": clean(column.name), "nullable": bool(column.nullable)}
    identity, computed = getattr(column, "identity", None), getattr(column, "computed", None)
    if compiler.is_serial(column):
        record["identity"] = "serial"
    if identity is not None:
        record["identity"] = "always" if identity.always else "by default"
    if computed is not None:
        record["generated"] = compiler.text(computed.sqltext, column.name)
        record["stored"] = computed.persisted is not False
    record["type"] = compiler.type_of(column)
    server_default = ""
    if identity is None and computed is None and column.server_default is not None:
        server_default = compiler.default_of(column)
    record["server_default"] = server_default or ""
    record["unknown"] = [name for name, is_unknown in (
        ("type", not record["type"]), ("server_default", server_default is None),
        ("generated", computed is not None and not record["generated"])) if is_unknown]
    client = _client_default(column, compiler)
    if client is not None:
        record["client_default"] = client
    labels = _enum_labels(column.type)
    if labels:
        record["enum_labels"] = labels
    if isinstance(column.comment, str):
        record["comment"] = clean(column.comment)
    return record


def _name(constraint, table, columns, ending):
    """As declared; else as PostgreSQL names it, where that is short enough to be said."""
    if isinstance(constraint.name, str):
        return clean(constraint.name)
    made = "_".join([table.name] + columns + [ending])
    return clean(made) if len(made.encode("utf-8")) <= LONGEST_NAME else ""


def _foreign_key(constraint, table):
    columns = [clean(element.parent.name) for element in constraint.elements]
    targets = [str(element.target_fullname).split(".") for element in constraint.elements]
    schema = ".".join(targets[0][:-2])
    if not schema and isinstance(getattr(constraint.elements[0], "_colspec", None), str):
        schema = table.metadata.schema or ""  # as SQLAlchemy completes what is given as text
    record = {"name": _name(constraint, table, columns, "fkey"), "columns": columns,
              "target_table": clean(targets[0][-2]), "target_schema": clean(str(schema)),
              "target_columns": [clean(target[-1]) for target in targets]}
    for key, value in (("on_delete", constraint.ondelete), ("on_update", constraint.onupdate)):
        if isinstance(value, str) and value.upper() != "NO ACTION":
            record[key] = clean(value.upper())
    record["initially_deferred"] = str(constraint.initially or "").upper() == "DEFERRED"
    record["deferrable"] = bool(constraint.deferrable) or record["initially_deferred"]
    return record


def _index(index, compiler):
    options = index.dialect_options["postgresql"]
    keys = [clean(key.name) if hasattr(key, "table") and hasattr(key, "primary_key")
            else compiler.text(key, str(index.name)) for key in index.expressions]
    record = {"name": clean(str(index.name or "")), "unique": bool(index.unique), "keys": keys}
    method, where = options.get("using"), options.get("where")
    if isinstance(method, str) and method.lower() != "btree":
        record["method"] = clean(method.lower())
    if where is not None:
        record["predicate"] = compiler.text(where, str(index.name))
    return record


def describe(table):
    """The record of a sqlalchemy.Table."""
    compiler = Compiler()
    record = {"schema": clean(str(table.schema or "")), "name": clean(str(table.name)),
              "columns": [_column(column, compiler) for column in table.columns],
              "primary_key": [clean(column.name) for column in table.primary_key.columns],
              "foreign_keys": [], "uniques": [], "checks": [],
              "indexes": [_index(index, compiler) for index in table.indexes]}
    for constraint in table.constraints:
        kind = type(constraint).__name__
        if kind == "ForeignKeyConstraint":
            record["foreign_keys"].append(_foreign_key(constraint, table))
        elif kind == "UniqueConstraint":
            columns = [clean(column.name) for column in constraint.columns]
            record["uniques"].append({"name": _name(constraint, table, columns, "key"), "columns": columns})
        elif kind == "CheckConstraint" and compiler.is_made(constraint):
            name = clean(constraint.name) if isinstance(constraint.name, str) else ""
            record["checks"].append({"name": name, "expression": compiler.text(constraint.sqltext, name)})
    for part in ("foreign_keys", "uniques", "checks", "indexes"):
        record[part].sort(key=canonical_json)
    if isinstance(table.comment, str):
        record["comment"] = clean(table.comment)
    if compiler.problems:
        record["error"] = clean("; ".join(sorted(compiler.problems)[:5]))
    return record


def is_table(thing):
    """Whether it is a Table of the SQLAlchemy that the application imported; runs none of its code."""
    library = sys.modules.get("sqlalchemy")
    table = vars(library).get("Table") if isinstance(library, types.ModuleType) else None
    return isinstance(table, type) and issubclass(type(thing), table)


def table_of(cls):
    """The Table of a mapped class, its bases' included; None where it has none."""
    for base in cls.__mro__:
        table = vars(base).get("__table__")
        if table is not None:
            return table if is_table(table) else None
    return None


def mapped_classes(has):
    """Classes that SQLAlchemy maps and that are the application's."""
    if "sqlalchemy" not in sys.modules:
        return []
    return [thing for thing in gc.get_objects()
            if issubclass(type(thing), type) and "__mapper__" in vars(thing) and has(thing.__module__)]


def standing_alone(modules, classes):
    """[(module, name, Table)] of the tables that no class is mapped to: those that modules hold by name, then the
    others of the same MetaData, which go by their own name and belong to the first module that has one of it."""
    mapped = {id(table_of(cls)) for cls in classes}
    homes, found = {}, {}
    for cls in classes:
        table = table_of(cls)
        if table is not None:
            homes.setdefault(id(table.metadata), (table.metadata, set()))[1].add(cls.__module__)
    for name in sorted(modules):
        module = sys.modules.get(name)
        for attribute, value in sorted(vars(module).items()) if isinstance(module, types.ModuleType) else ():
            if is_table(value) and id(value) not in mapped:
                found.setdefault(id(value), (name, attribute, value))
                homes.setdefault(id(value.metadata), (value.metadata, set()))[1].add(name)
    for metadata, names in homes.values():
        for key, table in sorted(metadata.tables.items()):
            if id(table) not in mapped:
                found.setdefault(id(table), (min(names), key, table))
    return sorted(found.values(), key=lambda item: item[:2])
