#!/usr/bin/env python3
"""Holds that no test is forgotten: every_test_runs.py SOURCE_FOLDER BUILD_FOLDER [CTEST].

Every .cc under tests/ is compiled, and every *_test.cc (or *_fuzz.cc) into a program that ctest runs.
Every .py and .sh under tests/ is run by ctest, or used by name in another file there, or is in BY_HAND.
No registered test is disabled.
"""
import json
import pathlib
import re
import subprocess
import sys

BY_HAND = {  # run by people, or by other programs than ctest
    "tests/run.sh": "runs ctest itself",
    "tests/single_changes.sh": "counts what programs of ctest try",
}
RUN = re.compile(r"_(test|fuzz)\.cc$")


def compiled(build, source):
    """Path below the source folder -> names of the targets that compile it."""
    targets = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        target = re.search(r" -o \S*?CMakeFiles/([^/\s]+)\.dir/", entry["command"])
        if target and file.is_relative_to(source):
            targets.setdefault(file.relative_to(source).as_posix(), set()).add(target.group(1))
    return targets


def registered(build, ctest):
    answer = subprocess.run([ctest, "--test-dir", str(build), "--show-only=json-v1"],
                            check=True, capture_output=True, text=True).stdout
    return json.loads(answer)["tests"]


def linked_into(build):
    """Target -> the targets whose objects or libraries it takes in, from Ninja's own graph of links."""
    # OBJECT and static libraries under tests/ reach a program through its link line.
    uses = {}
    for line in (build / "build.ninja").read_text(encoding="utf-8").splitlines():
        match = re.match(r"build (\S+): CXX_EXECUTABLE_LINKER__(\S+?)_(?:Debug|RelWithDebInfo|Release)?\S* (.*)", line)
        if match:
            name = pathlib.PurePosixPath(match.group(1)).name
            uses.setdefault(name, set()).update(re.findall(r"CMakeFiles/([^/\s]+)\.dir/", match.group(3)))
            uses[name].update(re.findall(r"lib([^/\s]+)\.a", match.group(3)))
    return uses


def violations(source, build, ctest):
    tests = registered(build, ctest)
    commands = [t.get("command", []) for t in tests]
    programs = {pathlib.PurePosixPath(c[0]).name for c in commands if c}
    arguments = {a for c in commands for a in c}
    targets, uses = compiled(build, source), linked_into(build)
    ran = set(programs)
    for program in programs:
        ran |= uses.get(program, set())

    for test in tests:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        if properties.get("DISABLED"):
            yield f"test {test['name']} is disabled: mend it or delete it"
        if not test.get("command"):
            yield f"test {test['name']} has no command: its program is not built"

    files = [f for f in sorted((source / "tests").rglob("*")) if f.is_file()]
    for file in files:
        name = file.relative_to(source).as_posix()
        if file.suffix == ".cc":
            if name not in targets:
                yield f"{name} is in no CMakeLists.txt: it is not compiled"
            elif RUN.search(name) and not targets[name] & ran:
                yield f"{name} is built into {', '.join(sorted(targets[name]))}, which no test of ctest runs"
        elif file.suffix in (".py", ".sh") and name not in BY_HAND:
            if any(a.endswith("/" + name) for a in arguments):
                continue
            word = re.compile(rf"\b{re.escape(file.stem if file.stem != '__init__' else file.parent.name)}\b")
            users = (f for f in files if f != file and f.suffix in (".cc", ".h", ".py", ".sh", ".txt"))
            if not any(word.search(f.read_text(encoding="utf-8", errors="replace")) for f in users):
                yield f"{name} is neither run by ctest nor named in another file under tests/"


def main():
    source, build = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    found = list(violations(source, build, sys.argv[3] if len(sys.argv) > 3 else "ctest"))
    for line in found:
        print(line)
    print(f"{len(found)} forgotten files or tests under tests/")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
