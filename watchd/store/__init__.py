"""All SQL: the database and one file per noun. Functions take a connection inside a transaction of `Database.write`."""
