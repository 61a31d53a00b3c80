"""What the environment may say, and the one line each wrong value gets."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from bot.config import ConfigError, Settings, load_settings

TOKEN = "123456:AAF-test_token"
KEY = Fernet.generate_key().decode()
OLD_KEY = Fernet.generate_key().decode()
VARIABLES = {str(field.validation_alias) for field in Settings.model_fields.values()}
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    return load_settings()


def faults(monkeypatch: pytest.MonkeyPatch, **variables: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(monkeypatch, **variables)
    return caught.value.lines


def test_with_nothing_set_every_setting_has_its_default() -> None:
    settings = load_settings()
    assert settings.model_dump() == {
        "telegram_bot_token": None,
        "telegram_api_url": "https://api.telegram.org",
        "data_dir": Path("data"),
        "database_url": f"sqlite+aiosqlite:///{Path('data', 'onward.db')}",
        "encryption_keys": None,
        "encryption_keys_file": None,
        "webhook_url": None,
        "webhook_secret": None,
        "http_host": "127.0.0.1",
        "http_port": 8080,
        "metrics_port": None,
        "content_dir": ROOT / "content",
        "retention_months": 12,
        "sends_per_second": 30.0,
        "sends_per_chat_per_second": 1.0,
    }


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, **dict.fromkeys(VARIABLES, "")) == load_settings(env_file=None)


def test_the_example_file_names_every_variable_once_and_sets_none() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.removeprefix("#").split("=")[0].strip() for line in lines if "=" in line]
    assert sorted(named) == sorted(VARIABLES | {"POSTGRES_PASSWORD"})
    assert load_settings(ROOT / ".env.example") == load_settings(env_file=None)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        load_settings().http_port = 1  # type: ignore[misc]


def test_the_environment_goes_before_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "ONWARD_HTTP_PORT=1111\nONWARD_HTTP_HOST=0.0.0.0\nELSE=1\n", encoding="utf-8"
    )
    settings = load(monkeypatch, ONWARD_HTTP_PORT="2222")
    assert (settings.http_port, settings.http_host) == (2222, "0.0.0.0")


def test_names_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, onward_http_port="1", HTTP_PORT="2").http_port == 8080


def test_the_default_database_lies_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "my data"
    settings = load(monkeypatch, ONWARD_DATA_DIR=str(data))
    assert settings.database_url == f"sqlite+aiosqlite:///{data}/onward.db"
    assert not data.exists()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        pytest.param("sqlite:///a.db", "sqlite+aiosqlite:///a.db", id="relative file"),
        pytest.param("sqlite:////var/a.db", "sqlite+aiosqlite:////var/a.db", id="absolute file"),
        pytest.param("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite:///a.db", id="driver named"),
        pytest.param(
            "postgresql://u:p%40s@db:5433/o", "postgresql+psycopg://u:p%40s@db:5433/o", id="password"
        ),
        pytest.param("postgres://db/o", "postgresql+psycopg://db/o", id="short scheme"),
        pytest.param("postgresql+psycopg://db/o", "postgresql+psycopg://db/o", id="psycopg named"),
        pytest.param(
            "postgresql://u@/o?host=/run/pg", "postgresql+psycopg://u@/o?host=%2Frun%2Fpg", id="Unix socket"
        ),
        pytest.param(
            "postgresql://db/o?sslmode=require", "postgresql+psycopg://db/o?sslmode=require", id="options"
        ),
    ],
)
def test_a_database_url_gets_the_async_driver(monkeypatch: pytest.MonkeyPatch, given: str, used: str) -> None:
    assert load(monkeypatch, DATABASE_URL=given).database_url == used


@pytest.mark.parametrize("token", [TOKEN, "123:TEST", "1:x", f"{10**12}:{'a-_9' * 20}"])
def test_a_token_may_have_any_length(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    found = load(monkeypatch, TELEGRAM_BOT_TOKEN=token).telegram_bot_token
    assert found is not None
    assert found.get_secret_value() == token


@pytest.mark.parametrize(
    ("variable", "value", "attribute", "used"),
    [
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "telegram_api_url", "http://127.0.0.1:8081"),
        ("ONWARD_WEBHOOK_URL", "https://bot.example/hook", "webhook_url", "https://bot.example/hook"),
        ("ONWARD_WEBHOOK_URL", "http://localhost:8080", "webhook_url", "http://localhost:8080"),
        ("ONWARD_WEBHOOK_URL", "http://[::1]:8080", "webhook_url", "http://[::1]:8080"),
        ("ONWARD_WEBHOOK_URL", "http://127.0.0.9", "webhook_url", "http://127.0.0.9"),
        ("ONWARD_HTTP_HOST", "::", "http_host", "::"),
        ("ONWARD_HTTP_PORT", "0", "http_port", 0),
        ("ONWARD_HTTP_PORT", "65535", "http_port", 65535),
        ("ONWARD_METRICS_PORT", "9464", "metrics_port", 9464),
        ("ONWARD_CONTENT_DIR", ".", "content_dir", Path()),
        ("ONWARD_SENDS_PER_SECOND", "0", "sends_per_second", 0.0),
        ("ONWARD_SENDS_PER_CHAT_PER_SECOND", "0.5", "sends_per_chat_per_second", 0.5),
    ],
)
def test_a_right_value_is_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, attribute: str, used: object
) -> None:
    assert getattr(load(monkeypatch, **{variable: value}), attribute) == used


@pytest.mark.parametrize("between", [",", " ", ", ", ",\n"], ids=repr)
def test_several_keys_are_taken_as_they_stand(monkeypatch: pytest.MonkeyPatch, between: str) -> None:
    keys = load(monkeypatch, ONWARD_ENCRYPTION_KEYS=between.join([KEY, OLD_KEY])).encryption_keys
    assert keys is not None
    assert keys.get_secret_value() == between.join([KEY, OLD_KEY])


def test_keys_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(KEY, encoding="utf-8")
    settings = load(monkeypatch, ONWARD_ENCRYPTION_KEYS_FILE=str(file))
    assert (settings.encryption_keys, settings.encryption_keys_file) == (None, file)


def test_keys_from_two_places_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(KEY, encoding="utf-8")
    assert faults(monkeypatch, ONWARD_ENCRYPTION_KEYS=KEY, ONWARD_ENCRYPTION_KEYS_FILE="keys") == (
        "ONWARD_ENCRYPTION_KEYS_FILE is set, and so is ONWARD_ENCRYPTION_KEYS. Keep one of them.",
    )


WRONG = [
    ("TELEGRAM_BOT_TOKEN", "hunter2", "is not a bot token: digits, a colon, then letters, digits, - or _"),
    ("TELEGRAM_BOT_TOKEN", " ", "is not a bot token: digits, a colon, then letters, digits, - or _"),
    (
        "TELEGRAM_BOT_TOKEN",
        "123:with space",
        "is not a bot token: digits, a colon, then letters, digits, - or _",
    ),
    ("TELEGRAM_BOT_TOKEN", '"123:abc"', "is not a bot token: digits, a colon, then letters, digits, - or _"),
    ("TELEGRAM_BOT_TOKEN", "123:abc\n", "is not a bot token: digits, a colon, then letters, digits, - or _"),
    ("TELEGRAM_BOT_TOKEN", "١٢٣:abc", "is not a bot token: digits, a colon, then letters, digits, - or _"),
    ("TELEGRAM_API_URL", "api.telegram.org", "is not a web address"),
    ("TELEGRAM_API_URL", "ftp://api.example", "is not a web address"),
    ("TELEGRAM_API_URL", "http://host:notaport", "is not a web address"),
    ("TELEGRAM_API_URL", "http://a b", "is not a web address"),
    ("TELEGRAM_API_URL", "http://[::1", "is not a web address"),
    ("TELEGRAM_API_URL", "https://api.example?x=1", "has a ? or # part"),
    ("DATABASE_URL", "onward.db", "is not a database address"),
    ("DATABASE_URL", "postgresql://u:hunter2@db:port/o", "is not a database address"),
    ("DATABASE_URL", "mysql://u:hunter2@db/o", "names a database or driver that Onward doesn't use"),
    ("DATABASE_URL", "postgresql+asyncpg://db/o", "names a database or driver that Onward doesn't use"),
    ("DATABASE_URL", "sqlite://", "names no file, so every conversation would be lost when the bot stops"),
    (
        "DATABASE_URL",
        "sqlite:///:memory:",
        "names no file, so every conversation would be lost when the bot stops",
    ),
    ("ONWARD_DATA_DIR", __file__, "is a file, not a folder"),
    (
        "ONWARD_ENCRYPTION_KEYS",
        "hunter2",
        "holds a wrong key: number 1 of 1 is not 32 bytes in URL-safe base64",
    ),
    (
        "ONWARD_ENCRYPTION_KEYS",
        f"{KEY},{KEY[:-2]}",
        "holds a wrong key: number 2 of 2 is not 32 bytes in URL-safe base64",
    ),
    (
        "ONWARD_ENCRYPTION_KEYS",
        "schlüssel",
        "holds a wrong key: number 1 of 1 is not 32 bytes in URL-safe base64",
    ),
    ("ONWARD_ENCRYPTION_KEYS", " , ", "holds no key"),
    ("ONWARD_ENCRYPTION_KEYS_FILE", "nowhere", "names no file"),
    ("ONWARD_ENCRYPTION_KEYS_FILE", ".", "names no file"),
    ("ONWARD_WEBHOOK_URL", "http://bot.example", "doesn't start with https://"),
    ("ONWARD_WEBHOOK_URL", "http://127.0.0.1.example", "doesn't start with https://"),
    ("ONWARD_WEBHOOK_URL", "bot.example", "is not a web address"),
    ("ONWARD_WEBHOOK_SECRET", "hunter2!", "is not 1 to 256 letters, digits, - or _"),
    ("ONWARD_WEBHOOK_SECRET", "a" * 257, "is not 1 to 256 letters, digits, - or _"),
    ("ONWARD_HTTP_HOST", "http://0.0.0.0", "is not a host name or an address"),
    ("ONWARD_HTTP_HOST", "a\udcff", "is not a host name or an address"),
    ("ONWARD_HTTP_PORT", "http", "is not a whole number"),
    ("ONWARD_HTTP_PORT", "-1", "is below the lowest value"),
    ("ONWARD_HTTP_PORT", "65536", "is above the highest value"),
    ("ONWARD_METRICS_PORT", "0", "is below the lowest value"),
    ("ONWARD_CONTENT_DIR", "nowhere", "is not a folder"),
    ("ONWARD_SENDS_PER_SECOND", "fast", "is not a number"),
    ("ONWARD_SENDS_PER_SECOND", "nan", "is not a number"),
    ("ONWARD_SENDS_PER_SECOND", "inf", "is not a number"),
    ("ONWARD_SENDS_PER_CHAT_PER_SECOND", "-1", "is below the lowest value"),
]


@pytest.mark.parametrize(
    ("variable", "value", "problem"), WRONG, ids=[f"{v}-{i}" for i, (v, *_) in enumerate(WRONG)]
)
def test_a_wrong_value_gets_one_line_that_never_repeats_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, problem: str
) -> None:
    (line,) = faults(monkeypatch, **{variable: value})
    remedy = line.removeprefix(f"{variable} {problem}. ")
    assert remedy != line
    assert remedy.endswith(".")
    assert "hunter2" not in line


def test_an_env_file_that_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ONWARD_HTTP_HOST=\xff")
    assert faults(monkeypatch) == (".env can't be read. Make it a UTF-8 text file you may read.",)


def test_every_fault_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = faults(
        monkeypatch,
        TELEGRAM_BOT_TOKEN="no",
        ONWARD_DATA_DIR=__file__,
        ONWARD_ENCRYPTION_KEYS_FILE="nowhere",
        ONWARD_HTTP_PORT="x",
    )
    assert [line.split()[0] for line in lines] == [
        "TELEGRAM_BOT_TOKEN",
        "ONWARD_DATA_DIR",
        "ONWARD_ENCRYPTION_KEYS_FILE",
        "ONWARD_HTTP_PORT",
    ]


def test_secrets_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch,
        TELEGRAM_BOT_TOKEN="1:hunter2",
        ONWARD_WEBHOOK_SECRET="hunter2",
        ONWARD_ENCRYPTION_KEYS=KEY,
        DATABASE_URL="postgresql://u:hunter2@db/o",
    )
    shown = f"{settings!r} {settings}"
    assert "hunter2" not in shown
    assert KEY not in shown


def test_an_error_carries_no_secret_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError) as caught:
        load(monkeypatch, TELEGRAM_BOT_TOKEN="hunter2 hunter2")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "hunter2" not in f"{caught.value} {caught.value.__context__}"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('TELEGRAM_BOT_TOKEN="1:a', "line 2, is no setting. Write NAME=value"),
        ("TELEGRAM_BOT_TOKEN: 1:a", "line 2, is no setting"),
        ("ONWARD_HTTP_PORT", "line 2, is no setting"),
        (
            "ONWARD_RETENTION_MONTH=3",
            "line 2: there is no ONWARD_RETENTION_MONTH. Did you mean ONWARD_RETENTION_MONTHS?",
        ),
        ("TELEGRAM_TOKEN=1:a", "Did you mean TELEGRAM_BOT_TOKEN?"),
    ],
)
def test_a_line_of_the_env_file_that_would_be_passed_over_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, told: str
) -> None:
    (tmp_path / ".env").write_text(f"# mine\n{line}\n", encoding="utf-8")
    found = faults(monkeypatch)
    assert len(found) == 1
    assert told in found[0]
    assert "1:a" not in found[0]


def test_other_programs_names_in_the_env_file_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "POSTGRES_PASSWORD=x\nexport TZ=Europe/Berlin\nONWARD_LATER=1\n", encoding="utf-8"
    )
    assert load(monkeypatch).http_port == 8080


def test_an_env_file_that_is_a_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert "is not a file" in faults(monkeypatch)[0]
