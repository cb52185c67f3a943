"""The installable package: what pyproject.toml lists is there, and what is there is listed."""

import tomllib

from building.common import ROOT
from building.page.assembly import NOT_OF_THE_PAGE

SITE = ROOT / "site"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]


def test_every_room_is_a_package_of_the_wheel():
    rooms = {file.parent.relative_to(SITE).as_posix().replace("/", ".") for file in SITE.glob("number_reader/**/*.py")}
    assert set(SETUPTOOLS["packages"]) == rooms | {"number_reader.model"}


def test_what_is_mapped_and_promised_is_there():
    folders = {name: ROOT / folder for name, folder in SETUPTOOLS["package-dir"].items()}
    files = [folders[name] / file for name, own in SETUPTOOLS["package-data"].items() for file in own]
    files += [ROOT / name for name in (PROJECT["project"]["readme"], *PROJECT["project"]["license-files"])]
    assert [file for file in files if not file.is_file()] == []
    assert {file.name for file in files} >= {"py.typed", "digits.npz"}


def test_the_page_has_no_part_of_the_package_that_it_does_not_use():
    assert [name for name in NOT_OF_THE_PAGE if not (SITE / name).is_file()] == []
    assert set(NOT_OF_THE_PAGE) == {
        *(
            "model/__init__.py",
            "number_reader/command.py",
            "number_reader/py.typed",
            "number_reader/storage/packing.py",
        ),
    }


def test_the_licence_is_of_the_code_and_of_the_model():
    assert PROJECT["project"]["license"] == "MIT AND CC-BY-SA-4.0"
    assert "CC BY-SA 4.0" in (SITE / "model" / "README.md").read_text("utf-8")


def test_the_command_is_there():
    module, _, function = PROJECT["project"]["scripts"]["number-reader"].partition(":")
    source = SITE / f"{module.replace('.', '/')}.py"
    assert f"\ndef {function}(" in source.read_text("utf-8")
