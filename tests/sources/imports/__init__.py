"""Files that are imported, good ones and hostile ones."""
