"""The record of one model, and the order in which all are told."""
import inspect

from .files import relative
from .importing import describe
from .values import MAX_DEPTH, jsonable
from .wire import canonical_json, clean

_PUBLIC = {"BaseModel": "BaseModel", "RootModel": "RootModel", "BaseSettings": "BaseSettings",
           "GenericModel": "BaseModel"}  # Pydantic 2 has no class of that name any more


def _base_id(cls):
    """A direct base as `module:qualname`; Pydantic's own under one name in every version of it."""
    library = cls.__module__.split(".")[0]
    if library in ("pydantic", "pydantic_settings") and cls.__name__ in _PUBLIC:
        return "pydantic:" + _PUBLIC[cls.__name__]
    if library == "sqlmodel":
        return "sqlmodel:" + cls.__qualname__
    return clean(cls.__module__ + ":" + cls.__qualname__)


def _names(cls):
    return [base.__name__ for base in cls.__mro__ if base.__module__.split(".")[0] in (
        "pydantic", "pydantic_settings", "sqlmodel")]


def kind_of(cls, base):
    """ "model", "root", "settings", "dataclass" or "table"."""
    if not issubclass(cls, base):
        return "dataclass"
    table = getattr(cls, "__table__", None)
    if table is not None and hasattr(table, "columns"):
        return "table"
    if "BaseSettings" in _names(cls):
        return "settings"
    return "root" if "RootModel" in _names(cls) or "__root__" in getattr(cls, "__fields__", {}) else "model"


def _table(cls):
    table = getattr(cls, "__table__", None)
    name = getattr(table, "name", None)
    if isinstance(name, str):
        return {"schema": clean(str(getattr(table, "schema", None) or "")), "name": clean(name)}
    name = vars(cls).get("__tablename__")
    return {"schema": "", "name": clean(name)} if isinstance(name, str) else None


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
    def __init__(self, models, folders, lines):
        self._ids = {id(model.cls): model.id for model in models}
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
            field["references"] = sorted({self._ids[id(cls)] for cls in named if id(cls) in self._ids})
            record["fields"].append(field)
            classes.extend(named)
        table = _table(cls)
        if table:
            record["table"] = table
        return record, classes

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
