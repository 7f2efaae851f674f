"""The APIs we call."""
