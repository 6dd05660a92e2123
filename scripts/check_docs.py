#!/usr/bin/env python3
"""Runs the commands that the documents show and says where their output differs.

    scripts/check_docs.py [--write] [--slow] [--program EBM] [PAGE.md ...]

A block of output is a fenced block of the kind `console`: lines that begin with "$ " are commands
(a line that ends with a backslash goes on), the lines after each are what it prints. The comment
before the block says what to do with it:

    <!-- run -->                      run it; takes seconds
    <!-- run varies=rate,seconds -->  the same, without comparing the numbers that VARIES names
    <!-- slow 4 minutes -->           run it only with --slow
    <!-- kept 57 minutes on two cores of an AMD EPYC (Zen 4), 2026-11-27 -->
                                      never run: says how long it took, where and when
    <!-- file NAME -->                before a block of any kind: its text is the file NAME

The blocks of a page run in one scratch folder, in order, so that a block may use files of those
before it. Of a command that fails, the last line of its error is part of the output. --write
renews the blocks that differ. Exit code 1 if a block differs, 0 otherwise.
"""
import argparse
import dataclasses
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What hangs on the machine or on the time of day: a name for the comment, and what to leave out.
VARIES = {
    "rate": re.compile(r"[\d.]+(e[+-]?\d+)? chain-steps/s( on \w+)?"),
    "seconds": re.compile(r"\b[\d.]+(e[+-]?\d+)? (s|ms)\b( on \w+)?"),
    "ess_rate": None,  # the column ESS_bulk/s, see without_column()
}
COMMENT = re.compile(r"<!-- (run|slow|kept|file)\b ?(.*?) ?-->$")


@dataclasses.dataclass
class Block:
    """A fenced block: its language, its lines and where they are in the page (from 0)."""
    language: str
    first: int
    lines: list
    mark: str = ""
    argument: str = ""

    def varies(self):
        """The names of what differs from machine to machine."""
        found = re.search(r"varies=(\S+)", self.argument)
        return found.group(1).split(",") if found else []


def blocks_of(text):
    """The fenced blocks of a page, in order, each with the comment before it."""
    blocks, block, comment = [], None, None
    for number, line in enumerate(text.split("\n")):
        if block is not None:
            if line.strip() == "```":
                blocks.append(block)
                block = None
            else:
                block.lines.append(line)
        elif line.startswith("```"):
            block = Block(line[3:].strip(), number + 1, [])
            if comment:
                block.mark, block.argument = comment
            comment = None
        elif found := COMMENT.match(line):
            comment = found.groups()
        elif line.strip():
            comment = None
    if block is not None:
        raise ValueError(f"line {block.first}: the block does not end")
    return blocks


def steps_of(block):
    """The commands of a block of output: (lines as shown, command, lines that it prints)."""
    steps, goes_on = [], False
    for line in block.lines:
        if goes_on:
            steps[-1][0].append(line)
        elif line.startswith("$ "):
            steps.append(([line], [], []))
        elif not steps:
            raise ValueError(f"line {block.first}: the block begins without a command")
        else:
            steps[-1][2].append(line)
            continue
        goes_on = line.endswith("\\")
    return [(shown, "\n".join(shown)[2:], printed) for shown, _, printed in steps]


def without_column(lines, name):
    """Without the numbers of one column of a table whose header names it."""
    result, at = [], None
    for line in lines:
        words = line.split()
        if name in words:
            at = words.index(name) + 1  # rows have a name before their numbers
        elif at is not None and len(words) > at:
            words[at] = "#"
            line = " ".join(words)
        elif not words:
            at = at if result and "#" not in result[-1] else None
        result.append(line)
    return result


def compared(lines, varies):
    """Lines as they are compared: without what varies, and with one space where there are more."""
    for name in varies:
        if name == "ess_rate":
            lines = without_column(lines, "ESS_bulk/s")
        else:
            lines = [VARIES[name].sub("#", line) for line in lines]
    return [re.sub(r"\s+", " ", line).strip() for line in lines]


def run(command, folder, environment):
    """What a command prints, and its last line of error if it fails."""
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    printed = done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []
    if done.returncode != 0:
        printed += done.stderr.strip().split("\n")[-1:]
    return printed


def renewed_blocks(text, folder, environment, slow, say):
    """Runs the blocks of a page: [(block, its lines now)] of those whose output differs."""
    differing = []
    for block in blocks_of(text):
        if block.mark == "file":
            (folder / block.argument).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        if block.language != "console" or block.mark not in ("run", "slow"):
            continue
        if block.mark == "slow" and not slow:
            say(f"  line {block.first}: left out, takes {block.argument}: --slow")
            continue
        now, same = [], True
        for shown, command, printed in steps_of(block):
            output = run(command, folder, environment)
            # The empty line between two commands belongs to the page.
            gap = [""] if printed and not printed[-1].strip() else []
            now += shown + output + gap
            same &= compared(printed[:len(printed) - len(gap)], block.varies()) \
                == compared(output, block.varies())
        if same:
            say(f"  line {block.first}: as shown")
            continue
        say(f"  line {block.first}: DIFFERS")
        for line in difflib.unified_diff(block.lines, now, "page", "now", lineterm="", n=0):
            say(f"    {line}")
        differing.append((block, now))
    return differing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pages", nargs="*", type=pathlib.Path, help="[README.md and docs/*.md]")
    parser.add_argument("--write", action="store_true", help="renew the blocks that differ")
    parser.add_argument("--slow", action="store_true", help="also run what takes minutes")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/app/ebm",
                        help="[build/release/app/ebm]")
    arguments = parser.parse_args()
    if not os.access(arguments.program, os.X_OK):
        sys.exit(f"check_docs.py: --program {arguments.program}: no such program")
    environment = dict(os.environ)
    environment["PATH"] = f"{arguments.program.resolve().parent}:{environment['PATH']}"

    pages = arguments.pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    n_differing = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        print(page, flush=True)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ebm_docs_"))
        try:
            differing = renewed_blocks(text, folder, environment, arguments.slow,
                                       lambda line: print(line, flush=True))
        finally:
            shutil.rmtree(folder)
        n_differing += len(differing)
        if arguments.write and differing:
            lines = text.split("\n")
            for block, now in reversed(differing):
                lines[block.first:block.first + len(block.lines)] = now
            page.write_text("\n".join(lines), encoding="utf-8")
            print(f"  {len(differing)} renewed")
    if n_differing > 0:
        print(f"check_docs.py: {n_differing} blocks differ")
    sys.exit(1 if n_differing > 0 and not arguments.write else 0)


if __name__ == "__main__":
    main()
