"""A root folder that stands for an image: nothing in it but a Python and the system's libraries, both read-only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# What `python:slim` brings, taken from this machine.
_SYSTEM = ("bin", "sbin", "lib", "lib64", "usr")
_ETC = (
    "ssl",
    "passwd",
    "group",
    "shadow",
    "login.defs",
    "resolv.conf",
    "hosts",
    "pip.conf",
    "ld.so.conf",
    "ld.so.conf.d",
)
BASE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(slots=True)
class EmptyRoot:
    """A stage of the image. Needs root and a mount namespace of its own (`unshare --mount`), which ends with us."""

    folder: Path
    lent: Sequence[Path] = ()
    environ: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "root"

    def make(self) -> None:
        """Put a Python at /usr/local and the system's folders around it."""
        for name in ("usr", "etc", "proc", "dev", "tmp", "var", "root"):
            (self.folder / name).mkdir(parents=True)
        _mount("--bind", str(self.folder), str(self.folder))
        for name in _SYSTEM:
            host = Path("/") / name
            if host.is_symlink():
                (self.folder / name).symlink_to(host.readlink())
            elif host.exists():
                self._lend(host)
        self._layer(Path(sys.base_prefix), self.folder / "usr/local")
        for name in _ETC:
            self._copy_from_etc(Path("/etc") / name)
        for device in ("null", "urandom", "random", "zero"):
            (self.folder / "dev" / device).touch()
            _mount("--bind", f"/dev/{device}", str(self.folder / "dev" / device))
        _mount("-t", "proc", "proc", str(self.folder / "proc"))
        for path in self.lent:
            self._lend(path)
        self.run(["/sbin/ldconfig"])

    def run(self, command: Sequence[str]) -> str:
        """Run `command` in it as its user; return what it printed. Raises CalledProcessError."""
        shown = subprocess.run(
            self.command(command), env=self.environment(), capture_output=True, text=True, check=False
        )
        if shown.returncode:
            raise subprocess.CalledProcessError(shown.returncode, command, shown.stdout, shown.stderr)
        return shown.stdout

    def command(self, command: Sequence[str]) -> list[str]:
        """`command` as it is started from outside: in the root, in its folder, as its user, without capabilities."""
        inside = ["sh", "-c", 'cd "$0" && exec "$@"', self.workdir, *command]
        if self.user != "root":
            number = self._number_of(self.user)
            inside = [
                "setpriv", "--reuid", number, "--regid", number, "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--", *inside,
            ]  # fmt: skip
        return ["chroot", str(self.folder), *inside]

    def environment(self) -> dict[str, str]:
        known = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_"))}
        return {"PATH": BASE_PATH, **known, **self.environ}

    def set(self, variables: Mapping[str, str]) -> None:
        """Take an ENV instruction's variables, with `$PATH` meaning the one before."""
        path = self.environment()["PATH"]
        self.environ |= {name: value.replace("$PATH", path) for name, value in variables.items()}

    def freeze(self, but: Path) -> None:
        """Make everything read-only but `but` and /tmp, as `read_only: true` with one volume does."""
        _mount("--bind", str(but), str(but))
        _mount("-t", "tmpfs", "tmpfs", str(self.folder / "tmp"))
        _mount("-o", "remount,ro,bind", str(self.folder))
        _mount("-o", "remount,ro", str(self.folder / "usr/local"))

    def _number_of(self, user: str) -> str:
        entries = (
            line.split(":") for line in (self.folder / "etc/passwd").read_text(encoding="utf-8").splitlines()
        )
        return next(entry[2] for entry in entries if entry[0] == user)

    def _lend(self, host: Path) -> None:
        inside = self.folder / host.relative_to("/")
        inside.mkdir(parents=True, exist_ok=True)
        _mount("--rbind", str(host), str(inside))
        _mount("-o", "remount,ro,bind", str(inside))

    def _layer(self, lower: Path, inside: Path) -> None:
        upper, work = (self.folder.with_name(f"{self.folder.name}-{name}") for name in ("upper", "work"))
        upper.mkdir()
        work.mkdir()
        _mount(
            "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", str(inside)
        )

    def _copy_from_etc(self, host: Path) -> None:
        inside = self.folder / "etc" / host.name
        if host.is_dir():
            shutil.copytree(host, inside, ignore_dangling_symlinks=True)
        elif host.exists():
            shutil.copy(host, inside)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
