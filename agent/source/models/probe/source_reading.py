"""Reads all models of an application from its source, and tells them."""
import gc
import itertools

from .files import relative
from .importing import describe
from .source import Class, Reader
from .source_names import Sources
from .source_others import enum_record
from .source_tables import Tables
from .wire import clean


def _referred(record, known, kinds):
    for field in record["fields"]:
        field["enums"] = [name for name in field["references"] if name in kinds]
        field["references"] = [name for name in field["references"] if name in known]
    return record


def tell_models(channel, request, modules):
    """Tells the models of the modules [(name, file)]; returns how many, and the files that were read."""
    gc.disable()  # the trees of all files stay to the end, and hold no circles
    folders = request["path"]
    wanted = frozenset(request["only"]) if "only" in request else frozenset(name for name, _ in modules)
    sources = Sources(folders)
    reader = Reader(sources, folders, request.get("generation") or _installed_generation(request))
    parsed = _parse(channel, sources, [item for item in modules if item[0] in wanted], folders)
    everything = parsed
    if any(module.imports_mapper for module in parsed):  # any module may add to the table of another
        everything = parsed + _parse(None, sources, [item for item in modules if item[0] not in wanted], folders)
    tables = Tables(reader, everything, _installed_version(request, "sqlalchemy"),
                    _installed_version(request, "sqlmodel"))
    records, enums = [], []
    for module in parsed:
        for qualname, node in module.classes.items():
            made = _tried(channel, module, qualname, folders, lambda cls=Class(reader.names(module), qualname, node): (
                reader.record(cls, tables), enum_record(reader, cls, folders)))
            records.extend(record for record in made[:1] if record is not None)
            enums.extend(record for record in made[1:] if record is not None and made[0] is None)
        records.extend(_tried(channel, module, "", folders, lambda module=module: list(
            tables.standing_alone(module, folders))))
    tables.give_types(records)
    known, kinds = {record["id"] for record in records}, {record["id"] for record in enums}
    for record in sorted(records, key=lambda record: record["id"]):
        channel.send("model", **_referred(record, known, kinds))
    for record in sorted(enums, key=lambda record: record["id"]):
        channel.send("enum", **record)
    return len(records), sources.files()


def _tried(channel, module, qualname, folders, make):
    """What `make` gives; () where it raises, which costs that alone and is told."""
    made_of = clean(module.name + (":" + qualname if qualname else ""))
    channel.send("describe", id=made_of)
    try:
        return make()
    except Exception as error:  # pylint: disable=broad-except  # source can be odder than was thought of
        channel.send("error", stage="describe", module=clean(module.name), id=made_of, **describe(error, folders))
        return ()


def _parse(channel, sources, modules, folders):
    """The modules [(name, file)], parsed; those that are wanted of a channel are told to it."""
    parsed = []
    for name, file in modules:
        module = sources.load(name, file)
        if module is not None:
            parsed.append(module)
        if channel is None:
            continue
        if module is None:
            _tell_error(channel, name, sources.errors.get(name), folders)
        else:
            channel.send("parsed", module=clean(name))
    return parsed


def _tell_error(channel, name, error, folders):
    file = getattr(error, "filename", None)
    channel.send("error", stage="parse", module=clean(name), type=type(error).__name__ if error else "",
                 text=clean(str(getattr(error, "msg", "") or getattr(error, "strerror", "") or "")),
                 file=clean(relative(file, folders)) if isinstance(file, str) else "",
                 line=getattr(error, "lineno", 0) or 0)


def _installed_version(request, library):
    """What is installed for the application's interpreter, as (2, 0, 4), without importing it; () where that is not
    known: not of another interpreter, which only reads."""
    if not request.get("is_applications", True):
        return ()
    try:
        from importlib.metadata import version
        parts = version(library).split(".")
    except Exception:  # pylint: disable=broad-except  # Python 3.7 has no such module; metadata may be broken
        return ()
    numbers = itertools.takewhile(str.isdigit, parts)
    return tuple(int(number) for number in numbers)


def _installed_generation(request):
    """The generation of Pydantic that is installed for the application; 0 where that is not known."""
    major = (_installed_version(request, "pydantic") or (0,))[0]
    return major if major in (1, 2) else 0
