"""What may go wrong with one row without anybody having foreseen it; whoever catches it quarantines that row and goes on."""

import sqlite3

UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, sqlite3.IntegrityError)
