"""Keeps a record of what SQLite tells the operating system, so that a power cut can be played afterwards.

What a machine holds when the power goes is: everything synced, and any part of what was written since, in any
order. SQLite's own way to files (its "unix" VFS) is left as it is; three of its methods are led through here, which
write down each write, each cut of a file and each sync that has succeeded, in one list shared by all processes.
tests/crash/power.py reads the list. Only for trials: nothing of the product loads this.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import struct
from ctypes import CFUNCTYPE, POINTER, Structure, addressof, byref, c_char_p, c_int, c_int64, c_void_p, sizeof
from pathlib import Path
from typing import Any

import pysqlite3

# kind, length of the name, length of the bytes, place in the file. Kinds: w written, t cut to a length, b a sync
# begins and s it has ended (both with its number), a acknowledged to a person. All but b are told once they are done.
HEAD = struct.Struct("=cHIq")
OK = 0
DATABASE_OR_LOG = 0x00000100 | 0x00080000  # SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_WAL

Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class Methods(Structure):
    """`sqlite3_io_methods`, as far as version 3."""

    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", Write),
        ("truncate", Truncate),
        ("sync", Sync),
        ("rest", c_void_p * 13),
    ]


class File(Structure):
    _fields_ = [("methods", POINTER(Methods))]


class Vfs(Structure):
    """The beginning of `sqlite3_vfs`."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", Open),
    ]


_kept: list[Any] = []  # what SQLite points at must stay
_names: dict[int, bytes] = {}
_own: dict[int, Methods] = {}


def line(kind: bytes, name: bytes, data: bytes = b"", at: int = 0) -> bytes:
    return HEAD.pack(kind, len(name), len(data), at) + name + data


def record(into: Path) -> None:
    """From now on, each file SQLite opens in this process tells `into`."""
    handle = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    library = ctypes.CDLL(pysqlite3._sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    original = _now(Open, vfs.open)

    def open_(this: int, name: int, file: int, flags: int, out: Any) -> int:
        done: int = original(this, name, file, flags, out)
        if done == OK and name and flags & DATABASE_OR_LOG:
            _names[file] = Path(ctypes.string_at(name).decode()).name.encode()
            opened = File.from_address(file)
            opened.methods = ctypes.pointer(_telling(opened.methods.contents, handle))
        return done

    vfs.open = _keep(Open(open_))


def _telling(methods: Methods, handle: int) -> Methods:
    """A copy of these methods that tells what it does; one copy for each kind of file SQLite has."""
    if addressof(methods) in _own:
        return _own[addressof(methods)]
    own = Methods()
    ctypes.memmove(byref(own), byref(methods), sizeof(Methods))
    write_on = _now(Write, methods.write)
    cut_on, sync_on = _now(Truncate, methods.truncate), _now(Sync, methods.sync)

    def write(file: int, data: int, length: int, at: int) -> int:
        done: int = write_on(file, data, length, at)
        if done == OK:
            os.write(handle, line(b"w", _names[file], ctypes.string_at(data, length), at))
        return done

    def truncate(file: int, size: int) -> int:
        done: int = cut_on(file, size)
        if done == OK:
            os.write(handle, line(b"t", _names[file], at=size))
        return done

    def sync(file: int, flags: int) -> int:
        number = secrets.randbits(62)
        os.write(handle, line(b"b", _names[file], at=number))
        done: int = sync_on(file, flags)
        if done == OK:
            os.write(handle, line(b"s", _names[file], at=number))
        return done

    own.write, own.truncate, own.sync = _keep(Write(write)), _keep(Truncate(truncate)), _keep(Sync(sync))
    _own[addressof(methods)] = _keep(own)
    return own


def _now(kind: Any, function: Any) -> Any:
    """What the pointer leads to now, whatever is put into its place afterwards."""
    return kind(ctypes.cast(function, c_void_p).value)


def _keep(thing: Any) -> Any:
    _kept.append(thing)
    return thing
