"""`content/` becomes a script: loaded, checked whole with file and line for every fault, compiled to values."""
