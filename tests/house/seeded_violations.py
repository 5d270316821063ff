#!/usr/bin/env python3
"""Proves that the house tests can fail: each sees a small project with one fault, and one without."""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FOLDERS = ("base", "snapshot", "storage", "agent", "collector", "cli")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(script, *arguments):
    done = subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def expect(name, answer, code, words):
    if answer[0] != code or words not in answer[1]:
        sys.exit(f"{name}: expected exit {code} with '{words}', got exit {answer[0]}:\n{answer[1]}")
    print(f"ok: {name}")


def includes(name, file, line, code, words):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder)
        for room in FOLDERS:
            write(source / room / "a.cc", '#include <vector>\n#include "absl/status/status.h"\n')
        write(source / file, line + "\n")
        expect(name, run("includes.py", source), code, words)


def project(source, tests):
    """A configured project: compile_commands.json, build.ninja and what a ctest of our making answers."""
    build = source / "build"
    write(source / "tests/unit/one_test.cc", "")
    write(source / "tests/tool.py", "")
    write(build / "compile_commands.json", json.dumps([
        {"directory": str(build), "file": str(source / "tests/unit/one_test.cc"),
         "command": "g++ -o tests/CMakeFiles/one_test.dir/unit/one_test.cc.o"}]))
    write(build / "build.ninja", "build tests/one_test: CXX_EXECUTABLE_LINKER__one_test_Debug "
          "tests/CMakeFiles/one_test.dir/unit/one_test.cc.o | /lib/libc.so\n")
    ctest = source / "ctest"
    write(ctest, "#!/bin/sh\ncat <<'END'\n" + json.dumps({"tests": tests}) + "\nEND\n")
    ctest.chmod(0o755)
    return build, ctest


def registered(name, change, code, words):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder).resolve()
        tests = [{"name": "one_test", "command": [f"{source}/build/tests/one_test"]},
                 {"name": "tool", "command": ["python3", f"{source}/tests/tool.py"]}]
        change(source, tests)
        build, ctest = project(source, tests)
        expect(name, run("every_test_runs.py", source, build, ctest), code, words)


def main():
    includes("the world and one's own are allowed", "agent/b.cc", '#include "agent/a.h"', 0, "0 includes")
    includes("snapshot must not know storage", "snapshot/b.h", '#include "storage/store.h"', 1, "snapshot/b.h:1")
    includes("base must not know the contract", "base/b.h", '#include "varve/v1/x.pb.h"', 1, "base/b.h:1")
    includes("collector must not know the agent", "collector/b.cc", "#  include <agent/gather.h>", 1, "collector/b.cc:1")
    includes("the CLI may gather", "cli/command/b.cc", '#include "agent/source/postgres/source.h"', 0, "0 includes")
    includes("the CLI may not publish", "cli/command/b.cc", '#include "agent/outbox.h"', 1, "cli/command/b.cc:1")

    registered("a project in order", lambda s, t: None, 0, "0 forgotten")
    registered("a test that is not compiled", lambda s, t: write(s / "tests/unit/two_test.cc", ""), 1, "two_test.cc is in no")
    registered("a test that is built and not run", lambda s, t: t.pop(0), 1, "which no test of ctest runs")
    registered("a script that nobody runs", lambda s, t: t.pop(1), 1, "tests/tool.py is neither run")
    registered("a disabled test", lambda s, t: t[0].update(properties=[{"name": "DISABLED", "value": True}]), 1, "is disabled")


if __name__ == "__main__":
    main()
