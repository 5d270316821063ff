"""Models from documents: JSON Schema files and an OpenAPI document. Nothing of an application is run or needed.

What a document does not say is left out or None: a default that is made, whether an old schema means null.
"""
import base64
import json
import os
import urllib.parse
import urllib.request

from .describing import MAX_SCHEMA_BYTES
from .expressions import union_text
from .values import jsonable
from .wire import canonical_json, clean

MAX_BYTES = 32 << 20
SECONDS = 15  # between two signs of life of a server
_DEEPEST = 60
_FORMATS = {"uuid": "UUID", "date-time": "datetime", "date": "date", "time": "time", "duration": "timedelta",
            "binary": "bytes", "ipv4": "IPv4Address", "ipv6": "IPv6Address", "path": "Path", "password": "SecretStr"}
_TYPES = {"integer": "int", "number": "float", "boolean": "bool", "null": "None", "object": "dict", "array": "list"}
_CONSTRAINTS = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt",
                "multipleOf": "multiple_of", "minLength": "min_length", "maxLength": "max_length",
                "pattern": "pattern", "minItems": "min_length", "maxItems": "max_length"}


class Unreadable(Exception):
    """Why a document was not read, in words that hold nothing of its address or content."""


def _from_server(address):
    """The bytes behind an http(s) address, over no other scheme, wherever it is sent on to."""
    parts = urllib.parse.urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    request = urllib.request.Request(urllib.parse.urlunsplit((parts.scheme, host, parts.path, parts.query, "")),
                                     headers={"Accept": "application/json", "User-Agent": "varve-agent"})
    if "@" in parts.netloc:
        user = "%s:%s" % (urllib.parse.unquote(parts.username or ""), urllib.parse.unquote(parts.password or ""))
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(user.encode()).decode("ascii"))
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
                    urllib.request.HTTPErrorProcessor(), urllib.request.HTTPRedirectHandler(),
                    urllib.request.HTTPDefaultErrorHandler(), urllib.request.UnknownHandler()):
        opener.add_handler(handler)
    with opener.open(request, timeout=SECONDS) as answer:
        return answer.read(MAX_BYTES + 1)


def _reason(error):
    """An exception in words, without an address."""
    code, inner = getattr(error, "code", None), getattr(error, "reason", None)
    if isinstance(code, int):
        return "the server answered %d" % code
    error = inner if isinstance(inner, Exception) else error
    return getattr(error, "strerror", None) or type(error).__name__


def _load(place):
    is_address = place.startswith(("http://", "https://"))
    try:
        if is_address:
            data = _from_server(place)
        else:
            with open(place, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except Exception as error:  # pylint: disable=broad-except  # of urllib, http and ssl
        raise Unreadable(_reason(error)) from None
    if len(data) > MAX_BYTES:
        raise Unreadable("it is over %d MiB" % (MAX_BYTES >> 20))
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Unreadable("it is no JSON object")
    return value


def _mapping(value):
    return value if isinstance(value, dict) else {}


def _says_null(value, depth=0):
    """Whether null is spoken of anywhere: then a field without it does not take it."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return any(_says_null(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    return kind == "null" or isinstance(kind, list) and "null" in kind or value.get("nullable") is True or any(
        _says_null(item, depth + 1) for item in value.values())


class _Type:
    """The type of one property, in the record's spelling; what is found beside it."""

    def __init__(self, reader):
        self._reader = reader
        self.constraints, self.references, self.enums = {}, [], []
        self.is_known = True

    def spell(self, schema, path="", depth=0):
        if schema is True or schema == {} or not isinstance(schema, dict):
            return "Any"
        if depth > _DEEPEST:
            self.is_known = False
            return "Any"
        text = self._spell(schema, path, depth + 1)
        return union_text([text, "None"]) if schema.get("nullable") is True else text

    def _spell(self, schema, path, depth):
        if isinstance(schema.get("$ref"), str):
            return self._reference(schema["$ref"])
        for word in ("anyOf", "oneOf"):
            arms = schema.get(word)
            if isinstance(arms, list) and arms:
                return self._union(arms, path, depth)
        parts = schema.get("allOf")
        if isinstance(parts, list) and len(parts) == 1:
            return self.spell(parts[0], path, depth)
        if "const" in schema:
            return "Literal[%s]" % _literal(schema["const"])
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            return "Literal[%s]" % ", ".join(_literal(value) for value in schema["enum"])
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return self._union([dict(schema, type=kind) for kind in kinds], path, depth)
        return self._plain(schema, kinds, path, depth)

    def _union(self, arms, path, depth):
        alone = sum(1 for arm in arms if _mapping(arm).get("type") != "null") == 1
        return union_text([self.spell(arm, path if alone else "%s[%d]." % (path, at), depth)
                           for at, arm in enumerate(arms)])

    def _reference(self, reference):
        name = self._reader.name_of(reference)
        if name is None:
            self.is_known = False
            return clean(reference.rpartition("/")[2])
        (self.enums if self._reader.is_enum(name) else self.references).append(self._reader.id_of(name))
        return clean(name)

    def _plain(self, schema, kind, path, depth):
        for word, name in _CONSTRAINTS.items():
            value = schema.get(word)
            if value is not None and not isinstance(value, bool):
                self.constraints[path + name] = canonical_json(jsonable(value))
        if kind == "string":
            form = schema.get("format")
            if isinstance(form, str) and form not in _FORMATS:
                self.constraints[path + "format"] = canonical_json(clean(form))
            return _FORMATS.get(form, "str") if isinstance(form, str) else "str"
        if kind == "array":
            return self._array(schema, path, depth)
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return "dict[str, %s]" % self.spell(schema["additionalProperties"], path + "[1].", depth)
        return _TYPES.get(kind, "Any") if isinstance(kind, str) else "Any"

    def _array(self, schema, path, depth):
        items = schema.get("prefixItems", schema.get("items"))
        if isinstance(items, list):
            return "tuple[%s]" % ", ".join(self.spell(item, "%s[%d]." % (path, at), depth)
                                           for at, item in enumerate(items))
        word = "set" if schema.get("uniqueItems") is True else "list"
        return "%s[%s]" % (word, self.spell(items, path + "[0].", depth)) if items is not None else word


def _literal(value):
    return repr(value) if isinstance(value, (str, bool, int)) or value is None else canonical_json(jsonable(value))


class _Reader:
    """The schemas of one document by name; `document` is "json_schema" or "openapi"."""

    def __init__(self, value, document, module):
        self._document, self._module = document, module
        self.schemas, places = {}, ["$defs", "definitions"]
        if document == "openapi":
            places = ["definitions"]
            self._add("#/components/schemas/", _mapping(value.get("components")).get("schemas"))
        self._prefixes = ["#/components/schemas/"] + ["#/%s/" % place for place in places]
        for place in places:
            self._add("#/%s/" % place, value.get(place))
        if document == "json_schema" and any(word in value for word in ("properties", "type", "enum", "anyOf", "allOf")):
            title = value.get("title")
            stem = os.path.basename(module).partition(".")[0]
            self.schemas.setdefault(title if isinstance(title, str) and title else stem, value)
        version = str(value.get("openapi", ""))
        self._tells_null = "$defs" in value or (version >= "3.1" and version[:1] == "3") or _says_null(value)

    def _add(self, _prefix, schemas):
        for name, schema in _mapping(schemas).items():
            if isinstance(schema, dict):
                self.schemas.setdefault(name, schema)

    def name_of(self, reference):
        for prefix in self._prefixes:
            name = urllib.parse.unquote(reference[len(prefix):]).replace("~1", "/").replace("~0", "~")
            if reference.startswith(prefix) and name in self.schemas:
                return name
        return None

    def is_enum(self, name):
        schema = self.schemas[name]
        return isinstance(schema.get("enum"), list) and "properties" not in schema

    def id_of(self, name):
        return clean(self._module + ":" + name)

    def _base(self, name):
        return {"id": self.id_of(name), "module": clean(self._module), "qualname": clean(name), "static": True,
                "document": self._document, "bases": [], "file": "", "line": 0}

    def enum_record(self, name):
        schema = self.schemas[name]
        names = schema.get("x-enum-varnames")
        values = [canonical_json(jsonable(value)) for value in schema["enum"]]
        if not isinstance(names, list) or len(names) != len(values) or not all(isinstance(n, str) and n for n in names):
            names = [value if isinstance(value, str) and value else text for value, text in zip(schema["enum"], values)]
        doc = schema.get("description")
        return dict(self._base(name), doc=clean(doc) if isinstance(doc, str) else "",
                    members=[{"name": clean(n), "value": value} for n, value in zip(names, values)])

    def _parts(self, schema, seen=()):
        """(properties, names that are required, bases): those of allOf flattened, as a class has its bases' fields."""
        properties, required, bases = {}, set(), []
        for part in schema.get("allOf", ()) if isinstance(schema.get("allOf"), list) else ():
            name = self.name_of(str(_mapping(part).get("$ref", "")))
            if name is not None and name not in seen:
                bases.append(self.id_of(name))
                inner = self._parts(self.schemas[name], seen + (name,))
            else:
                inner = self._parts(_mapping(part), seen)
            properties.update(inner[0])
            required |= inner[1]
        properties.update(_mapping(schema.get("properties")))
        listed = schema.get("required")
        required |= {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()
        return properties, required, bases

    def _field(self, name, schema, required):
        kind = _Type(self)
        text = clean(kind.spell(schema))
        schema = _mapping(schema)
        accepts = text.startswith("Optional[") or text in ("Any", "None")
        field = {"name": clean(name) or "(empty)", "type": text, "required": required,
                 "nullable": True if accepts else False if self._tells_null and kind.is_known else None,
                 "constraints": {clean(key): clean(value) for key, value in kind.constraints.items()},
                 "references": sorted(set(kind.references)), "enums": sorted(set(kind.enums))}
        if "default" in schema:
            field["default"] = canonical_json(jsonable(schema["default"]))
        if isinstance(schema.get("description"), str):
            field["description"] = clean(schema["description"])
        if schema.get("deprecated") is True:
            field["deprecated"] = "true"
        return field

    def model_record(self, name):
        schema = self.schemas[name]
        properties, required, bases = self._parts(schema)
        is_model = bool(properties) or schema.get("type") == "object" and not isinstance(
            schema.get("additionalProperties"), dict)
        doc, extra = schema.get("description"), schema.get("additionalProperties")
        record = dict(self._base(name), generation=0, kind="model" if is_model else "root", functions=[], config={},
                      doc=clean(doc) if isinstance(doc, str) else "", fields=[])
        if is_model:
            record["bases"] = bases
            record["fields"] = [self._field(key, value, key in required) for key, value in properties.items()]
        else:
            record["fields"] = [self._field("root", schema, True)]
        if isinstance(extra, bool) and is_model:
            record["config"]["extra"] = '"allow"' if extra else '"forbid"'
        text = canonical_json(jsonable(schema, -200))
        if len(text.encode("utf-8")) > MAX_SCHEMA_BYTES:
            record["schema_error"] = {"type": "too large", "text": "it is over %d MiB" % (MAX_SCHEMA_BYTES >> 20)}
        else:
            record["schema"] = text
        return record


def _tell(channel, document, module, value):
    reader = _Reader(value, document, module)
    for name in sorted(reader.schemas):
        channel.send("describe", id=reader.id_of(name))
        try:
            kind = "enum" if reader.is_enum(name) else "model"
            record = reader.enum_record(name) if kind == "enum" else reader.model_record(name)
        except (ValueError, TypeError, RecursionError) as error:
            channel.send("error", stage="describe", module=module, id=reader.id_of(name), type=type(error).__name__,
                         text="", file="", line=0)
            continue
        channel.send(kind, **record)
    if not reader.schemas:
        raise Unreadable("there is no schema in it")


def tell_models(channel, request):
    """Tells the models of request["documents"]: [{"kind", "place", "module"}]; returns 0, which nobody counts."""
    for document in request["documents"]:
        module = clean(document["module"])
        channel.send("module", name=module, file="")
        try:
            _tell(channel, document["kind"], module, _load(document["place"]))
            channel.send("parsed", module=module)
        except Unreadable as error:
            channel.send("error", stage="document", module=module, type=str(error), text="", file="", line=0)
    channel.send("listed", capped=[], unread=[])
    return 0
