#!/usr/bin/env python3
"""The documents name what is there: files, commands, options, keys, links, pictures.

    docs_test.py EBM      a program that was built with LibTorch
"""
import functools
import json
import pathlib
import re
import shlex
import sys
import unittest

import pages

PROGRAM = None
ROOT = pages.ROOT
MAX_COLUMNS = 100
# What runs and other programs write, and what stands for a name: no files of this repository.
NOT_OURS = re.compile(r"^(build|runs|checkpoints|samples|photos|PREFIX|RUN|FOLDER|DIR)\b|[<>*$]|NAME|NNN")
SOURCE = re.compile(r"^\w[\w.-]*(-inl\.h|\.h|\.cc|\.py|\.sh|\.cmake|\.md)$")
# Written by the reader of a page, or by its commands.
OF_THE_READER = {"gaussian.cc", "wells.cc", "main.cc"}
# Options of the other programs that the documents call.
OTHERS = {
    "cmake": {"--preset", "--build", "--workflow", "--install", "--prefix", "--parallel",
              "--target", "--component"},
    "ctest": {"--preset"},
    "tensorboard": {"--logdir"},
    "chromium": {"--headless", "--hide-scrollbars", "--screenshot", "--window-size"},
    "docker": {"--rm"},
    "git": {"--depth"},
    "benches": {"--benchmark_filter", "--benchmark_min_time", "--benchmark_out"},
}


def tracked(path):
    return (ROOT / path).exists()


@functools.lru_cache(maxsize=None)
def names_of_files():
    skipped = {"build", ".git", "runs"}
    return {path.name for top in ROOT.iterdir() if top.name not in skipped
            for path in ([top] if top.is_file() else top.rglob("*"))}


@functools.lru_cache(maxsize=None)
def commands():
    return pages.commands_of(PROGRAM, None)


@functools.lru_cache(maxsize=None)
def options_of_scripts():
    found = set()
    for path in sorted((ROOT / "scripts").iterdir()):
        found.update(re.findall(r"--[a-z][\w-]+", path.read_text(encoding="utf-8")))
    return found


def faults_of_path(text):
    """What is wrong with a span of code, if it is the path of a file or folder."""
    word = text.split(":")[0].rstrip("/")
    if text.startswith("<ebm/"):
        return faults_of_include("#include " + text)
    if " " in text or NOT_OURS.search(text) or word in OF_THE_READER:
        return []
    top = word.split("/")[0]
    if "/" in text and (ROOT / top).is_dir():
        return [] if tracked(word) or is_header(word) else [f"no such file: {word}"]
    if SOURCE.match(word) and word not in names_of_files():
        return [f"no file is called {word}"]
    return []


def is_header(name):
    """Whether an installed header is called that: ebm/MODULE.h, ebm/MODULE/FILE.h, ebm/version.h."""
    inside = name.removeprefix("ebm/")
    module = (ROOT / inside.removesuffix(".h") / "CMakeLists.txt").exists()
    return module or tracked(inside) or inside == "version.h"


def faults_of_include(line):
    """What is wrong with the name of an included header of this library."""
    found = re.match(r"#include <(ebm/[\w/.-]+)>", line)
    return [] if not found or is_header(found.group(1)) else [f"no such header: {found.group(1)}"]


def faults_of_command(line):
    """What is wrong with the `ebm` commands of a line: a sub-command, an option, a key."""
    faults = []
    for part in re.split(r"\s*(?:;|\|\||&&|\| )\s*", line):
        found = re.match(r"(?:\w+=\S+ |time )*(?:\S*/)?ebm ([a-z].*)", part)
        if not found:
            continue
        try:
            words = shlex.split(found.group(1), comments=True)
        except ValueError:
            words = found.group(1).split()
        if words and words[0] == "help":
            words = [word for word in words[1:] if not word.isupper()]
            if tuple(words) not in commands():
                faults.append(f"no such command: ebm {' '.join(words)}")
            continue
        command = ()
        while words and command + (words[0],) in commands():
            command += (words.pop(0),)
        if not command:
            faults.append(f"no such command: ebm {found.group(1)}")
            continue
        options, keys = commands()[command]
        for at, word in enumerate(words):
            name = word.split("=")[0].rstrip(",.")
            if name.startswith("--") and name not in options | {"--help"}:
                faults.append(f"no such option: ebm {' '.join(command)} {name}")
            if name == "--set" and at + 1 < len(words) and keys:
                key = words[at + 1].split("=")[0]
                if key.islower() and key != "key" and key not in keys:
                    faults.append(f"no such key: ebm {' '.join(command)} --set {key}")
    return faults


def faults_of_lone_options(text):
    """What is wrong with options that stand without a command."""
    if re.search(r"(^|\s)ebm [a-z]", text):
        return []
    known = {"--help", "--version"} | options_of_scripts()
    for options, _ in commands().values():
        known |= options
    for options in OTHERS.values():
        known |= options
    return [f"no such option: {name}"
            for name in re.findall(r"(?:^|[\s(|])(--[a-z][\w-]*)", text) if name not in known]


def faults_of_preset(line):
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    known = {each["name"] for kind in presets.values() if isinstance(kind, list) for each in kind}
    return [f"no such preset: {name}"
            for name in re.findall(r"(?:cmake|ctest)\b[^`|]*--preset (\S+)", line)
            if name not in known and not name.isupper()]


class DocumentsTest(unittest.TestCase):
    """Each test gathers all faults of its kind, as PAGE:LINE: what is wrong."""

    maxDiff = None

    def setUp(self):
        self.faults = []

    def tearDown(self):
        self.assertEqual([], self.faults, "\n" + "\n".join(self.faults))

    def gather(self, page, number, faults):
        self.faults += [f"{page.name}:{number}: {fault}" for fault in faults]

    def test_every_file_that_is_named_is_there(self):
        for page in pages.documents():
            for number, text in page.spans():
                self.gather(page, number, faults_of_path(text))
            for number, line in page.commands():
                for word in line.split():
                    if word.startswith(("scripts/", "tests/", "bench/", "share/", "examples/")):
                        self.gather(page, number, faults_of_path(word))
            for block in page.blocks:
                for at, line in enumerate(block.lines):
                    self.gather(page, block.first + at + 1, faults_of_include(line))

    def test_every_command_and_option_that_is_named_is_there(self):
        for page in pages.documents():
            for number, text in page.spans():
                self.gather(page, number, faults_of_command(text))
                self.gather(page, number, faults_of_lone_options(text))
            for number, line in page.commands():
                self.gather(page, number, faults_of_command(line) + faults_of_preset(line))

    def test_the_table_of_commands_has_all_of_them_in_eight_words(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        rows = dict(re.findall(r"(?m)^\| `ebm ([a-z ]+)` \| (.*) \|$", text))
        groups = {command[:-1] for command in commands()}
        # Those about the program itself are named below the table.
        manual = {("help",), ("completion",), ("man",)}
        all_commands = {" ".join(command) for command in commands() if command not in groups | manual}
        self.assertEqual(all_commands, set(rows))
        self.faults = [f"{name}: more than eight words" for name, what in rows.items()
                       if len(what.split()) > 8]

    def test_every_key_of_a_table_of_keys_is_one_of_training(self):
        known = set().union(*(keys for _, keys in commands().values()))
        n_keys = 0
        for page in pages.documents():
            in_table = False
            for number, line in page.prose:
                in_table = line.startswith("| key | default |") or in_table and line.startswith("|")
                found = re.match(r"\| `(\w+)` \|", line) if in_table else None
                if found:
                    n_keys += 1
                    if found.group(1) not in known:
                        self.gather(page, number, [f"no such key: {found.group(1)}"])
        self.assertGreater(n_keys, 2)

    def test_links_and_pictures_are_there(self):
        for page in pages.documents():
            folder = (ROOT / page.name).parent
            for number, target in page.links():
                if re.match(r"https?:|mailto:", target):
                    continue
                path, _, anchor = target.partition("#")
                file = (folder / path).resolve() if path else ROOT / page.name
                if not file.exists():
                    self.gather(page, number, [f"no such file: {target}"])
                elif anchor:
                    text = file.read_text(encoding="utf-8")
                    if anchor not in pages.page_of(path, text).anchors():
                        self.gather(page, number, [f"no such heading: {target}"])

    def test_every_page_is_in_the_index(self):
        index = ROOT / "docs/README.md"
        text = index.read_text(encoding="utf-8")
        linked = {target.split("#")[0] for _, target in pages.page_of("docs/README.md", text).links()}
        for path in sorted(index.parent.glob("*.md")):
            if path != index and path.name not in linked:
                self.faults.append(f"docs/README.md: has no link to {path.name}")

    def test_pictures_are_used_and_of_modest_size(self):
        used = {pathlib.PurePath(target).name for page in pages.documents()
                for _, target in page.links()}
        for picture in sorted((ROOT / "docs/images").iterdir()):
            if picture.name not in used:
                self.faults.append(f"{picture.name}: in no document")
            if picture.stat().st_size > 300_000:
                self.faults.append(f"{picture.name}: {picture.stat().st_size} bytes, above 300 kB")

    def test_lines_fit_a_hundred_columns(self):
        """Tables and output cannot be wrapped."""
        for page in pages.documents():
            output = {number for block in page.blocks if block.language in ("console", "", "text")
                      for number in range(block.first, block.first + len(block.lines) + 1)}
            for at, line in enumerate(page.lines):
                columns = len(line)
                if columns > MAX_COLUMNS and not line.startswith("|") and at not in output:
                    self.gather(page, at + 1, [f"{columns} columns, at most {MAX_COLUMNS}"])

    def test_blocks_of_output_say_whether_they_are_run(self):
        for page in pages.documents():
            for block in page.blocks:
                if block.language != "console":
                    continue
                if block.mark not in ("run", "slow", "kept"):
                    self.gather(page, block.first, ["output without <!-- run -->, <!-- slow "
                                                    "TIME --> or <!-- kept TIME, MACHINE, DATE -->"])
                elif block.mark == "kept" and not re.search(r"20\d\d-\d\d-\d\d", block.argument):
                    self.gather(page, block.first, ["kept output without a date"])
                unknown = set(block.varies()) - set(pages.check_docs.VARIES)
                if unknown:
                    self.gather(page, block.first, [f"varies={unknown}: unknown"])


class CheckersTest(unittest.TestCase):
    """What the tests above are made of finds planted faults."""

    def test_paths(self):
        self.assertEqual([], faults_of_path("samplers/energy.h"))
        self.assertEqual([], faults_of_path("tests/docs"))
        self.assertEqual([], faults_of_path("runs/mine/model.safetensors"))
        self.assertEqual(["no such file: samplers/no_such.h"], faults_of_path("samplers/no_such.h"))
        self.assertEqual(["no file is called no_such-inl.h"], faults_of_path("no_such-inl.h"))
        self.assertEqual([], faults_of_include("#include <ebm/samplers.h>"))
        self.assertEqual([], faults_of_path("<ebm/samplers/kernels/nuts.h>"))
        self.assertEqual(["no such header: ebm/samplers/no_such.h"],
                         faults_of_path("<ebm/samplers/no_such.h>"))

    def test_commands(self):
        self.assertEqual([], faults_of_command("ebm sample fashion-mnist --n 64 --out x.png"))
        self.assertEqual([], faults_of_command("ebm train --data x --set steps=3"))
        self.assertEqual(["no such command: ebm simple x"], faults_of_command("ebm simple x"))
        self.assertEqual(["no such option: ebm gan sample --no-such"],
                         faults_of_command("ebm data x; ebm gan sample x --no-such 3"))
        self.assertEqual(["no such key: ebm train --set no_such"],
                         faults_of_command("ebm train --data x --set no_such=3"))
        self.assertEqual([], faults_of_lone_options("--adapt"))
        self.assertEqual(["no such option: --no-such"], faults_of_lone_options("--no-such 3"))
        self.assertEqual(["no such preset: fast"], faults_of_preset("cmake --preset fast"))

    def test_links_and_headings(self):
        page = pages.page_of("x.md", "## A `b`, c\n[t](u.md#v) ![p](q.png)\n```sh\n[no](no)\n```\n")
        self.assertEqual([(2, "u.md#v"), (2, "q.png")], list(page.links()))
        self.assertEqual({"a-b-c"}, page.anchors())


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
