"""Records of Pydantic 1, and of the pydantic.v1 that Pydantic 2 carries; in the words of Pydantic 2."""
import sys
import typing

from . import constraints
from .spelling import Speller, accepts_none
from .values import is_named, jsonable, qualified_name, set_default, set_docs
from .wire import canonical_json, clean

CONFIG_NAMES = {
    "orm_mode": "from_attributes", "allow_population_by_field_name": "populate_by_name",
    "schema_extra": "json_schema_extra", "validate_all": "validate_default", "anystr_strip_whitespace":
    "str_strip_whitespace", "anystr_lower": "str_to_lower", "anystr_upper": "str_to_upper",
    "min_anystr_length": "str_min_length", "max_anystr_length": "str_max_length", "keep_untouched": "ignored_types",
}


def fields_of(cls):
    model = cls.__dict__.get("__pydantic_model__", cls)  # a Pydantic dataclass keeps a model of itself
    return getattr(model, "__fields__", {})


def _annotation(field):
    """What the field was declared with. Of a generic with its arguments filled in only the type is left."""
    if type(field.annotation).__name__ != "DeferredType":
        return field.annotation
    return typing.Optional[field.outer_type_] if field.allow_none else field.outer_type_


def field_record(name, field):
    speller = Speller()
    info = field.field_info
    annotation = _annotation(field)
    record = {"name": clean(name), "type": speller.spell(annotation)}
    found = speller.constraints
    declared = {}
    constraints.put_attributes(declared, "", info)
    known = {key.rpartition(".")[2] for key in found}  # those that have moved into the type already
    found.update((key, text) for key, text in declared.items() if key not in known)
    if field.discriminator_key:
        constraints.put(found, "", "discriminator", field.discriminator_key)
    if getattr(info, "allow_mutation", True) is False:
        constraints.put(found, "", "frozen", True)
    if getattr(info, "exclude", None) is True:
        constraints.put(found, "", "exclude", True)
    constraints.put(found, "", "env", (info.extra or {}).get("env"))  # of settings, whatever the prefix
    if field.has_alias and field.alias != name:
        record["alias"] = clean(field.alias)
    record["required"] = field.required is True
    record["nullable"] = bool(field.allow_none) or accepts_none(annotation)
    if field.default_factory is not None:
        record["default_factory"] = qualified_name(field.default_factory)
    elif field.required is not True:
        set_default(record, field.default)
    set_docs(record, info.description, info.title, (info.extra or {}).get("examples"))
    deprecated = (info.extra or {}).get("deprecated")
    if deprecated is True or isinstance(deprecated, str) and deprecated:
        record["deprecated"] = "true" if deprecated is True else clean(deprecated)
    record["constraints"] = found
    return record, speller.classes


def _setting(value):
    if is_named(value) or isinstance(value, (staticmethod, classmethod)):
        return qualified_name(getattr(value, "__func__", value))
    if isinstance(value, dict):
        return {qualified_name(key) if is_named(key) else str(jsonable(key)): _setting(item)
                for key, item in value.items()}
    return jsonable(value)


def config_of(cls):
    model = cls.__dict__.get("__pydantic_model__", cls)
    config = getattr(model, "__config__", None)
    makers = [maker.__module__ for maker in type(model).__mro__ if maker.__module__.split(".")[0] == "pydantic"]
    base = getattr(sys.modules.get(makers[0].rpartition(".")[0] + ".config") if makers else None, "BaseConfig", None)
    is_sqlmodels = any(owner.__module__.split(".")[0] == "sqlmodel" for owner in model.__mro__)
    own = {}
    for owner in reversed(config.__mro__ if config is not None else ()):
        if owner is object or owner is base or owner.__module__.split(".")[0] in ("pydantic", "sqlmodel"):
            continue
        for name, value in vars(owner).items():
            if name.startswith("_") or value is None or name in ("prepare_field", "get_field_info", "fields") or (
                    is_sqlmodels and name in constraints.SQLMODELS_OWN):
                continue
            if base is None or not hasattr(base, name) or getattr(base, name) != value:
                own[name] = value
            else:
                own.pop(name, None)
    if own.pop("allow_mutation", True) is False:
        own["frozen"] = True
    return {clean(CONFIG_NAMES.get(name, name)): canonical_json(_setting(value)) for name, value in own.items()}


def functions_of(cls):
    model = cls.__dict__.get("__pydantic_model__", cls)
    fields, modes = {}, {}
    for field_name, field in fields_of(cls).items():
        for validator in (field.class_validators or {}).values():
            if validator.func.__module__.split(".")[0] == "pydantic":
                continue  # a constrained type's own
            name = clean(validator.func.__name__)
            fields.setdefault(name, []).append(clean(field_name))
            modes[name] = "before" if validator.pre else "after"
    functions = [{"kind": "field_validator", "name": name, "fields": sorted(targets), "mode": modes[name]}
                 for name, targets in fields.items()]
    whole = [(function, "before") for function in getattr(model, "__pre_root_validators__", ())]
    whole += [(function, "after") for _, function in getattr(model, "__post_root_validators__", ())]
    for function, mode in whole:
        functions.append({"kind": "model_validator", "name": clean(function.__name__), "fields": [], "mode": mode})
    return functions


def repair(cls, namespace):
    """Resolves names that a model could not see when it was made: imports under TYPE_CHECKING."""
    model = cls.__dict__.get("__pydantic_model__", cls)
    unresolved = ("ForwardRef", "DeferredType")
    if any(type(field.outer_type_).__name__ in unresolved or type(field.type_).__name__ in unresolved
           for field in fields_of(cls).values()):
        model.update_forward_refs(**namespace)


class _OneOrder:
    """While it is entered, sets among defaults are printed in one order; else it is that of the memory."""

    def __init__(self, metaclass):
        # "pydantic", or "pydantic.v1": an application may derive a metaclass of its own.
        package = next((base.__module__.rpartition(".")[0] for base in metaclass.__mro__
                        if base.__module__.split(".")[0] == "pydantic"), "pydantic")
        self._encoders = getattr(sys.modules.get(package + ".json"), "ENCODERS_BY_TYPE", {})
        self._before = {}

    def __enter__(self):
        self._before = {kind: self._encoders[kind] for kind in (set, frozenset) if kind in self._encoders}
        self._encoders.update((kind, jsonable) for kind in self._before)

    def __exit__(self, *_error):
        self._encoders.update(self._before)


def schema_of(cls):
    """(schema, error): the error is set where the schema is missing."""
    model = cls.__dict__.get("__pydantic_model__", cls)
    try:
        with _OneOrder(type(model)):
            return model.schema(), None
    except BaseException as error:  # pylint: disable=broad-except  # the hooks may even leave
        return None, error


def parameters_of(cls):
    """(whether it is a generic with its arguments filled in, the generic it came from)."""
    concrete = getattr(cls, "__concrete__", None) is True and "[" in cls.__name__
    return concrete, cls.__mro__[1] if concrete else None
