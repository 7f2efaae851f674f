"""What may go wrong with one row without anybody having foreseen it; whoever catches it quarantines that row and goes on."""

import sqlite3

UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, sqlite3.Error)
"""What code that meets data of others raises where it is wrong about them: a number too large, a key or an attribute that is
not there, JSON nested too deep, a value of another type or form, a row that a constraint of the database refuses.

These name one event, row or page as the culprit, so that this one is put aside and the rest goes on. An error that says more
than that (memory, a bug in the event loop, a failed write, which the writer turns into StoreUnavailable) is not among them.
"""
