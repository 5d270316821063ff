"""The result channel: JSON lines on a descriptor that only the agent and this script know.

The functions of os are bound here, before any application code runs: a module that patches them
changes nothing for us.
"""
import fcntl
import json
import os

_write, _getpid, _exit, _getpgrp, _killpg = os.write, os.getpid, os._exit, os.getpgrp, os.killpg
_LIFTED = 200  # below the limit of open files, above what a script usually holds


def canonical_json(value):
    """The one text of a JSON value: keys sorted, no spaces, no NaN; raises ValueError where there is none."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def clean(text):
    """`text` without lone surrogates: what was not UTF-8 reads as a backslash escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Channel:
    """Sends records. A copy of the process made by fork() sends nothing."""

    def __init__(self, descriptor):
        self._pid = _getpid()
        self._ends_group = False
        try:
            self._descriptor = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _LIFTED)
            os.close(descriptor)
        except OSError:  # the limit of open files is lower than that
            self._descriptor = descriptor
        os.register_at_fork(after_in_child=self._close)

    def _close(self):
        os.close(self._descriptor)

    def send(self, k, **members):
        if _getpid() != self._pid:
            return
        members["k"] = k
        # The newline before it ends whatever else was written to the descriptor.
        data = ("\n" + canonical_json(members) + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[_write(self._descriptor, data):]

    def leave_if_forked(self):
        """Ends a process that application code forked and let return from its import."""
        if _getpid() != self._pid:
            _exit(0)

    def end_group_too(self):
        """Lets leave() end the whole process group: nobody outside can, where a command started this."""
        self._ends_group = _getpgrp() == self._pid

    def leave(self):
        """Ends the process at once: a thread that a module left behind would hold it for ever."""
        if self._ends_group:
            _killpg(self._pid, 9)
        _exit(0)
