#!/usr/bin/env python3
"""The page of `ebm report` in a browser without a window: no error, every chart drawn, sliders and
keys do what they should. Needs Debian's chromium; without it this exits with 77, which CTest counts
as skipped.
"""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys

import command_case
import made_files
import made_run

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

# Runs before anything of the page, and notes whatever goes wrong in it.
WATCH = """<script>
window.faults = [];
addEventListener("error", (event) => faults.push("error: " + event.message), true);
addEventListener("unhandledrejection", (event) => faults.push("rejection: " + event.reason));
document.addEventListener("securitypolicyviolation",
                          (event) => faults.push("loads " + event.blockedURI));
for (const kind of ["error", "warn"]) {
  console[kind] = (...words) => faults.push(kind + ": " + words.join(" "));
}
</script>"""

# A browser's window cannot be as narrow as a phone, a frame in it can.
FRAME = """<!doctype html><iframe src="watched.html" style="border: 0" width="{0}" height="900">
</iframe><pre id="found"></pre><script>
addEventListener("message", (event) => document.getElementById("found").textContent = event.data);
</script>"""

# Runs at the end: uses the page as a person would, and tells what it saw.
USE = """<script>
const data = JSON.parse(document.getElementById("run-data").textContent);
const boxes = [...document.querySelectorAll("#energies-sets input")];
// Numbers of the colours that a chart has to show.
const colorsOf = (chart) => {
  const [, kind, number] = chart.id.match(/^(.*?)(?:-(\d+))?$/);
  if (kind === "long-run") return [Number(number)];
  if (kind === "energies-chart") return boxes.filter((box) => box.checked).map((box) => box.value);
  const n = kind === "histogram" ? 2 : data.charts[Number(number)].series.length;
  return [...Array(n).keys()];
};
// How many pixels have each of these colours.
const drawnIn = (chart) => {
  const counts = [];
  for (const i of colorsOf(chart)) {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(`--series-${i}`).trim();
    const color = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    let count = 0;
    for (const canvas of chart.querySelectorAll("canvas")) {
      const {width, height} = canvas;
      const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
      for (let at = 0; at < pixels.length; at += 4) {
        const near = color.every((level, k) => Math.abs(level - pixels[at + k]) < 10);
        if (near && pixels[at + 3] > 100) ++count;
      }
    }
    counts.push(count);
  }
  return counts;
};
const press = (element, key) =>
    element.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
const move = (slider, value) => {
  slider.value = value;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
};
const found = {drawn: {}, sliders: {}, keys: {}};
for (const chart of document.querySelectorAll(".chart")) {
  found.drawn[chart.id] = drawnIn(chart);
}
for (const slider of document.querySelectorAll(".slider input")) {
  const looks = () => slider.id.startsWith("samples")
      ? [...document.querySelectorAll("img[data-kind]")]
          .map((image) => image.src + image.alt).join()
      : document.querySelector("#histogram canvas").toDataURL();
  const seen = [];
  for (let i = 0; i <= Number(slider.max); ++i) {
    move(slider, String(i));
    seen.push(looks());
  }
  found.sliders[slider.id] = {
    steps: seen.length, different: new Set(seen).size,
    text: slider.parentElement.querySelector("output").textContent,
  };
}
const chart = document.querySelector(".chart"), legend = document.getElementById("chart-0-legend");
if (chart) {
  const label = () => [...chart.querySelectorAll(".dygraph-axis-label-x")]
      .map((element) => element.textContent).join(" ");
  found.keys.before = legend.textContent;
  press(chart, "ArrowRight");
  found.keys.first = legend.textContent;
  press(chart, "ArrowRight");
  found.keys.second = legend.textContent;
  found.keys.whole = label();
  press(chart, "+");
  found.keys.zoomed = label();
  press(chart, "0");
  found.keys.back = label();
}
const read = (id) => {
  press(document.getElementById(id), "ArrowRight");
  return document.getElementById(`${id}-legend`).textContent;
};
if (boxes.length > 0) {
  found.longRun = [read("long-run-0"), read("long-run-0")];
  found.sets = {checked: boxes.map((box) => box.checked), reading: read("energies-chart")};
  boxes[1].click();
  found.sets.two = read("energies-chart");
  for (const box of boxes) if (box.checked) box.click();
  found.sets.none = read("energies-chart");
  found.sets.canvases = document.querySelectorAll("#energies-chart canvas").length;
  boxes[2].click();
  found.sets.third = drawnIn(document.getElementById("energies-chart"));
}
const drawings = [...document.querySelectorAll("#modes .drawing")];
found.modes = [drawings.length, drawings.length && drawings[0].getBoundingClientRect().width,
               document.querySelectorAll("#modes use").length];
found.broken = [...document.images].filter((image) => image.complete && !image.naturalWidth).length;
found.noAlt = [...document.images].filter((image) => !image.alt).length;
found.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
const style = getComputedStyle(document.body);
found.dark = matchMedia("(prefers-color-scheme: dark)").matches;
found.colors = [style.color, style.backgroundColor].map((text) => text.match(/\d+/g).map(Number));
found.faults = faults;
parent.postMessage(JSON.stringify(found), "*");
</script>"""


def luminance(color: list[int]) -> float:
    """Relative, of an sRGB colour (WCAG 2.1)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in (level / 255 for level in color[:3])]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def browse(*words: str) -> subprocess.CompletedProcess:
    """Runs the browser without a window, network or profile."""
    return subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--virtual-time-budget=4000", "--enable-logging=stderr", *words],
        capture_output=True, text=True, timeout=240, check=False)


class ReportPageTest(command_case.CommandTest):
    """A trained run, and runs that have hardly begun."""

    def found_in(self, page: pathlib.Path, width: int, dark: bool = False) -> dict:
        """Uses a page that is so wide; nothing may go wrong in it."""
        text = page.read_text(encoding="utf-8")
        page.with_name("watched.html").write_text(
            text.replace("<head>", "<head>" + WATCH, 1)
            .replace("</body>", USE + "</body>", 1), encoding="utf-8")
        frame = page.with_name("frame.html")
        frame.write_text(FRAME.format(width), encoding="utf-8")
        done = browse("--window-size=1400,1000", "--dump-dom",
                      f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                      f"file://{frame}")
        found = re.search(r'<pre id="found">(.+?)</pre>', done.stdout, re.DOTALL)
        self.assertIsNotNone(found, done.stderr[-2000:])
        document = json.loads(html.unescape(found[1]))
        self.assertEqual(document["faults"], [])
        # What it says of reading pixels is said of this test.
        said = [line for line in done.stderr.splitlines()
                if ":CONSOLE" in line and "willReadFrequently" not in line]
        self.assertEqual(said, [])
        self.assertEqual((document["broken"], document["noAlt"]), (0, 0))
        self.assertLessEqual(document["overflow"], 0)
        self.assertEqual(document["dark"], dark)
        text, ground = (luminance(color) for color in document["colors"])
        self.assertEqual(text > ground, dark)
        self.assertGreater((max(text, ground) + 0.05) / (min(text, ground) + 0.05), 7)
        return document

    def train(self) -> pathlib.Path:
        """A run of a few seconds, with an evaluation and a column that few rows have."""
        made_files.write_idx_folder(self.folder / "images", 40, 12)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        self.ebm("train --data idx:images --net net.toml --iterations 60 --set batch_size=16"
                 " --set steps=5 --set sample_every=15 --set sample_steps=4 --set log_every=1"
                 " --set buffer_capacity=64 --out run")
        metrics = self.folder / "run/metrics.csv"
        head, *rows = metrics.read_text(encoding="utf-8").splitlines()
        lines = [head + ",fd"] + [row + ("," if i % 20 else f",{80 - i / 2}")
                                  for i, row in enumerate(rows)]
        metrics.write_text("\n".join(lines) + "\n", encoding="utf-8")
        energies = {"data": ([-1, 0, 1, 2], [1, 8, 1]), "<i>": ([-1, 0, 1, 2], [2, 2, 6]),
                    "samples": ([0, 1, 1.5, 3], [1, 6, 1])}
        (self.folder / "run/eval.json").write_text(json.dumps(
            {"fd": 41.5, "ood": {"<b>noise</b>": {"auroc": 0.99}},
             "film": {"steps": [0, 10, 1000]},
             "long_run": {"steps": [1, 10, 1000], "fd": [90, None, 40], "energy": [1, 2, 3]},
             "energies": {name: {"edges": edges, "counts": counts}
                          for name, (edges, counts) in energies.items()}}), encoding="utf-8")
        (self.folder / "run/eval-film.png").write_bytes(made_files.png(90, 60))
        self.ebm("modes run --n 12 --frames 3 --lag 2 --descent-steps 5 --paths 4 --band-steps 5"
                 " --data idx:images --init data --out run/modes.json")
        self.ebm("report run")
        return self.folder / "run/report.html"

    def test_a_trained_run(self) -> None:
        page = self.train()
        for width, dark in ((1280, False), (390, False), (1280, True)):
            with self.subTest(width=width, dark=dark):
                found = self.found_in(page, width, dark)
                # Energies, gap, loss, norm, fd, learning rate, age, saturation, speed; histogram;
                # two of the long run; energies.
                self.assertEqual(len(found["drawn"]), 13)
                self.assertEqual(found["modes"][0], 2)
                self.assertGreater(found["modes"][1], 200)
                self.assertGreaterEqual(found["modes"][2], 2)
                self.assertEqual(len(found["drawn"]["energies-chart"]), 2)
                for chart, n_pixels in found["drawn"].items():
                    self.assertGreater(min(n_pixels), 20, chart)
                self.assertEqual(found["sliders"]["samples-slider"],
                                 {"steps": 4, "different": 4, "text": "iteration 60"})
                histograms = found["sliders"]["histograms-slider"]
                self.assertEqual(histograms["steps"], 60)
                self.assertGreater(histograms["different"], 30)
                keys = found["keys"]
                self.assertRegex(keys["first"], r"^1: energy_data:\s-?[\d.e-]+")
                self.assertRegex(keys["second"], r"^2: energy_data:\s-?[\d.e-]+")
                self.assertNotEqual(keys["zoomed"], keys["whole"])
                self.assertEqual(keys["back"], keys["whole"])
                for reading, expected in zip(found["longRun"],
                                             ("step 1: fd: 90", "step 1000: fd: 40")):
                    self.assertEqual(reading.replace("\xa0", " ")[:len(expected)], expected)
                sets = found["sets"]
                self.assertEqual(sets["checked"], [True, False, True])
                self.assertIn("data", sets["reading"])
                self.assertNotIn("<i>", sets["reading"])
                self.assertIn("<i>", sets["two"])
                self.assertEqual((sets["none"], sets["canvases"]), ("No set is chosen.", 0))
                self.assertGreater(min(sets["third"]), 20)

    def test_runs_that_have_just_begun(self) -> None:
        none = {"samples_noise": None, "samples_buffer": None}
        for n_rows, metrics in ((0, b"iteration,loss\n"), (1, b"iteration,loss\n1,2\n")):
            with self.subTest(rows=n_rows):
                made_run.write(self.folder / f"run{n_rows}", metrics_csv=metrics, **none)
                self.ebm(f"report run{n_rows}")
                found = self.found_in(self.folder / f"run{n_rows}/report.html", 800)
                self.assertEqual(len(found["drawn"]), n_rows)
                for n_pixels in found["drawn"].values():
                    self.assertGreater(min(n_pixels), 5)


def main() -> None:
    if BROWSER is None:
        print("skipped: there is no chromium")
        sys.exit(77)
    command_case.main(__doc__)


if __name__ == "__main__":
    main()
