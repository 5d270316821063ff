"""Imports the application's modules, one by one, and says at each step where it is.

The agent reads the "import" and "imported" lines as a stack: when the process ends or stands
still, the module on top is the one that did it, also where another one imported it.
"""
import importlib
import importlib.machinery
import re
import sys
import time
import traceback

from .files import below, relative
from .wire import clean

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*\Z")
MAX_TEXT = 300


class _TracingLoader(importlib.machinery.SourceFileLoader):
    trace = None

    def exec_module(self, module):
        with self.trace.inside(module.__name__):
            super().exec_module(module)


class _Inside:
    def __init__(self, trace, name):
        self._trace, self._name, self._start = trace, name, time.monotonic()

    def __enter__(self):
        self._trace.channel.send("import", module=clean(self._name))

    def __exit__(self, _kind, error, _traceback):
        # The innermost module an exception passes is the one that raised it.
        if error is not None and not any(known is error for known, _ in self._trace.raised):
            self._trace.raised.append((error, self._name))
        self._trace.channel.send("imported", module=clean(self._name))


class Trace:
    """A finder before all others, for the modules below the roots; it refuses those to be skipped."""

    def __init__(self, channel, roots, skipped):
        self.channel = channel
        self.raised = []  # (exception, module that raised it)
        self.failed = set()  # modules whose import raised
        self._roots, self._skipped = roots, frozenset(skipped)

    def inside(self, name):
        return _Inside(self, name)

    def is_ours(self, name):
        return any(name == root or name.startswith(root + ".") for root in self._roots)

    def find_spec(self, name, path=None, target=None):
        if not self.is_ours(name):
            return None
        if name in self._skipped:
            raise ImportError("module %s ended or held the probe before and is not imported again" % name, name=name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _TracingLoader(spec.loader.name, spec.loader.path)
            spec.loader.trace = self
        return spec

    def has(self, name):
        """Whether a class of that module is the application's, and whole: not left over from a failed import."""
        return self.is_ours(name) and name not in self.failed

    def forget(self):
        """Lets go of the exceptions: their tracebacks hold the classes of modules that failed."""
        for error, _ in self.raised:
            error.__traceback__ = error.__context__ = error.__cause__ = None
        self.raised = []

    def module_that_raised(self, error, name):
        return next((module for known, module in self.raised if known is error), name)


def is_pydantics(error):
    return any(base.__module__.split(".")[0] in ("pydantic", "pydantic_core", "pydantic_settings")
               for base in type(error).__mro__)


def _locations(error):
    """(type, place) of each complaint of a ValidationError; never the input, which can be a secret."""
    try:
        complaints = error.errors(include_url=False, include_input=False, include_context=False)
    except TypeError:
        complaints = error.errors()  # Pydantic 1 tells no inputs
    for complaint in complaints[:20]:
        place = ".".join(str(part) for part in complaint.get("loc", ()) if isinstance(part, (str, int)))
        yield str(complaint.get("type", "")), place


def _text(error):
    """What may be said of an exception."""
    if isinstance(error, SyntaxError):
        return str(error.msg)
    if isinstance(error, KeyError):
        return ""  # the key is told apart, where it is a variable's name
    if not is_pydantics(error):
        return str(error)
    if not callable(getattr(error, "errors", None)):
        return str(getattr(error, "code", None) or "")
    return "; ".join("%s: %s" % (place, kind) for kind, place in _locations(error))


def _missing_variables(error, frames):
    """Environment variables that an import asked for and did not find."""
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        if _VARIABLE.match(error.args[0]) and any(frame.filename.endswith("os.py") or "<frozen os>" in frame.filename
                                                  for frame in frames[-2:]):
            return [error.args[0]]
    if is_pydantics(error) and callable(getattr(error, "errors", None)):
        title = getattr(error, "title", None) or getattr(getattr(error, "model", None), "__name__", "")
        settings = _settings_class(title)
        if settings is not None:
            return [_variable(settings, place) for kind, place in _locations(error) if "missing" in kind and place]
    return []


def _settings_class(title):
    for module in ("pydantic_settings", "pydantic"):
        base = vars(sys.modules.get(module, object)).get("BaseSettings")
        waiting = list(base.__subclasses__()) if isinstance(base, type) else []
        while waiting:
            cls = waiting.pop()
            if cls.__name__ == title:
                return cls
            waiting.extend(cls.__subclasses__())
    return None


def _variable(cls, place):
    """The variable that a settings class reads for a field."""
    if isinstance(getattr(cls, "model_config", None), dict):
        return (str(cls.model_config.get("env_prefix") or "") + place).upper()
    field = getattr(cls, "__fields__", {}).get(place)
    names = getattr(getattr(field, "field_info", None), "extra", {}).get("env_names")
    return sorted(names)[0].upper() if names else place.upper()


def describe(error, folders):
    """An exception as the agent may report it: what kind, where, and which variables it wanted."""
    frames = traceback.extract_tb(error.__traceback__)
    told = {"type": clean(type(error).__name__), "text": "", "file": "", "line": 0}
    try:
        told["text"] = clean(_text(error).strip().partition("\n")[0][:MAX_TEXT])
        told["variables"] = sorted({clean(name) for name in _missing_variables(error, frames)})
    except Exception:  # pylint: disable=broad-except  # an exception's own methods may raise
        pass
    if isinstance(error, ImportError) and isinstance(error.name, str):
        told["missing"] = clean(error.name)
    if isinstance(error, SyntaxError) and isinstance(error.filename, str):
        told["file"], told["line"] = clean(relative(error.filename, folders)), error.lineno or 0
        return told
    inside = [frame for frame in frames if not frame.filename.startswith("<") and "site-packages" not in frame.filename
              and below(frame.filename, folders)]
    if inside:
        told["file"], told["line"] = clean(relative(inside[-1].filename, folders)), inside[-1].lineno or 0
    return told


def import_all(channel, trace, names, folders):
    """Imports each module; what one raises is told and stops nothing."""
    for name in names:
        try:
            with trace.inside(name):
                importlib.import_module(name)
        except BaseException as error:  # pylint: disable=broad-except  # SystemExit, too
            trace.failed.add(name)
            channel.leave_if_forked()
            channel.send("error", stage="import", module=clean(name),
                         raised_by=clean(trace.module_that_raised(error, name)), **describe(error, folders))
        channel.leave_if_forked()
    trace.forget()
