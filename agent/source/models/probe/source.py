"""Reads models from source with ast, without running it: what importing could not, or must not, tell.

What source does not show is left out or None: unknown is never told as a value.
"""
import ast

from . import constraints
from .expressions import ExpressionSpeller, Meaning, dotted_name, items
from .files import relative
from .source_others import (class_deprecated, class_table, deprecated_text, docstring, enum_record, first_line,
                            table_records)
from .source_names import Names, Sources
from .source_parts import config_of, field_default, functions_of, keyword_arguments, put_names
from .values import jsonable
from .wire import canonical_json, clean

_SEEDS = {
    "BaseModel": "model", "RootModel": "root", "GenericModel": "model", "BaseSettings": "settings",
    "SQLModel": "model", "DeclarativeBase": "mapped", "MappedAsDataclass": "mapped", "Base": "mapped",
}
_SEED_NAMES = {"GenericModel": "BaseModel"}  # Pydantic 2 has no class of that name any more
_SEED_LIBRARIES = ("pydantic", "pydantic_settings", "sqlmodel", "sqlalchemy")
# Bases that bring no fields.
_HARMLESS = ("typing", "typing_extensions", "abc", "enum", "collections", "builtins")


def generation_of(module, default):
    """1 or 2 by what the module itself imports; else what the interpreter has; 0 where nobody knows."""
    for source, attribute in module.imports.values():
        if source.startswith("pydantic.v1"):
            return 1
        if source.split(".")[0] != "pydantic":
            continue
        if attribute in ("ConfigDict", "field_validator", "model_validator", "RootModel", "computed_field",
                         "field_serializer", "model_serializer", "TypeAdapter"):
            return 2
        if attribute == "BaseSettings" or source in ("pydantic.generics", "pydantic.env_settings"):
            return 1
    return default


class Class:
    """A class definition and the module it stands in."""

    def __init__(self, names, qualname, node):
        self.names, self.qualname, self.node = names, qualname, node

    @property
    def id(self):
        return self.names.module.name + ":" + self.qualname


class Reader:
    def __init__(self, sources, folders, generation):
        self._sources, self._folders, self._generation = sources, folders, generation
        self._lineages = {}

    def names(self, module):
        return Names(self._sources, module, generation_of(module, self._generation))

    def bases(self, cls):
        """[(Class or None, Meaning)] of the direct bases, in order."""
        found = []
        for base in cls.node.bases:
            node = base.value if isinstance(base, ast.Subscript) else base
            meaning = cls.names.meaning(dotted_name(node))
            if meaning.kind == "alias":
                expression, names = meaning.target
                inner = expression.value if isinstance(expression, ast.Subscript) else expression
                meaning = self._made_base(names, inner) or names.meaning(dotted_name(inner))
            if meaning.kind == "class":
                names, node = cls.names.owner(meaning)
                found.append((Class(self.names(names.module), meaning.text, node), meaning))
            else:
                found.append((None, meaning))
        return found

    @staticmethod
    def _made_base(names, node):
        """What `Base = declarative_base()` makes; None of anything else."""
        if isinstance(node, ast.Call):
            made = names.meaning(dotted_name(node.func)).text
            if made.split(".")[0] == "sqlalchemy" and made.endswith(".declarative_base"):
                return Meaning("external", "sqlalchemy.orm.Base", None)
        return None

    def lineage(self, cls):
        """(classes from the farthest base to `cls`, kind or None where it is no model, unknown bases)."""
        if cls.id in self._lineages:
            return self._lineages[cls.id]
        self._lineages[cls.id] = ([], None, [])  # a class that is its own base ends here
        line, kind, unknown = [], None, []
        for base, meaning in reversed(self.bases(cls)):
            if base is not None:
                theirs, their_kind, their_unknown = self.lineage(base)
                line.extend(known for known in theirs if known.id not in [had.id for had in line])
                unknown.extend(their_unknown)
                kind = their_kind or kind
                continue
            library, word = meaning.text.split(".")[0], meaning.text.rpartition(".")[2]
            if library in _SEED_LIBRARIES and word in _SEEDS:
                kind = _SEEDS[word] if kind in (None, "model") else kind
            elif library not in _HARMLESS and word not in ("object", "Generic", "Protocol", "ABC"):
                unknown.append(meaning.text)
        if kind is None and self._is_dataclass(cls):
            kind = "dataclass"
        if kind == "model" and self._is_table(cls):
            kind = "table"
        line.append(cls)
        self._lineages[cls.id] = (line, kind, sorted(set(unknown)))
        return self._lineages[cls.id]

    @staticmethod
    def _is_dataclass(cls):
        for decorator in cls.node.decorator_list:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            if cls.names.meaning(dotted_name(node)).text in (
                    "pydantic.dataclasses.dataclass", "pydantic.v1.dataclasses.dataclass"):
                return True
        return False

    @staticmethod
    def _is_table(cls):
        return any(keyword.arg == "table" and getattr(keyword.value, "value", None) is True
                   for keyword in cls.node.keywords)

    def record(self, cls):
        """The record of a model; None of what is none."""
        line, kind, unknown = self.lineage(cls)
        if kind is None or (kind == "dataclass" and not self._is_dataclass(cls)):
            return None
        table = class_table(line, cls.node.name.lower() if kind == "table" else "")
        if kind == "mapped" and table is None:
            return None
        fields = {}
        for known in line if kind != "mapped" else ():
            for field in self._own_fields(known):
                fields[field["name"]] = field  # an overridden field keeps its first place
        if kind == "model" and "__root__" in fields:
            kind = "root"
        node, module = cls.node, cls.names.module
        record = {
            "id": clean(cls.id), "module": clean(module.name), "qualname": clean(cls.qualname), "kind": kind,
            "static": True, "generation": cls.names.generation, "bases": self.base_ids(cls), "incomplete": unknown,
            "doc": docstring(node), "file": clean(relative(module.file, self._folders)), "line": first_line(node),
            "config": {}, "functions": [], "fields": list(fields.values()), "deprecated": class_deprecated(cls),
        }
        if kind == "mapped":
            record.update(kind="table", generation=0)
        else:
            record.update(config=config_of(line), functions=functions_of(line, list(fields)))
        if table is not None:
            record["table"] = table
        return record

    def base_ids(self, cls):
        ids = []
        for _, meaning in self.bases(cls):
            library, word = meaning.text.split(".")[0], meaning.text.rpartition(".")[2]
            if meaning.kind == "class":
                ids.append(clean(meaning.target))
            elif library in _SEED_LIBRARIES and word in _SEEDS:
                library = library if library in ("sqlmodel", "sqlalchemy") else "pydantic"
                ids.append(library + ":" + _SEED_NAMES.get(word, word))
            else:
                module, _, word = meaning.text.rpartition(".")
                ids.append(clean((module or "builtins") + ":" + word))
        return ids

    def _own_fields(self, cls):
        for base in cls.node.bases:  # RootModel[list[int]] declares the field `root`
            if isinstance(base, ast.Subscript) and cls.names.meaning(dotted_name(base.value)).text in (
                    "pydantic.RootModel", "pydantic.root_model.RootModel"):
                yield self._field(cls, "root", items(base)[0], None)
        for node in cls.node.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                field = self._field(cls, node.target.id, node.annotation, node.value)
            elif isinstance(node, ast.Assign) and cls.names.generation == 1 and len(node.targets) == 1:
                field = self._inferred_field(cls, dotted_name(node.targets[0]), node.value)
            else:
                continue
            if field is not None:
                yield field

    @staticmethod
    def _inferred_field(cls, name, value):
        """`x = 3` in a model of Pydantic 1 is a field; so is none of the names with a meaning of their own."""
        if not name or "." in name or name.startswith("_") or name == "Config":
            return None
        try:
            literal = cls.names.literal(value)
        except ValueError:
            return None
        record = {"name": clean(name), "type": type(literal).__name__, "required": False, "nullable": literal is None,
                  "constraints": {}, "references": []}
        record["default"] = canonical_json(jsonable(literal))
        return record

    def _field(self, cls, name, annotation, value):
        if (name.startswith("_") and name != "__root__") or name == "model_config":
            return None
        head = annotation.value if isinstance(annotation, ast.Subscript) else annotation
        if isinstance(head, ast.Constant) and isinstance(head.value, str) and "ClassVar" in head.value:
            return None
        if cls.names.meaning(dotted_name(head)).text.rpartition(".")[2] == "ClassVar":
            return None
        called = ""
        if isinstance(value, ast.Call):
            called = cls.names.meaning(dotted_name(value.func)).text.rpartition(".")[2]
        if called in ("PrivateAttr", "Relationship"):
            return None
        speller = ExpressionSpeller(cls.names.inside(cls.qualname))
        record = {"name": clean(name), "type": clean(speller.spell_field(annotation))}
        calls = list(speller.field_calls)
        if called == "Field":
            speller.spell_call_constraints(value)
            calls.append(value)
        arguments = keyword_arguments(calls)
        field_default(record, cls.names, value if called != "Field" else None, calls, arguments)
        record["nullable"] = True if speller.accepts_none else None if speller.unknown else False
        if cls.names.generation == 1 and record.get("default") == "null":
            record["nullable"] = True
        record["required"] = self._required(record, cls.names.generation)
        put_names(record, speller.constraints, cls.names, name, arguments)
        for switch in ("frozen", "exclude", "validate_default", "kw_only"):
            if getattr(arguments.get(switch), "value", None) is True:
                constraints.put(speller.constraints, "", switch, True)
        if "deprecated" in arguments:
            deprecated = deprecated_text(cls.names, arguments["deprecated"])
            if deprecated is not None:
                record["deprecated"] = deprecated
        record["constraints"] = {clean(key): clean(text) for key, text in speller.constraints.items()}
        record["references"] = sorted(set(speller.references))
        record.pop("ellipsis", None)
        return record

    @staticmethod
    def _required(record, generation):
        """Whether a value must be given; None where it depends on the generation and that is not known."""
        if any(key in record for key in ("default", "default_factory", "default_text")):
            return False
        if record.get("ellipsis") or generation == 2 or record["nullable"] is False:
            return True
        if record["nullable"] and generation == 1:
            record["default"] = "null"
            return False
        return None


def _referred(record, known, kinds):
    for field in record["fields"]:
        field["enums"] = [name for name in field["references"] if name in kinds]
        field["references"] = [name for name in field["references"] if name in known]
    return record


def tell_models(channel, request, modules):
    """Tells the models of the modules [(name, file)]; returns how many, and the files that were read."""
    folders = request["path"]
    wanted = frozenset(request["only"]) if "only" in request else None
    sources = Sources(folders)
    reader = Reader(sources, folders, request.get("generation") or _installed_generation())
    records, enums = [], []
    for name, file in modules:
        if wanted is not None and name not in wanted:
            continue
        module = sources.load(name, file)
        if module is None:
            _tell_error(channel, name, sources.errors.get(name), folders)
            continue
        for qualname, node in module.classes.items():
            channel.send("describe", id=clean(name + ":" + qualname))
            cls = Class(reader.names(module), qualname, node)
            record = reader.record(cls)
            if record is not None:
                records.append(record)
            record = enum_record(reader, cls, folders) if record is None else None
            if record is not None:
                enums.append(record)
        records.extend(table_records(reader.names(module), folders))
        channel.send("parsed", module=clean(name))
    known, kinds = {record["id"] for record in records}, {record["id"] for record in enums}
    for record in sorted(records, key=lambda record: record["id"]):
        channel.send("model", **_referred(record, known, kinds))
    for record in sorted(enums, key=lambda record: record["id"]):
        channel.send("enum", **record)
    return len(records), sources.files()


def _tell_error(channel, name, error, folders):
    file = getattr(error, "filename", None)
    channel.send("error", stage="parse", module=clean(name), type=type(error).__name__ if error else "",
                 text=clean(str(getattr(error, "msg", "") or getattr(error, "strerror", "") or "")),
                 file=clean(relative(file, folders)) if isinstance(file, str) else "",
                 line=getattr(error, "lineno", 0) or 0)


def _installed_generation():
    """The generation of Pydantic that is installed for this interpreter, which is not imported; 0: none."""
    try:
        from importlib.metadata import version
        major = version("pydantic").split(".")[0]
    except Exception:  # pylint: disable=broad-except  # Python 3.7 has no such module; metadata may be broken
        return 0
    return int(major) if major in ("1", "2") else 0
