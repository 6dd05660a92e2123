"""Training: the run folder and the bits of the command line, callbacks, what is refused."""
import csv
import filecmp
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import ebm

TIMES = ("seconds", "iterations_per_s", "chain_steps_per_s", "images_per_s")

SMALL = {"net": "mlp", "batch_size": 16, "steps": 4, "sample_steps": 4, "buffer_capacity": 64}


def rows_of(run: pathlib.Path) -> list[dict]:
    """metrics.csv without what is timed."""
    with open(run / "metrics.csv", encoding="utf-8", newline="") as file:
        return [{name: value for name, value in row.items() if name not in TIMES}
                for row in csv.DictReader(file)]


def require_same_run(one: pathlib.Path, other: pathlib.Path) -> None:
    assert rows_of(one) == rows_of(other)
    for name in ("model.safetensors", "net.toml", "config.toml"):
        assert filecmp.cmp(one / name, other / name, shallow=False), name
    pictures = sorted(each.name for each in (one / "samples").iterdir())
    assert pictures == sorted(each.name for each in (other / "samples").iterdir())
    assert filecmp.cmpfiles(one / "samples", other / "samples", pictures, False)[0] == pictures


@pytest.mark.parametrize("data, settings", [
    ("toy:8gaussians", {**SMALL, "sample_every": 25, "log_every": 5}),
    ("toy:8gaussians", {"net": "mlp-silu", "objective": "dsm", "batch_size": 16,
                        "noise_sd": 0.3}),
    ("npy:images.npy", {"net": "uva", "batch_size": 16, "steps": 5, "buffer_capacity": 64,
                        "sample_every": 25, "sample_steps": 5, "checkpoint_every": 20})])
def test_run_folder_is_that_of_the_command_line(command, monkeypatch, data, settings):
    rng = np.random.default_rng(0)
    np.save(command.folder / "images.npy", rng.uniform(-1, 1, (64, 1, 16, 16)).astype(np.float32))
    monkeypatch.chdir(command.folder)
    keys = {"iterations": 50, "seed": 3, "threads": 2, **settings}
    run = ebm.train(data, out="mine", **keys)
    given = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
    command("train", "--data", data, "--out", "theirs", *given)
    require_same_run(command.folder / "mine", command.folder / "theirs")
    assert (run.end, run.iteration) == ("iterations", 50)
    assert len(run.samples) > 0 or "sample_every" not in settings
    assert run.load()(np.zeros((1, run.load().dim))).shape == (1,)


def test_resuming_gives_the_bits_of_a_run_that_never_stopped(tmp_path):
    keys = {**SMALL, "seed": 1, "log_every": 5, "lr_decay_end": 40}
    whole = ebm.train("toy:rings", out=tmp_path / "whole", iterations=40, **keys)
    half = ebm.train("toy:rings", out=tmp_path / "half", iterations=20, **keys)
    assert half.iteration == 20
    half = ebm.Run(tmp_path / "half").resume(iterations=40)
    assert half.end == "iterations" and rows_of(half.path) == rows_of(whole.path)
    assert filecmp.cmp(half.path / "model.safetensors", whole.path / "model.safetensors", False)
    with pytest.raises(ebm.errors.UsageError, match="seed = 2: the run to resume has 1"):
        half.resume(seed=2)


class Recorder(ebm.Callback):
    def __init__(self, stop_at=None):
        self.seen, self.stop_at = [], stop_at

    def on_log(self, run, iteration, figures):
        self.seen.append(("log", iteration))
        assert figures["iteration"] == iteration and "seconds" in figures
        if iteration == self.stop_at:
            run.stop()

    def on_samples(self, run, iteration, samples, source):
        self.seen.append((source, iteration, samples.shape))

    def on_checkpoint(self, run, iteration, path):
        assert (path / "state.json").exists()
        self.seen.append(("checkpoint", iteration))

    def on_end(self, run):
        assert (run.path / "model.safetensors").exists()
        self.seen.append(("end", run.end))


def test_callbacks_are_told(tmp_path):
    recorder, functions = Recorder(), []
    ebm.train("toy:rings", out=tmp_path / "run", **SMALL, iterations=20, log_every=10,
              sample_every=10, checkpoint_every=10,
              callbacks=[recorder, lambda run, iteration, figures: functions.append(iteration)])
    assert functions == [10, 20]
    assert [each for each in recorder.seen if each[0] in ("log", "checkpoint", "end")] == [
        ("log", 10), ("checkpoint", 10), ("log", 20), ("checkpoint", 20), ("end", "iterations")]
    shown = [each for each in recorder.seen if len(each) == 3]
    assert {each[1] for each in shown} == {10, 20} and all(each[2][1:] == (2,) for each in shown)


def test_callbacks_may_stop_and_compute(tmp_path):
    def look(run, iteration, figures):
        assert ebm.toy("rings")([[0, 0]]).shape == (1,)

    recorder = Recorder(stop_at=15)
    run = ebm.train("toy:rings", out=tmp_path / "run", **SMALL, iterations=100, log_every=5,
                    callbacks=[recorder, look])
    assert (run.end, run.iteration, recorder.seen[-1]) == ("signal", 15, ("end", "signal"))
    assert [each.name for each in run.checkpoints] == ["000015"]
    assert run.resume(iterations=100).iteration == 100


def test_what_a_callback_raises_is_raised_once_the_run_is_saved(tmp_path):
    def fails(run, iteration, figures):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        ebm.train("toy:rings", out=tmp_path / "run", **SMALL, iterations=100, log_every=5,
                  callbacks=[fails])
    run = ebm.Run(tmp_path / "run")
    assert run.iteration == 5 and (run.path / "checkpoints" / "000005").exists()


def test_arrays_and_texts_are_kept_in_the_run(tmp_path):
    x = np.random.default_rng(1).normal(size=(200, 2))
    net = 'name = "small"\ninput = [2, 1, 1]\n[[layer]]\ntype = "linear"\nout_features = 8\n' \
          '[[layer]]\ntype = "silu"\n[[layer]]\ntype = "linear"\nout_features = 1\n'
    run = ebm.train(x, out=tmp_path / "run", net=net, iterations=10, batch_size=16)
    np.testing.assert_array_equal(np.load(run.path / "data.npy"), x.astype(np.float32))
    assert run.resume(iterations=12).iteration == 10  # log_every is 10
    assert run.load().dim == 2


def test_metrics_and_html(tmp_path, monkeypatch):
    run = ebm.train("toy:rings", out=tmp_path / "run", **SMALL, iterations=20, sample_every=20)
    metrics = run.metrics
    np.testing.assert_array_equal(np.asarray(metrics["iteration"]), [10, 20])
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert isinstance(run.metrics, dict) and run.metrics["iteration"].dtype == np.int64
    page = run._repr_html_()
    assert "data:image/png;base64," in page and "<th>iteration</th><td>20</td>" in page
    assert "iteration=20" in repr(run)


def test_progress_is_told(tmp_path):
    seen = []
    ebm.train("toy:rings", out=tmp_path / "run", **SMALL, iterations=100,
              progress=lambda *each: seen.append(each))
    assert seen and all(phase == "train" and 0 < done <= 1 and rate > 0
                        for phase, done, rate in seen)


def test_wrong_keywords_are_named(tmp_path):
    out = tmp_path / "run"
    for keywords, message in (({"stepps": 3}, "did you mean steps"), ({"steps": -1}, "steps = -1"),
                              ({"backend": "torch"}, "needs LibTorch"),
                              ({"net": "uvaa"}, "uva"), ({"objective": "cdd"}, "cd"),
                              ({"steps": [1]}, "must be a number"), ({"callbacks": [3]}, "3"),
                              ({"recipe": "quikc"}, "did you mean quick")):
        with pytest.raises(ebm.Error, match=message):
            ebm.train("toy:rings", out=out, **keywords)
    with pytest.raises(ebm.errors.NoInputError, match="no config.toml|config.toml"):
        ebm.Run(tmp_path / "nowhere")
    ebm.train("toy:rings", out=out, **SMALL, iterations=1)
    with pytest.raises(ebm.errors.UsageError, match="holds a run already"):
        ebm.train(np.zeros((9, 2)), out=out)
    assert not (out / "data.npy").exists()
    with pytest.raises(ebm.errors.IoError, match="cannot write into"):
        ebm.train(np.zeros((9, 2)), out=out / "model.safetensors" / "run")


def test_interrupt_saves_and_ends_soon(tmp_path):
    program = ("import ebm\n"
               f"ebm.train('toy:rings', out={str(tmp_path / 'run')!r}, net='mlp', log_every=1, "
               "iterations=10**7, callbacks=[lambda *each: print(each[1], flush=True)])\n")
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "1\n"
        time.sleep(0.3)
        start = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
        assert time.monotonic() - start < 5  # on a busy machine
        assert child.returncode != 0 and "KeyboardInterrupt" in errors
    run = ebm.Run(tmp_path / "run")
    made = int(run.checkpoints[-1].name)
    assert 1 <= made < 10**7 and run.resume(iterations=made + 10).checkpoints[-1].name == \
        f"{made + 10:06d}"
