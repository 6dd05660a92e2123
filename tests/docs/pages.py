"""Takes the documents apart: lines, fenced blocks, spans of code, links, headings."""
import dataclasses
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import check_docs  # noqa: E402  (found by the line above)

SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclasses.dataclass
class Page:
    """One document. `prose` are its (line number, text) outside of fenced blocks."""
    name: str
    lines: list
    blocks: list
    prose: list

    def spans(self):
        """(line number, text) of every `span of code`; one may go over the end of a line."""
        text = "\n".join(line for _, line in self.prose)
        for found in SPAN.finditer(text):
            number = self.prose[text.count("\n", 0, found.start())][0]
            yield number, " ".join(found.group(1).split())

    def links(self):
        """(line number, target) of every link and picture."""
        for number, line in self.prose:
            for found in LINK.finditer(line):
                yield number, found.group(1)

    def anchors(self):
        """What a link to this page may have behind its #, by GitHub's rule."""
        found = set()
        for _, line in self.prose:
            if heading := re.match(r"#+ +(.*)", line):
                text = re.sub(r"[^\w\- ]", "", heading.group(1).lower())
                found.add(text.replace(" ", "-"))
        return found

    def commands(self):
        """(line number, command line) of blocks of commands; lines that go on are joined."""
        for block in self.blocks:
            if block.language not in ("sh", "console"):
                continue
            joined, first = "", 0
            for at, line in enumerate(block.lines):
                if block.language == "console" and not joined:
                    if not line.startswith("$ "):
                        continue
                    line = line[2:]
                first = first if joined else block.first + at + 1
                joined += " " + line.rstrip("\\").strip()
                if not line.endswith("\\"):
                    yield first, joined.strip()
                    joined = ""


def page_of(name, text):
    """Takes a text apart."""
    blocks = check_docs.blocks_of(text)
    lines = text.split("\n")
    fenced = {number for block in blocks
              for number in range(block.first - 1, block.first + len(block.lines) + 1)}
    bare = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text).split("\n")
    prose = [(number + 1, line) for number, line in enumerate(bare) if number not in fenced]
    return Page(name, lines, blocks, prose)


def documents():
    """The pages for readers: README.md, CONTRIBUTING.md, docs/ and the cards of models."""
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")),
             *sorted((ROOT / "share/models").glob("*.md"))]
    return [page_of(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
            for path in paths if path.exists()]


def help_of(program, words, environment):
    """The text of `ebm WORDS --help`."""
    return subprocess.run([program, *words, "--help"], env=environment, capture_output=True,
                          text=True, check=True).stdout


def commands_of(program, environment, words=()):
    """{words of a command: (its options, its keys of --set)}, as its --help lists them."""
    text = help_of(program, words, environment)
    options = set()
    for line in text.splitlines():
        if found := re.match(r" {2,6}(-\w,)?(--[\w-]+(?:,--[\w-]+)*)", line):
            options.update(found.group(2).split(","))
    listed = re.search(r"(?ms)^Keys of .*?\n(.*?)(?:\n\n|\Z)", text)
    keys = set(re.findall(r"(?m)^  (\w+)(?: = |: )", listed.group(1))) if listed else set()
    commands = {words: (options, keys)}
    if listed := re.search(r"(?ms)^(?:Subcommands|SUBCOMMANDS|Commands):\n(.*?)(?:\n\n|\Z)", text):
        for name in re.findall(r"(?m)^ {2,4}([a-z][\w-]*)\b", listed.group(1)):
            commands.update(commands_of(program, environment, (*words, name)))
    return commands
