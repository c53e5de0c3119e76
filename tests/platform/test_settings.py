"""Settings come from the environment, are checked all at once, and never show a secret."""

import os
import stat
from ipaddress import ip_network
from pathlib import Path

import pytest

from portal.platform.keyring import key_ring
from portal.platform.settings import DECLARED, BadSettings, Settings, load, override, settings, without_password

KEYS = ("k" * 32, "o" * 40)


def test_every_declared_setting_is_a_field_and_every_field_is_declared():
    assert {setting.field for setting in DECLARED} == set(Settings.__struct_fields__) - {"given"}


def test_an_empty_environment_has_an_answer_for_everything_but_the_database():
    values = load({})
    assert (values.database_url, values.given) == (None, frozenset())
    assert values.url == "http://127.0.0.1:8000"
    assert not values.secure
    assert values.documents == (values.data / "documents").as_uri()
    assert values.mail == (values.data / "mail").as_uri()


def test_values_are_read_into_what_they_mean(tmp_path: Path):
    values = load(
        {
            "PORTAL_DATABASE_URL": "postgresql://portal_app@/portal?host=/run/postgresql",
            "PORTAL_DATA": str(tmp_path),
            "PORTAL_URL": "https://portal.example.com/",
            "PORTAL_DOCUMENTS_URL": str(tmp_path / "store"),
            "PORTAL_SECRET_KEYS": ", ".join(KEYS),
            "PORTAL_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "PORTAL_LOG": "DEBUG",
            "PORTAL_SMTP_URL": " ",
            "HOME": "/ignored",
        }
    )
    assert values.url == "https://portal.example.com"
    assert values.secure
    assert values.documents == (tmp_path / "store").as_uri()
    assert values.secret_keys == KEYS
    assert values.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert values.log == "debug"
    assert "smtp_url" not in values.given


def test_everything_wrong_is_reported_at_once_by_name():
    with pytest.raises(BadSettings) as refused:
        load(
            {
                "PORTAL_DATABSE_URL": "postgresql://host/portal",
                "PORTAL_COLOUR": "blue",
                "PORTAL_LOG": "loud",
                "PORTAL_URL": "portal.example.com",
            }
        )
    assert refused.value.problems == [
        "PORTAL_COLOUR is not a setting. 'portal settings' lists them all.",
        "PORTAL_DATABSE_URL is not a setting: PORTAL_DATABASE_URL is meant? 'portal settings' lists them all.",
        "PORTAL_LOG must be one of debug, info, warning, error; it is 'loud'.",
        "PORTAL_URL must be an address like https://portal.example.com, without a path; it is 'portal.example.com'.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_DATABASE_URL", "mysql://host/portal"),
        ("PORTAL_DATABASE_URL", "postgresql://host:port/portal"),
        ("PORTAL_DATABASE_URL", "postgresql://host:99999/portal"),
        ("PORTAL_BROKER_URL", "redis:6379"),
        ("PORTAL_URL", "https://portal.example.com/below"),
        ("PORTAL_URL", "https://user@portal.example.com"),
        ("PORTAL_URL", "https://"),
        ("PORTAL_URL", "http://[::1"),
        ("PORTAL_DOCUMENTS_URL", "ftp://host/store"),
        ("PORTAL_SMTP_URL", "mail.example.com:25"),
        ("PORTAL_SECRET_KEYS", "short"),
        ("PORTAL_SECRET_KEYS", f"{KEYS[0]},{KEYS[0]}"),
        ("PORTAL_SECRET_KEYS", f"{KEYS[0]},"),
        ("PORTAL_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("PORTAL_TRUSTED_PROXIES", "everybody"),
        ("PORTAL_DATA", "a\nb"),
        ("PORTAL_OIDC_ISSUER", "https://id.example.com"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str):
    with pytest.raises(BadSettings, match=name):
        load({name: value})


def test_a_secret_is_never_shown_not_even_a_wrong_one():
    wrong = {"PORTAL_SECRET_KEYS": "too-short-a-key", "PORTAL_DATABASE_URL": "portal:hunter2@host/portal"}
    with pytest.raises(BadSettings) as refused:
        load(wrong)
    assert "too-short" not in str(refused.value)
    assert "hunter2" not in str(refused.value)

    values = load(
        {"PORTAL_SECRET_KEYS": ",".join(KEYS), "PORTAL_DATABASE_URL": "postgresql://portal:hunter2@host/portal"}
    )
    shown = {setting.name: setting.show(values) for setting in DECLARED}
    assert shown["PORTAL_SECRET_KEYS"] == "•••"
    assert shown["PORTAL_DATABASE_URL"] == "postgresql://portal:•••@host/portal"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("smtp://me:p@ss@host:25/", "smtp://me:•••@host:25/"),
        ("redis://:secret@host/0", "redis://:•••@host/0"),
        ("postgresql:///portal?host=/run&password=secret&x=1", "postgresql:///portal?host=/run&password=•••&x=1"),
        (
            "tried postgresql://a:b@c/d, then postgresql://e:f@g/h",
            "tried postgresql://a:•••@c/d, then postgresql://e:•••@g/h",
        ),
        ("https://host:8443/orders?to=me@host", "https://host:8443/orders?to=me@host"),
    ],
)
def test_passwords_in_urls_are_hidden(text: str, hidden: str):
    assert without_password(text) == hidden


def test_an_override_holds_until_its_end(monkeypatch: pytest.MonkeyPatch):
    before = settings()
    with override(log="error") as values:
        assert values.log == settings().log == "error"
    assert settings() is before


def test_a_key_ring_is_made_once_for_its_owner_alone(tmp_path: Path):
    with override(data=tmp_path / "data", secret_keys=()):
        made = key_ring()
        file = tmp_path / "data" / "secret.keys"
        assert (len(made), stat.S_IMODE(file.stat().st_mode)) == (1, 0o600)
        assert key_ring() == made == tuple(file.read_text().split())
        assert os.listdir(tmp_path / "data") == ["secret.keys"]


def test_a_key_ring_that_others_can_read_is_refused(tmp_path: Path):
    (tmp_path / "secret.keys").write_text(f"{KEYS[0]}\n")
    with override(data=tmp_path, secret_keys=()), pytest.raises(BadSettings, match="can be read by others"):
        key_ring()


@pytest.mark.parametrize("text", [f"{KEYS[0]}é\n", "\ufeff" + KEYS[0], "\x00" * 40 + "\xff", "", "short"])
def test_a_key_ring_that_is_none_is_refused_with_a_sentence(tmp_path: Path, text: str):
    file = tmp_path / "secret.keys"
    file.write_bytes(text.encode())
    file.chmod(0o600)
    with override(data=tmp_path, secret_keys=()), pytest.raises(BadSettings, match="one key a line"):
        key_ring()


def test_keys_from_the_environment_come_first(tmp_path: Path):
    with override(data=tmp_path, secret_keys=KEYS):
        assert key_ring() == KEYS
    assert not list(tmp_path.iterdir())
