"""What all rooms share: where the project lies, and the error of a build."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class BuildError(Exception):
    """The build cannot be made; the message is for the person who asked for it."""
