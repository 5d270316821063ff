"""What the base of mapped classes, and its MetaData, say of all tables: their schema, their names, their types."""
import ast

from .expressions import dotted_name
from .source_table_parts import UNKNOWN_HOME, Home
from .source_types import Unclear, arguments_of, called, literal, opened


def assigned(node, name):
    """The expression that a class's body assigns to a name; None where there is none."""
    for inner in node.body:
        if isinstance(inner, ast.Assign) and [dotted_name(target) for target in inner.targets] == [name]:
            return inner.value
        if isinstance(inner, ast.AnnAssign) and dotted_name(inner.target) == name and inner.value is not None:
            return inner.value
    return None


class Bases:
    """Reads them; `moves`: whether a module says after the fact what a MetaData gives, so that nothing is sure."""

    def __init__(self, reader, moves):
        self._reader, self._moves = reader, moves

    def home(self, line):
        """The Home of the metadata that a class of that lineage belongs to."""
        if self._moves:
            return UNKNOWN_HOME
        for cls in reversed(line):
            metadata, registry = assigned(cls.node, "metadata"), assigned(cls.node, "registry")
            if metadata is not None:
                return self.of(cls.names, metadata)
            if registry is not None:
                return self._made(*opened(cls.names, registry))
            for base, meaning in self._reader.bases(cls):
                if base is None and meaning.target is not None:
                    return self._made(*meaning.target)
        return Home("", {})

    def _made(self, names, call):
        """Of declarative_base(metadata=…) or registry(metadata=…)."""
        try:
            positional, keywords = arguments_of(call) if isinstance(call, ast.Call) else ([None], {})
        except Unclear:
            return UNKNOWN_HOME
        if positional or "cls" in keywords:
            return UNKNOWN_HOME
        return self.of(names, keywords["metadata"]) if "metadata" in keywords else Home("", {})

    def of(self, names, node):
        """The Home of the MetaData that an expression gives."""
        if self._moves:
            return UNKNOWN_HOME
        names, node = opened(names, node)
        if called(names, node) == "MetaData":
            try:
                positional, keywords = arguments_of(node)
            except Unclear:
                return UNKNOWN_HOME
            schema = _known(names, keywords.get("schema"), str, "")
            convention = _known(names, keywords.get("naming_convention"), dict, {})
            return UNKNOWN_HOME if positional else Home(schema, convention)
        head, _, last = dotted_name(node).rpartition(".")
        meaning = names.meaning(head)
        if last != "metadata":
            return UNKNOWN_HOME
        if meaning.kind == "class":
            return self.home(self._reader.lineage(self._reader.found(names, meaning))[0])
        if meaning.kind == "alias":
            return self._made(meaning.target[1], meaning.target[0])
        return Home("", {}) if meaning.text == "sqlmodel.SQLModel" else UNKNOWN_HOME

    def type_map(self, line):
        """[(names, Python's type, the column's)] of type_annotation_map."""
        for cls in reversed(line):
            node, names = assigned(cls.node, "type_annotation_map"), cls.names
            makers = [(cls.names, assigned(cls.node, "registry"))] + [
                meaning.target for base, meaning in self._reader.bases(cls)
                if base is None and meaning.target is not None]
            for maker_names, maker in makers if node is None else ():
                maker_names, maker = opened(maker_names, maker)
                if isinstance(maker, ast.Call):
                    names, node = maker_names, arguments_of(maker)[1].get("type_annotation_map", node)
            if node is not None:
                names, node = opened(names, node)
                if not isinstance(node, ast.Dict) or None in node.keys:
                    raise Unclear
                return [(names, key, value) for key, value in zip(node.keys, node.values)]
        return []


def _known(names, node, kind, without):
    """The value of an argument, `without` where it is not given; None where it is not clear."""
    try:
        return literal(names, node, kind) if node is not None else without
    except Unclear:
        return None
