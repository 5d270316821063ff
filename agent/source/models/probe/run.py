"""The probe: reads a request, tells what models there are, ends.

Runs in the application's own interpreter (3.7 or newer), with nothing but the standard library.
"""
import os
import sys
import time

from . import documents, enums, finding, source_reading, watching
from .describing import Describer, Model
from .fence import NoFence, put_up
from .files import Lines, modules_below, relative
from .importing import Trace, describe, import_all
from .wire import Channel, canonical_json, clean


def _hello(channel):
    channel.send("hello", python="%d.%d.%d" % sys.version_info[:3], implementation=sys.implementation.name)


def _modules(channel, roots, folders):
    """[(name, file)] below the roots; what is not read is told: a root that is not there, names that are left out."""
    found, left_out, unread, capped = {}, set(), set(), []
    for root in roots:
        below = modules_below(root, folders)
        if not below.modules:
            channel.send("error", stage="find", module=clean(root), type="", text="", file="", line=0)
        found.update(below.modules)
        left_out.update(below.left_out)
        unread.update(below.unread)
        if below.is_capped:
            capped.append(clean(root))
    names = sorted(found.items())
    for name, file in names:
        channel.send("module", name=clean(name), file=clean(relative(file, folders)))
    for name in sorted(left_out.difference(found)):
        channel.send("left_out", name=clean(name))
    channel.send("listed", capped=capped, unread=sorted(clean(name) for name in unread))
    return names


def _repair(models):
    """Gives each model the names of all others, and of its module, where it lacks some."""
    names = {}
    for model in models:
        names.setdefault(model.cls.__name__, []).append(model.cls)
    unique = {name: classes[0] for name, classes in names.items() if len(classes) == 1}
    for model in models:
        scope = dict(unique)
        scope.update(vars(sys.modules.get(model.cls.__module__, object)))
        try:
            model.library.describe.repair(model.cls, scope)
        except Exception:  # pylint: disable=broad-except  # its fields are told as they are
            pass


def _once(models, describer):
    """Without the classes that are there twice since their file was loaded under two module names."""
    by_place, kept, others = {}, [], {}
    for model in sorted(models, key=lambda model: (len(model.module), model.id)):
        file, line = describer.place(model)
        place = (file, line, model.qualname)
        first = by_place.get(place) if line and not model.is_filled else None
        if first is not None and first.module != model.module:
            others.setdefault(id(first), []).append(model.id)
            continue
        by_place.setdefault(place, model)
        kept.append(model)
    return kept, others


def _needed(described):
    """Drops generics with their arguments filled in that nothing refers to: they come and go with the memory."""
    by_class = {id(model.cls): (model, classes) for model, _, classes in described}
    waiting = [id(model.cls) for model, _, _ in described if not model.is_filled]
    needed = set()
    while waiting:
        at = waiting.pop()
        if at in needed or at not in by_class:
            continue
        needed.add(at)
        waiting.extend(id(cls) for cls in by_class[at][1])
    return [(model, record) for model, record, _ in described if id(model.cls) in needed]


def _number_namesakes(described):
    """Classes of equal name, made in a loop or a function: the second is told as name#2, by its content."""
    groups = {}
    for model, record in described:
        groups.setdefault(model.id, []).append((canonical_json(record), model, record))
    for group in groups.values():
        group.sort(key=lambda item: item[0])
        for number, (_, _, record) in enumerate(group[1:], 2):
            record["qualname"] += "#%d" % number
            record["id"] += "#%d" % number
            record["namesake"] = True


def _tell_models(channel, request, modules, trace):
    libraries, versions = finding.libraries()
    channel.send("library", versions=versions,
                 generation=libraries[0].generation if libraries else 0)
    models = [Model(library, module, cls) for library in libraries
              for module, cls in finding.find(library, modules, trace.has)]
    folders = request["path"]
    kinds = finding.find_enums(trace.has)
    describer = Describer(models, kinds, folders, Lines())
    _repair(models)
    models, others = _once(models, describer)
    described, skipped = [], frozenset(request.get("skip_models", ()))
    for model in sorted(models, key=lambda model: model.id):
        if model.id in skipped:
            continue
        channel.send("describe", id=model.id)
        try:
            record, classes = describer.record(model)
        except Exception as error:  # pylint: disable=broad-except  # odd classes must not cost the others
            channel.send("error", stage="describe", module=model.module, id=model.id, **describe(error, folders))
            continue
        if id(model) in others:
            record["also"] = sorted(others[id(model)])
        described.append((model, record, classes))
    described.extend(_mapped(channel, request, modules, trace, models, describer))
    needed = _needed(described)
    _number_namesakes(needed)
    for model, record in sorted(needed, key=lambda item: item[1]["id"]):
        channel.send("describe", id=model.id)
        if model.library is not None:
            describer.add_schema(model, record)
        channel.send("model", **record)
    _tell_enums(channel, request, kinds, describer)
    return len(needed)


class _Mapped:
    """A mapped class or a table alone, beside the models."""

    library, is_filled = None, False

    def __init__(self, thing, record):
        self.cls, self.id = thing, record["id"]


def _mapped(channel, request, modules, trace, models, describer):
    """[(_Mapped, record, ())] of what SQLAlchemy alone knows."""
    classes, alone = finding.find_tables(modules, trace.has, [model.cls for model in models])
    makers = [(enums.enum_id(cls), cls, lambda cls=cls: describer.mapped_record(cls)) for cls in classes]
    makers += [(clean(module + ":" + name), table, lambda item=(module, name, table): describer.table_record(*item))
               for module, name, table in alone]
    return [(_Mapped(thing, record), record, ())
            for name, thing, record in _each(channel, request, makers)]


def _each(channel, request, makers):
    """(id, thing, record) of each (id, thing, function that makes its record); what one raises costs itself."""
    for name, thing, make in sorted(makers, key=lambda maker: maker[0]):
        if name in request.get("skip_models", ()):
            continue
        channel.send("describe", id=name)
        try:
            record = make()
        except Exception as error:  # pylint: disable=broad-except
            channel.send("error", stage="describe", module=name.partition(":")[0], id=name,
                         **describe(error, request["path"]))
            continue
        yield name, thing, record


def _tell_enums(channel, request, kinds, describer):
    told = set()
    makers = [(enums.enum_id(cls), cls, lambda cls=cls: describer.enum_record(cls)) for cls in kinds]
    for name, _, record in _each(channel, request, makers):
        if name not in told:  # made twice by a function: the first of them
            told.add(name)
            channel.send("enum", **record)


def _fence_in(channel, request):
    """False where it could not be, which is told."""
    fence = request.get("fence")
    if fence is None:
        return True
    try:
        put_up(fence)
    except NoFence as error:
        channel.send("error", stage="fence", module="-", type=clean(str(error)), text="", file="", line=0)
        return False
    channel.end_group_too()
    return True


def _run(channel, request):
    if not request["path"]:
        request["path"] = [os.getcwd()]
    folders = request["path"] = [os.path.abspath(folder) for folder in request["path"]]
    also = [folder for folder in request.get("also", ()) if folder]
    everywhere = folders + [folder for folder in also + sys.path if folder and folder not in folders]
    _hello(channel)
    if not _fence_in(channel, request):
        return 0
    if request["mode"] == "documents":
        return documents.tell_models(channel, request)
    if request["mode"] == "watch":
        channel.send("watched", changed=watching.changed(request, everywhere))
        return 0
    lean = watching.Lean(request, everywhere) if request.get("leans") else None
    if request["mode"] == "run":
        sys.path[0:0] = folders
    modules = _modules(channel, request["modules"], everywhere)
    if request["mode"] == "static":
        count, files = source_reading.tell_models(channel, request, modules)
        if lean is not None:
            lean.tell(channel, files)
        return count
    trace = Trace(channel, request["modules"], request.get("skip", ()))
    sys.meta_path.insert(0, trace)
    wanted = [name for name, _ in modules if name not in frozenset(request.get("skip", ()))]
    import_all(channel, trace, wanted, folders)
    count = _tell_models(channel, request, [name for name, _ in modules], trace)
    if lean is not None:
        lean.tell(channel, watching.loaded_files())
    return count


def main(request):
    """Does what the request says; never returns."""
    start = time.monotonic()
    channel = Channel(request["descriptor"])
    os.dup2(2, 1)
    sys.argv = [""]
    sys.dont_write_bytecode = True
    count = _run(channel, request)
    channel.send("end", models=count, milliseconds=int((time.monotonic() - start) * 1000))
    channel.leave()
