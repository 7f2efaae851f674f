"""What the daemon does: small classes with a `run` that loops and a method that does the work once."""
