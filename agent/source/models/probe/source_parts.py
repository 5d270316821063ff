"""Parts of a model as source shows them: defaults, names, configuration, functions."""
import ast
import inspect

from .constraints import SQLMODELS_OWN, put
from .expressions import ExpressionSpeller, dotted_name, source_text
from .pydantic1 import CONFIG_NAMES
from .source_names import factory_name, is_sure_name, name_of
from .source_others import decorators_reason, deprecated_text
from .values import jsonable, set_docs
from .wire import canonical_json, clean

_FUNCTIONS = {  # decorator -> our kind
    "validator": "field_validator", "field_validator": "field_validator", "root_validator": "model_validator",
    "model_validator": "model_validator", "field_serializer": "field_serializer", "serializer": "field_serializer",
    "model_serializer": "model_serializer", "computed_field": "computed_field",
}
_OF_LIBRARY = {  # what those configure by themselves, as far as anybody writes it down again
    "settings": {"extra": "forbid", "case_sensitive": False, "env_prefix": "", "validate_default": True,
                 "arbitrary_types_allowed": True},
    "sqlmodel": {"from_attributes": True},
}
_MODES = {"validator": "after", "field_validator": "after", "root_validator": "after", "field_serializer": "plain",
          "serializer": "plain", "model_serializer": "plain"}


def keyword_arguments(calls):
    """Keyword -> expression over several Field(...) calls; the last one wins."""
    return {keyword.arg: keyword.value for call in calls for keyword in call.keywords if keyword.arg}


def _set(record, names, node):
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        record["ellipsis"] = True
        return
    try:
        record["default"] = canonical_json(jsonable(names.literal(node)))
    except (ValueError, TypeError):
        record["default_text"] = clean(source_text(node) if not dotted_name(node) else name_of(names, node))
        record["unsure_default"] = not is_sure_name(names, node)


def field_default(record, names, value, calls, arguments):
    """Puts what stands when nothing is given: from `= value`, or from a Field(...)."""
    if value is not None:
        _set(record, names, value)
        return
    if "default_factory" in arguments:
        record["default_factory"] = clean(factory_name(names, arguments["default_factory"]))
        record["unsure_default"] = not is_sure_name(names, arguments["default_factory"])
        return
    given = [call.args[0] for call in calls if call.args]
    if "default" in arguments:
        given.append(arguments["default"])
    if given:
        _set(record, names, given[-1])


def put_names(record, found, names, name, arguments):
    """Aliases, and what is for people to read, where they are literal; returns what is not known then."""
    text, examples, unknown = {}, None, set()
    for key in ("alias", "validation_alias", "serialization_alias", "description", "title", "examples"):
        try:
            value = names.literal(arguments[key]) if key in arguments else None
        except ValueError:
            value = None
            unknown.update(("alias", "constraints") if "alias" in key else ("docs",))
        if key == "examples":
            examples = value
        elif isinstance(value, str):
            text[key] = clean(value)
        elif key == "validation_alias" and isinstance(value, dict):
            found[key] = canonical_json(value)
    if names.generation != 2 and "env" in arguments:  # of settings, whatever the prefix
        try:
            put(found, "", "env", names.literal(arguments["env"]))
        except ValueError:
            unknown.add("constraints")
    alias = text.get("alias", text.get("validation_alias"))
    if alias is not None and alias != name:
        record["alias"] = alias
    if text.get("validation_alias", alias) != alias:
        found["validation_alias"] = canonical_json(text["validation_alias"])
    if text.get("serialization_alias", alias or name) != (alias or name):
        found["serialization_alias"] = canonical_json(text["serialization_alias"])
    set_docs(record, text.get("description"), text.get("title"), examples)
    return unknown


def _setting(names, node):
    """The value of a setting, of code its name; raises ValueError where that takes running."""
    try:
        return jsonable(names.literal(node))
    except (ValueError, TypeError):
        pass
    if isinstance(node, ast.Dict) and None not in node.keys:  # json_encoders: types and functions, by name
        return {str(_setting(names, key)): _setting(names, value) for key, value in zip(node.keys, node.values)}
    dotted = dotted_name(node)
    meaning = names.meaning(dotted)
    if meaning.kind == "external" and meaning.text.startswith("pydantic.Extra."):
        return meaning.text.rpartition(".")[2]
    if isinstance(node, ast.Lambda) or dotted and meaning.kind != "alias":
        return clean(name_of(names, node))
    raise ValueError("not a literal")


def _config_items(node):
    """(name, expression) pairs of what configures a model in its class body."""
    for keyword in node.keywords:
        if keyword.arg and keyword.arg not in ("table", "metaclass"):
            yield keyword.arg, keyword.value
    for decorator in node.decorator_list:  # @dataclass(config=ConfigDict(…))
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "config":
                yield from _items_of(keyword.value)
            elif keyword.arg == "frozen" and getattr(keyword.value, "value", None) is True:
                yield "frozen", keyword.value
    for statement in node.body:
        if isinstance(statement, ast.ClassDef) and statement.name == "Config":
            for inner in statement.body:
                if isinstance(inner, ast.Assign) and len(inner.targets) == 1:
                    yield dotted_name(inner.targets[0]), inner.value
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        if dotted_name(target) != "model_config" if target is not None else True:
            continue
        yield from _items_of(statement.value)


def _items_of(value):
    """Of ConfigDict(…) or {…}; (None, …) where there are more that are not shown."""
    if isinstance(value, ast.Call) and not value.args:
        for keyword in value.keywords:
            yield keyword.arg, keyword.value
    elif isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values):
            yield key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None, item
    else:
        yield None, value


def config_of(line, library):
    """(configuration of a class over its lineage, farthest base first, with names as Pydantic 2 spells them; whether
    that is all of it). `library`: "settings", "sqlmodel", where it derives from one of those."""
    config, is_whole = {}, True
    for cls in line:
        for name, node in _config_items(cls.node):
            try:
                value = _setting(cls.names, node) if name is not None else None
            except ValueError:
                value = name = None
            if name is None:
                is_whole = False
                continue
            if name == "allow_mutation":
                name, value = "frozen", not value
            if name == "frozen" and value is False and cls.names.generation != 2:
                config.pop(name, None)  # which is as if nobody had said anything
                continue
            if name.startswith("_") or value is None or library == "sqlmodel" and name in SQLMODELS_OWN:
                continue
            config[clean(CONFIG_NAMES.get(name, name))] = canonical_json(value)
    own = {name: canonical_json(value) for name, value in _OF_LIBRARY.get(library, {}).items()}
    return {name: value for name, value in config.items() if own.get(name) != value}, is_whole


def _decorated(cls, node):
    """(kind, decorator's word, call or None) of a function that is one of ours."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        meaning = cls.names.meaning(dotted_name(call.func if call else decorator))
        word = meaning.text.rpartition(".")[2]
        if meaning.kind == "external" and word in _FUNCTIONS:
            return _FUNCTIONS[word], word, call
    return None


def _computed(cls, node, keywords):
    """What a computed field returns, its name on the wire, its title and description, why it is deprecated."""
    told, kind = {}, keywords.get("return_type", node.returns)
    if kind is not None:
        told["type"] = clean(ExpressionSpeller(cls.names.inside(cls.qualname)).spell_field(kind))
    for key in ("alias", "description", "title"):
        value = keywords.get(key)
        try:
            text = cls.names.literal(value) if value is not None else None
        except ValueError:
            text = None
        if isinstance(text, str) and text != (node.name if key == "alias" else None):
            told[key] = clean(text)
    if "description" not in keywords and ast.get_docstring(node):
        told["description"] = clean(inspect.cleandoc(ast.get_docstring(node, clean=False)))
    deprecated = deprecated_text(cls.names, keywords["deprecated"]) if "deprecated" in keywords else (
        decorators_reason(cls.names, node))
    if deprecated:
        told["deprecated"] = deprecated
    return told


def functions_of(line, all_fields):
    """Validators, serializers and computed fields over a lineage."""
    found = {}
    for cls in line:
        for node in cls.node.body:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            known = _decorated(cls, node)
            if known is None:
                continue
            kind, word, call = known
            keywords = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
            mode = getattr(keywords.get("mode"), "value", None) or _MODES.get(word, "")
            if getattr(keywords.get("pre"), "value", None) is True:
                mode = "before"
            when = getattr(keywords.get("when_used"), "value", "always")  # a serializer's
            if isinstance(when, str) and when != "always":
                mode = clean(f"{mode}, {when}")
            fields = sorted(arg.value for arg in (call.args if call else ())
                            if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
            if word == "validator" and "*" in fields:  # Pydantic 1 hands such a validator to each field
                fields = sorted(all_fields)
            found[kind, node.name] = {"kind": kind, "name": clean(node.name), "mode": mode,
                                      "fields": [] if kind in ("computed_field", "model_validator") else
                                      [clean(field) for field in fields]}
            if kind == "computed_field":
                found[kind, node.name].update(_computed(cls, node, keywords))
    return list(found.values())
