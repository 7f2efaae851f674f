"""Which errors of SQLite are the machine's and not the statement's."""

import sqlite3

_OF_THE_MACHINE = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    )
)


def of_the_machine(error: BaseException) -> bool:
    """Whether a full, read-only, locked or broken disk is to blame: then nothing around it can be relied on either."""
    return isinstance(error, MemoryError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_MACHINE
