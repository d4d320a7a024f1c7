"""The reference tables of registration, read from the files that ship with it."""

from functools import cache
from importlib.resources import files

from services.registration.domain.divisions import Divisions, parse_divisions


@cache
def divisions() -> Divisions:
    """Return the divisions; the file is read once a process."""
    text = files("services.registration.domain").joinpath("divisions.csv").read_text(encoding="utf-8")
    return parse_divisions(text.splitlines())
