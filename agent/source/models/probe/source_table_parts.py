"""A table as source declares it: its columns, and the keys, indexes and checks that stand in or beside them."""
import ast
import collections

from .expressions import dotted_name
from .source_types import Unclear, arguments_of, called, is_plain, literal, opened, sql_of, text_of
from .tables import LONGEST_NAME, PARTS

_KEY_OPTIONS = frozenset("name ondelete onupdate deferrable initially use_alter match comment info".split())
_INDEX_OPTIONS = frozenset("unique info postgresql_where postgresql_using postgresql_concurrently".split())

# Of a MetaData: its schema, "" without one; its naming convention, {} without one. None where that is not known.
Home = collections.namedtuple("Home", "schema convention")
UNKNOWN_HOME = Home(None, None)


def texts_of(names, node):
    if not isinstance(node, (ast.List, ast.Tuple)):
        raise Unclear
    return [literal(names, item, str) for item in node.elts]


class Draft:
    """A table that is being read. `unknown` names what source does not show, and parts of which there may be more."""

    def __init__(self, name, home):
        self.name, self.home, self.schema = name, home, home.schema
        self.unknown, self.comment = set(), ""
        self.later = []  # [(names, expression)] of what stands beside the columns, put when those are known
        self.columns, self._by_attribute, self._primary = [], {}, None
        self._told = {"foreign_keys": [], "uniques": [], "indexes": [], "checks": []}

    def add(self, attribute, column):
        self.columns.append(column)
        self._by_attribute[attribute] = column

    def lose_columns(self):
        """Says that there may be others, with all that they bring."""
        self.unknown.update(PARTS)

    def put(self, names, node):
        """Adds what stands among a table's arguments beside the columns."""
        names, node = opened(names, node)
        word = called(names, node)
        part, reader = {
            "Index": ("indexes", self._index), "UniqueConstraint": ("uniques", self._unique),
            "CheckConstraint": ("checks", self._check), "PrimaryKeyConstraint": ("primary_key", self._primary_key),
            "ForeignKeyConstraint": ("foreign_keys", self._foreign_keys)}.get(word, (None, None))
        if reader is None:
            self.unknown.update(PARTS[1:])
            return
        try:
            reader(names, *arguments_of(node))
        except Unclear:
            self.unknown.add(part)

    def _column_name(self, names, node):
        """The column that a constraint names: by text, as an attribute of the class, or as TABLE.c.NAME."""
        if isinstance(node, ast.Name) and node.id in self._by_attribute:
            return self._by_attribute[node.id].name
        if isinstance(node, ast.Attribute):
            if dotted_name(node.value).endswith(".c"):
                return node.attr
            if node.attr in self._by_attribute:
                return self._by_attribute[node.attr].name
            raise Unclear
        return literal(names, node, str)

    def _named(self, key, ending, columns, given=None, referred=("", "")):
        """The name of a constraint: its own, that of the convention, or PostgreSQL's; "" where that is too long."""
        if self.home.convention is None:
            if given is None:
                raise Unclear
            return given
        pattern = self.home.convention.get(key)
        if given is not None and "constraint_name" not in (pattern or ""):
            return given
        if pattern is None and key == "ix":
            pattern = "ix_%(column_0_label)s" if not self.home.convention else None
            if pattern is None:
                raise Unclear
        if pattern is not None:
            return self._by_pattern(pattern, columns, given, referred)
        made = "_".join([self.name] + columns + [ending])
        return made if len(made.encode("utf-8")) <= LONGEST_NAME else ""

    def _by_pattern(self, pattern, columns, given, referred):
        values = {"table_name": self.name, "referred_table_name": referred[0], "referred_column_0_name": referred[1]}
        if given is not None:
            values["constraint_name"] = given
        if columns:
            values.update(column_0_name=columns[0], column_0N_name="".join(columns), column_0_N_name="_".join(columns))
        if columns and self.schema is not None:
            before = self.schema.replace(".", "_") + "_" if self.schema else ""
            values["column_0_label"] = before + self.name + "_" + columns[0]
        try:
            return pattern % values
        except (KeyError, ValueError, TypeError):
            raise Unclear from None

    @staticmethod
    def _own_name(names, keywords):
        node = keywords.get("name")
        return None if node is None or getattr(node, "value", "") is None else literal(names, node, str)

    def _index(self, names, positional, keywords):
        if set(keywords) - _INDEX_OPTIONS or len(positional) < 2:
            raise Unclear
        index = {"unique": "unique" in keywords and literal(names, keywords["unique"], bool)}
        own = positional[0]
        index["keys"] = [self._index_key(names, key) for key in positional[1:]]
        index["name"] = self._named("ix", "", index["keys"], None if getattr(own, "value", "") is None
                                    else literal(names, own, str))
        if "postgresql_using" in keywords:
            method = literal(names, keywords["postgresql_using"], str).lower()
            index.update({"method": method} if method != "btree" else {})
        if "postgresql_where" in keywords:
            where = keywords["postgresql_where"]
            index["predicate"] = text_of(names, where) if isinstance(where, ast.Constant) else sql_of(names, where)
        self._told["indexes"].append(index)

    def _index_key(self, names, key):
        """A column, or an expression: lower(name) of func.lower(name)."""
        if not isinstance(key, ast.Call):
            return self._column_name(names, key)
        word = called(names, key)
        if word and len(key.args) == 1 and ".func." in names.meaning(dotted_name(key.func)).text:
            column = self._column_name(names, arguments_of(key)[0][0])
            if not key.keywords and is_plain(word) and is_plain(column) and not isinstance(key.args[0], ast.Constant):
                return "%s(%s)" % (word, column)
        return sql_of(names, key)

    def _unique(self, names, positional, keywords):
        if not positional:
            raise Unclear
        columns = [self._column_name(names, item) for item in positional]
        self._told["uniques"].append({"name": self._named("uq", "key", columns, self._own_name(names, keywords)),
                                      "columns": columns})

    def _check(self, names, positional, keywords):
        if len(positional) != 1 or set(keywords) - {"name", "info", "comment"}:
            raise Unclear
        own = self._own_name(names, keywords)
        name = self._named("ck", "", [], own) if own is not None else ""
        if own is None and (self.home.convention is None or "ck" in self.home.convention):
            raise Unclear
        self._told["checks"].append({"name": name, "expression": text_of(names, positional[0])})

    def _primary_key(self, names, positional, keywords):
        self._primary = [self._column_name(names, item) for item in positional]

    def _foreign_keys(self, names, positional, keywords):
        if len(positional) != 2:
            raise Unclear
        targets = positional[1].elts if isinstance(positional[1], (ast.List, ast.Tuple)) else None
        if not targets or not isinstance(positional[0], (ast.List, ast.Tuple)):
            raise Unclear
        self._put_key(names, [self._column_name(names, item) for item in positional[0].elts], targets, keywords)

    def reference(self, names, node):
        """(schema, table, column) that a foreign key names by text."""
        parts = literal(names, node, str).split(".")
        schema = ".".join(parts[:-2]) or self.home.schema
        if len(parts) < 2 or schema is None:
            raise Unclear
        return schema, parts[-2], parts[-1]

    def _put_key(self, names, columns, targets, keywords):
        if set(keywords) - _KEY_OPTIONS:
            raise Unclear
        referred = [self.reference(names, target) for target in targets]
        schema, table, _ = referred[0]
        key = {"columns": columns, "target_schema": schema, "target_table": table,
               "target_columns": [column for _, _, column in referred],
               "name": self._named("fk", "fkey", columns, self._own_name(names, keywords), referred[0][1:])}
        for option, member in (("ondelete", "on_delete"), ("onupdate", "on_update")):
            action = literal(names, keywords[option], (str, type(None))) if option in keywords else None
            if action is not None and action.upper() != "NO ACTION":
                key[member] = action.upper()
        initially = literal(names, keywords["initially"], (str, type(None))) if "initially" in keywords else None
        key["initially_deferred"] = (initially or "").upper() == "DEFERRED"
        is_deferrable = "deferrable" in keywords and literal(names, keywords["deferrable"], (bool, type(None)))
        key["deferrable"] = bool(is_deferrable) or key["initially_deferred"]
        self._told["foreign_keys"].append(key)

    def _put_brought(self, column):
        """The keys, indexes and checks that a column brings with it."""
        for names, target, keywords in column.keys:
            try:
                self._put_key(names, [column.name], [target], keywords)
            except Unclear:
                self.unknown.add("foreign_keys")
        for names, call in column.checks:
            self.put(names, call)
        try:
            if column.is_indexed:
                self._told["indexes"].append({"name": self._named("ix", "", [column.name]), "keys": [column.name],
                                              "unique": column.is_unique})
        except Unclear:
            self.unknown.add("indexes")
        try:
            if column.is_unique and not column.is_indexed:
                name = self._named("uq", "key", [column.name])
                self._told["uniques"].append({"name": name, "columns": [column.name]})
        except Unclear:
            self.unknown.add("uniques")

    def record(self):
        """The table's record, with the columns that take the type of the one that they refer to: [(column's record,
        (schema, table, column))]."""
        for names, node in self.later:
            self.put(names, node)
        for column in self.columns:
            self._put_brought(column)
        is_primary_known = "primary_key" not in self.unknown
        primary = self._primary or [column.name for column in self.columns if column.is_primary]
        if len(primary) > 1 and not self._primary and "columns.order" in self.unknown:
            self.unknown.add("primary_key")
        columns, waiting = [], []
        for column in self.columns:
            told = column.record(self._identity(column, primary, is_primary_known))
            columns.append(told)
            if column.is_typed_by_key:
                try:
                    waiting.append((told, self.reference(*column.keys[0][:2])))
                except Unclear:
                    pass
        record = {"schema": self.schema or "", "name": self.name, "columns": columns, "primary_key": primary}
        record.update(self._told)
        if self.comment:
            record["comment"] = self.comment
        record["unknown"] = sorted(self.unknown | ({"schema"} if self.schema is None else set()))
        return record, waiting

    @staticmethod
    def _identity(column, primary, is_primary_known):
        """"serial" where PostgreSQL counts the column by itself, "" where not, None where that is not known."""
        if "identity" in column.facts:
            return column.facts["identity"]
        if not is_primary_known:
            return "" if column.may_count(True) is False else None
        if column.name not in primary:
            return ""
        if not column.is_primary and column.is_null_by_itself:
            column.facts["nullable"] = False
        counts = column.may_count(len(primary) == 1)
        return None if counts is None else "serial" if counts else ""
