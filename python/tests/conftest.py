"""What the tests share."""
import pathlib
import subprocess
import sys

import pytest


class Command:
    """The command line of the package, in a folder of its own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> str:
        """What it prints."""
        done = subprocess.run([sys.executable, "-m", "ebm", *arguments], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def command(tmp_path: pathlib.Path) -> Command:
    return Command(tmp_path)
