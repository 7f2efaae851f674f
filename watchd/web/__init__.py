"""Our HTTP: one route table, thin handlers, one error → status table."""
