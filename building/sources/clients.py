"""The npm and pip clients as sources: whichever registry or mirror they are set up for, the bytes are checked after."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path

from building.sources.lock import RuntimeFile
from building.sources.source import SourceDown

CLIENT_TIMEOUT = 1800  # seconds; the package that holds numpy's wheel is about 100 MB


class PackageClient(ABC):
    """A package client and the packages it has downloaded into a scratch folder."""

    name: str

    def __init__(self, scratch: str | Path) -> None:
        self.scratch = Path(scratch)
        self.archives: dict[str, Path] = {}

    def read(self, file: RuntimeFile) -> bytes | None:
        """As Source.read; SourceDown when the client does not deliver the package, or a damaged one."""
        if file.client != self.name:
            return None
        if file.package not in self.archives:
            self.archives[file.package] = self.download(file.package)
        try:
            return self.member(self.archives[file.package], file)
        except KeyError:
            return None
        except Exception as error:  # a hostile archive can make its reader raise any
            raise SourceDown(f"{file.package} came damaged: {error!r}") from None

    @abstractmethod
    def command(self) -> list[str]:
        """What downloads a package into the working directory, but for its name; SourceDown without the client."""

    @abstractmethod
    def member(self, archive: Path, file: RuntimeFile) -> bytes:
        """The file out of its package; KeyError if the package lacks it."""

    def download(self, package: str) -> Path:
        """The path of the package's archive; SourceDown when the client does not deliver it."""
        command = [*self.command(), package]
        print(f"asking {self.name} for {package}", flush=True)
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        try:
            result = run_client(command, CLIENT_TIMEOUT, folder)
        except subprocess.TimeoutExpired:
            raise SourceDown(f"{package} took more than {CLIENT_TIMEOUT} s") from None
        archives = list(folder.iterdir())
        if result.returncode or len(archives) != 1:
            raise SourceDown(f"{package} was not delivered: {complaint(result)}")
        return archives[0]


class Npm(PackageClient):
    """npm, whose packages are tar files with everything in the folder package/."""

    name = "npm"

    def command(self) -> list[str]:
        npm = shutil.which("npm")
        if npm is None:
            raise SourceDown("it is not installed")
        return [npm, "pack", "--loglevel=error", "--fetch-retries=1"]

    def member(self, archive: Path, file: RuntimeFile) -> bytes:
        with tarfile.open(archive) as package:
            # Of a folder it is None, whose AttributeError is as good as any other of a damaged package.
            return package.extractfile(f"package/{file.path}").read(file.size + 1)  # type: ignore[union-attr]


class Pip(PackageClient):
    """pip of the Python that builds, whose packages are wheels."""

    name = "pip"

    def command(self) -> list[str]:
        if importlib.util.find_spec("pip") is None:
            raise SourceDown(f"{sys.executable} has no pip; run build.py with a Python that has")
        # The package is only a box around numpy's wheel: its dependencies and the Python it was made for do not matter.
        # Cache keeps the wheel, so pip need not keep the box.
        return [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"),
            *("--python-version", "3.12", "--only-binary=:all:", "--dest", "."),
        ]

    def member(self, archive: Path, file: RuntimeFile) -> bytes:
        with zipfile.ZipFile(archive) as package, package.open(file.path) as stream:
            return stream.read(file.size + 1)


def run_client(
    command: list[str], seconds: float, folder: str | Path | None = None
) -> subprocess.CompletedProcess[str]:
    """What came of a package client's command, run in `folder`; subprocess.TimeoutExpired after so many seconds."""
    return subprocess.run(
        command,
        cwd=folder,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
    )


def complaint(result: subprocess.CompletedProcess[str]) -> str:
    """Why a client failed, as it says itself."""
    error = re.search(r"^(?:npm )?error.*", result.stderr, re.IGNORECASE | re.MULTILINE)
    return error[0] if error else f"exit status {result.returncode}"
