"""A copy of the contracts to change and run, and a format checker that knows every format our schemas use."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema import FormatChecker

from contracts.catalogue import ROOT
from tests.contract.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A fresh copy for one test."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT, root / "contracts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT.parent / "docs", root / "docs")
    return Workshop(root)


@pytest.fixture(scope="session")
def formats() -> FormatChecker:
    """The checks that jsonschema has, and the one for moments, which it has only with another package."""
    checker = FormatChecker(formats=("date", "uuid"))
    checker.checks("date-time", raises=ValueError)(_is_moment)
    return checker


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
