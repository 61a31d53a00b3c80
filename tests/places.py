"""A test tried at many places of the script, a flow's in one go: thousands of tests cost more than what they try."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Test = Callable[..., None]


def at_each(places: Iterable[str]) -> Callable[[Test], Test]:
    """Give a test each of `places` as its `place`; what fails says at which one it failed."""
    flows: dict[str, list[str]] = {}
    for place in places:
        flows.setdefault(place.partition("/")[0], []).append(place)

    def decorate(test: Test) -> Test:
        @pytest.mark.parametrize("flow", flows)
        @functools.wraps(test)
        def at_all(flow: str, **others: Any) -> None:
            for place in flows[flow]:
                try:
                    test(place=place, **others)
                except BaseException as error:
                    error.add_note(f"at {place}")
                    raise

        wanted = inspect.signature(test)
        flow = inspect.Parameter("flow", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation="str")
        others = [each for name, each in wanted.parameters.items() if name != "place"]
        at_all.__signature__ = wanted.replace(parameters=[flow, *others])  # type: ignore[attr-defined]
        return at_all

    return decorate
