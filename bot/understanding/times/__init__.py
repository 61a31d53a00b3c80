"""Times and places in a person's own words: pure, deterministic, in the words of the content."""
