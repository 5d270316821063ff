"""Finds the models that the imported modules made."""
import gc
import sys
import types

from . import enums, pydantic1, pydantic2, tables


class Library:
    """One generation of Pydantic that the application has imported."""

    def __init__(self, generation, describe, base):
        self.generation, self.describe, self.base = generation, describe, base


def _version(module):
    version = vars(module).get("VERSION") or getattr(vars(module).get("version"), "VERSION", "")
    return version if isinstance(version, str) else ""


def libraries():
    """What the application imported; nothing is imported for it. In a fixed order."""
    found, versions = [], {}
    for name in ("pydantic", "pydantic.v1"):
        module = sys.modules.get(name)
        base = getattr(module, "BaseModel", None) if module is not None else None
        if not isinstance(base, type) or any(known.base is base for known in found):
            continue
        generation = 1 if hasattr(base, "__fields__") and not hasattr(base, "model_json_schema") else 2
        found.append(Library(generation, pydantic1 if generation == 1 else pydantic2, base))
        versions[name] = _version(module)
    return found, versions


def subclasses(base):
    waiting, seen = [base], {id(base)}
    while waiting:
        for cls in type.__subclasses__(waiting.pop()):
            if id(cls) not in seen:
                seen.add(id(cls))
                waiting.append(cls)
                yield cls


def _attributes(modules):
    """(module name, class) of all classes that stand at the top of the modules, or in a class there."""
    for name in modules:
        module = sys.modules.get(name)
        if not isinstance(module, types.ModuleType):
            continue
        for value in list(vars(module).values()):
            if isinstance(value, type):
                yield name, value


def _is_dataclass(cls, generation):
    return ("__pydantic_model__" if generation == 1 else "__is_pydantic_dataclass__") in vars(cls) or (
        generation == 2 and "__pydantic_fields__" in vars(cls) and "__dataclass_fields__" in vars(cls))


def _is_at_home(cls):
    return vars(sys.modules.get(cls.__module__, object)).get(cls.__name__) is cls


def find(library, modules, has):
    """[(module, class)] of the models of that generation, each class once.

    A class that create_model() of Pydantic 1 made says it is of pydantic.main: it belongs to the first
    module that has it as an attribute.
    """
    gc.collect()  # classes that nothing refers to are gone at some time; let it be now
    found, homeless = {}, {}
    attributes = list(_attributes(sorted(modules)))
    # Pydantic 1 keeps a model of each of its dataclasses, which is no other thing than that.
    hidden = {id(vars(cls)["__pydantic_model__"]) for _, cls in attributes if "__pydantic_model__" in vars(cls)}
    for cls in subclasses(library.base):
        if id(cls) in hidden:
            continue
        if has(cls.__module__):
            found[id(cls)] = (cls.__module__, cls)
        elif cls.__module__.startswith("pydantic") and not _is_at_home(cls):
            homeless[id(cls)] = cls
    for name, cls in attributes:
        if id(cls) in homeless:
            found.setdefault(id(cls), (name, cls))
        elif has(cls.__module__) and _is_dataclass(cls, library.generation):
            found.setdefault(id(cls), (cls.__module__, cls))
    return list(found.values())


def find_enums(has):
    """Enums of the application, in the order of their names."""
    gc.collect()
    return sorted(enums.find(has, subclasses), key=enums.enum_id)


def find_tables(modules, has, models):
    """([mapped classes that are no models], [(module, name, Table) that no class is mapped to])."""
    mapped = tables.mapped_classes(has)
    known = {id(cls) for cls in models}
    alone = tables.standing_alone([name for name in modules if has(name)], mapped)
    return [cls for cls in mapped if id(cls) not in known], alone
