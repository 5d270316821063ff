"""The text of a type, as source writes it: the same text that spelling.py gives for the running type.

Works on parsed expressions and resolves names through `names`, whose meaning(dotted) says what a
name stands for; nothing is run.
"""
import ast
import collections

from .constraints import MARKERS, NAMES, VALIDATORS, put

# kind: "class" (text: name in its module, target: its id), "alias" (target: (expression, names of
# its module)), "named" (stands for itself: a TypeVar, a NewType), "external" (text: dotted path of a
# thing outside what was parsed).
Meaning = collections.namedtuple("Meaning", "kind text target")

_TYPING_MODULES = ("", "typing", "typing_extensions")
_TYPING = {"List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple", "Type": "type",
           "Deque": "deque", "DefaultDict": "defaultdict", "AbstractSet": "Set", "Text": "str"}
_TRANSPARENT = ("Annotated", "Required", "NotRequired", "ReadOnly", "Final", "Mapped")
_INT, _FLOAT = "int", "float"
_LIBRARY = {  # names of pydantic that stand for a standard type with constraints
    "PositiveInt": (_INT, "gt", 0), "NegativeInt": (_INT, "lt", 0), "NonNegativeInt": (_INT, "ge", 0),
    "NonPositiveInt": (_INT, "le", 0), "PositiveFloat": (_FLOAT, "gt", 0), "NegativeFloat": (_FLOAT, "lt", 0),
    "NonNegativeFloat": (_FLOAT, "ge", 0), "NonPositiveFloat": (_FLOAT, "le", 0), "StrictStr": ("str", "strict", True),
    "StrictInt": (_INT, "strict", True), "StrictFloat": (_FLOAT, "strict", True),
    "StrictBool": ("bool", "strict", True), "StrictBytes": ("bytes", "strict", True),
    "FilePath": ("Path", "path_type", "file"), "DirectoryPath": ("Path", "path_type", "dir"),
    "NewPath": ("Path", "path_type", "new"), "UUID1": ("UUID", "uuid_version", 1),
    "UUID3": ("UUID", "uuid_version", 3), "UUID4": ("UUID", "uuid_version", 4), "UUID5": ("UUID", "uuid_version", 5),
    "Base64Bytes": ("bytes", "encoder", "pydantic.types.Base64Encoder"),
    "Base64Str": ("str", "encoder", "pydantic.types.Base64Encoder"),
    "Base64UrlBytes": ("bytes", "encoder", "pydantic.types.Base64UrlEncoder"),
    "Base64UrlStr": ("str", "encoder", "pydantic.types.Base64UrlEncoder"),
}
_MAKERS = {"constr": "str", "conint": _INT, "confloat": _FLOAT, "conbytes": "bytes", "condecimal": "Decimal",
           "condate": "date", "conlist": "list", "conset": "set", "confrozenset": "frozenset"}
_METADATA = {"Gt": "gt", "Ge": "ge", "Lt": "lt", "Le": "le", "MultipleOf": "multiple_of", "MinLen": "min_length",
             "MaxLen": "max_length", "Strict": "strict", "Discriminator": "discriminator", "Tag": "tag",
             "FailFast": "fail_fast"}
_BUILTIN = frozenset("bool bytes bytearray complex dict float frozenset int list object set str tuple type".split())
_STANDARD = frozenset("typing typing_extensions collections datetime decimal uuid enum pathlib ipaddress re fractions "
                      "zoneinfo abc types pydantic pydantic_core annotated_types pydantic_settings".split())


def union_text(arms):
    """Text of a union from the texts of its arms, in source order."""
    known = list(dict.fromkeys(arms))
    others = [arm for arm in known if arm != "None"]
    inner = others[0] if len(others) == 1 else "Union[%s]" % ", ".join(others)
    if len(others) == len(known):
        return inner
    return "Optional[%s]" % inner if others else "None"


class NoNames:
    """Where nothing is known of the module that an expression stands in."""

    generation = 0

    @staticmethod
    def meaning(dotted):
        return Meaning("external", dotted, None)

    @staticmethod
    def literal(_node):
        raise ValueError("not a literal")


def dotted_name(node):
    """"a.b.c" of a name or a chain of attributes; "" of anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))


def source_text(node):
    """An expression as text, spaced in one way."""
    return ast.unparse(node) if hasattr(ast, "unparse") else ast.dump(node)


def items(node):
    """What stands in a subscript's brackets."""
    inner = node.slice
    if type(inner).__name__ == "Index":  # before Python 3.9
        inner = inner.value
    return list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]


class ExpressionSpeller:
    """Spells one field's type from source. Beside the text: `constraints`, `field_calls` (the
    Field(...) of Annotated), `references` (ids of classes), and `unknown`: a name could not be
    followed, so that whether None is accepted is not known.
    """

    def __init__(self, names):
        self._names = names
        self._depth = 0
        self.constraints = {}
        self.field_calls = []
        self.functions = []  # (name of the constraint, its function's expression, names) of AfterValidator(…), …
        self.references = []
        self.unknown = False
        self.accepts_none = False
        self.holds_variable = False  # a TypeVar
        self.unclear_constraints = False  # there may be more

    def spell_field(self, node):
        """The text of a whole annotation."""
        text = self.spell(node, "")
        arms = ("None", "Any", "object")
        self.accepts_none = text.startswith("Optional[") or text in arms or (
            text.startswith("Literal[") and text.endswith((", None]", "[None]")))
        return text

    def spell(self, node, path):
        if self._depth > 50:  # aliases in a circle
            self.unknown = True
            return source_text(node)
        self._depth += 1
        try:
            return self._spell(node, path)
        finally:
            self._depth -= 1

    def _spell(self, node, path):
        if isinstance(node, ast.Constant):
            return self._constant(node, path)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._name(node, path)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(self._arms(node), path)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, path)
        if isinstance(node, ast.Call):
            return self._call(node, path)
        if isinstance(node, ast.List):
            return "[%s]" % self._all(node.elts, path)
        self.unknown = True
        return source_text(node)

    def _constant(self, node, path):
        if node.value is None:
            return "None"
        if node.value is Ellipsis:
            return "..."
        if isinstance(node.value, str):
            try:
                return self.spell(ast.parse(node.value.strip(), mode="eval").body, path)
            except SyntaxError:
                self.unknown = True
                return node.value
        return repr(node.value)

    def _all(self, nodes, path):
        return ", ".join(self.spell(item, "%s[%d]." % (path, at)) for at, item in enumerate(nodes))

    def _arms(self, node):
        """The arms of a union that is written with | or in one of typing's words, opened."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._arms(node.left) + self._arms(node.right)
        if isinstance(node, ast.Subscript):
            word = self._typing_word(node.value)
            if word == "Optional":
                return self._arms(items(node)[0]) + [ast.Constant(value=None)]
            if word == "Union":
                return [arm for item in items(node) for arm in self._arms(item)]
        return [node]

    def _union(self, arms, path):
        alone = len([arm for arm in arms if not (isinstance(arm, ast.Constant) and arm.value is None)]) == 1
        return union_text([self.spell(arm, path if alone else "%s[%d]." % (path, at)) for at, arm in enumerate(arms)])

    def _typing_word(self, node):
        """"Optional" of typing.Optional, t.Optional, Optional; "" of what is not typing's."""
        meaning = self._names.meaning(dotted_name(node))
        if meaning.kind != "external":
            return ""
        module, _, word = meaning.text.rpartition(".")
        return word if module in _TYPING_MODULES else ""

    def _name(self, node, path):
        dotted = dotted_name(node)
        if not dotted:
            self.unknown = True
            return source_text(node)
        meaning = self._names.meaning(dotted)
        if meaning.kind == "class":
            self.references.append(meaning.target)
            return meaning.text
        if meaning.kind == "named":
            self.holds_variable |= meaning.target is None
            return meaning.text
        if meaning.kind == "alias":
            expression, names = meaning.target
            return self._elsewhere(expression, names, path)
        return self._external(meaning.text, path)

    def _elsewhere(self, expression, names, path):
        """Spells an alias's expression in the names of its own module."""
        here, self._names = self._names, names
        try:
            return self.spell(expression, path)
        finally:
            self._names = here

    def _external(self, dotted, path):
        module, _, word = dotted.rpartition(".")
        if module in _TYPING_MODULES and word in _TYPING:
            return _TYPING[word]
        if module.split(".")[0] == "pydantic" and word in _LIBRARY:
            text, name, value = _LIBRARY[word]
            put(self.constraints, path, name, value)
            return text
        if module.split(".")[0] not in _STANDARD and word not in _BUILTIN and word != "Any":
            self.unknown = True
        return word

    def _subscript(self, node, path):
        word = self._typing_word(node.value)
        if word in ("Optional", "Union"):
            return self._union(self._arms(node), path)
        if word == "Literal":
            return "Literal[%s]" % ", ".join(self._literal(item) for item in items(node))
        if word in _TRANSPARENT:
            inner = items(node)
            self._metadata(inner[1:], path)
            return self.spell(inner[0], path)
        if word == "Callable":
            wanted, answer = (items(node) + [ast.Constant(value=None)])[:2]
            return "Callable[%s, %s]" % (self.spell(wanted, path), self.spell(answer, path + "[return]."))
        inner = items(node)
        library, _, marker = self._names.meaning(dotted_name(node.value)).text.rpartition(".")
        if library.split(".")[0] == "pydantic" and len(inner) == 1 and (marker in MARKERS or marker == "Json"):
            put(self.constraints, path, MARKERS.get(marker, "json"), True)
            return self.spell(inner[0], path)
        name = self.spell(node.value, path)
        if not inner or isinstance(inner[0], ast.Tuple) and not inner[0].elts:
            return name + "[()]"
        return "%s[%s]" % (name, self._all(inner, path))

    def _literal(self, node):
        if isinstance(node, (ast.Name, ast.Attribute)):
            owner, _, member = dotted_name(node).rpartition(".")
            return (self.spell(ast.parse(owner, mode="eval").body, "") + "." if owner else "") + member
        try:
            return repr(ast.literal_eval(node))
        except ValueError:
            return source_text(node)

    def _call(self, node, path):
        meaning = self._names.meaning(dotted_name(node.func))
        word = meaning.text.rpartition(".")[2]
        if meaning.kind != "external" or word not in _MAKERS:
            self.unknown = True
            return source_text(node)
        self._keywords(node, path)
        if word in ("conlist", "conset", "confrozenset") and (node.args or node.keywords):
            item = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "item_type")
            return "%s[%s]" % (_MAKERS[word], self.spell(item, path + "[0]."))
        return _MAKERS[word]

    def _keywords(self, call, path):
        """Constraints among a call's keywords; a value that is no literal is left out."""
        for keyword in call.keywords:
            if keyword.arg in NAMES:
                self._put(path, NAMES[keyword.arg], keyword.value)
            self.unclear_constraints |= keyword.arg is None

    def _put(self, path, name, node):
        try:
            put(self.constraints, path, name, self._names.literal(node))
        except ValueError:
            self.unclear_constraints = True

    def _metadata(self, nodes, path):
        if path and self._names.generation == 1:  # Pydantic 1 reads the outermost alone
            return
        for node in nodes:
            meaning = self._names.meaning(dotted_name(node)) if isinstance(node, (ast.Name, ast.Attribute)) else None
            if meaning is not None and meaning.kind in ("alias", "external"):
                word = meaning.text.rpartition(".")[2]
                if word in MARKERS:
                    put(self.constraints, path, MARKERS[word], True)
                # What it is of was not followed: a class (Strict), or an object that a module holds.
                self.unclear_constraints |= word not in MARKERS
            if not isinstance(node, ast.Call):
                continue
            word = self._names.meaning(dotted_name(node.func)).text.rpartition(".")[2]
            if word in MARKERS:
                put(self.constraints, path, MARKERS[word], True)
                continue
            if word == "Field":
                self._keywords(node, path)
                if not path:
                    self.field_calls.append(node)
            elif word in VALIDATORS and node.args:
                self.functions.append((path + VALIDATORS[word], node.args[0], self._names))
            elif word in _METADATA and node.args:
                self._put(path, _METADATA[word], node.args[0])
            elif word in ("Strict", "FailFast"):
                put(self.constraints, path, _METADATA[word], True)
            else:  # Interval(ge=…), Len(1, 3), StringConstraints(…)
                for name, value in zip(("min_length", "max_length") if word == "Len" else (), node.args):
                    self._put(path, name, value)
                self._keywords(node, path)

    def spell_call_constraints(self, call):
        """The constraints of a Field(...) that stands as the field's value."""
        self._keywords(call, "")


def spell_text(text):
    """The text of a type that the interpreter holds as unresolved source."""
    try:
        return ExpressionSpeller(NoNames).spell_field(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return text
