"""What a report was made from, and how: commands, commit, files, machine."""

import hashlib
import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("numpy", "scipy", "scikit-learn", "scikit-image")


def provenance(arguments, files):
    """{"command", "commit", "date", "machine", "software", "files": [{"file", "bytes", "sha256"}]}. arguments: the
    command's own. files: paths; folders are left out."""
    return {
        "command": shlex.join(["python", "-m", "training", *arguments]),
        "commit": commit(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "software": ", ".join(
            [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)]
        ),
        "files": [
            {"file": str(file), "bytes": Path(file).stat().st_size, "sha256": sha256(file)}
            for file in files
            if Path(file).is_file()
        ],
    }


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def commit():
    """The commit of this checkout, and whether files differ from it; "unknown" without git."""
    try:
        name, changed = (
            subprocess.run(
                ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
            ).stdout.strip()
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return name + (" with changes" if changed else "")


def processor():
    """The processor's name, as well as the system tells it."""
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
