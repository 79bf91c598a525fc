from __future__ import annotations

from fourfold.base.libpq import conninfo

SETTINGS = {
    "NAME": "house", "USER": "ana", "PASSWORD": "it's \\ secret", "HOST": "db.example", "PORT": "",
    "OPTIONS": {"sslmode": "verify-full", "pool": {"min_size": 2}},
}  # fmt: skip


def test_text_options_come_along_and_quotes_are_escaped() -> None:
    assert conninfo(SETTINGS, password=True) == (
        r"host='db.example' user='ana' password='it\'s \\ secret' dbname='house' sslmode='verify-full'"
    )


def test_the_password_stays_off_a_command_line() -> None:
    assert "secret" not in conninfo(SETTINGS, password=False)
