"""Constraints of a field under the names that Pydantic 2 gives them, whatever declared them."""
from .values import is_named, jsonable, qualified_name
from .wire import canonical_json

# Attribute of a metadata object, of a FieldInfo or of a constrained type -> our name.
NAMES = {
    "gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "multiple_of": "multiple_of",
    "min_length": "min_length", "max_length": "max_length", "min_items": "min_length", "max_items": "max_length",
    "pattern": "pattern", "regex": "pattern", "max_digits": "max_digits", "decimal_places": "decimal_places",
    "strict": "strict", "strip_whitespace": "strip_whitespace", "to_lower": "to_lower", "to_upper": "to_upper",
    "allow_inf_nan": "allow_inf_nan", "unique_items": "unique_items", "union_mode": "union_mode",
    "discriminator": "discriminator", "path_type": "path_type", "uuid_version": "uuid_version",
    "allowed_schemes": "allowed_schemes", "host_required": "host_required", "curtail_length": "curtail_length",
    "tag": "tag", "coerce_numbers_to_str": "coerce_numbers_to_str", "fail_fast": "fail_fast",
}
# Metadata of Annotated that says by its class alone how a value is taken or written, a class or an object of it.
MARKERS = {"SkipValidation": "skip_validation", "SerializeAsAny": "serialize_as_any", "InstanceOf": "instance_of",
           "OnErrorOmit": "omit_on_error"}
# Not a constraint where it says what holds anyway.
_IDLE = {"min_length": 0, "host_required": False, "strip_whitespace": False, "to_lower": False,
         "to_upper": False, "unique_items": False, "curtail_length": None}
# What SQLModel notes in the configuration of its classes for itself.
SQLMODELS_OWN = ("registry", "table", "read_from_attributes", "read_with_orm_mode")
VALIDATORS = {"BeforeValidator": "before_validator", "AfterValidator": "after_validator",
               "WrapValidator": "wrap_validator", "PlainValidator": "plain_validator",
               "PlainSerializer": "plain_serializer", "WrapSerializer": "wrap_serializer", "Predicate": "predicate"}


def put(constraints, path, name, value):
    """Adds one, in canonical JSON; `path` is "[0]." for the first argument of the type, and so on."""
    if value is None or (name in _IDLE and value == _IDLE[name]):
        return
    text = qualified_name(value) if is_named(value) else jsonable(value)
    constraints[path + name] = canonical_json(text)


def drop_idle_strictness(record):
    """Takes strict=False off the fields of a model, but where its configuration is strict: there it is an exception."""
    if record["config"].get("strict") == "true":
        return
    for field in record["fields"]:
        field["constraints"] = {name: text for name, text in field["constraints"].items()
                                if text != "false" or name.rpartition(".")[2] != "strict"}


def put_attributes(constraints, path, thing):
    """Adds what an object declares under the known names; for constrained types of Pydantic 1, too."""
    for attribute, name in NAMES.items():
        value = getattr(thing, attribute, None)
        if not callable(value):
            put(constraints, path, name, value)


def put_metadata(constraints, path, metadata):
    """Adds what Annotated[...] or Field(...) of Pydantic 2 carries."""
    for item in metadata:
        kind = (item if isinstance(item, type) else type(item)).__name__.lstrip("_")  # Pydantic has _OnErrorOmit
        if kind in MARKERS:
            put(constraints, path, MARKERS[kind], True)
        elif kind in ("EncodedBytes", "EncodedStr"):
            put(constraints, path, "encoder", getattr(item, "encoder", None))
        elif kind == "FieldInfo":
            put_metadata(constraints, path, getattr(item, "metadata", ()))
            put(constraints, path, "discriminator", getattr(item, "discriminator", None))
        elif kind in VALIDATORS:
            put(constraints, path, VALIDATORS[kind], getattr(item, "func", None))
        elif kind == "Json":
            put(constraints, path, "json", True)
        elif not isinstance(item, (str, bytes, type)):
            put_attributes(constraints, path, item)
