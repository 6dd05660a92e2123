#!/usr/bin/env python3
"""scripts/check_docs.py finds and renews output that differs, and nothing else."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import pages

PAGE = """# Page

<!-- file numbers.txt -->
```text
one 1
```

<!-- run -->
```console
$ cat numbers.txt
{numbers}
$ printf 'a  b\\n' \\
    | cat
a b
```

<!-- run varies=rate,seconds -->
```console
$ echo 'at 5.1e+06 chain-steps/s on AVX2, in 3 s'; echo energy 3
at 1.25e+07 chain-steps/s on AVX3, in 0.4 s
energy {energy}
```

<!-- run -->
```console
$ echo oh >&2; echo wrong >&2; exit 3
wrong
```

<!-- slow 3 minutes -->
```console
$ echo slow
{slow}
```

<!-- kept one hour, 2026-01-01 -->
```console
$ exit 1
kept
```
"""


class CheckDocsTest(unittest.TestCase):
    """Runs the script on pages of its own."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.page = pathlib.Path(scratch.name) / "page.md"

    def check(self, text, *options):
        self.page.write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-B", str(pages.ROOT / "scripts/check_docs.py"), "--program",
             "/bin/true", *options, str(self.page)], capture_output=True, text=True, check=False)

    def test_what_is_the_same(self):
        done = self.check(PAGE.format(numbers="one 1", energy=3, slow="slow"))
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertEqual(3, done.stdout.count("as shown"))
        self.assertIn("left out, takes 3 minutes", done.stdout)

    def test_what_differs(self):
        text = PAGE.format(numbers="one 2", energy=4, slow="fast")
        done = self.check(text)
        self.assertEqual(1, done.returncode)
        self.assertEqual(2, done.stdout.count("DIFFERS"))
        self.assertIn("-one 2\n    +one 1\n", done.stdout)
        self.assertEqual(text, self.page.read_text(encoding="utf-8"))
        done = self.check(text, "--slow")
        self.assertEqual(3, done.stdout.count("DIFFERS"))

    def test_write(self):
        done = self.check(PAGE.format(numbers="one 2", energy=3, slow="fast"), "--write", "--slow")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertEqual(PAGE.format(numbers="one 1", energy=3, slow="slow")
                         .replace("\na b\n", "\na  b\n"), self.page.read_text(encoding="utf-8"))

    def test_a_column_that_varies(self):
        old = ["        Mean  ESS_bulk/s  R_hat", "x[0]  0.1   5             1.0", "", "t 1 2 3"]
        new = ["      Mean ESS_bulk/s R_hat", "x[0]  0.1   612 1.0", "", "t 1 2 3"]
        compared = pages.check_docs.compared
        self.assertEqual(compared(old, ["ess_rate"]), compared(new, ["ess_rate"]))
        self.assertNotEqual(compared(old, []), compared(new, []))
        new[1] = "x[0]  0.2   612 1.0"
        self.assertNotEqual(compared(old, ["ess_rate"]), compared(new, ["ess_rate"]))
        new[1], new[3] = "x[0]  0.1   612 1.0", "t 1 4 3"
        self.assertNotEqual(compared(old, ["ess_rate"]), compared(new, ["ess_rate"]))


if __name__ == "__main__":
    unittest.main()
