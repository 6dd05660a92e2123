#!/usr/bin/env python3
"""Runs the tests of the Python package (python/tests) with pytest; exits with 77, which CTest counts
as skipped, where the package was not built or pytest is missing.

    package_test.py TESTS [FOLDER]     FOLDER holds the package `ebm`; none: it was not built
"""
import importlib.util
import os
import subprocess
import sys

SKIPPED = 77


def main() -> int:
    if len(sys.argv) < 3:
        print("skipped: the Python package was not built; it needs nanobind and numpy "
              "(pip install nanobind numpy), then configure again")
        return SKIPPED
    if importlib.util.find_spec("pytest") is None:
        print("skipped: pytest is not installed")
        return SKIPPED
    return subprocess.run([sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                           sys.argv[1]],
                          env=dict(os.environ, PYTHONPATH=sys.argv[2]), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
