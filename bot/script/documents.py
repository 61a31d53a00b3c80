"""The shape of a flow file. Pydantic checks it and yields the JSON Schema that editors complete from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]
Words = Annotated[str, StringConstraints(min_length=1)]
YesNo = Literal["true", "false", "yes", "no"]
Picked = Literal["check-ins", "rejections", "wins", "lessons", "journal", "plans", "letters", "languages"]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CaseDocument(Document):
    when: Words | None = None
    text: Words | None = None
    one_of: Annotated[list[Words], Field(min_length=1)] | None = None
    advice: list[Words] = []

    @model_validator(mode="after")
    def _says_one_thing(self) -> CaseDocument:
        if (self.text is None) == (self.one_of is None):
            raise ValueError("needs either `text` or `one_of`")
        return self


class LineDocument(Document):
    when: Words | None = None
    text: Words | None = None
    one_of: Annotated[list[Words], Field(min_length=1)] | None = None
    cases: Annotated[dict[Key, CaseDocument], Field(min_length=1)] | None = None
    joined: YesNo = "false"
    explains: Literal["1", "2", "3"] | None = None
    advice: list[Words] = []

    @model_validator(mode="after")
    def _says_one_thing(self) -> LineDocument:
        if sum(part is not None for part in (self.text, self.one_of, self.cases, self.explains)) != 1:
            raise ValueError("needs exactly one of `text`, `one_of`, `cases` and `explains`")
        return self


Says = Words | dict[Key, Words | LineDocument]


class BranchDocument(Document):
    condition: Words | None = Field(default=None, alias="if")
    to: Words


Goes = Words | Annotated[list[BranchDocument], Field(min_length=1)]


class ChoiceDocument(Document):
    label: Words
    go: Goes | None = None
    when: Words | None = None
    also: list[Words] = []
    intents: list[Words] = []
    value: Words | None = None
    set: dict[str, str] = {}


class DoneDocument(Document):
    label: Words
    go: Goes | None = None
    also: list[Words] = []


class AskDocument(Document):
    choice: dict[Key, ChoiceDocument] = {}
    text: Literal["one", "many"] | None = None
    typed: Goes | None = None
    several: YesNo = "false"
    plainly: YesNo = "false"
    scale: Literal["mood"] | None = None
    done: DoneDocument | None = None
    skip: Goes | None = None
    reads: Literal["time", "zone", "country", "day", "name"] | None = None
    pick: Picked | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> AskDocument:
        if self.reads is not None and self.text != "one":
            raise ValueError("reads an answer, so it needs `text: one`")
        if not self.choice and self.text is None and self.scale is None and self.pick is None:
            raise ValueError("asks nothing: it needs `choice`, `text` or `scale`")
        if self.done is None and (self.text == "many" or self.several in ("true", "yes")):
            raise ValueError("takes several answers, so it needs `done` with a label")
        if self.scale is not None and (self.choice or self.text):
            raise ValueError("a `scale` stands alone; buttons or text beside it are not supported")
        return self


class StepDocument(Document):
    say: Says | None = None
    again: Words | LineDocument | None = None
    ask: AskDocument | None = None
    go: Goes | None = None
    save: Words | None = None
    keep_as: Words | None = None
    begin: Literal["rejection", "plan", "exercise", "letter"] | None = None
    set: dict[str, str] = {}
    saves: dict[str, str] = {}
    forget: list[str] = []
    do: list[
        Literal[
            "stop-messages",
            "withdraw-unsent",
            "erase-everything",
            "take-zone",
            "take-suggested-country",
            "fewer",
            "send-calendar",
            "send-export",
            "read-time",
            "read-zone",
            "read-mail",
            "read-name",
            "read-contact",
            "read-quiet",
            "read-country",
            "take-quiet",
            "remove-opened",
            "sum-up",
            "send-chart",
            "name-pattern",
            "return-line",
            "take-field",
            "leave-out",
            "leave-all-out",
            "reword",
            "send-letter",
            "reopen-sent",
            "take-language",
        ]
    ] = []
    schedule: (
        Literal[
            "series",
            "plan",
            "reminder",
            "regular",
            "time-box",
            "letter",
            "letter-tomorrow",
            "follow-up",
            "write-5",
            "write-10",
            "write-15",
        ]
        | None
    ) = None
    snooze: Literal["later", "tomorrow", "proposal"] | None = None
    move: Literal["picked"] | None = None
    cancel: list[
        Literal[
            "this",
            "picked",
            "series",
            "regular",
            "reminders",
            "timed-write",
            "look-in",
            "follow-up",
            "letter",
            "all",
        ]
    ] = []
    shows: Literal["rejections", "wins", "lessons", "journal", "plans", "letter"] | None = None
    page: Literal["first", "older", "newer"] | None = None
    amend: Words | None = None
    on_alarm: Words | None = None
    danger: Literal["asked", "unsafe", "believed", "over"] | None = None
    advice: list[Words] = []
    offers: YesNo = "false"  # what its flow is about has not begun yet
    was: list[Words] = []  # earlier names of this step: whoever stands there stands here
    instead_of: list[Words] = []  # steps that are gone: whoever stands there is asked here


class StartsOn(Document):
    commands: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]] = []
    intents: list[Words] = []
    words: list[Words] = []
    at: dict[str, Key] = {}  # a command that begins at another step than the first


class FlowDocument(Document):
    """One file of `content/flows/`."""

    flow: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,23}$")]
    stage: Literal["acknowledge", "vent", "reflect", "celebrate", "next-steps"] | None = None
    title: Words | None = None
    digression: YesNo = "false"
    was: list[Words] = []
    instead_of: list[Words] = []
    starts_on: StartsOn = StartsOn()
    menu: dict[str, Words] = {}
    labels: dict[Key, Words] = {}
    variables: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")],
        Literal["text", "texts", "flag", "number"] | list[Words],
    ] = {}
    steps: Annotated[dict[Key, StepDocument], Field(min_length=1)]


def is_yes(word: YesNo) -> bool:
    return word in ("true", "yes")
