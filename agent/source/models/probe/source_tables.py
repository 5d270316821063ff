"""Tables as source declares them: of mapped classes of SQLAlchemy and SQLModel, and those that stand alone.

As far as source is sure: what it does not show is named as unknown.
"""
import ast

from .expressions import dotted_name
from .files import relative
from .source_columns import ColumnReader
from .source_metadata import Bases, assigned
from .source_table_parts import UNKNOWN_HOME, Draft
from .source_types import Types, Unclear, arguments_of, called, is_plain, literal, opened
from .tables import PARTS
from .wire import clean

_TABLE_OPTIONS = frozenset(
    "schema comment info extend_existing keep_existing prefixes quote implicit_returning".split())
_BODY = (ast.AnnAssign, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Expr, ast.Pass)


def _speaks_of(node, name):
    return assigned(node, name) is not None or any(
        isinstance(inner, ast.FunctionDef) and inner.name == name for inner in node.body)


def _returned(names, node, name):
    """What the declared_attr of that name in a class's body returns; None where there is none."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == name and _is_declared(names, inner):
            return _return_of(inner)
    return None


def _is_declared(names, function):
    return any(".declared_attr" in names.meaning(dotted_name(decorator)).text for decorator in function.decorator_list)


def _return_of(function):
    """The expression of a function that does nothing but to return one; raises Unclear."""
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        raise Unclear
    return body[0].value


def _name_made(node, class_name):
    """The text of cls.__name__.lower() + "s" and the like."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Attribute) and node.attr == "__name__" and dotted_name(node.value) == "cls":
        return class_name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "lower" and not (
            node.args or node.keywords):
        return _name_made(node.func.value, class_name).lower()
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _name_made(node.left, class_name) + _name_made(node.right, class_name)
    if isinstance(node, ast.JoinedStr):
        return "".join(_name_made(part, class_name) for part in node.values)
    if isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
        return _name_made(node.value, class_name)
    raise Unclear


class Tables:
    """The tables of an application. `modules`: all of its modules, since each may add to the table of another."""

    def __init__(self, reader, modules, version, sqlmodels):
        """`version`: of SQLAlchemy, `sqlmodels`: of SQLModel, as (2, 0); () where it is not known."""
        self._reader = reader
        self._columns = ColumnReader(Types(reader), sqlmodels)
        self._version = version
        self._waiting = []  # (record of a column, the column whose type it takes)
        self._owners = {}  # id of a class -> the class whose table it has
        self._shared = set()  # ids of classes whose table holds columns of other classes too
        self._beside = {}  # id of a class or table -> [(names, Index(…))] of modules
        self._bases = Bases(reader, any(module.moves_metadata for module in modules))
        for module in modules:
            self._read_beside(module)

    def _read_beside(self, module):
        names = self._reader.names(module)
        for node in module.tree.body:
            call = getattr(node, "value", None)
            if isinstance(node, (ast.Expr, ast.Assign)) and called(names, call) == "Index":
                for owner in {self._owner_of(names, key) for key in call.args[1:]}:
                    self._beside.setdefault(owner, []).append((names, call))
        for qualname, node in module.classes.items():
            cls = self._reader.class_of(names, qualname, node)
            owner = self._owner(cls) if self._reader.lineage(cls)[1] == "mapped" else None
            if owner is not None and owner.id != cls.id:
                self._shared.update((owner.id, cls.id))

    def _owner_of(self, names, key):
        """The id of what an expression like Order.code or orders.c.code speaks of; "" of others."""
        for inner in ast.walk(key):
            head = dotted_name(inner).partition(".")[0] if isinstance(inner, ast.Attribute) else ""
            if head and ".func" not in names.meaning(dotted_name(inner)).text:
                meaning = names.meaning(head)
                if meaning.kind == "class":
                    return meaning.target
                if meaning.kind == "alias":
                    return meaning.target[1].module.name + ":" + meaning.text
        return ""

    def _own(self, cls):
        """(classes whose columns are those of the class's own table, its mapped ancestor or None), nearest first."""
        own = [cls]
        for base in reversed(self._reader.lineage(cls)[0][:-1]):
            if self._owner(base) is not None:
                return own, base
            own.append(base)
        return own, None

    def _owner(self, cls):
        """The class whose table a class is mapped to; None where it is mapped to none."""
        if cls.id not in self._owners:
            self._owners[cls.id] = None  # a class that is its own base ends here
            self._owners[cls.id] = self._find_owner(cls)
        return self._owners[cls.id]

    def _find_owner(self, cls):
        if self._reader.lineage(cls)[1] != "mapped" or self._reader.is_declarative_root(cls):
            return None
        own, ancestor = self._own(cls)
        if getattr(assigned(cls.node, "__abstract__"), "value", False) is True:
            return None
        if any(_speaks_of(piece.node, name) for piece in own for name in ("__tablename__", "__table__")):
            return cls
        return ancestor and self._owner(ancestor)

    def of_class(self, cls, kind):
        """The record of a class's table; None where it has none, or not even its name is known."""
        try:
            if kind == "mapped":
                return self._of_mapped(cls)
            name = assigned(cls.node, "__tablename__")
            name = literal(cls.names, name, str) if name is not None else ""
        except Unclear:
            return None
        if kind == "table":
            return self._of_sqlmodel(cls, name or clean(cls.node.name.lower()))
        # A name alone: SQLAlchemy knows no such table.
        return {"schema": "", "name": name, "unknown": sorted(PARTS + ("schema",))} if name else None

    def _of_mapped(self, cls):
        owner = self._owner(cls)
        if owner is None:
            return None
        own, _ = self._own(owner)
        for piece in own:
            table = assigned(piece.node, "__table__")
            if table is not None:
                names, call = opened(piece.names, table)
                if called(names, call) != "Table":
                    raise Unclear
                return self._finish(self._of_call(names, call), cls.id)
        line, _, unknown = self._reader.lineage(owner)
        draft = Draft(self._name(own, owner.node.name), self._bases.home(line))
        self._read_arguments(draft, own)
        if unknown or cls.id in self._shared:
            draft.lose_columns()
        else:
            self._read_columns(draft, own, line)
        return self._finish(draft, owner.id)

    @staticmethod
    def _name(own, class_name):
        for piece in own:
            node = assigned(piece.node, "__tablename__")
            if node is not None:
                return literal(piece.names, node, str)
            made = _returned(piece.names, piece.node, "__tablename__")
            if made is not None:
                return clean(_name_made(made, class_name))
        raise Unclear

    def _finish(self, draft, owner):
        draft.later.extend(self._beside.get(owner, ()))
        self._place_enums(draft)
        record, waiting = draft.record()
        self._waiting.extend(waiting)
        return record

    def _place_enums(self, draft):
        """The type of an enum goes into the schema of the MetaData since 2.1."""
        schema = draft.home.schema
        for column in draft.columns if schema != "" else ():
            if column.kind is None or column.kind.labels == ():
                continue
            if not self._version or schema is None or draft.schema != schema or not is_plain(schema):
                column.kind = None
            elif self._version >= (2, 1):
                column.kind = column.kind._replace(text=schema + "." + column.kind.text)

    def _read_columns(self, draft, own, line):
        try:
            type_map = self._bases.type_map(line)
            found, givers = {}, set()
            for piece in own:
                for name, column in self._columns_in(piece, type_map):
                    if name not in found:
                        found[name] = column
                        givers.update([piece.id] if column is not None else [])
        except Unclear:
            draft.lose_columns()
            return
        for name, column in found.items():
            if column is not None:
                draft.add(name, column)
        # Only since then those of the class itself come first; before, as their calls ran.
        if len(givers) > 1 and self._version < (2, 0, 4):
            draft.unknown.add("columns.order")

    def _columns_in(self, piece, type_map):
        """(attribute, Column or None) of the body of one class."""
        names = piece.names.inside(piece.qualname)
        for node in piece.node.body:
            if not isinstance(node, _BODY):
                raise Unclear
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name, annotation, value = node.target.id, node.annotation, node.value
            elif isinstance(node, ast.Assign) and [type(target) for target in node.targets] == [ast.Name]:
                name, annotation, value = node.targets[0].id, None, node.value
            elif isinstance(node, ast.FunctionDef) and _is_declared(names, node) and not node.name.startswith("__"):
                name, annotation, value = node.name, node.returns, _return_of(node)
            else:
                continue
            if not name.startswith("__"):
                yield name, self._columns.of_attribute(piece, type_map, name, annotation, value)

    def _of_sqlmodel(self, cls, name):
        line, _, unknown = self._reader.lineage(cls)
        draft = Draft(name, self._bases.home(line))
        self._read_arguments(draft, line[::-1])
        is_alone = not any(self._reader.is_table(base) for base in line[:-1])
        try:
            if unknown or not is_alone:
                raise Unclear
            found = {}
            for piece in line:
                for node in piece.node.body:
                    field = dotted_name(node.target) if isinstance(node, ast.AnnAssign) else ""
                    if field and self._reader.is_field(piece, field, node.annotation):
                        found[field] = self._columns.of_field(piece, field, node.annotation, node.value)
            for field, column in found.items():
                if column is not None:
                    draft.add(field, column)
            if self._version < (2, 0, 4) and any(column.is_made_before for column in draft.columns):
                draft.unknown.add("columns.order")
        except Unclear:
            draft.lose_columns()
        return self._finish(draft, cls.id)

    def _read_arguments(self, draft, own):
        """__table_args__: what stands in it beside the columns is read when those are known."""
        for piece in own:
            try:
                node = assigned(piece.node, "__table_args__")
                node = node if node is not None else _returned(piece.names, piece.node, "__table_args__")
                if node is None:
                    continue
                self._put_arguments(draft, piece.names, node)
            except Unclear:
                draft.unknown.update(PARTS[1:])
                draft.schema = None
            return

    @staticmethod
    def _put_arguments(draft, names, node):
        names, node = opened(names, node)
        items = list(node.elts) if isinstance(node, ast.Tuple) else [node]
        options = items.pop() if items and isinstance(items[-1], ast.Dict) else None
        for key, value in zip(options.keys, options.values) if options is not None else ():
            word = literal(names, key, str) if key is not None else ""
            if not word or word == "schema" and not _put_schema(draft, names, value):
                raise Unclear
            if word == "comment":
                draft.comment = literal(names, value, str)
        draft.later.extend((names, item) for item in items)

    def standing_alone(self, module, folders):
        """Records of the tables that a module makes by NAME = Table("name", …)."""
        names = self._reader.names(module)
        for attribute, value in sorted(module.values.items()):
            if called(names, value) != "Table" or not value.args:
                continue
            record = {"id": clean(module.name + ":" + attribute), "module": clean(module.name),
                      "qualname": clean(attribute), "kind": "table", "static": True, "generation": 0, "bases": [],
                      "doc": "", "config": {}, "functions": [], "fields": [], "line": value.lineno,
                      "file": clean(relative(module.file, folders))}
            try:
                record["table"] = self._finish(self._of_call(names, value), module.name + ":" + attribute)
            except Unclear:
                continue
            yield record

    def _of_call(self, names, call):
        """The Draft of Table("name", metadata, …)."""
        name = literal(names, call.args[0], str)
        try:
            positional, keywords = arguments_of(call)
            if len(positional) < 2 or set(keywords) - _TABLE_OPTIONS:
                raise Unclear
        except Unclear:
            draft = Draft(name, UNKNOWN_HOME)
            draft.lose_columns()
            return draft
        draft = Draft(name, self._bases.of(names, positional[1]))
        if "schema" in keywords and not _put_schema(draft, names, keywords["schema"]):
            draft.schema = None
        if "comment" in keywords:
            draft.comment = literal(names, keywords["comment"], str)
        for item in positional[2:]:
            try:
                item_names, node = opened(names, item)
                if called(item_names, node) == "Column":
                    column = self._columns.of_calls("", [(item_names, node)])
                    draft.add(column.name, column)
                else:
                    draft.later.append((names, item))
            except Unclear:
                draft.lose_columns()
        return draft

    def give_types(self, records):
        """Gives columns that are declared by a foreign key alone the type of the column that it refers to."""
        known = {}
        for record in records:
            table = record.get("table") or {}
            for column in table.get("columns", ()) if "schema" not in table.get("unknown", ()) else ():
                known.setdefault((table["schema"], table["name"], column["name"]), column)
        for _ in range(5):  # a key of a key of a key
            for column, target in self._waiting:
                source = known.get(target, {})
                if "type" in source and "type" not in column:
                    column.update((key, source[key]) for key in ("type", "enum_labels") if key in source)
                    column["unknown"] = [word for word in column["unknown"] if word not in ("type", "enum_labels")]


def _put_schema(draft, names, node):
    """Whether the schema is known."""
    if isinstance(node, ast.Constant) and node.value is None:
        return True
    try:
        draft.schema = literal(names, node, str)
    except Unclear:
        draft.schema = None
        return False
    return True
