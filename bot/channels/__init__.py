"""Channels: they receive and they send, nothing else. They know nothing of flows."""
