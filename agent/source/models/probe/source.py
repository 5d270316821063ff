"""Reads models from source with ast, without running it: what importing could not, or must not, tell.

What source does not show is left out or None: unknown is never told as a value.
"""
import ast
import json

from . import constraints
from .expressions import ExpressionSpeller, Meaning, dotted_name, items
from .files import relative
from .source_names import Names, name_of
from .source_others import decorators_reason, deprecated_text, docstring, first_line
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
        self._lineages, self._fields, self._names = {}, {}, {}

    def names(self, module):
        if module.name not in self._names:
            self._names[module.name] = Names(self._sources, module, generation_of(module, self._generation))
        return self._names[module.name]

    def found(self, names, meaning):
        """The Class that a name stands for."""
        names, node = names.owner(meaning)
        return Class(self.names(names.module), meaning.text, node)

    @staticmethod
    def class_of(names, qualname, node):
        return Class(names, qualname, node)

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
                found.append((self.found(cls.names, meaning), meaning))
            else:
                found.append((None, meaning))
        return found

    @staticmethod
    def _made_base(names, node):
        """What `Base = declarative_base()` makes, its target (names, call); None of anything else."""
        if isinstance(node, ast.Call):
            made = names.meaning(dotted_name(node.func)).text
            if made.split(".")[0] == "sqlalchemy" and made.endswith(".declarative_base"):
                return Meaning("external", "sqlalchemy.orm.Base", (names, node))
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
        if kind == "model" and self.is_table(cls):
            kind = "table"
        line.append(cls)
        self._lineages[cls.id] = (line, kind, sorted(set(unknown)))
        return self._lineages[cls.id]

    @staticmethod
    def _dataclass_keywords(cls):
        """Those of @dataclass(…); None of what is no dataclass of Pydantic's."""
        for decorator in cls.node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if cls.names.meaning(dotted_name(call.func if call else decorator)).text in (
                    "pydantic.dataclasses.dataclass", "pydantic.v1.dataclasses.dataclass"):
                return keyword_arguments([call] if call else [])
        return None

    def _is_dataclass(self, cls):
        return self._dataclass_keywords(cls) is not None

    def _is_sqlmodels(self, line):
        return any(base is None and meaning.text.split(".")[0] == "sqlmodel"
                   for cls in line for base, meaning in self.bases(cls))

    def is_declarative_root(self, cls):
        """Whether it is an application's own Base: mapped itself to nothing."""
        return any(base is None and meaning.text.rpartition(".")[2] == "DeclarativeBase"
                   for base, meaning in self.bases(cls))

    @staticmethod
    def is_table(cls):
        """Whether it is one of SQLModel's with table=True."""
        return any(keyword.arg == "table" and getattr(keyword.value, "value", None) is True
                   for keyword in cls.node.keywords)

    def record(self, cls, tables):
        """The record of a model; None of what is none."""
        line, kind, unknown = self.lineage(cls)
        if kind is None or (kind == "dataclass" and not self._is_dataclass(cls)):
            return None
        table = tables.of_class(cls, kind)
        if kind == "mapped" and table is None:
            return None
        fields, unclear = {}, set(("fields", "config", "functions", "docs") if unknown else ())
        for known in line if kind != "mapped" else ():
            if known.id not in self._fields:
                self._fields[known.id] = list(self._own_fields(known))
            for field in self._fields[known.id]:
                fields[field["name"]] = self._inherited(field, known.id != cls.id)  # it keeps its first place
            if any(_may_declare(node) or self._may_infer(known, node) for node in known.node.body):
                unclear.add("fields")
        if kind == "model" and "__root__" in fields:
            kind = "root"
        node, module = cls.node, cls.names.module
        record = {
            "id": clean(cls.id), "module": clean(module.name), "qualname": clean(cls.qualname), "kind": kind,
            "static": True, "generation": cls.names.generation, "bases": self.base_ids(cls), "incomplete": unknown,
            "doc": docstring(node), "file": clean(relative(module.file, self._folders)), "line": first_line(node),
            "config": {}, "functions": [], "fields": list(fields.values()),
            "deprecated": decorators_reason(cls.names, node),
        }
        if kind == "mapped":
            record.update(kind="table", generation=0)
        else:
            library = "sqlmodel" if self._is_sqlmodels(line) else kind
            record["config"], is_whole = config_of(line, library)
            unclear.update(() if is_whole else ("config",))
            record["functions"] = functions_of(line, list(fields))
            _take_configured_names(record)
            _note_generated_aliases(record)
            unclear.update(["docs"] if any([field.pop("unclear_docs") for field in record["fields"]]) else ())
            record["unknown"] = sorted(unclear)
            constraints.drop_idle_strictness(record)
        if table is not None:
            record["table"] = table
        return record

    @staticmethod
    def _inherited(field, is_others):
        """A field in a class that is not its own: what stands for a TypeVar there is not followed."""
        field = dict(field)
        if field.pop("is_generic") and is_others:
            field.update(type="", nullable=None, constraints={}, references=[],
                         unknown=sorted({"type", "constraints", "type_references"}.union(field.get("unknown", ()))))
        return field

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
                  "constraints": {}, "references": [], "is_generic": False,
                  "unknown": [], "unclear_docs": False}
        record["default"] = canonical_json(jsonable(literal))
        return record

    def _may_infer(self, cls, node):
        """Whether `x = make()` in a model of Pydantic 1 declares a field of a type that source does not show."""
        if cls.names.generation != 1 or not isinstance(node, ast.Assign) or len(node.targets) != 1:
            return False
        name = dotted_name(node.targets[0])
        is_made = isinstance(node.value, ast.Attribute) or isinstance(node.value, ast.Call) and not isinstance(
            node.value.func, ast.Call)  # validator("x")(function)
        return is_made and name[:1] not in ("", "_") and self._inferred_field(cls, name, node.value) is None

    @staticmethod
    def is_field(cls, name, annotation):
        """Whether `name: annotation` in a class's body is one."""
        if (name.startswith("_") and name != "__root__") or name == "model_config":
            return False
        head = annotation.value if isinstance(annotation, ast.Subscript) else annotation
        if isinstance(head, ast.Constant) and isinstance(head.value, str) and "ClassVar" in head.value:
            return False
        return cls.names.meaning(dotted_name(head)).text.rpartition(".")[2] != "ClassVar"

    def _field(self, cls, name, annotation, value):
        if not self.is_field(cls, name, annotation):
            return None
        called, may_be_field = "", False
        if isinstance(value, ast.Call):
            meaning = cls.names.meaning(dotted_name(value.func))
            called = "Field" if meaning.text == "dataclasses.field" else meaning.text.rpartition(".")[2]
            may_be_field = meaning.kind == "named"  # a function of the application's may give a Field(…)
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
        if self._is_constant(cls, annotation, record):
            return None
        is_open = may_be_field or any(keyword.arg is None for call in calls for keyword in call.keywords)
        is_variable = speller.holds_variable and record["type"].isidentifier()
        record["nullable"] = True if speller.accepts_none else None if speller.unknown or is_variable else False
        if cls.names.generation == 1 and record.get("default") == "null":
            record["nullable"] = True
        record["required"] = None if is_open else self._required(record, cls.names.generation)
        unknown = put_names(record, speller.constraints, cls.names, name, arguments)
        if is_open:
            unknown.update(("alias", "constraints", "default", "docs"))
        if record.pop("unsure_default", False):
            unknown.add("default")
        if speller.unclear_constraints:
            unknown.add("constraints")
        if "deprecated" in arguments:
            deprecated = deprecated_text(cls.names, arguments["deprecated"])
            if deprecated is not None:
                record["deprecated"] = deprecated
        record["unclear_docs"] = "docs" in unknown
        record["unknown"], record["is_generic"] = sorted(unknown - {"docs"}), speller.holds_variable
        if "exclude_if" in arguments:
            speller.functions.append(("exclude_if", arguments["exclude_if"], cls.names))
        _put_constructor(speller.constraints, arguments, self._dataclass_keywords(cls))
        record["constraints"] = _constraints(speller, arguments)
        record["references"] = sorted(set(speller.references))
        record.pop("ellipsis", None)
        return record

    @staticmethod
    def _is_constant(cls, annotation, record):
        """Whether it is Final with a value, which is an attribute of the class."""
        head = annotation.value if isinstance(annotation, ast.Subscript) else annotation
        return cls.names.meaning(dotted_name(head)).text.rpartition(".")[2] == "Final" and any(
            key in record for key in ("default", "default_factory", "default_text"))

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


def _put_constructor(found, arguments, of_class):
    """What the constructor of a dataclass, whose keywords are `of_class`, does with a field."""
    if of_class is None:
        return
    if getattr(arguments.get("kw_only", of_class.get("kw_only")), "value", None) is True:
        constraints.put(found, "", "kw_only", True)
    if getattr(arguments.get("init"), "value", None) is False:
        constraints.put(found, "", "init", False)


def _constraints(speller, arguments):
    """Those of an annotation and of its Field(…), with their functions by name."""
    for key, function, names in speller.functions:
        speller.constraints[key] = canonical_json(name_of(names, function))
    for switch in ("frozen", "exclude", "validate_default", "kw_only"):
        if getattr(arguments.get(switch), "value", None) is True:
            constraints.put(speller.constraints, "", switch, True)
    return {clean(key): clean(text) for key, text in speller.constraints.items()}


def _may_declare(node):
    """Whether a statement of a class's body declares fields only when it is run."""
    return isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)) and any(
        isinstance(inner, ast.AnnAssign) for inner in ast.walk(node))


def _take_configured_names(record):
    """Pydantic 1 takes names on the wire from `fields` of a configuration, too; they are told of the fields."""
    configured = json.loads(record["config"].pop("fields", "null")) if record["generation"] == 1 else None
    for field in record["fields"] if isinstance(configured, dict) else ():
        said = configured.get(field["name"], {})
        said = {"alias": said} if isinstance(said, str) else said
        alias = said.get("alias", field["name"])
        if "alias" not in field and alias != field["name"]:
            field["alias"] = alias
        if set(said) - {"alias"}:
            field["unknown"] = sorted({"constraints"}.union(field["unknown"]))


def _note_generated_aliases(record):
    """Where a function makes the aliases, those that no field says are not known."""
    generator = record["config"].get("alias_generator")
    for field in record["fields"] if generator is not None else ():
        if "alias" not in field:
            field["unknown"] = sorted({"alias", "constraints"}.union(field["unknown"]))
