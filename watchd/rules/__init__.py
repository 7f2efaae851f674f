"""Pure decisions: what was and what happened in, what is to be out. No I/O, no clock of their own."""
