#!/usr/bin/env python3
"""What people mistype, for every command and option that there is: each ends in one line and exit
code 64, and nothing is computed or written. The commands and their options are found in --help."""
import concurrent.futures
import dataclasses
import pathlib
import re
import tempfile
import unittest

import command_case
import run_ebm

TORCH_ONLY = ("gan", "flow", "features")

INTEGERS = ("1e3", "10k", "1_000", "1,000", "0x10", " 5", "1.5", "x", "99999999999999999999")
NUMBERS = ("0,5", "1e999", "0x1p3", " 1", "1.5m", "1_0", "fast")


@dataclasses.dataclass(frozen=True)
class Option:
    """An option with a value, as --help shows it."""
    name: str
    kind: str
    """INT, FLOAT, TEXT, SPEC, ..."""
    repeats: bool
    """whether it may be given more than once"""


@dataclasses.dataclass(frozen=True)
class Command:
    """A command without sub-commands."""
    words: tuple[str, ...]
    options: tuple[Option, ...]

    @property
    def is_fast(self) -> bool:
        """Whether it starts without LibTorch, which takes half a second."""
        return self.words[0] not in TORCH_ONLY


@dataclasses.dataclass(frozen=True)
class Line:
    """Arguments, and a part of the message that they get."""
    arguments: tuple[str, ...]
    fragment: str


def run(arguments: tuple[str, ...] | list[str], folder: pathlib.Path) -> run_ebm.Finished:
    """Runs `ebm`; ten minutes are far more than an error takes."""
    return run_ebm.run(command_case.options.ebm, list(arguments), folder)


def options_of(text: str) -> tuple[Option, ...]:
    """The options with values in the text of --help: "  --n,--chains INT=64   number of ..."."""
    entries = re.findall(r"(?m)^  (?:-\w,)?(--[\w-]+)(?:,--[\w-]+)* "
                         r"([A-Z][A-Z,.]*(?:=[A-Z]+| FILE)?)"
                         r"([^\n]*(?:\n {10,}[^\n]*)*)", text)
    return tuple(Option(name, kind, "repeated" in " ".join(rest.split()) or ",..." in kind + rest)
                 for name, kind, rest in entries)


def all_commands(folder: pathlib.Path) -> list[Command]:
    """Every command without sub-commands, found in the completion script."""
    script = run(["completion", "bash"], folder).stdout
    paths = [tuple(path.split()) for path in re.findall(r"(?m)^ +'ebm ?([^']*)'\)$", script)]
    leaves = [path for path in paths if path and path != ("help",)
              and not any(other[:-1] == path for other in paths if other)]
    return [Command(path, options_of(run([*path, "--help"], folder).stdout)) for path in leaves]


def good_values(option: Option) -> tuple[str, ...]:
    """Values that parse: one, or as many as the option takes, as FILE FILE."""
    return tuple(",".join("1" for _ in kind.split(",")) for kind in option.kind.split(" "))


def lines_of_option(command: Command, option: Option, number: int) -> list[Line]:
    """What may be mistyped of one option: a third of it, turning from option to option so that a
    command with three of a kind has had all; of commands that start slowly, one line."""
    words, name, key = command.words, option.name, option.name[2:]
    lines = [Line((*words, f"{name}="), f"{key} = : must not be empty"),
             Line((*words, name), f"{key}: has no value; expected {option.kind}")]
    if not option.repeats:
        lines.append(Line((*words, name, *good_values(option), name, *good_values(option)),
                          f"{key}: "))
    lines.append(Line((*words, name, ""), f"{key} = : must"))
    bad = {"INT": INTEGERS, "FLOAT": NUMBERS}.get(option.kind, ())[number % 3::3]
    lines += [Line((*words, name, value), f"{key} = {value}: must be ") for value in bad]
    lines += [Line((*words, f"{name}={value}"), f"{key} = {value}: must be ") for value in bad[:1]]
    n_turns = 3 if command.is_fast else len(lines)
    # Not by `number` alone: its rest by 3 has chosen the values.
    return lines[number // 3 % n_turns::n_turns]


class ArgumentsTest(unittest.TestCase):
    """All commands are tried."""

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.commands = all_commands(cls.folder)

    def expect_refused(self, lines: list[Line]) -> None:
        """Each line gets one line of error, and leaves nothing behind."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            answers = list(pool.map(lambda line: run(line.arguments, self.folder), lines))
        for line, done in zip(lines, answers):
            with self.subTest(arguments=line.arguments):
                self.assertEqual((done.code, done.stdout), (64, ""), done.stderr)
                self.assertRegex(done.stderr, r"\Aebm: [^\n]*\n\Z")
                self.assertIn(line.fragment, done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_commands_and_options_are_found(self) -> None:
        options = {command.words: command.options for command in self.commands}
        self.assertIn(Option("--n", "INT", False), options[("sample",)])
        self.assertIn(Option("--box", "LOW,HIGH", False), options[("sample",)])
        self.assertIn(Option("--step-size", "FLOAT", False), options[("modes",)])
        self.assertIn(Option("--rename", "FROM=TO", True), options[("import",)])
        if command_case.options.torch:
            self.assertIn(Option("--set", "KEY=VALUE", True), options[("train",)])
            self.assertIn(Option("--ood", "SPEC", True), options[("eval",)])

    def test_values_of_options(self) -> None:
        self.expect_refused([line for command in self.commands
                             for number, option in enumerate(command.options)
                             for line in lines_of_option(command, option, number)])

    def test_unknown_options_are_printed_as_typed(self) -> None:
        lines = []
        for command in self.commands:
            for typed in ("--no-such-option", "--no-such-option=8", "-q")[:1 + 2 * command.is_fast]:
                lines.append(Line((*command.words, typed),
                                  f"unknown option {typed.split('=')[0]}; see ebm "
                                  f"{' '.join(command.words)} --help"))
        self.expect_refused(lines)

    def test_help_is_printed_whatever_stands_beside_it(self) -> None:
        for command in self.commands:
            text = run([*command.words, "--help"], self.folder).stdout
            every = (["x", "--no-such-option", "--help", "--seed", "x"], ["-h"], ["--seed", "-h"])
            for rest in every[:1 + 2 * command.is_fast]:
                with self.subTest(command=command.words, rest=rest):
                    done = run([*command.words, *rest], self.folder)
                    self.assertEqual((done.code, done.stdout, done.stderr), (0, text, ""))

    def test_lists_do_not_take_the_arguments_after_them(self) -> None:
        for option in ("--box=-1,1", "--ladder=1,2"):
            for words in (option.split("="), [option]):
                done = run(["sample", *words, "nowhere"], self.folder)
                self.assertEqual(done.code, 66, done.stderr)
                self.assertIn("no such model: nowhere", done.stderr)
        done = run(["import", "--mean", "0,0", "nowhere.safetensors", "--net", "mlp", "--input",
                    "2,2,2", "--out", "m.safetensors"], self.folder)
        self.assertIn("no such file: nowhere.safetensors", done.stderr)

    def test_empty_arguments(self) -> None:
        lines = [Line(("",), "unknown command"),
                 Line(("sample", ""), "MODEL = : must not be empty"),
                 Line(("data", ""), "SPEC = : must not be empty")]
        if command_case.options.torch:
            lines.append(Line(("train", "", "--out", "x"), "CONFIG = : must not be empty"))
        self.expect_refused(lines)


class NumbersTest(command_case.CommandTest):
    """Numbers that mean something else to C."""

    def test_leading_zeros_are_decimal(self) -> None:
        done = self.json_of("sample --energy toy:rings --steps 0 --n 010 --out x.npy")
        self.assertEqual(done["n"], 10)
        self.ebm("sample --energy toy:rings --steps 0 --n 10 --out y.npy --seed +0")
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("y.npy"))


class SuggestionsTest(command_case.CommandTest):
    """Names that are nearly right, or right elsewhere."""

    def check(self, arguments: str, code: int, message: str) -> None:
        done = run(arguments.split(), self.folder)
        self.assertEqual((done.code, done.stdout), (code, ""))
        self.assertRegex(done.stderr, r"\Aebm: [^\n]*\n\Z")
        self.assertIn(message, done.stderr)

    def test_names_of_pytorch(self) -> None:
        self.check("sample m --num-samples 3", 64,
                   "unknown option --num-samples; did you mean --n?")
        self.check("sample m --lr 3", 64, "unknown option --lr; did you mean --step-size?")
        self.check("sample m --warmup 3", 64, "unknown option --warmup; did you mean --burn-in?")
        self.check("sample m -n 3", 64, "unknown option -n; did you mean --n?")
        if not command_case.options.torch:
            return
        train = "train --data toy:rings --out r"
        for typed, key in (("--lr", "learning_rate"), ("--batch-size", "batch_size"),
                           ("--bs", "batch_size"), ("--learning-rate", "learning_rate"),
                           ("--learning_rate", "learning_rate"), ("--ema", "ema_decay")):
            self.check(f"{train} {typed}=0.1", 64,
                       f"unknown option {typed}; did you mean --set {key}=0.1?")
        # CLI11 takes the number for CONFIG.
        self.check(f"{train} --lr 0.1", 64, "did you mean --set learning_rate=0.1?")
        self.check(f"{train} --lr", 64, "did you mean --set learning_rate=VALUE?")
        self.check(f"{train} --epochs 3", 64, "did you mean --iterations?")
        self.check(f"{train} --dataset x", 64, "did you mean --data?")
        self.check(f"{train} --gpu x", 64, "did you mean --device?")
        for key in ("lr", "base_lr", "learning-rate"):
            self.check(f"{train} --set {key}=0.1", 64, f"unknown key {key}; did you mean "
                       "learning_rate?")
        self.check("gan train --data toy:rings --out r --n_critic=3", 64,
                   "did you mean --set critic_steps=3?")

    def test_names_of_things(self) -> None:
        self.check("sample fashion-mnits --out x.png", 66,
                   "no such model: fashion-mnits; did you mean fashion-mnist?")
        self.check("sample --energy toy:funel --out x.npy", 64, "did you mean funnel?")
        self.check("sample --energy toy:rings --sampler nutz --out x.npy", 64, "did you mean nuts?")
        self.check("data fashion-minst", 64, "did you mean 'fashion-mnist'?")
        self.check("data toy:ring", 64, "did you mean 'rings'?")
        self.check("sapmle", 64, "unknown command sapmle; did you mean sample?")
        if not command_case.options.torch:
            return
        self.check("train quikc --out r", 66, "no such recipe: quikc; did you mean quick?")
        self.check("train --data toy:rings --net mpl --out r", 64, "did you mean mlp?")
        self.check("gan trian", 64, "unknown command trian; did you mean train?")


if __name__ == "__main__":
    command_case.main(__doc__)
