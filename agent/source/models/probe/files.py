"""Where modules and classes stand in the file system; imports nothing of the application's."""
import ast
import os
import sys

# Names below a root package that are not the application itself, or do things when they are imported.
SKIPPED = frozenset("__main__ conftest setup test tests migrations alembic versions manage wsgi asgi".split())
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


class Below:
    """What a root and its folder hold: `modules` [(dotted name, file)]; `left_out`, modules that are not read by
    their names, or that of a folder above them; `unread`, packages whose folder cannot be listed; `is_capped`."""

    def __init__(self):
        self.modules, self.left_out, self.unread, self.is_capped = [], [], [], False
        self._seen = {True: set(), False: set()}  # real folders, by whether they are left out

    def add(self, name, path, is_left_out):
        if len(self.modules) + len(self.left_out) >= MAX_MODULES:
            self.is_capped = True
        elif is_left_out:
            self.left_out.append(name)
        else:
            self.modules.append((name, path))

    def walk(self, name, folder, is_left_out=False):
        real, seen = os.path.realpath(folder), self._seen[is_left_out]
        if real in seen or self.is_capped:
            return
        seen.add(real)
        if len(seen) > MAX_MODULES:
            self.is_capped = True
            return
        try:
            entries = sorted(os.listdir(folder))
        except OSError:
            self.unread.append(name)
            return
        for entry in entries:
            self._take(name, os.path.join(folder, entry), entry, is_left_out)

    def _take(self, above, path, entry, is_left_out):
        stem, dot, ending = entry.partition(".")
        if not stem.isidentifier() or stem == "__pycache__":
            return
        name, is_left_out = above + "." + stem, is_left_out or _is_skipped(stem)
        if ending == "py" and stem != "__init__" and os.path.isfile(path):
            self.add(name, path, is_left_out)
        elif not dot and os.path.isdir(path):
            package = os.path.join(path, "__init__.py")
            if os.path.isfile(package):
                self.add(name, package, is_left_out)
            self.walk(name, path, is_left_out)


def modules_below(root, folders):
    """Below of a root; without modules where there is no such root.

    Walks the folders itself: a folder without __init__.py is a package too, and importing is what
    we do not want to do yet.
    """
    file, folder = find_root(root, folders)
    found = Below()
    if file:
        found.add(root, file, False)
    if folder:
        found.walk(root, folder)
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
