"""Starts `ebm` for the command-line tests: in a folder of its own, without the caller's data."""
import dataclasses
import os
import pathlib
import subprocess


@dataclasses.dataclass(frozen=True)
class Finished:
    """What a program left behind when it ended."""
    code: int
    stdout: str
    stderr: str


def environment(**changes: str) -> dict[str, str]:
    """The caller's environment without EBM_DATA, which would lead to other data. The program is
    given the waiting of threads that it would choose, so that it need not start again for it."""
    kept = {name: value for name, value in os.environ.items() if name != "EBM_DATA"}
    return {"GOMP_SPINCOUNT": "1000"} | kept | changes


def run(ebm: pathlib.Path, arguments: list[str], folder: pathlib.Path,
        timeout: float | None = 600, **changes: str) -> Finished:
    """Runs `ebm` with `folder` as working folder until it ends, or for `timeout` seconds: a program
    that should have refused may be at work instead. One that refuses takes a second, so that this
    is no limit of a busy machine."""
    try:
        done = subprocess.run([ebm, *arguments], cwd=folder, env=environment(**changes),
                              timeout=timeout, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
    except subprocess.TimeoutExpired:
        return Finished(-1, "", f"stopped after {timeout} s")
    return Finished(done.returncode, done.stdout, done.stderr)


def run_well(ebm: pathlib.Path, arguments: list[str], folder: pathlib.Path,
             **changes: str) -> Finished:
    """As run(), where nothing may go wrong. It takes as long as it takes: with sanitizers, on a
    busy machine, that may be minutes."""
    done = run(ebm, arguments, folder, timeout=None, **changes)
    if done.code != 0:
        raise AssertionError(f"ebm {' '.join(arguments)}: exit {done.code}: {done.stderr}")
    return done
