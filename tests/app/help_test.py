#!/usr/bin/env python3
"""--help, `ebm help`, shell completion and manual pages, of every command that there is."""
import functools
import pathlib
import re
import shutil
import subprocess
import unittest

import command_case
import run_ebm

TORCH_ONLY = ("gan", "flow", "features")


def run(arguments: list[str], program: str = "ebm") -> run_ebm.Finished:
    """Runs `ebm`, or the program of that name beside it."""
    ebm = command_case.options.ebm
    return run_ebm.run(ebm.parent / program if program != "ebm" else ebm, arguments,
                       pathlib.Path("/"), timeout=None)


@functools.cache
def script(shell: str) -> str:
    """The completion script of a shell."""
    done = run(["completion", shell])
    assert done.code == 0, done.stderr
    return done.stdout


def commands() -> list[list[str]]:
    """The arguments of every command, found in the completion script: [], ["gan", "train"], ..."""
    paths = re.findall(r"(?m)^ +'ebm ?([^']*)'\)$", script("bash"))
    return [path.split() for path in paths]


class HelpTest(unittest.TestCase):
    """--help and `ebm help`."""

    def test_all_commands_are_found(self) -> None:
        found = [" ".join(each) for each in commands()]
        self.assertEqual(len(found), len(set(found)))
        for name in ("", "sample", "modes", "bench", "completion", "help"):
            self.assertIn(name, found)
        if command_case.options.torch:
            for name in ("train", "eval", "gan train", "flow score", "features train"):
                self.assertIn(name, found)

    def test_every_help_fits_80_columns_and_ends_with_examples(self) -> None:
        groups = {" ".join(each[:-1]) for each in commands() if each}
        for arguments in commands():
            with self.subTest(command=arguments):
                done = run([*arguments, "--help"])
                self.assertEqual((done.code, done.stderr), (0, ""))
                for line in done.stdout.splitlines():
                    self.assertLessEqual(len(line), 80, line)
                    self.assertEqual(line, line.rstrip())
                self.assertIn(f"\nUsage: {' '.join(['ebm', *arguments])} ", done.stdout)
                if arguments and " ".join(arguments) not in groups | {"help"}:
                    examples = done.stdout.split("\nExamples:\n")
                    self.assertEqual(len(examples), 2)
                    for line in examples[1].splitlines():
                        self.assertIn("ebm ", line)

    def test_both_programs_print_the_same_help(self) -> None:
        if not command_case.options.torch:
            self.skipTest("needs a build with LibTorch")
        for arguments in [[], *([name] for name in TORCH_ONLY), ["sample"], ["gan", "train"]]:
            self.assertEqual(run([*arguments, "--help"]).stdout,
                             run([*arguments, "--help"], "ebm-torch").stdout)

    def test_help_of_a_command(self) -> None:
        named = [[], ["sample"], ["help"]]
        if command_case.options.torch:
            named += [["train"], ["gan"], ["gan", "train"]]
        for arguments in named:
            self.assertEqual(run(["help", *arguments]), run([*arguments, "--help"]))

    def test_a_command_that_groups_others_shows_its_help(self) -> None:
        self.assertEqual(run([]), run(["--help"]))
        if command_case.options.torch:
            self.assertEqual(run(["gan"]), run(["gan", "--help"]))

    def test_exit_codes_are_listed(self) -> None:
        text = run(["--help"]).stdout.split("Exit codes:\n")[1]
        listed = re.findall(r"(?m)^  (\d+)", text)
        self.assertEqual(listed, ["0", "64", "65", "66", "70", "71", "74", "130"])

    def test_defaults_are_shown(self) -> None:
        shown = {"": [r"sample", r"train", r"score", r"data", r"bench"],
                 "bench": [r"--n\b[^[]*\[100000", r"--repetitions\b[^\n]*5"],
                 "data": [r"SPEC", r"--json"],
                 "report": [r"RUN", r"--out", r"--json"],
                 "sample": [r"--n\b[^\n]*64", r"--seed\b[^\n]*0", r"--init\b[^\n]*noise"]}
        if command_case.options.torch:
            shown["train"] = [r"batch_size = 64", r"steps = 20", r"net = 'uva'", r"--resume",
                              r"--iterations INT=3000"]
            shown["score"] = [r"--threads\b[^\n]*0"]
        for command, patterns in shown.items():
            for pattern in patterns:
                self.assertRegex(run([*command.split(), "--help"]).stdout, pattern)

    def test_samplers_and_toys_are_listed(self) -> None:
        text = run(["sample", "--help"]).stdout
        samplers = re.search(r"--sampler NAME ([^[]*)\[langevin\]", text)
        self.assertIsNotNone(samplers, text)
        self.assertEqual(samplers[1].replace(",", " ").split(),
                         ["langevin", "mala", "hmc", "nuts", "underdamped", "gradient-descent",
                          "nesterov", "parallel-tempering", "annealed", "gradient-flow",
                          "annealed-langevin", "probability-flow", "ancestral", "recovery"])
        toys = re.findall(r"(?m)^  ([\w-]+) +\S[^\n]*\n {17}dim=\d+", text.split("Toys: ")[1])
        self.assertEqual(toys, ["double-well", "gaussian", "dense-gaussian", "mixture",
                                "8gaussians", "25gaussians", "rings", "banana", "funnel",
                                "log-gamma",
                                "rosenbrock", "eight-schools", "rbm", "observation"])
        for form in ("conditional(TOY)", "tempered(TOY)", "sum(W*TOY;W*TOY;...)"):
            self.assertIn(f"\n  {form}", text)
        for group in ("Energy and starts", "Steps and output", "Sampler",
                      "Options of single samplers"):
            self.assertRegex(text, rf"(?m)^{group}[^\n]*:$")

    def test_version(self) -> None:
        for program in ("ebm", "ebm-torch") if command_case.options.torch else ("ebm",):
            self.assertRegex(run(["--version"], program).stdout, r"^\d+\.\d+\.\d+\n$")

    def test_unknown_commands_suggest_the_nearest(self) -> None:
        cases = {"sampel": "unknown command sampel; did you mean sample?; see ebm --help",
                 "sampel --help": "unknown command sampel; did you mean sample?; see ebm --help",
                 "help sampel": "unknown command sampel; did you mean sample?; see ebm --help",
                 "help xyzzy": "unknown command xyzzy; see ebm --help"}
        if command_case.options.torch:
            for words in ("gan trian", "gan trian --help", "help gan trian"):
                cases[words] = "unknown command trian; did you mean train?; see ebm gan --help"
        for words, message in cases.items():
            with self.subTest(words=words):
                done = run(words.split())
                self.assertEqual((done.code, done.stdout, done.stderr),
                                 (64, "", f"ebm: {message}\n"))

    def test_options_that_do_not_parse_are_named(self) -> None:
        cases = {"sample m --setps 3": "unknown option --setps; did you mean --steps?",
                 "sample m --setps=3": "unknown option --setps; did you mean --steps?",
                 "data -x m": "unknown option -x",
                 "sample m --steps x": "steps = x: must be a whole number",
                 "sample m --steps 3 --steps 3": "steps: is given 2 times, must be given once",
                 "sample m --steps": "steps: has no value; expected INT",
                 "sample m --steps=": "steps = : must not be empty",
                 "sample m --box 1": "box: takes 2 values, has 1",
                 "sample m --temperature x": "temperature = x: must be a number",
                 "sample m extra": "unexpected argument extra"}
        if command_case.options.torch:
            # --out, which is required, is the one that is mistyped.
            cases["train --ouput r"] = "unknown option --ouput; did you mean --out?"
        for line, message in cases.items():
            with self.subTest(line=line):
                done = run(line.split())
                see = f"; see ebm {line.split()[0]} --help"
                self.assertEqual((done.code, done.stdout, done.stderr),
                                 (64, "", f"ebm: {message}{see}\n"))

    def test_other_defaults_stand_beside_the_default(self) -> None:
        text = " ".join(run(["train", "--help"]).stdout.split())
        self.assertRegex(text, r"step_size = 10\.0 [^\[=]*\[0\.001953125 for toys")
        self.assertRegex(text, r"net = 'uva' [^\[=]*\['mlp' for toys")
        self.assertNotIn("* ", text)


class NoTorchTest(command_case.CommandTest):
    """The program without ebm-torch beside it, as a build without LibTorch makes it."""

    def setUp(self) -> None:
        super().setUp()
        shutil.copy(command_case.options.ebm, self.folder / "ebm")

    def run_alone(self, arguments: str) -> run_ebm.Finished:
        return run_ebm.run(self.folder / "ebm", arguments.split(), self.folder)

    def test_help_says_what_to_do(self) -> None:
        for arguments in ("gan --help", "gan train --help", "help gan", "help flow score", "features --help"):
            with self.subTest(arguments=arguments):
                done = self.run_alone(arguments)
                self.assertEqual((done.code, done.stderr), (0, ""))
                self.assertIn("needs LibTorch, which this build of ebm does not have",
                              " ".join(done.stdout.split()))
                self.assertIn("-DEBM_TORCH=ON", done.stdout)

    def test_commands_say_what_to_do(self) -> None:
        for arguments in ("gan", "gan trian", "flow sample x", "features train",
                          "bench --net mlp --backend torch",
                          "eval --samples npy:x.npy --data fashion-mnist --features x.pt"):
            with self.subTest(arguments=arguments):
                done = self.run_alone(arguments)
                self.assertEqual((done.code, done.stdout), (64, ""))
                self.assertRegex(done.stderr, r"\Aebm: this command needs LibTorch, [^\n]*\n\Z")

    def test_settings_that_need_it_are_named(self) -> None:
        train = "train --data toy:rings --iterations 1 --out run "
        for arguments, setting in (("--backend torch", "backend = torch"),
                                   ("--device cuda", "device = cuda"),
                                   ("--set base=flow", "base = flow"),
                                   ("--objective nce --set noise=flow", "noise = flow"),
                                   ("--set eval_budget=0.1 --features x.pt", "features = ")):
            with self.subTest(arguments=arguments):
                done = self.run_alone(train + arguments)
                self.assertEqual((done.code, done.stdout), (64, ""))
                self.assertRegex(done.stderr, rf"\Aebm: {setting}[^\n]* needs LibTorch, [^\n]*\n\Z")

    def test_models_are_trained(self) -> None:
        done = self.run_alone("train --data toy:rings --iterations 3 --set batch_size=16 --out run")
        self.assertEqual(done.code, 0, done.stderr)
        self.assertTrue((self.folder / "run/model.safetensors").exists())
        self.assertNotIn("libtorch", (self.folder / "run/config.toml").read_text(encoding="utf-8"))

    def test_the_list_of_commands_marks_them(self) -> None:
        text = " ".join(self.run_alone("--help").stdout.split())
        self.assertIn("GANs as energy models: train, sample, analyse (not in this build)", text)
        self.assertIn("Train an energy-based model on a data set sample Draw", text)
        self.assertNotIn("(not in this build)", " ".join(run(["--help"]).stdout.split())
                         if command_case.options.torch else "")


class CompletionTest(unittest.TestCase):
    """Completion in shells."""

    def completed(self, *words: str) -> list[str]:
        """What bash offers after these words."""
        program = (f"{script('bash')}\nCOMP_WORDS=(ebm \"$@\"); COMP_CWORD=$#; _ebm\n"
                   "for each in \"${COMPREPLY[@]}\"; do echo \"$each\"; done\n")
        done = subprocess.run(["bash", "-c", program, "bash", *words], check=True,
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash(self) -> None:
        self.assertEqual(self.completed("sam"), ["sample"])
        self.assertEqual(self.completed("sample", "--burn"), ["--burn-in"])
        self.assertEqual(self.completed("sample", "run", "--json", "--burn"), ["--burn-in"])
        self.assertEqual(self.completed("sample", "--steps", ""), [])  # files
        self.assertIn("fashion-mnist", self.completed("sample", ""))
        self.assertEqual(self.completed("sample", "--sampler", "ma"), ["mala"])
        self.assertEqual(self.completed("sample", "--energy", "toy", ":", "fun"), ["funnel"])
        self.assertEqual(self.completed("bench", "--net", "=", "ig"), ["igebm32"])
        self.assertEqual(self.completed("data", "/bin/fals"), ["/bin/false"])
        self.assertEqual(self.completed("help", "sco"), ["score"])
        self.assertIn("--help", self.completed("bench", "-"))
        if command_case.options.torch:
            self.assertEqual(self.completed("train", "--it"), ["--iterations"])
            self.assertEqual(self.completed("train", "qui"), ["quick"])
            self.assertEqual(self.completed("train", "--learning"), [])
            self.assertEqual(self.completed("gan", ""),
                             ["duality", "dynamics", "modes", "sample", "train"])
            self.assertEqual(self.completed("gan", "train", "--gen"), ["--generator"])
            self.assertEqual(self.completed("help", "gan", "dua"), ["duality"])

    def test_other_shells_take_their_scripts(self) -> None:
        for shell in ("zsh", "fish"):
            self.assertIn("burn-in", script(shell))
            if shutil.which(shell) is None:
                continue
            done = subprocess.run([shell, "-n"], input=script(shell), check=False,
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def test_unknown_shell(self) -> None:
        done = run(["completion", "tcsh"])
        self.assertEqual((done.code, done.stderr),
                         (64, "ebm: SHELL = tcsh: must be one of bash, zsh, fish\n"))


class ManualTest(command_case.CommandTest):
    """`ebm man`."""

    def test_a_page_for_each_command(self) -> None:
        self.ebm("man pages")
        names = sorted(path.name for path in (self.folder / "pages").iterdir())
        self.assertEqual(names, sorted("-".join(["ebm", *each]) + ".1" for each in commands()))
        page = (self.folder / "pages/ebm-sample.1").read_text(encoding="utf-8")
        self.assertRegex(page, r'(?m)^\.TH "ebm\\-sample" 1 "" "ebm \d+\.\d+\.\d+" "ebm"$')
        self.assertIn("\\fB\\-\\-burn\\-in\\fR \\fIINT\\fR\n", page)
        self.assertIn(".SH \"EXAMPLES\"\n", page)

    def test_pages_have_no_warnings(self) -> None:
        if shutil.which("groff") is None:
            self.skipTest("groff is not installed")
        self.ebm("man pages")
        for path in sorted((self.folder / "pages").iterdir()):
            done = subprocess.run(["groff", "-K", "utf8", "-man", "-T", "utf8", "-ww", "-z", path],
                                  check=False, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), path.name)


if __name__ == "__main__":
    command_case.main(__doc__)
