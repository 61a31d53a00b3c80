"""How many turns a second, and how long a person waits: `make bench`."""
