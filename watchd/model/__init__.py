"""The nouns: frozen dataclasses and enums that import nothing of ours."""
