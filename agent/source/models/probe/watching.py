"""What a read leaned on, so that the next one is spared while none of it has changed.

Leaned on are: the files of the modules that were loaded from outside the standard library and site-packages, which
modules there are below the roots, the interpreter, the names (with them the versions) of the distributions that are
installed for it, and .env in the working folder. Not: data files that a module reads, edits inside site-packages.
"""
import hashlib
import os
import sys
import sysconfig
import time

from .files import modules_below
from .wire import canonical_json, clean

_MARGIN = 2 * 10**9  # how far a file system's clock may lag, in nanoseconds
_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth", ".egg")


def _stat(path):
    """[size, time of its content, time of its inode]; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _hash(path):
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _installed(folder):
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(_INSTALLED))
    except OSError:
        return []
    return [[name, _stat(os.path.join(folder, name)) if name.endswith((".pth", ".egg-link")) else None]
            for name in names]


def environment(path):
    """A digest of what a module may find in its interpreter; before any of the application's code has run."""
    facts = [sys.version, sys.executable, _stat(sys.executable) if sys.executable else None, _stat(".env"),
             [[folder, _installed(folder)] for folder in path]]
    return hashlib.sha256(canonical_json(facts).encode("utf-8", "backslashreplace")).hexdigest()


def listing(roots, folders):
    """A digest of which modules there are below the roots."""
    found = [[root, modules_below(root, folders).modules] for root in roots]
    return hashlib.sha256(canonical_json(found).encode("utf-8", "backslashreplace")).hexdigest()


def loaded_files():
    """Files of the modules that are loaded, but those that the names of distributions stand for."""
    libraries = tuple({os.path.join(sysconfig.get_paths()[name], "") for name in ("stdlib", "platstdlib")})
    files = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) if name != "__main__" else None
        if isinstance(file, str) and not file.startswith(libraries) and "-packages" + os.sep not in file:
            files.add(os.path.abspath(file))
    return files


class Lean:
    """Collects what a read leans on: made before any of the application's code runs."""

    def __init__(self, request, everywhere):
        self._started = time.time_ns()
        self._facts = {"environment": environment(everywhere), "listing": listing(request["modules"], everywhere)}

    def tell(self, channel, files):
        """Tells it as one text, which the agent hands back as it is."""
        told = {}
        for file in sorted(files):
            found = _stat(file)
            # Changed while it was read, or so shortly before that its times may not show it: never equal to anything.
            is_settled = found is not None and max(found[1:]) < self._started - _MARGIN
            told[clean(file)] = found + [_hash(file)] if is_settled else None
        channel.send("leaned_on", text=canonical_json(dict(self._facts, files=told)))


def changed(request, everywhere):
    """What of a read's Lean has changed since, in words; "" where nothing has."""
    before = request["leaned_on"]
    if before["environment"] != environment(everywhere):
        return "the interpreter, or what is installed for it"
    if before["listing"] != listing(request["modules"], everywhere):
        return "the modules that there are"
    for file, known in sorted(before["files"].items()):
        found = _stat(file)
        if known is None or found is None or found != known[:3] and _hash(file) != known[3]:
            return "a source file"
    return ""
