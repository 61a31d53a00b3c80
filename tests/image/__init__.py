"""The container image without a container engine: the Dockerfile's own steps, carried out in an empty root.

`make image` (as root, on Linux) follows the Dockerfile line by line in folders that hold nothing but a Python, runs
what it makes as the image's user with a read-only file system and no capability, and lets a person write to it.
"""
