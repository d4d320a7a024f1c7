"""Registration takes commands only with the key that seals applicants."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from kit.clock import SystemClock
from kit.database import Database
from kit.health import Health
from kit.settings import SettingsError
from services.registration.main import api
from services.registration.settings import RegistrationSettings
from tests.tokens import ISSUER, Issuer

URL = "postgresql://a:b@127.0.0.1:1/c"
KEY = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")


def test_without_the_key_of_personal_data_it_is_told_which_setting_is_missing(tmp_path: Path) -> None:
    settings = RegistrationSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        dead_letter_key=KEY,
        database_url=URL,
        auth_issuer=ISSUER,
        auth_jwks=str(Issuer().publish(tmp_path)),
    )
    with pytest.raises(SettingsError, match=r"PERSONAL_DATA_KEY: is not set; .*未设置"):
        api(settings, Database(URL, application_name="test"), SystemClock(), Health())
