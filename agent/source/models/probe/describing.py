"""The record of one model, and the order in which all are told."""
import inspect
import sys

from . import constraints, enums, tables
from .files import relative
from .importing import describe
from .values import MAX_DEPTH, jsonable
from .wire import canonical_json, clean

_LIBRARIES = ("pydantic", "pydantic_settings", "sqlmodel", "sqlalchemy")
_PUBLIC = {"BaseModel": "BaseModel", "RootModel": "RootModel", "BaseSettings": "BaseSettings",
           "GenericModel": "BaseModel"}  # Pydantic 2 has no class of that name any more


def _base_id(cls):
    """A direct base as `module:qualname`; Pydantic's own under one name in every version of it."""
    library = cls.__module__.split(".")[0]
    if library in ("pydantic", "pydantic_settings") and cls.__name__ in _PUBLIC:
        return "pydantic:" + _PUBLIC[cls.__name__]
    if library in ("sqlmodel", "sqlalchemy"):
        return clean(library + ":" + cls.__qualname__)
    return clean(cls.__module__ + ":" + cls.__qualname__)


def _ancestors(cls, origin, bases):
    """All bases in resolution order, where they say more than the direct ones; of libraries what people name."""
    ids = []
    for base in cls.__mro__[1:]:
        library = base.__module__.split(".")[0]
        base = origin(base) or base
        is_public = base.__name__ in _PUBLIC or library == "sqlmodel" or base.__name__ in (
            "DeclarativeBase", "MappedAsDataclass", "Base")
        named = _base_id(base)
        if base is not object and base is not cls and (is_public or library not in _LIBRARIES) and named not in ids:
            ids.append(named)
    return [] if ids == bases else ids


def _deprecated(cls):
    text = vars(cls).get("__deprecated__")
    return clean(text) if isinstance(text, str) else ""


def _put_constructor(cls, name, found):
    """What the constructor of a dataclass does with a field, which Pydantic tells only in part."""
    declared = (vars(cls).get("__dataclass_fields__") or {}).get(name)
    if getattr(declared, "kw_only", False) is True:
        constraints.put(found, "", "kw_only", True)
    if getattr(declared, "init", True) is False:
        constraints.put(found, "", "init", False)


def _names(cls):
    return [base.__name__ for base in cls.__mro__ if base.__module__.split(".")[0] in (
        "pydantic", "pydantic_settings", "sqlmodel")]


def kind_of(cls, base):
    """ "model", "root", "settings", "dataclass" or "table"."""
    if not issubclass(cls, base):
        return "dataclass"
    if tables.table_of(cls) is not None:
        return "table"
    if "BaseSettings" in _names(cls):
        return "settings"
    return "root" if "RootModel" in _names(cls) or "__root__" in getattr(cls, "__fields__", {}) else "model"


def _table(cls):
    table = tables.table_of(cls)
    if table is not None:
        return tables.describe(table)
    name = vars(cls).get("__tablename__")
    if not isinstance(name, str) or not name:
        return None
    # A name alone: SQLAlchemy knows no such table.
    return {"schema": "", "name": clean(name), "unknown": sorted(tables.PARTS + ("schema",))}


def _docstring(cls):
    text = vars(cls).get("__doc__")
    # A dataclass without one is given its signature.
    if not isinstance(text, str) or text.startswith(cls.__name__ + "("):
        return ""
    return clean(inspect.cleandoc(text))


# Of what may be answered: a line is at most 16 MiB, all of them together 64.
MAX_SCHEMA_BYTES = 12 << 20
MAX_SCHEMAS_BYTES = 48 << 20
_SCHEMA_DEPTH = 200  # as the agent reads JSON


class Model:
    """A class that was found, under the name it is told by."""

    def __init__(self, library, module, cls):
        self.library, self.cls = library, cls
        self.module = clean(module)
        self.qualname = clean(cls.__qualname__)
        self.is_filled, self.generic = library.describe.parameters_of(cls)

    @property
    def id(self):
        return self.module + ":" + self.qualname


class Describer:
    def __init__(self, models, kinds, folders, lines):
        self._ids = {id(model.cls): model.id for model in models}
        self._enum_ids = {id(cls): enums.enum_id(cls) for cls in kinds}
        self._folders, self._lines = folders, lines
        self._schema_bytes = 0  # of the schemas told so far

    def place(self, model):
        file, line = self._lines.of(model.cls)
        return clean(relative(file, self._folders)), line

    def record(self, model):
        """(record, classes that its fields name)."""
        cls, library = model.cls, model.library.describe
        file, line = self.place(model)
        record = {
            "id": model.id, "module": model.module, "qualname": model.qualname,
            "kind": kind_of(cls, model.library.base), "generation": model.library.generation,
            "bases": [_base_id(library.parameters_of(base)[1] or base) for base in cls.__bases__ if base is not object],
            "doc": _docstring(cls), "file": file, "line": line,
            "config": library.config_of(cls), "functions": library.functions_of(cls), "fields": [],
        }
        classes = []
        for name, info in library.fields_of(cls).items():
            field, named = library.field_record(name, info)
            _put_constructor(cls, name, field["constraints"])
            field["references"] = sorted({self._ids[id(cls)] for cls in named if id(cls) in self._ids})
            field["enums"] = sorted({self._enum_ids[id(cls)] for cls in named if id(cls) in self._enum_ids})
            record["fields"].append(field)
            classes.extend(named)
        if getattr(vars(cls).get("__dataclass_params__"), "frozen", False) is True:
            record["config"]["frozen"] = canonical_json(True)
        constraints.drop_idle_strictness(record)
        self._finish(cls, record, lambda base: library.parameters_of(base)[1])
        return record, classes

    @staticmethod
    def _finish(cls, record, origin):
        """Adds what classes of any library may have."""
        record["ancestors"] = _ancestors(cls, origin, record["bases"])
        record["deprecated"] = _deprecated(cls)
        table = _table(cls)
        if table:
            record["table"] = table

    def mapped_record(self, cls):
        """The record of a class that SQLAlchemy maps, and that is no model of Pydantic's."""
        file, line = self._lines.of(cls)
        record = {"id": enums.enum_id(cls), "module": clean(cls.__module__), "qualname": clean(cls.__qualname__),
                  "kind": "table", "generation": 0, "bases": [_base_id(base) for base in cls.__bases__ if base is not object],
                  "doc": _docstring(cls), "file": clean(relative(file, self._folders)), "line": line, "config": {},
                  "functions": [], "fields": []}
        self._finish(cls, record, lambda base: None)
        return record

    def table_record(self, module, name, table):
        """The record of a table that no class is mapped to."""
        file = getattr(sys.modules.get(module), "__file__", None)
        return {"id": clean(module + ":" + name), "module": clean(module), "qualname": clean(name), "kind": "table",
                "generation": 0, "bases": [], "doc": "", "line": 0, "config": {}, "functions": [], "fields": [],
                "file": clean(relative(file, self._folders)) if isinstance(file, str) else "",
                "table": tables.describe(table)}

    def enum_record(self, cls):
        return enums.record(cls, self._lines.of(cls), self._folders)

    def _room_for(self, schema):
        """"" where the answer takes this schema, too; else why it does not. A model is worth more than its schema."""
        size = len(canonical_json(schema).encode("utf-8"))  # as it stands in a line: a string, escaped
        if size > MAX_SCHEMA_BYTES:
            return "it is over %d MiB" % (MAX_SCHEMA_BYTES >> 20)
        if self._schema_bytes + size > MAX_SCHEMAS_BYTES:
            return ("with it all schemas are over %d MiB; name fewer modules, and the others in another models source"
                    % (MAX_SCHEMAS_BYTES >> 20))
        self._schema_bytes += size
        return ""

    def add_schema(self, model, record):
        schema, error = model.library.describe.schema_of(model.cls)
        if schema is not None:
            try:
                text = canonical_json(jsonable(schema, MAX_DEPTH - _SCHEMA_DEPTH))
                too_large = self._room_for(text)
                if too_large:
                    record["schema_error"] = {"type": "too large", "text": too_large}
                    return
                record["schema"] = text
            except (ValueError, TypeError, RecursionError) as unprintable:
                error = unprintable
        if error is not None:
            told = describe(error, self._folders)
            record["schema_error"] = {"type": told["type"], "text": told["text"]}
