"""What the tests of `ebm`'s commands share: a scratch folder, and ways to run a command in it."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import run_ebm

options = argparse.Namespace()
"""ebm: the program; torch: whether it was built with LibTorch. Set by main()."""


class CommandTest(unittest.TestCase):
    """Runs commands in a scratch folder."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name).resolve()

    def ebm(self, arguments: str, **changes: str) -> run_ebm.Finished:
        """A command that has to succeed, without any word of complaint."""
        done = run_ebm.run_well(options.ebm, arguments.split(), self.folder, **changes)
        self.assertNotIn("ebm: ", done.stderr)
        return done

    def json_of(self, arguments: str, warns: str | None = None) -> dict:
        """The document that a command prints with --json; nothing else may be on stdout.
        @param warns  pattern that all warnings match, of which there is one at least"""
        done = run_ebm.run_well(options.ebm, [*arguments.split(), "--json"], self.folder)
        document = json.loads(done.stdout)
        own = [line for line in done.stderr.splitlines() if line.startswith("ebm: ")]
        self.assertEqual(bool(own), warns is not None, own)
        for line in own:
            self.assertRegex(line, warns)
        self.assertEqual(own, ["ebm: " + line for line in document.get("warnings", [])])
        for line in done.stderr.splitlines():
            self.assertRegex(line, r"^(sample|train|logz|bench|features) +\d+%|^ebm: ")
        return document

    def bytes_of(self, name: str) -> bytes:
        """A file of the scratch folder."""
        return (self.folder / name).read_bytes()

    def start(self, arguments: str) -> subprocess.Popen:
        """A command left running."""
        process = subprocess.Popen([options.ebm, *arguments.split()], cwd=self.folder,
                                   env=run_ebm.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        return process

    def start_run(self, arguments: str, out: str, least: int = 1) -> subprocess.Popen | None:
        """A training run left running that has written a checkpoint of iteration `least` or later;
        None if it was at its end before that was seen, as it may be on a busy machine."""
        process = self.start(arguments)
        while True:
            ended = process.poll() is not None
            names = [path.name for path in (self.folder / out / "checkpoints").glob("[0-9]*")]
            if not ended and any(int(name) >= least for name in names):
                return process
            if ended:
                self.assertEqual(process.returncode, 0, process.stderr.read())
                return None
            time.sleep(0.002)


def main(description: str) -> None:
    """Runs the tests of a program, whose arguments are those of unittest after its own. By hand:

        PYTHONPATH=tests/app/support python3 -B tests/app/sample/walks_test.py build/release/app/ebm
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("ebm", type=lambda path: pathlib.Path(path).resolve(), help="the program")
    parser.add_argument("--torch", action="store_true", help="it was built with LibTorch")
    _, rest = parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0], *rest])
