"""The chat in a terminal: lines in, bubbles out. Labels or numbers choose buttons."""
