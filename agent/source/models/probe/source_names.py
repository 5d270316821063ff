"""Modules as parsed source: what their names stand for. Nothing of the application is run."""
import ast
import builtins
import datetime
import sys

from .expressions import Meaning, dotted_name, source_text
from .files import find_root
from .values import is_named, qualified_name

_OWN = ("uuid", "datetime", "decimal", "collections", "time", "functools", "pathlib", "fractions")
_TYPE_MAKERS = ("TypeVar", "NewType", "ParamSpec")


class Module:
    """One parsed file. `classes`: ClassDef by qualified name; `imports`: name -> (module, attribute or
    None); `values`: name -> the expression that is assigned to it; `stars`: modules of `import *`."""

    def __init__(self, name, file, tree, is_package):
        self.name, self.file, self.tree = name, file, tree
        self.classes, self.imports, self.values, self.stars = {}, {}, {}, []
        self.named = set()  # `type X = …` and functions: they stand for themselves
        self.imports_mapper = False  # whether SQLAlchemy or SQLModel is imported
        self.moves_metadata = False  # whether it says after the fact what schema or names a MetaData gives
        self._package = name if is_package else name.rpartition(".")[0]
        self._read(tree.body, "")

    def _read(self, body, prefix):
        for node in body:
            if isinstance(node, ast.ClassDef):
                self.classes[prefix + node.name] = node
                self._read([inner for inner in node.body if isinstance(inner, ast.ClassDef)], prefix + node.name + ".")
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    self._note(alias.name)
                    self.imports[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0], None)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.values[target.id] = node.value
                    elif isinstance(target, ast.Attribute) and target.attr in ("schema", "naming_convention"):
                        self.moves_metadata |= self._is_metadata(dotted_name(target.value))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                self.values[node.target.id] = node.value
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.named.add(node.name)
            elif type(node).__name__ == "TypeAlias":
                self.named.add(node.name.id)
            else:
                for inner in ("body", "orelse", "finalbody"):  # if TYPE_CHECKING, try … except ImportError
                    if isinstance(node, (ast.If, ast.Try, ast.With)) and not (inner == "body" and _is_main(node)):
                        self._read(getattr(node, inner, ()), prefix)
                for handler in getattr(node, "handlers", ()):
                    self._read(handler.body, prefix)

    def _is_metadata(self, name):
        """Base.metadata, by its name, and what this module makes by MetaData(…)."""
        made = self.values.get(name)
        return name.lower().endswith("metadata") or (
            isinstance(made, ast.Call) and dotted_name(made.func).endswith("MetaData"))

    def _note(self, source):
        self.imports_mapper |= source.split(".")[0] in ("sqlalchemy", "sqlmodel")

    def _import_from(self, node):
        source = node.module or ""
        self._note(source)
        if node.level:
            package = self._package.split(".")
            package = package[:len(package) - node.level + 1]
            source = ".".join(package + ([source] if source else []))
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(source)
            else:
                self.imports.setdefault(alias.asname or alias.name, (source, alias.name))


def _is_main(node):
    """Whether it is `if __name__ == "__main__":`, which no import runs."""
    test = getattr(node, "test", None)
    return isinstance(node, ast.If) and isinstance(test, ast.Compare) and dotted_name(
        test.left) == "__name__" and isinstance(test.ops[0], ast.Eq)


class Sources:
    """Parses modules when they are asked for: those to be read, and those below the folders that they lean on."""

    def __init__(self, folders):
        self._folders = folders
        self._modules = {}  # None: not there, or not to be parsed
        self.errors = {}  # module name -> SyntaxError or OSError

    def load(self, name, file=None, is_package=None):
        """The module of that name; None where it is outside the folders or does not parse."""
        if name not in self._modules:
            self._modules[name] = None  # against circles
            if file is None:
                file, _ = find_root(name, self._folders)
            if file is not None and file.endswith(".py"):
                package = file.endswith("__init__.py") if is_package is None else is_package
                self._modules[name] = self._parse(name, file, package)
        return self._modules[name]

    def files(self):
        """Those that were parsed, or that would not be."""
        return {module.file for module in self._modules.values() if module is not None} | {
            error.filename for error in self.errors.values() if isinstance(getattr(error, "filename", None), str)}

    def _parse(self, name, file, is_package):
        try:
            with open(file, "rb") as source:
                return Module(name, file, ast.parse(source.read(), file), is_package)
        except (SyntaxError, ValueError, OSError, RecursionError, MemoryError) as error:  # nested too deep
            self.errors[name] = error
            return None


class Names:
    """What the names of one module stand for; in the body of the class `scope`, where one is given."""

    def __init__(self, sources, module, generation, scope=""):
        self._sources, self.module, self.generation, self._scope = sources, module, generation, scope

    def inside(self, scope):
        return Names(self._sources, self.module, self.generation, scope)

    def meaning(self, dotted, seen=()):
        """Meaning of a dotted name where this module's code says it."""
        if not dotted or (self.module.name, dotted) in seen:
            return Meaning("external", dotted, None)
        seen = seen + ((self.module.name, dotted),)
        module = self.module
        for name in ((self._scope + "." + dotted, dotted) if self._scope else (dotted,)):
            if name in module.classes:
                return Meaning("class", name, module.name + ":" + name)
        head, _, rest = dotted.partition(".")
        if head in module.named:
            return Meaning("named", dotted, module.name + "." + dotted)
        if head in module.values and not rest:
            return self._value(head, module.values[head])
        if head in module.imports:
            return self._imported(module.imports[head], rest, dotted, seen)
        for star in module.stars:
            other = self._sources.load(star)
            if other is not None:
                meaning = Names(self._sources, other, self.generation).meaning(dotted, seen)
                if meaning.kind != "external" or meaning.text != dotted:
                    return meaning
        outside = [star for star in module.stars if self._sources.load(star) is None]
        if len(outside) == 1 and not is_builtin(head):
            return Meaning("external", outside[0] + "." + dotted, None)
        return Meaning("external", dotted, None)

    def _value(self, name, value):
        if isinstance(value, ast.Call) and dotted_name(value.func).rpartition(".")[2] in _TYPE_MAKERS:
            is_variable = dotted_name(value.func).rpartition(".")[2] == "TypeVar"
            return Meaning("named", name, None if is_variable else self.module.name + "." + name)
        return Meaning("alias", name, (value, self))

    def _imported(self, imported, rest, dotted, seen):
        source, attribute = imported
        path = ".".join(part for part in (source, attribute, rest) if part)
        # Of "a.b.C.D" the longest beginning that is a module of ours; the rest is looked up there.
        parts = path.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            other = self._sources.load(".".join(parts[:cut]))
            if other is not None:
                return Names(self._sources, other, self.generation).meaning(".".join(parts[cut:]), seen)
        return Meaning("external", path or dotted, None)

    def owner(self, meaning):
        """(Names, ClassDef) of a class that was found."""
        module_name, _, qualname = meaning.target.partition(":")
        module = self._sources.load(module_name)
        return Names(self._sources, module, self.generation), module.classes[qualname]

    def literal(self, node, depth=0):
        """The value of an expression that needs no running: literals, constants of modules, enum members.

        Raises ValueError where it is none.
        """
        if depth > 20:
            raise ValueError("too deep")
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._constant(node, depth)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            made = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
            return made(self.literal(item, depth + 1) for item in node.elts)
        if isinstance(node, ast.Dict):
            if None in node.keys:
                raise ValueError("not a literal")
            return {self.literal(key, depth + 1): self.literal(value, depth + 1)
                    for key, value in zip(node.keys, node.values)}
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise ValueError("not a literal")

    def _constant(self, node, depth):
        meaning = self.meaning(dotted_name(node))
        if meaning.kind == "alias":
            expression, names = meaning.target
            return names.literal(expression, depth + 1)
        if isinstance(node, ast.Attribute):
            owner = self.meaning(dotted_name(node.value))
            if owner.kind == "class":
                names, definition = self.owner(owner)
                for statement in definition.body:
                    if isinstance(statement, ast.Assign) and [dotted_name(t) for t in statement.targets] == [node.attr]:
                        return names.literal(statement.value, depth + 1)
        raise ValueError("not a literal")

    def _arithmetic(self, node, depth):
        left, right = self.literal(node.left, depth + 1), self.literal(node.right, depth + 1)
        if isinstance(node.op, ast.Add) and type(left) is type(right) is str and len(left) + len(right) < 100000:
            return left + right
        if not all(type(side) in (int, float) and abs(side) < 1e15 for side in (left, right)):
            raise ValueError("not a literal")
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        raise ValueError("not a literal")

    def _number(self, node, depth):
        value = self.literal(node, depth + 1)
        if type(value) not in (int, float) or abs(value) > 1e9:
            raise ValueError("not a literal")
        return value

    def _call(self, node, depth):
        """Decimal("1.10") is its text; the empty containers are what they say."""
        word = self.meaning(dotted_name(node.func)).text
        if word in ("pydantic.AliasPath", "pydantic.AliasChoices") and not node.keywords:
            parts = [self.literal(arg, depth + 1) for arg in node.args]
            return {"path" if word.endswith("Path") else "choices": parts}
        if word == "datetime.timedelta":
            return datetime.timedelta(*[self._number(arg, depth) for arg in node.args],
                                      **{key.arg: self._number(key.value, depth) for key in node.keywords if key.arg})
        if node.keywords or len(node.args) > 1:
            raise ValueError("not a literal")
        if word.rpartition(".")[2] in ("Decimal", "UUID", "SecretStr") and node.args:
            value = str(self.literal(node.args[0], depth + 1))
            return {"$secret": value} if word.endswith("SecretStr") else value
        if word == "float" and node.args and str(self.literal(node.args[0], depth + 1)).lstrip("+-") in ("inf", "nan"):
            return float(self.literal(node.args[0], depth + 1))
        if not node.args and word in ("list", "dict", "set", "tuple"):
            return {"list": [], "dict": {}, "set": set(), "tuple": ()}[word]
        raise ValueError("not a literal")


def is_builtin(name):
    return hasattr(builtins, name)


def _loaded(dotted):
    """What a dotted name stands for in Python's own library, as far as the probe itself needs that; None of others."""
    module, _, rest = dotted.partition(".")
    thing = sys.modules.get(module) if module in _OWN and rest else vars(builtins).get(dotted)
    for part in rest.split(".") if rest else ():
        thing = getattr(thing, part, None)
    return thing


def name_of(names, node):
    """A callable or class as people would qualify it: "shop.models.now", "list"."""
    dotted = dotted_name(node)
    if not dotted:
        return names.module.name + ".<lambda>" if isinstance(node, ast.Lambda) else source_text(node)
    meaning = names.meaning(dotted)
    if meaning.kind == "class":
        return meaning.target.replace(":", ".")
    if meaning.kind == "named":
        return meaning.target or names.module.name + "." + meaning.text
    if meaning.kind == "external" and "." not in meaning.text and not is_builtin(meaning.text):
        return names.module.name + "." + meaning.text  # a function of this module
    thing = _loaded(meaning.text)
    return qualified_name(thing) if is_named(thing) else meaning.text


def is_sure_name(names, node):
    """Whether a run gives that name, too: it tells where a thing is defined, which of a library is not known."""
    if isinstance(node, ast.Lambda):
        return True
    if isinstance(node, ast.Call):  # functools.partial(f)
        return names.meaning(dotted_name(node.func)).text == "functools.partial" and bool(node.args) and is_sure_name(
            names, node.args[0])
    meaning = names.meaning(dotted_name(node))
    return meaning.kind in ("class", "named") or is_named(_loaded(meaning.text))


def factory_name(names, node):
    """The name of what makes a default, as a run tells it; never its arguments, which may be secret."""
    if dotted_name(node) or isinstance(node, ast.Lambda):
        return name_of(names, node)
    if isinstance(node, ast.Attribute):
        return factory_name(names, node.value) + "." + node.attr
    if not isinstance(node, ast.Call):
        return "<expression>"
    called = factory_name(names, node.func)
    if called == "functools.partial" and node.args:
        return "functools.partial(%s)" % factory_name(names, node.args[0])
    return called + "(…)"
