#!/usr/bin/env python3
"""Holds the arrows between the folders: includes.py SOURCE_FOLDER. Prints each line that breaks one.

    base, proto <- snapshot <- {storage, agent, cli}; storage <- collector

agent, collector and cli never include one another, except that the CLI uses the agent's gather
library for `varve snapshot`, through the headers that GATHER matches.
"""
import pathlib
import re
import sys

ALLOWED = {  # folder -> the folders whose headers it may include, beside its own
    "base": set(),
    "snapshot": {"base", "proto"},
    "storage": {"base", "proto", "snapshot"},
    "agent": {"base", "proto", "snapshot"},
    "collector": {"base", "proto", "snapshot", "storage"},
    "cli": {"base", "proto", "snapshot"},
}
GATHER = re.compile(r"agent/(gather|redaction|source)([^/]*|/.+)\.h")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')


def folder_of(header):
    """The folder of ours that a header belongs to; None for the world's."""
    first = header.split("/", 1)[0]
    if header.startswith("varve/v1/"):
        return "proto"  # generated: the proto folder is the root of its include paths
    return first if first in ALLOWED or first in ("proto", "tests") else None


def violations(source):
    for folder, allowed in ALLOWED.items():
        files = [f for f in sorted((source / folder).rglob("*")) if f.suffix in (".h", ".cc", ".inc")]
        if not files:
            yield f"{folder}/: no C++ file found there; is the house list in {pathlib.Path(__file__).name} up to date?"
        for file in files:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                header = match and match.group(1)
                target = header and folder_of(header)
                if not target or target == folder or target in allowed:
                    continue
                if folder == "cli" and GATHER.fullmatch(header):
                    continue
                where = file.relative_to(source)
                yield (f"{where}:{number}: {folder} may not include {header}; "
                       f"it may lean on {', '.join(sorted(allowed)) or 'nothing of ours'}")


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    print(f"{len(found)} includes against the arrows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
