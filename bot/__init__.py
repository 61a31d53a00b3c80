"""Onward: a coach for the hour a rejection arrives, the days after, and the next try."""
