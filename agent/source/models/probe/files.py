"""Where modules and classes stand in the file system; imports nothing of the application's."""
import ast
import os
import sys

# Names below a root package that are not the application itself, or do things when they are imported.
SKIPPED = frozenset("__main__ __pycache__ conftest setup test tests migrations alembic versions manage wsgi asgi".split())
MAX_MODULES = 20000


def _is_skipped(name):
    return name in SKIPPED or name.startswith("test_") or name.endswith("_test")


def find_root(root, folders):
    """(file, folder) of a module by its dotted name: a package has both, a module only a file, a
    namespace only a folder; (None, None) where there is none."""
    namespace = None
    for folder in folders:
        place = os.path.join(folder or ".", *root.split("."))
        if os.path.isfile(os.path.join(place, "__init__.py")):
            return os.path.join(place, "__init__.py"), place
        if os.path.isfile(place + ".py"):
            return place + ".py", None
        if namespace is None and os.path.isdir(place):
            namespace = place
    return None, namespace


def _walk(name, folder, seen):
    real = os.path.realpath(folder)
    if real in seen or len(seen) > MAX_MODULES:
        return
    seen.add(real)
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return
    for entry in entries:
        path = os.path.join(folder, entry)
        stem, dot, ending = entry.partition(".")
        if not stem.isidentifier() or _is_skipped(stem):
            continue
        if ending == "py" and stem != "__init__" and os.path.isfile(path):
            yield name + "." + stem, path
        elif not dot and os.path.isdir(path):
            package = os.path.join(path, "__init__.py")
            if os.path.isfile(package):
                yield name + "." + stem, package
            for found in _walk(name + "." + stem, path, seen):
                yield found


def modules_below(root, folders):
    """[(dotted name, file)] of a root and of what its folder holds; empty where there is no such root.

    Walks the folders itself: a folder without __init__.py is a package too, and importing is what
    we do not want to do yet.
    """
    file, folder = find_root(root, folders)
    found = [(root, file)] if file else []
    if folder:
        found.extend(_walk(root, folder, set()))
    return found


def below(path, folders):
    """`path` as seen from the folder that holds it; "" where none does."""
    real = os.path.realpath(path)
    for folder in sorted((os.path.realpath(folder or ".") for folder in folders), key=len, reverse=True):
        if real.startswith(folder.rstrip(os.sep) + os.sep):
            return os.path.relpath(real, folder)
    return ""


def relative(path, folders):
    """The same; the file's own name where no folder holds it: a host's paths are nobody's business."""
    return (below(path, folders) or os.path.basename(path)) if path else ""


class Lines:
    """First lines of classes, from each file parsed once."""

    def __init__(self):
        self._files = {}

    def of(self, cls):
        """(file, line) of a class; ("", 0) where it has none."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py"):
            return "", 0
        if file not in self._files:
            self._files[file] = self._parse(file)
        line = self._files[file].get(cls.__qualname__, 0)
        return (file, line) if line else ("", 0)

    @staticmethod
    def _parse(file):
        try:
            with open(file, "rb") as source:
                tree = ast.parse(source.read())
        except (OSError, SyntaxError, ValueError):
            return {}
        lines = {}

        def visit(node, prefix):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.ClassDef):
                    first = min([child.lineno] + [decorator.lineno for decorator in child.decorator_list])
                    lines[prefix + child.name] = first
                    visit(child, prefix + child.name + ".")
                elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    visit(child, prefix + child.name + ".<locals>.")
                else:
                    visit(child, prefix)

        visit(tree, "")
        return lines
