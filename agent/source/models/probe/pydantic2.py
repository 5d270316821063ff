"""Records of Pydantic 2: models, root models, settings, SQLModel and Pydantic dataclasses."""
import inspect
import re
import sys

from . import constraints
from .spelling import Speller, accepts_none
from .values import is_named, jsonable, qualified_name, set_default, set_docs
from .wire import canonical_json, clean

_DECORATORS = (  # attribute of __pydantic_decorators__ -> our kind
    ("validators", "field_validator"), ("field_validators", "field_validator"),
    ("root_validators", "model_validator"), ("model_validators", "model_validator"),
    ("field_serializers", "field_serializer"), ("model_serializers", "model_serializer"),
    ("computed_fields", "computed_field"),
)


def fields_of(cls):
    found = getattr(cls, "__pydantic_fields__", None)
    return found if isinstance(found, dict) else getattr(cls, "model_fields", {})


def _alias_text(alias):
    """A wire name as JSON: a string, a path as a list, choices as a list under their name."""
    if isinstance(alias, str):
        return clean(alias)
    if type(alias).__name__ == "AliasPath":
        return {"path": jsonable(alias.path)}
    if type(alias).__name__ == "AliasChoices":
        return {"choices": [_alias_text(choice) for choice in alias.choices]}
    return qualified_name(alias)


def _put_aliases(record, found, name, info):
    alias = info.alias if isinstance(info.alias, str) else None
    taken, given = info.validation_alias, info.serialization_alias
    if alias is None and isinstance(taken, str):
        alias = taken
    if alias is not None and alias != name:
        record["alias"] = clean(alias)
    if taken is not None and taken != alias:
        found["validation_alias"] = canonical_json(_alias_text(taken))
    if given is not None and given != (alias or name):
        found["serialization_alias"] = canonical_json(_alias_text(given))


def _is_undefined(value):
    return value is Ellipsis or type(value).__name__ in ("PydanticUndefinedType", "UndefinedType")


def deprecated_text(value):
    """Why something is deprecated; "true" without a reason, None where it is not."""
    message = getattr(value, "message", value)
    return clean(message) if isinstance(message, str) and message else "true" if message is True else None


def _deprecated(info):
    extra = getattr(info, "json_schema_extra", None)  # where Pydantic before 2.7 keeps the word
    return deprecated_text(getattr(info, "deprecated", None) or (
        extra.get("deprecated") if isinstance(extra, dict) else None))


def field_record(name, info):
    speller = Speller()
    record = {"name": clean(name), "type": speller.spell(info.annotation)}
    found = speller.constraints
    constraints.put_metadata(found, "", info.metadata)
    constraints.put(found, "", "discriminator", getattr(info, "discriminator", None))
    for switch in ("frozen", "exclude", "validate_default", "init_var", "kw_only"):
        if getattr(info, switch, None) is True:
            constraints.put(found, "", switch, True)
    constraints.put(found, "", "exclude_if", getattr(info, "exclude_if", None))
    _put_aliases(record, found, name, info)
    record["required"] = bool(info.is_required())
    record["nullable"] = accepts_none(info.annotation)
    if info.default_factory is not None:
        record["default_factory"] = qualified_name(info.default_factory)
    elif not _is_undefined(info.default):
        set_default(record, info.default)
    set_docs(record, info.description, info.title, info.examples)
    deprecated = _deprecated(info)
    if deprecated is not None:
        record["deprecated"] = deprecated
    record["constraints"] = found
    return record, speller.classes


def _setting(value):
    if is_named(value):
        return qualified_name(value)
    if isinstance(value, dict):  # json_encoders: types and functions, by name
        return {qualified_name(key) if is_named(key) else str(jsonable(key)): _setting(item)
                for key, item in value.items()}
    return jsonable(value)


def _settings_of(config):
    return {clean(name): canonical_json(_setting(value)) for name, value in config.items() if value is not None}


def config_of(cls):
    """Without what BaseSettings and SQLModel configure by themselves: that is more with each of their versions."""
    config = _settings_of(getattr(cls, "model_config", None) or getattr(cls, "__pydantic_config__", None) or {})
    libraries = {}
    for base in reversed(cls.__mro__):
        library = base.__module__.split(".")[0]
        if library in ("pydantic", "pydantic_settings", "sqlmodel"):
            libraries[library] = _settings_of(vars(base).get("model_config") or {})
    for own in libraries.values():
        config = {name: value for name, value in config.items() if own.get(name) != value}
    return {name: value for name, value in config.items()
            if "sqlmodel" not in libraries or name not in constraints.SQLMODELS_OWN}


def _targets(info):
    fields = getattr(info, "fields", None)
    fields = fields or getattr(info, "field", None) or ()
    return sorted(clean(field) for field in ((fields,) if isinstance(fields, str) else fields))


def _computed(cls, name, info):
    """What a computed field returns, its name on the wire, its title and description, why it is deprecated."""
    told, kind = {}, getattr(info, "return_type", None)
    known = (getattr(cls, "__pydantic_computed_fields__", None) or {}).get(name)
    if known is not None and not _is_undefined(known.return_type):
        kind = known.return_type
    if kind is None or _is_undefined(kind):
        function = getattr(getattr(info, "wrapped_property", None), "fget", None) or getattr(
            getattr(info, "wrapped_property", None), "func", None)
        kind = getattr(function, "__annotations__", {}).get("return", Ellipsis)
    if kind is not Ellipsis:
        told["type"] = Speller().spell(kind)
    if isinstance(info.alias, str) and info.alias != name:
        told["alias"] = clean(info.alias)
    if isinstance(info.description, str):
        told["description"] = clean(inspect.cleandoc(info.description))
    if isinstance(info.title, str):
        told["title"] = clean(info.title)
    deprecated = deprecated_text(getattr(info, "deprecated", None))
    if deprecated is not None:
        told["deprecated"] = deprecated
    return told


def _mode(info):
    """How it is called, and of a serializer when, where that is not always."""
    mode, when = getattr(info, "mode", None), getattr(info, "when_used", None)
    told = [mode] if isinstance(mode, str) else []
    return ", ".join(told + ([when] if isinstance(when, str) and when != "always" else []))


def functions_of(cls):
    decorators = getattr(cls, "__pydantic_decorators__", None)
    functions = []
    for attribute, kind in _DECORATORS:
        for name, decorator in (getattr(decorators, attribute, None) or {}).items():
            functions.append({"kind": kind, "name": clean(name), "fields": _targets(decorator.info),
                              "mode": _mode(decorator.info)})
            if kind == "computed_field":
                functions[-1].update(_computed(cls, name, decorator.info))
    return functions


def repair(cls, namespace):
    """Resolves names that a model could not see when it was made: imports under TYPE_CHECKING."""
    if getattr(cls, "__pydantic_complete__", True):
        return
    cls.model_rebuild(raise_errors=False)
    if not getattr(cls, "__pydantic_complete__", True):
        cls.model_rebuild(raise_errors=False, _types_namespace=namespace)


def _generator():
    """A schema generator that marks what has no JSON form, instead of giving up the whole model."""
    from pydantic.json_schema import GenerateJsonSchema

    class Marking(GenerateJsonSchema):
        def handle_invalid_for_json_schema(self, schema, error_info):
            return {"x-unserializable": str(schema.get("type", "unknown"))}

    return Marking


def _sorts_sets_itself():
    """Since 2.13 the library prints the default of a set in one order; before, in that of the memory."""
    numbers = re.findall(r"\d+", str(getattr(sys.modules.get("pydantic"), "VERSION", "")))
    return [int(number) for number in numbers[:2]] >= [2, 13]


def _with_sets_sorted(schema):
    if isinstance(schema, list):
        return [_with_sets_sorted(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: _with_sets_sorted(item) for name, item in schema.items()}
    arms = schema.get("anyOf", [schema])
    is_set = isinstance(arms, list) and any(isinstance(arm, dict) and arm.get("uniqueItems") is True for arm in arms)
    if is_set and isinstance(schema.get("default"), list):
        schema["default"] = sorted(schema["default"], key=lambda item: canonical_json(jsonable(item)))
    return schema


def schema_of(cls):
    """(schema, error): the error is set where the schema is missing or marked in parts."""
    def printed(**options):
        if hasattr(cls, "model_json_schema"):
            return cls.model_json_schema(mode="validation", **options)
        from pydantic import TypeAdapter
        return TypeAdapter(cls).json_schema(mode="validation", **options)

    def make(**options):
        schema = printed(**options)
        return schema if _sorts_sets_itself() else _with_sets_sorted(schema)

    try:
        return make(), None
    except BaseException as error:  # pylint: disable=broad-except  # the hooks may even leave
        first = error
    try:
        return make(schema_generator=_generator()), first
    except BaseException:  # pylint: disable=broad-except
        return None, first


def parameters_of(cls):
    """(whether it is a generic with its arguments filled in, the generic it came from)."""
    generic = getattr(cls, "__pydantic_generic_metadata__", None) or {}
    return generic.get("origin") is not None, generic.get("origin")
