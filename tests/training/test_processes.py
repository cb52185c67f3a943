"""processes.py: joblib works whatever the folder for temporary files is called."""

import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest

from tests.conftest import ROOT
from training import processes
from training.processes import shared_folder

WORK = """
import numpy as np
from joblib import Parallel, delayed
from training.processes import shared_folder
if __name__ == "__main__":
    with shared_folder():
        print(sum(Parallel(n_jobs=2)(delayed(np.sum)(np.ones((500, 500))) for _ in range(3))))
"""


def added(tmp_path, name):
    """What processes print that share arrays in a folder of this name."""
    folder = tmp_path / name
    folder.mkdir(parents=True)
    (tmp_path / "work.py").write_text(WORK)
    environment = {"PYTHONPATH": str(ROOT), "JOBLIB_TEMP_FOLDER": str(folder), "TMPDIR": str(folder)}
    asked = [sys.executable, tmp_path / "work.py"]
    return subprocess.run(asked, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("name", ["plain", "用户", "x" * 200 + "/" + "y" * 200], ids=["plain", "other script", "long"])
def test_processes_share_arrays_in_a_folder_of_any_name(tmp_path, name):
    result = added(tmp_path, name)
    assert (result.stdout, result.returncode) == ("750000.0\n", 0), result.stderr


def folder_of_joblib():
    return joblib.Parallel(n_jobs=2)._backend_kwargs["temp_folder"]


def test_a_plain_folder_is_left_as_it_is(monkeypatch):
    monkeypatch.setenv("JOBLIB_TEMP_FOLDER", "/plain")
    with shared_folder():
        assert folder_of_joblib() is None


def test_another_folder_is_taken_and_goes_when_the_work_is_done(tmp_path, monkeypatch):
    monkeypatch.setenv("JOBLIB_TEMP_FOLDER", "/用户")
    monkeypatch.setattr(processes, "PLACES", ("/no such place", "/用户", tmp_path))
    monkeypatch.setattr(processes, "MOST", 1_000)
    with shared_folder():
        folder = Path(folder_of_joblib())
        assert folder.is_dir()
        assert folder.parent == tmp_path
    assert not folder.exists()


def test_where_there_is_no_such_folder_threads_do_the_work(monkeypatch):
    monkeypatch.setenv("JOBLIB_TEMP_FOLDER", "/用户")
    monkeypatch.setattr(processes, "PLACES", ("/no such place",))
    with shared_folder():
        assert joblib.Parallel(n_jobs=2)(joblib.delayed(np.sum)(np.ones(3)) for _ in range(2)) == [3, 3]
        assert isinstance(joblib.Parallel(n_jobs=2)._backend, joblib._parallel_backends.ThreadingBackend)
