"""Fences the interpreter in from inside, where the agent does not start it itself: limits, a last hour, no network."""
import faulthandler
import os
import platform
import resource


class NoFence(Exception):
    """The network could not be refused."""


def _limit(kind, value):
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, hard))


def _refuse_network(machine, program):
    """Puts the agent's seccomp filter on this process; it is for the machine that the agent runs on."""
    if platform.machine() != machine:
        raise NoFence("it is made for %s and this is %s" % (machine, platform.machine()))
    try:
        import ctypes
        library = ctypes.CDLL(None, use_errno=True)
    except (ImportError, OSError):
        raise NoFence("this Python has no ctypes") from None

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    program = bytes.fromhex(program)
    wrapped = Program(len(program) // 8, program)
    zero = ctypes.c_ulong(0)
    if library.prctl(38, ctypes.c_ulong(1), zero, zero, zero) != 0:  # PR_SET_NO_NEW_PRIVS
        raise NoFence(os.strerror(ctypes.get_errno()))
    if library.prctl(22, ctypes.c_ulong(2), ctypes.byref(wrapped)) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        raise NoFence(os.strerror(ctypes.get_errno()))


def put_up(fence):
    """Raises NoFence where the network is to be refused and cannot be."""
    try:
        os.setpgid(0, 0)
    except OSError:
        pass  # it leads a session, which is a group of its own
    for kind, name in ((resource.RLIMIT_AS, "memory"), (resource.RLIMIT_CPU, "cpu")):
        if fence.get(name):
            _limit(kind, fence[name])
    _limit(resource.RLIMIT_CORE, 0)
    # The agent can end the command, and not what it started: this ends by itself.
    faulthandler.dump_traceback_later(fence["seconds"], exit=True, file=open(os.devnull, "w"))
    os.environ.update(fence.get("environment", {}))
    if fence.get("filter"):
        _refuse_network(fence["machine"], fence["filter"])
