"""Settings from the environment and `.env`, checked before anything else starts.

`.env.example` lists every variable. An empty variable counts as unset.
"""

import binascii
import ipaddress
import re
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.env_file import faults_of_file


class ConfigError(Exception):
    """The environment asks for something that can't be: one line a fault, none of them holding a secret."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load_settings(env_file: Path | None = Path(".env")) -> "Settings":
    """Return the settings of this process; the environment goes before `env_file`.

    Raises ConfigError with every fault at once.
    """
    if told := tuple(faults_of_file(env_file, _REMEDIES)):
        raise ConfigError(told)
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise ConfigError(tuple(_lines(faults))) from None
    if settings.encryption_keys and settings.encryption_keys_file:
        fault = "ONWARD_ENCRYPTION_KEYS_FILE is set, and so is ONWARD_ENCRYPTION_KEYS. Keep one of them."
        raise ConfigError((fault,))
    return settings


def _check_token(token: SecretStr) -> SecretStr:
    # Lenient about lengths: they have changed before, and test servers use short ones.
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token.get_secret_value()):
        raise ValueError("is not a bot token: digits, a colon, then letters, digits, - or _")
    return token


def _check_webhook_secret(secret: SecretStr) -> SecretStr:
    # What the Bot API's setWebhook takes as secret_token.
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("is not 1 to 256 letters, digits, - or _")
    return secret


def _check_http_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise ValueError("is not a web address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", url):
        raise ValueError("is not a web address")
    if parts.query or parts.fragment:
        raise ValueError("has a ? or # part")
    return url.rstrip("/")


def _check_webhook_url(url: str) -> str:
    url = _check_http_url(url)
    parts = urlsplit(url)
    if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        raise ValueError("doesn't start with https://")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_host(host: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:%-]+", host):
        raise ValueError("is not a host name or an address")
    return host


_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def _with_async_driver(database_url: str) -> str:
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address") from None
    if url.drivername not in _DRIVERS:
        raise ValueError("names a database or driver that Onward doesn't use")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("names no file, so every conversation would be lost when the bot stops")
    return url.set(drivername=_DRIVERS[url.drivername]).render_as_string(hide_password=False)


def _default_database_url(data: dict[str, Any]) -> str:
    path = data["data_dir"] / "onward.db"
    return URL.create("sqlite+aiosqlite", database=str(path)).render_as_string()


def _check_data_dir(path: Path) -> Path:
    path = path.expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("is a file, not a folder")
    return path


def _check_content_dir(path: Path) -> Path:
    path = path.expanduser()
    if not path.is_dir():
        raise ValueError("is not a folder")
    return path


def _check_keys(text: SecretStr) -> SecretStr:
    keys = text.get_secret_value().replace(",", " ").split()
    if not keys:
        raise ValueError("holds no key")
    for number, key in enumerate(keys, start=1):
        if not _is_fernet_key(key):
            raise ValueError(
                f"holds a wrong key: number {number} of {len(keys)} is not 32 bytes in URL-safe base64"
            )
    return text


def _check_keys_file(path: Path) -> Path:
    path = path.expanduser()
    if not path.is_file():
        raise ValueError("names no file")
    return path


def _is_fernet_key(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key.encode())) == 32
    except (binascii.Error, UnicodeEncodeError):
        return False


_Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """What the operator decides. Each description says how to mend a wrong value."""

    model_config = SettingsConfigDict(
        frozen=True,
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
        validate_default=False,
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_check_token)] | None = Field(
        None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="Copy the token from @BotFather whole, without quotes or spaces.",
    )
    telegram_api_url: Annotated[str, AfterValidator(_check_http_url)] = Field(
        "https://api.telegram.org",
        validation_alias="TELEGRAM_API_URL",
        description="Leave it empty, or give the address of a Bot API server, such as http://localhost:8081.",
    )
    data_dir: Annotated[Path, AfterValidator(_check_data_dir)] = Field(
        Path("data"),
        validation_alias="ONWARD_DATA_DIR",
        description="Give a folder the bot may write to.",
    )
    # Out of repr(): it may hold the database's password.
    database_url: Annotated[str, AfterValidator(_with_async_driver)] = Field(
        default_factory=_default_database_url,
        validation_alias="DATABASE_URL",
        description="Write sqlite:///path/to/onward.db or postgresql://user:password@host/database.",
        repr=False,
    )
    encryption_keys: Annotated[SecretStr, AfterValidator(_check_keys)] | None = Field(
        None,
        validation_alias="ONWARD_ENCRYPTION_KEYS",
        description="Give Fernet keys with commas between them, the newest first.",
    )
    encryption_keys_file: Annotated[Path, AfterValidator(_check_keys_file)] | None = Field(
        None,
        validation_alias="ONWARD_ENCRYPTION_KEYS_FILE",
        description="Give a text file you may read, with one Fernet key a line, the newest first.",
    )
    webhook_url: Annotated[str, AfterValidator(_check_webhook_url)] | None = Field(
        None,
        validation_alias="ONWARD_WEBHOOK_URL",
        description="Give the public https:// address that reaches this bot, or leave it empty to poll.",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_check_webhook_secret)] | None = Field(
        None,
        validation_alias="ONWARD_WEBHOOK_SECRET",
        description="Choose such a secret, or leave it empty: one is then derived from the encryption key.",
    )
    http_host: Annotated[str, AfterValidator(_check_host)] = Field(
        "127.0.0.1",
        validation_alias="ONWARD_HTTP_HOST",
        description="Give the address to listen on, such as 127.0.0.1 or 0.0.0.0.",
    )
    http_port: int = Field(
        8080,
        ge=0,
        le=65535,
        validation_alias="ONWARD_HTTP_PORT",
        description="Give a port from 1 to 65535, or 0 for any free one.",
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        validation_alias="ONWARD_METRICS_PORT",
        description="Give a port from 1 to 65535 for /metrics, or leave it empty for none.",
    )
    content_dir: Annotated[Path, AfterValidator(_check_content_dir)] = Field(
        Path(__file__).resolve().parent.parent / "content",
        validation_alias="ONWARD_CONTENT_DIR",
        description="Give the folder that holds flows/, or leave it empty for the bot's own.",
    )
    retention_months: int = Field(
        12,
        ge=0,
        le=1200,
        validation_alias="ONWARD_RETENTION_MONTHS",
        description="Give a number of months such as 12, or 0 to keep what is idle for ever.",
    )
    sends_per_second: _Number = Field(
        30.0,
        validation_alias="ONWARD_SENDS_PER_SECOND",
        description="Give a number such as 30, or 0 for no limit.",
    )
    sends_per_chat_per_second: _Number = Field(
        1.0,
        validation_alias="ONWARD_SENDS_PER_CHAT_PER_SECOND",
        description="Give a number such as 1, or 0 for no limit.",
    )


_PROBLEMS: Final = {
    "int_parsing": "is not a whole number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "greater_than_equal": "is below the lowest value",
    "less_than_equal": "is above the highest value",
}
_REMEDIES: Final = {
    str(field.validation_alias): field.description for field in Settings.model_fields.values()
}


def _lines(faults: list[ErrorDetails]) -> list[str]:
    """Return a line a variable: its name, what is wrong, what to do."""
    lines: dict[str, str] = {}
    for fault in faults:
        variable = str(fault["loc"][0])
        # The database's default is skipped when the data folder is at fault: that fault has its own line.
        if variable not in _REMEDIES or variable in lines:
            continue
        problem = _PROBLEMS.get(fault["type"], "can't be used")
        if fault["type"] == "value_error":
            problem = str(fault["ctx"]["error"])
        lines[variable] = f"{variable} {problem}. {_REMEDIES[variable]}"
    return list(lines.values())
