#!/usr/bin/env python3
"""Limits of the system and the shell: memory, sizes of files, CPUs, streams that are closed, full
or broken, results behind links. Every command refuses in one line or does its work."""
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
import unittest
import unittest.mock
from collections.abc import Callable

import command_case
import compare_runs
import made_files
import run_ebm

SAMPLE = "sample --energy toy:double-well --steps 4 --step-size 0.01"
TRAIN = ("train --data idx:images --net net.toml --iterations 4 --seed 1 --set batch_size=8"
         " --set steps=2 --set sample_every=2 --set sample_steps=2 --set log_every=1"
         " --set buffer_capacity=16 --set checkpoint_every=2")


class LimitsTest(command_case.CommandTest):
    """Commands in processes of their own."""

    def limited(self, arguments: str, limit: Callable[[], None] = lambda: None,
                **streams: object) -> run_ebm.Finished:
        """A command that starts after `limit`, with other streams."""
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        done = subprocess.run([command_case.options.ebm, *arguments.split()], cwd=self.folder,
                              env=run_ebm.environment(), check=False, text=True, timeout=600,
                              preexec_fn=limit, **(given | streams))
        return run_ebm.Finished(done.returncode, done.stdout or "", done.stderr or "")

    def fails(self, done: run_ebm.Finished, code: int, fragment: str) -> None:
        """In one line beside progress."""
        self.assertEqual(done.code, code, done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.startswith("ebm: ")]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertIn(fragment, lines[0])

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


class FileSizeTest(LimitsTest):
    """ulimit -f."""

    def test_a_file_above_the_limit_is_an_error_and_leaves_nothing(self) -> None:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        done = self.limited(f"{SAMPLE} --n 4000 --out x.npy", limit)
        self.fails(done, 74, "cannot write x.npy: File too large")
        done = self.limited(f"{SAMPLE} --n 1000 --trace t.npy", limit)
        self.fails(done, 74, "cannot write t.npy: File too large")
        self.assertEqual(self.names(), set())
        self.assertEqual(self.limited(f"{SAMPLE} --n 1000 --out x.npy", limit).code, 0)

    def test_a_run_that_met_it_resumes_with_the_same_bits(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 12, 12)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        self.ebm(f"{TRAIN} --out whole")
        largest = max(path.stat().st_size for path in (self.folder / "whole").rglob("*"))

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1, largest - 1))
        done = self.limited(f"{TRAIN} --out cut", limit)
        self.fails(done, 74, ": File too large")
        self.assertEqual(self.limited("train --resume --out cut").code, 0)
        self.assertEqual(compare_runs.differences(self.folder / "whole", self.folder / "cut"), [])


class MemoryTest(LimitsTest):
    """ulimit -v."""

    def limit_of(self, n_bytes: int) -> Callable[[], None]:
        return lambda: resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))

    def test_what_does_not_fit_is_refused_before_the_work(self) -> None:
        done = self.limited(f"{SAMPLE} --n 40000000 --out x.npy", self.limit_of(600_000_000))
        self.fails(done, 64, "n = 40000000: that many states of dim 1 do not fit in memory: needs")
        self.assertIn("ulimit -v leaves", done.stderr)
        self.assertRegex(done.stderr, "enough for [0-9]+0000\n")
        fits = int(done.stderr.rsplit(" ", 1)[1]) // 4
        done = self.limited(f"{SAMPLE} --n {fits} --out x.npy", self.limit_of(600_000_000))
        self.assertEqual(done.code, 0, done.stderr)

    def test_buffers_and_sets_count(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 12, 28)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        limit = self.limit_of(8_000_000_000)
        done = self.limited(f"{TRAIN} --set buffer_capacity=9000000 --out new", limit)
        self.fails(done, 64, "buffer_capacity = 9000000: that many chains of 784 values do not fit")
        done = self.limited(f"{TRAIN} --set batch_size=9000000 --set buffer_capacity=9000000"
                            " --out new", limit)
        self.fails(done, 64, "batch_size = 9000000: that many items of 784 values do not fit")
        self.assertFalse((self.folder / "new" / "config.toml").exists())

    @unittest.skipUnless("--torch" in sys.argv, "no LibTorch")
    def test_too_little_to_load_libtorch_is_a_line(self) -> None:
        # OpenBLAS tries for ever to get memory at limits between these.
        for limit in (200_000_000, 500_000_000, 760_000_000):
            done = self.limited("gan --help", self.limit_of(limit))
            self.fails(done, 64, f"ulimit -v leaves {limit // 1_000_000} MB of address space")

    def test_a_stack_too_small_for_libtorch_is_a_line(self) -> None:
        """Its threads ended the process without a word."""
        if not command_case.options.torch:
            self.skipTest("without LibTorch")
        stack = 65536

        def limit(most: int) -> Callable[[], None]:
            return lambda: resource.setrlimit(resource.RLIMIT_STACK, (stack, most))

        done = self.limited("gan train --help", limit(stack))
        self.fails(done, 64, "ulimit -s leaves 66 kB of stack: LibTorch needs 1.0 MB; set at least"
                             " ulimit -s 1024")
        # A limit that is not the hard one is raised.
        done = self.limited("gan train --help", limit(resource.getrlimit(resource.RLIMIT_STACK)[1]))
        self.assertEqual(done.code, 0, done.stderr)

    def test_memory_that_cannot_be_foreseen_is_a_line(self) -> None:
        (self.folder / "graph.txt").write_text(
            "".join(f"{i} {i + 1} 1\n" for i in range(1_500_000)), encoding="ascii")
        done = self.limited("modes --graph graph.txt", self.limit_of(170_000_000))
        self.fails(done, 70, "graph.txt: out of memory while it was read")

    def test_data_that_do_not_fit_are_refused_before_they_are_read(self) -> None:
        limit = self.limit_of(400_000_000)
        files = {"u.npy": (made_files.npy((50_000, 3, 64, 64), b"", "|u1"), 50_000 * 12288),
                 "i.npy": (made_files.npy((50_000, 3, 64, 64), b"", ">i4"), 50_000 * 12288 * 4),
                 "f.npy": (made_files.npy((10_000_000, 16), b""), 640_000_000),
                 "train-images": (made_files.idx([500_000, 40, 40], b""), 800_000_000)}
        for name, (head, n_bytes) in files.items():
            (self.folder / name).write_bytes(head)
            os.truncate(self.folder / name, len(head) + n_bytes)  # a hole, which takes no disk
        for spec, what in (("npy:u.npy", "u.npy: 50000 items of 3 x 64 x 64"),
                           ("npy:i.npy", "i.npy: 50000 items of 3 x 64 x 64"),
                           ("npy:f.npy", "f.npy: 10000000 items of 16"),
                           ("idx:train-images", "train-images: 500000 items of 40 x 40"),
                           ("toy:rings#limit=90000000", "limit = 90000000: that many points")):
            done = self.limited(f"data {spec}", limit)
            self.fails(done, 64, f"{what} do not fit in memory: needs ")
            self.assertRegex(done.stderr, "ulimit -v leaves [0-9]+ MB, enough for [0-9]+0\n")
        # What the file says is read where there is room.
        self.assertEqual(self.limited("data npy:u.npy").code, 0)

    def test_a_folder_of_images_that_does_not_fit_is_refused_at_the_first(self) -> None:
        (self.folder / "images").mkdir()
        (self.folder / "images" / "0.png").write_bytes(made_files.black_png(1200, 1200))
        for i in range(1, 400):
            os.link(self.folder / "images" / "0.png", self.folder / "images" / f"{i}.png")
        done = self.limited("data images:images", self.limit_of(400_000_000))
        self.fails(done, 64, "images: 400 items of 1 x 1200 x 1200 do not fit in memory: needs "
                             "576 MB, ulimit -v leaves ")
        fits = int(done.stderr.rsplit(" ", 1)[1])
        self.assertTrue(100 < fits < 300, fits)
        limited = self.limited(f"data images:images#limit={fits // 2}", self.limit_of(400_000_000))
        self.assertEqual(limited.code, 0, limited.stderr)

    def test_an_image_that_cannot_be_decoded_for_lack_of_memory_is_named(self) -> None:
        (self.folder / "large.png").write_bytes(made_files.black_png(8000, 8000))
        self.fails(self.limited("data images:large.png", self.limit_of(120_000_000)), 70,
                   "images:large.png: out of memory while it was read")

    def test_threads_that_cannot_be_started_are_a_line(self) -> None:
        done = self.limited(f"{SAMPLE} --n 4 --threads 1000 --out x.npy",
                            self.limit_of(1_000_000_000))
        self.fails(done, 64, "threads = 1000: the system starts only ")

    def test_threads_of_training_too(self) -> None:
        done = self.limited("train --data toy:rings --iterations 1 --threads 1000 --out new",
                            self.limit_of(4_000_000_000))
        self.fails(done, 64, "threads = 1000: the system starts only ")


class CpuTest(LimitsTest):
    """taskset."""

    def test_as_many_threads_as_cpus_that_may_be_used(self) -> None:
        one = min(os.sched_getaffinity(0))
        done = self.limited("bench --energy toy:double-well --n 16 --steps 4 --json",
                            lambda: os.sched_setaffinity(0, {one}))
        self.assertEqual(done.code, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual({row["threads"] for row in document["rows"]}, {1})
        self.assertEqual(document["machine"]["cores"], 1)


    def test_threads_have_no_threads_of_their_own(self) -> None:
        """oneDNN would wait for ever for them."""
        if not command_case.options.torch:
            self.skipTest("without LibTorch")
        train = "flow train --data toy:rings --iterations 2 --out"
        self.ebm(f"{train} plain")
        for i, asked in enumerate(({"OMP_NUM_THREADS": "2,2"}, {"OMP_MAX_ACTIVE_LEVELS": "3"},
                                   {"OMP_NESTED": "true"}, {"OMP_PROC_BIND": "spread,close"})):
            # A run that waits for ever does not end by a signal that asks it to save.
            done = run_ebm.run(command_case.options.ebm, f"{train} run{i}".split(), self.folder,
                               timeout=120, **asked)
            self.assertEqual(done.code, 0, (asked, done.stderr))
            self.assertEqual(self.bytes_of(f"run{i}/model.safetensors"),
                             self.bytes_of("plain/model.safetensors"))


    def test_nonsense_in_openmps_variables_costs_one_line(self) -> None:
        """libgomp says it as it starts; the program that replaces the first must not repeat it."""
        settings = ({"OMP_NUM_THREADS": "0"}, {"OMP_STACKSIZE": "abc"}, {"OMP_PLACES": "nonsense"},
                    {"OMP_WAIT_POLICY": "nonsense"}, {"OMP_SCHEDULE": "nonsense"})
        with unittest.mock.patch.dict(os.environ):
            os.environ.pop("OMP_WAIT_POLICY", None)  # with which no program replaces the first
            for asked in settings:
                done = run_ebm.run(command_case.options.ebm, f"{SAMPLE} --n 4 --out x.npy".split(),
                                   self.folder, timeout=60, **asked)
                self.assertEqual(done.code, 0, (asked, done.stderr))
                self.assertEqual(done.stderr.count("libgomp"), 1, (asked, done.stderr))

    def test_stacks_beyond_the_address_space_are_refused(self) -> None:
        for name in ("OMP_STACKSIZE", "GOMP_STACKSIZE"):
            done = run_ebm.run(command_case.options.ebm,
                               f"{SAMPLE} --n 4 --threads 2 --out x.npy".split(), self.folder,
                               timeout=60, **{name: "999999g"})
            self.fails(done, 64, f"threads = 2: the system starts only 1 with {name}=999999g (")


class StreamTest(LimitsTest):
    """Standard output and error."""

    def test_a_closed_output_is_an_error(self) -> None:
        done = self.limited("data toy:rings", lambda: os.close(1))
        self.fails(done, 74, "cannot write to standard output: Bad file descriptor")
        done = self.limited(f"{SAMPLE} --n 4 --out x.npy", lambda: os.close(1))
        self.fails(done, 74, "cannot write to standard output: Bad file descriptor")
        # The samples are those that are always drawn: nothing was printed into their file.
        self.assertEqual(self.limited(f"{SAMPLE} --n 4 --out y.npy").code, 0)
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("y.npy"))

    def test_streams_that_nobody_reads_lose_no_training(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 12, 12)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        self.ebm(f"{TRAIN} --out whole")
        broken = os.pipe()
        os.close(broken[0])
        done = self.limited(f"{TRAIN} --out broken", stdout=broken[1])
        self.fails(done, 74, "cannot write to standard output: Broken pipe")
        self.assertEqual(self.limited(f"{TRAIN} --out mute", stderr=broken[1]).code, 0)
        self.assertEqual(self.limited(f"{TRAIN} --out closed", lambda: os.close(2)).code, 0)
        full = os.pipe()
        os.set_blocking(full[1], False)
        try:
            while True:
                os.write(full[1], b"x")
        except BlockingIOError:
            os.set_blocking(full[1], True)
        self.assertEqual(self.limited(f"{TRAIN} --out full", stderr=full[1]).code, 0)
        for fd in (broken[1], *full):
            os.close(fd)
        for run in ("broken", "mute", "closed", "full"):
            self.assertEqual(compare_runs.differences(self.folder / "whole", self.folder / run), [])

    def test_a_reader_that_has_enough_ends_a_listing(self) -> None:
        process = self.start("help train")
        process.stdout.close()
        self.assertIn(process.wait(), (0, 74, -signal.SIGPIPE))


class PipeTest(LimitsTest):
    """Inputs that are no files."""

    def catches(self, pid: int, number: int) -> bool:
        """Whether a process has a handler of a signal."""
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            masks = [line.split()[1] for line in file if line.startswith("SigCgt:")]
        return bool(int(masks[0], 16) >> (number - 1) & 1)

    def test_data_of_a_pipe_are_refused_before_it_is_opened(self) -> None:
        """Nobody writes into it: a command that opened it would wait."""
        os.mkfifo(self.folder / "p.npy")
        for arguments in ("data npy:p.npy", "data images:p.npy", "data idx:p.npy",
                          f"{SAMPLE} --init p.npy --n 4 --out x.npy",
                          "interpolate --energy toy:double-well --from p.npy --to 1 --out x.npy"):
            self.fails(self.limited(arguments), 65,
                       "p.npy: found a pipe, expected a file; save what it gives as a file")
        self.fails(self.limited("data cifar10:p.npy"), 65, "found a pipe, expected the folder")
        read, write = os.pipe()
        self.fails(self.limited("data npy:/dev/stdin", stdin=read), 65, "/dev/stdin: found a pipe")
        os.close(read)
        os.close(write)

    def test_graphs_configurations_and_models_may_come_from_a_pipe(self) -> None:
        (self.folder / "g.txt").write_text("1 2\n2 3\n1 3\n", encoding="utf-8")
        (self.folder / "c.toml").write_text("seed = 3\niterations = 1\n", encoding="utf-8")
        for name, arguments in (("g.txt", "modes --graph {}"),
                                ("c.toml", "train {} --data toy:rings --out RUN"),
                                ("RUN/model.safetensors", "score {} --data toy:rings --out OUT")):
            of_file = self.limited(arguments.format(name).replace("OUT", "file.npy"))
            self.assertEqual(of_file.code, 0, of_file.stderr)
            with subprocess.Popen(["cat", name], cwd=self.folder, stdout=subprocess.PIPE) as cat:
                words = arguments.format("/dev/stdin").replace("RUN", "RUN2")
                of_pipe = self.limited(words.replace("OUT", "pipe.npy"), stdin=cat.stdout)
            self.assertEqual(of_pipe.code, 0, of_pipe.stderr)
            if name == "g.txt":
                self.assertEqual(of_pipe.stdout, of_file.stdout)
        self.assertEqual(self.bytes_of("RUN/model.safetensors"),
                         self.bytes_of("RUN2/model.safetensors"))
        self.assertEqual(self.bytes_of("file.npy"), self.bytes_of("pipe.npy"))

    def test_waiting_for_a_pipe_ends_at_once(self) -> None:
        for name in ("p.txt", "p.toml", "p.safetensors", "p.json"):
            os.mkfifo(self.folder / name)
        for arguments in ("modes --graph p.txt", "train p.toml --data toy:rings --out run",
                          "train --net p.toml --data toy:rings --out run",
                          "sample p.safetensors --n 4 --out x.npy",
                          f"{SAMPLE} --sampler mala --adapted p.json --n 4 --out x.npy",
                          "import p.safetensors --net mlp --input 2,1,1 --out x.safetensors"):
            process = self.start(arguments)
            while not self.catches(process.pid, signal.SIGINT):
                time.sleep(0.01)
            time.sleep(0.2)  # until it opens the pipe
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(), 130, arguments)
            # Without load it takes milliseconds; on a busy machine it is still no wait for ever.
            self.assertLess(time.monotonic() - sent, 5.0, arguments)
            self.assertIn("stopped by signal 2", process.stderr.read())


class TargetTest(LimitsTest):
    """What --out can be."""

    def test_the_file_behind_a_link_is_written(self) -> None:
        (self.folder / "disk").mkdir()
        (self.folder / "x.npy").symlink_to("disk/real.npy")
        self.ebm(f"{SAMPLE} --n 4 --out x.npy")
        self.assertTrue((self.folder / "x.npy").is_symlink())
        first = self.bytes_of("disk/real.npy")
        self.ebm(f"{SAMPLE} --n 4 --seed 2 --out x.npy")
        self.assertNotEqual(self.bytes_of("disk/real.npy"), first)
        self.assertEqual(self.names(), {"disk", "x.npy"})
        self.assertEqual([path.name for path in (self.folder / "disk").iterdir()], ["real.npy"])

    def test_a_link_to_the_other_output_is_no_other_file(self) -> None:
        (self.folder / "y.npy").symlink_to("x.npy")
        self.fails(self.limited(f"{SAMPLE} --n 4 --out x.npy --trace y.npy"), 64,
                   "trace = y.npy: must be another file than that of --out")

    def test_what_is_read_is_not_written_over(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 12, 12)
        self.ebm("data idx:images --out a.png")
        before = self.bytes_of("a.png")
        for arguments in ("data images:a.png --out a.png", "data images:a.png#gray=1 --out=./a.png",
                          "interpolate --energy toy:double-well --from a.png --to 1 --out a.png",
                          "restore fashion-mnist --observed a.png --operator noise --noise-sd 1 "
                          "--out a.png"):
            self.fails(self.limited(arguments), 64, "give another file")
        self.assertEqual(self.bytes_of("a.png"), before)
        # Chains go on in the file that they start from.
        self.ebm(f"{SAMPLE} --n 4 --out x.npy")
        self.ebm(f"{SAMPLE} --n 4 --init x.npy --out x.npy")

    def test_a_loop_of_links_is_refused_before_the_work(self) -> None:
        (self.folder / "x.npy").symlink_to("x.npy")
        self.fails(self.limited(f"{SAMPLE} --n 4 --out x.npy"), 74,
                   "cannot write x.npy: Too many levels of symbolic links")

    def test_pipes_and_devices_take_what_a_file_would(self) -> None:
        os.mkfifo(self.folder / "x.npy")
        read: list[bytes] = []
        reader = threading.Thread(target=lambda: read.append(self.bytes_of("x.npy")))
        reader.start()
        self.ebm(f"{SAMPLE} --n 4 --out x.npy")
        reader.join()
        self.ebm(f"{SAMPLE} --n 4 --out y.npy")
        self.assertEqual(read, [self.bytes_of("y.npy")])
        self.assertTrue(stat.S_ISFIFO((self.folder / "x.npy").stat().st_mode))
        (self.folder / "z.npy").symlink_to("/dev/full")
        self.fails(self.limited(f"{SAMPLE} --n 4 --out z.npy"), 74, "No space left on device")


class EncodingTest(LimitsTest):
    """Texts that Windows wrote."""

    def test_other_encodings_are_named_and_a_mark_is_passed_over(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 12, 12)
        (self.folder / "net.toml").write_bytes(b"\xef\xbb\xbf" + made_files.SMALL_NET.encode())
        (self.folder / "few.toml").write_bytes(b"\xef\xbb\xbfkeep_checkpoints = 2\n")
        self.ebm(TRAIN.replace("train", "train few.toml") + " --out new")
        for encoding, name in (("utf-16-le", "UTF-16 (little-endian)"),
                               ("utf-16", "UTF-16 (little-endian)"),
                               ("utf-32-be", "UTF-32 (big-endian)")):
            (self.folder / "c.toml").write_bytes("iterations = 3\n".encode(encoding))
            done = self.limited("train c.toml --data idx:images --out other")
            self.fails(done, 65, f"c.toml: the text is {name}, must be UTF-8")
            (self.folder / "c.toml").write_bytes(made_files.SMALL_NET.encode(encoding))
            done = self.limited("train --net c.toml --data idx:images --out other")
            self.fails(done, 65, f"c.toml: the text is {name}, must be UTF-8")


if __name__ == "__main__":
    command_case.main(__doc__)
