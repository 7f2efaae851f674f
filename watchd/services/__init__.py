"""What the daemon does: each a small class with its dependencies in `__init__`, a `run` that loops and a method that does it once."""
