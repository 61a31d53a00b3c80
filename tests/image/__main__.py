"""`make image`: build what the Dockerfile says, step by step, in empty roots; then run it and write to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from tests.botapi import BotApi
from tests.e2e.process import KEY, environment, free_port, serving, start
from tests.image.dockerfile import Instruction, instructions, let_through
from tests.image.empty_root import EmptyRoot

ROOT = Path(__file__).resolve().parents[2]
CHAT = 7


class Image:
    """The stages of a Dockerfile, the last one last."""

    def __init__(self, folder: Path, lent: tuple[Path, ...]) -> None:
        self.folder, self.lent = folder, lent
        self.stages: dict[str, EmptyRoot] = {}
        self.command: list[str] = []
        self.healthcheck: list[str] = []
        self.context = let_through(ROOT, (ROOT / ".dockerignore").read_text(encoding="utf-8"))

    @property
    def stage(self) -> EmptyRoot:
        return list(self.stages.values())[-1]

    def follow(self, step: Instruction) -> None:
        """Carry one instruction out. Raises ValueError for one we don't know."""
        match step.name:
            case "FROM":
                name = step.words()[-1]
                self.stages[name] = EmptyRoot(self.folder / f"stage{len(self.stages)}", lent=self.lent)
                self.stage.make()
            case "RUN":
                self.stage.run(["sh", "-c", step.rest])
            case "COPY":
                self._copy(step.words())
            case "WORKDIR":
                self.stage.workdir = step.rest
                (self.stage.folder / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                self.stage.set(dict(word.split("=", 1) for word in step.words()))
            case "USER":
                self.stage.user = step.rest
            case "CMD":
                self.command = step.words()
            case "HEALTHCHECK":
                self.healthcheck = step.words()
            case "VOLUME" | "EXPOSE":
                pass  # Declared for an engine; `freeze` keeps to the volume.
            case _:
                raise ValueError(
                    f"Dockerfile:{step.line}: {step.name} is not tried here; teach tests/image to"
                )

    def _copy(self, words: list[str]) -> None:
        *options, target = words
        base = self.stage.folder / self.stage.workdir.lstrip("/")
        to = self.stage.folder / target.lstrip("/") if target.startswith("/") else base / target
        if options[0].startswith("--from="):
            other = self.stages[options[0].removeprefix("--from=")].folder
            shutil.copytree(other / options[1].lstrip("/"), to, symlinks=True)
            return
        for source in options:
            files = [path for path in self.context if path == Path(source) or Path(source) in path.parents]
            if not files:
                raise ValueError(f"COPY {source}: nothing of it comes through .dockerignore")
            for path in files:
                single = path == Path(source)
                place = to / path.name if single else to / path.relative_to(source)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, place)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what is done and how long it took, or what went wrong in it; then end."""
    began = time.monotonic()
    try:
        yield
    except subprocess.CalledProcessError as fault:
        raise click.ClickException(f"{what}\n{fault.stdout}{fault.stderr}") from fault
    click.echo(f"{time.monotonic() - began:6.1f} s  {what}")


async def converse(stage: EmptyRoot, image: Image, folder: Path) -> None:
    """Start the image's command as its user, let a person write and the health check ask; end it in good order."""
    port = str(free_port())
    async with BotApi.running() as api:
        given = environment(folder, api.url, api.token)
        asked = (
            "TELEGRAM_BOT_TOKEN",
            "TELEGRAM_API_URL",
            "ONWARD_SENDS_PER_SECOND",
            "ONWARD_SENDS_PER_CHAT_PER_SECOND",
        )
        stage.environ |= {name: given[name] for name in asked} | {
            "ONWARD_ENCRYPTION_KEYS": KEY,
            "ONWARD_HTTP_PORT": port,
        }
        async with serving(
            stage.environment(), folder, api, starts=partial(start, command=stage.command(image.command))
        ):
            person = api.person(CHAT)
            await person.write("they said no, after the final round at Acme")
            said = [shown.text for shown in await person.replies(3, within=60)]
            with told(f"HEALTHCHECK, and to a person: {said[1]!r}"):
                await asyncio.to_thread(stage.run, image.healthcheck)


def written(stage: EmptyRoot) -> list[str]:
    """Return where its user can write outside the volume. Raises ClickException if it can't in it."""
    places = ["/", "/app", "/venv", "/usr/local/bin", "/etc", "/root", "/app/content"]
    may = [place for place in places if _may_write(stage, place)]
    if not _may_write(stage, "/data"):
        raise click.ClickException("The user cannot write to /data.")
    return may


def _may_write(stage: EmptyRoot, place: str) -> bool:
    try:
        stage.run(["sh", "-c", f"touch {place}/.tried && rm {place}/.tried"])
    except subprocess.CalledProcessError:
        return False
    return True


@click.command()
@click.option(
    "--lend",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A folder pip needs, read-only.",
)
@click.option(
    "--within", type=click.Path(path_type=Path), hidden=True, help="Where to build; mounts are ours alone."
)
def main(lend: tuple[Path, ...], within: Path | None) -> None:
    """Build the image's steps in empty roots, run it as its user, and write to it. Needs root and Linux."""
    if within is None:
        sys.exit(_in_a_namespace_of_its_own())
    image = Image(within, lend)
    for step in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        with told(f"{step.name} {step.rest[:90]}"):
            image.follow(step)
    stage = image.stage
    stage.freeze(stage.folder / "data")
    if may := written(stage):
        raise click.ClickException(f"The user can write to {', '.join(may)}.")
    click.echo("          its user can write to /data and /tmp alone")
    out = within / "outside"
    with told("CMD, from its start to its end"):
        asyncio.run(converse(stage, image, out))
    click.echo(
        f"          kept in /data: {', '.join(sorted(p.name for p in (stage.folder / 'data').iterdir()))}"
    )


def _in_a_namespace_of_its_own() -> int:
    """Run again where mounts end with the process, so that what is removed afterwards is ours alone."""
    if shutil.which("unshare") is None or os.geteuid() != 0:
        raise click.ClickException(
            "This needs root, on a Linux with util-linux: it mounts and changes users."
        )
    with tempfile.TemporaryDirectory(prefix="onward-image-") as folder:
        command = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", "tests.image"]
        return subprocess.run([*command, *sys.argv[1:], "--within", folder], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
