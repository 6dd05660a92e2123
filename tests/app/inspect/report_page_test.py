#!/usr/bin/env python3
"""The page of `ebm report` in a browser without a window: no error, every chart drawn, sliders and
keys do what they should. Needs Debian's chromium; without it this exits with 77, which CTest counts
as skipped.
"""
import base64
import hashlib
import html
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys

import command_case
import event_files
import made_files
import made_run
import run_ebm

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

# Runs before anything of the page, and notes whatever goes wrong in it.
WATCH = """<script>
window.faults = [];
window.scriptsOfFiles = [];
window.ran = (what) => scriptsOfFiles.push(String(what));
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
  return [...Array(n).keys()].map((i) => i % 8);
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
const cells = [...document.querySelectorAll(".confusion td")];
found.classifier = {
  cells: cells.map((cell) => cell.textContent), titles: cells.map((cell) => cell.title),
  shades: new Set(cells.map((cell) => getComputedStyle(cell).backgroundColor)).size,
  bars: [...document.querySelectorAll(".reliability rect.swatch-0-fill")]
      .map((bar) => bar.getBoundingClientRect().height),
};
found.restorations = [...document.querySelectorAll(".restoration img")]
    .map((image) => [image.naturalWidth, image.naturalHeight, image.alt]);
const film = document.querySelector(".film");
if (film) {
  film.scrollLeft = 200;
  found.film = {shown: film.clientWidth, whole: film.scrollWidth, scrolled: film.scrollLeft,
                touch: getComputedStyle(film).touchAction};
}
found.broken = [...document.images].filter((image) => image.complete && !image.naturalWidth).length;
found.noAlt = [...document.images].filter((image) => !image.alt).length;
found.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
const style = getComputedStyle(document.body);
found.dark = matchMedia("(prefers-color-scheme: dark)").matches;
found.colors = [style.color, style.backgroundColor].map((text) => text.match(/\d+/g).map(Number));
for (const element of document.querySelectorAll("*")) element.dispatchEvent(new Event("mouseover"));
for (const link of document.querySelectorAll("a")) link.click();
found.ran = scriptsOfFiles;
found.faults = faults;
parent.postMessage(JSON.stringify(found), "*");
</script>"""


# Names that would run a script if they were taken for HTML, for an attribute or for JavaScript, and
# names that every object of JavaScript has a member of.
EVIL = [
    "</script><script>ran('script')</script>",
    "</title></style></pre></code></table><img src=x onerror=ran('image')>",
    "\"onmouseover=ran('attribute') x=\"", "'onmouseover=ran('quote') x='",
    "<svg/onload=ran('svg')>", "<iframe srcdoc='<script>parent.ran(1)</script>'>",
    "<a href=javascript:ran('link')>a</a>", "javascript:ran('url')",
    "<body onpageshow=ran('body')><details open ontoggle=ran('details')>",
    "\u2028ran('separator')\u2029//", "*/ran('comment')/*", "<!--<script>", "]]><script>", "-->",
    "&lt;img src=x onerror=ran('entity')&gt;", "\\u003cimg src=x onerror=ran('escape')\\u003e",
    "\\x3cscript>ran('hex')", "`${ran('template')}`", "');ran('call');//", "\u202eevil",
    "<meta http-equiv=refresh content='0;url=javascript:ran(1)'>", "<base href='http://x/'>",
    "__proto__", "constructor", "toString", "hasOwnProperty", "energy", "step",
]


def inside(script: str) -> str:
    """The text of a script element."""
    return script.removeprefix("<script>").removesuffix("</script>")


def histogram_event(name: str) -> bytes:
    """A record of an event file: a histogram of two buckets at step 1."""
    def field(number: int, content: bytes) -> bytes:
        size = len(content)
        length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
        return bytes([number << 3 | 2]) + length + content

    numbers = [(1, 0.0), (2, 2.0), (3, 2.0)]
    histogram = b"".join(bytes([number << 3 | 1]) + struct.pack("<d", value)
                         for number, value in numbers)
    histogram += field(6, struct.pack("<2d", 1, 2)) + field(7, struct.pack("<2d", 1, 1))
    value = field(1, name.encode()) + field(5, histogram)
    event = b"\x10\x01" + field(5, field(1, value))
    return event_files.record(event)


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

    def look_at(self, text: str, width: int, dark: bool = False) -> tuple[dict, str]:
        """Uses a page that is so wide. What was found in it, and what the browser complained of."""
        own = base64.b64encode(hashlib.sha256(inside(USE).encode()).digest()).decode()
        watched = (text.replace("<head>", "<head>" + WATCH, 1)
                   .replace("script-src ", f"script-src 'sha256-{own}' ", 1))
        at = watched.rindex("</body>")
        (self.folder / "watched.html").write_text(watched[:at] + USE + watched[at:],
                                                  encoding="utf-8")
        frame = self.folder / "frame.html"
        frame.write_text(FRAME.format(width), encoding="utf-8")
        done = browse("--window-size=1400,1000", "--dump-dom",
                      f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                      f"file://{frame}")
        found = re.search(r'<pre id="found">(.+?)</pre>', done.stdout, re.DOTALL)
        self.assertIsNotNone(found, done.stderr[-2000:])
        # What it says of reading pixels is said of this test.
        said = [line for line in done.stderr.splitlines()
                if ":CONSOLE" in line and "willReadFrequently" not in line]
        return json.loads(html.unescape(found[1])), "\n".join(said)

    def found_in(self, page: pathlib.Path, width: int, dark: bool = False) -> dict:
        """Uses a page that is so wide; nothing may go wrong in it."""
        document, said = self.look_at(page.read_text(encoding="utf-8"), width, dark)
        self.assertEqual(document["faults"], [])
        self.assertEqual(document["ran"], [])
        self.assertEqual(said, "")
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

    def write_hostile_run(self, run: pathlib.Path) -> None:
        """A run whose every name is one of EVIL."""
        columns = [name.replace(",", ";") for name in EVIL]
        numbers = ",".join(str(i) for i in range(len(columns)))
        sets = {name: {"edges": [0, 1, 2], "counts": [1, 2]} for name in EVIL}
        steps = {"steps": [1, 2, 3], "fd": [1, 2, 3], "energy": [3, 2, 1]}
        of_names = {name: {other: name for other in EVIL} for name in EVIL}
        figures = {"features": {"name": EVIL[0], EVIL[1]: EVIL[1]}, "long_run": steps,
                   "film": {"steps": [0, 1]}, "energies": sets, "ood": of_names,
                   "samples": of_names, "anchors": of_names} | {name: name for name in EVIL}
        modes = {"modules": [{"mass": 0.5, "energy": i, EVIL[0]: EVIL[1]} for i in range(2)],
                 "flows": [[0, 1, 0.5]], "temperature": 1, EVIL[0]: EVIL[1],
                 "tree": [{"left": 0, "right": 1, "energy": 2, "name": EVIL[0]}],
                 "exemplars": {"width": 4, "height": 4, "file": EVIL[0]}}
        n = len(EVIL)
        classes = {"classes": EVIL, "confusion": [[1] * n] * n, "ood": of_names, EVIL[0]: EVIL[1],
                   "calibration": [{"n": 1, "confidence": 0.5, "accuracy": 0.5, EVIL[0]: EVIL[1]}]}
        restored = {"columns": EVIL, "psnr": of_names} | {name: name for name in EVIL}
        made_run.write(run, samples_buffer=None,
                       metrics_csv=("iteration," + ",".join(columns) + f"\n1,{numbers}\n2,{numbers}\n"
                                    ).encode(),
                       config_toml=("\n".join(EVIL) + f"\ndata = '{EVIL[0]}'\nnet = \"{EVIL[1]}\"\n"
                                    ).encode(),
                       eval_json=json.dumps(figures).encode(), eval_film=made_files.png(90, 60),
                       modes_json=json.dumps(modes).encode(), modes_png=made_files.png(8, 4),
                       classify_json=json.dumps(classes).encode(), restore_png=made_files.png(8, 4),
                       restore_json=json.dumps(restored).encode(),
                       events=b"".join(histogram_event(name) for name in EVIL))
        for i, name in enumerate(EVIL):
            kind = name.replace("/", "\u2215")
            for step in (1, 2)[:1 + i % 2]:
                (run / f"samples/{kind}_{step:06}.png").write_bytes(made_files.png(8, 8))

    def test_no_script_of_a_file_runs(self) -> None:
        for i, name in enumerate(["run", "<img src=x onerror=ran('folder')>"]):
            run = self.folder / str(i) / name
            self.write_hostile_run(run)
            done = run_ebm.run_well(command_case.options.ebm, ["report", str(run)], self.folder)
            self.assertEqual(done.stderr, "")
            text = (run / "report.html").read_text(encoding="utf-8")
            for evil in EVIL:
                if "<" in evil:
                    self.assertNotIn(evil, text)
            found = self.found_in(run / "report.html", 800)
            self.assertEqual(len(found["drawn"]), len(EVIL) + 4)
            self.assertEqual(found["sliders"]["samples-slider"]["steps"], 3)

    def test_a_script_would_not_run_even_if_it_were_in_the_page(self) -> None:
        made_run.write(self.folder / "run")
        self.ebm("report run")
        page = (self.folder / "run/report.html").read_text(encoding="utf-8")
        scripts = ("<script>ran('script')</script><img src=x onerror=\"ran('image')\">"
                   "<svg onload=\"ran('svg')\"></svg><a href=\"javascript:ran('link')\">a</a>"
                   "<p onmouseover=\"ran('attribute')\">p</p>"
                   "<iframe srcdoc=\"<script>parent.ran('frame')</script>\"></iframe>")
        self.assertIn("<main>", page)
        # The hash that this test adds for its own script would switch 'unsafe-inline' off.
        self.assertNotRegex(page, r"script-src [^;\"]*unsafe")
        spoiled = page.replace("<main>", "<main>" + scripts)
        found, said = self.look_at(spoiled, 800)
        self.assertEqual(found["ran"], [])
        self.assertIn("Content Security Policy", said)
        # Without the policy they do run: the test would see it.
        without = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", spoiled)
        found, _ = self.look_at(without, 800)
        for kind in ("script", "image", "frame", "attribute"):
            self.assertIn(kind, found["ran"])

    def test_classes_and_restorations(self) -> None:
        classes = ["cat", "<b>dog</b>", "bird"]
        result = {"model": "run", "accuracy": 0.9, "ece": 0.05, "classes": classes,
                  "confusion": [[8, 2, 0], [0, 10, 0], [0, 0, 0]],
                  "calibration": [{"n": 4 * (i > 0), "confidence": 0.25 * i, "accuracy": 0.2 * i}
                                  for i in range(4)],
                  "ood": {"noise": {"n": 7, "auroc_doubt": 0.8, "auroc_marginal": 0.9}},
                  "moved": {"n": 20, "eps": [0.1], "fgsm": [0.3], "random": [0.8]}}
        names = [f"{figure}_class_{klass}" for klass in (*range(10), "none")
                 for figure in ("gap", "age")]
        rows = [",".join([str(10 * i)] + [str(i + k) for k in range(len(names))])
                for i in range(1, 4)]
        made_run.write(self.folder / "run", classify_json=json.dumps(result).encode(),
                       restore_json=json.dumps({"operator": "mask=box:4,4,12,12",
                                                "columns": ["observed", "mean", "<i>truth</i>"],
                                                "psnr": {"mean": 21.5, "bicubic": 18}}).encode(),
                       restore_png=made_files.png(90, 60),
                       metrics_csv=("\n".join(["iteration," + ",".join(names), *rows]) + "\n"
                                    ).encode())
        self.ebm("report run")
        for width, dark in ((1280, False), (390, True)):
            with self.subTest(width=width):
                found = self.found_in(self.folder / "run/report.html", width, dark)
                self.assertEqual(sorted(found["drawn"]), ["chart-0", "chart-1"])
                for pixels in found["drawn"].values():
                    self.assertEqual(len(pixels), 11)
                    self.assertGreater(min(pixels), 20)
                classifier = found["classifier"]
                self.assertEqual(classifier["cells"], ["80.0", "20.0", "0.0", "0.0", "100.0", "0.0",
                                                       "0.0", "0.0", "0.0"])
                self.assertEqual(classifier["titles"][1], "2 items")
                self.assertEqual(classifier["shades"], 4)
                self.assertEqual(len(classifier["bars"]), 3)
                self.assertAlmostEqual(classifier["bars"][2] / classifier["bars"][0], 3, delta=0.01)
                self.assertEqual(found["restorations"],
                                 [[90, 60, "Restored images, from left to right: observed, mean, "
                                   "<i>truth</i>"]])

    def test_the_film_is_wider_than_a_phone_and_its_columns_stay_legible(self) -> None:
        film = {"steps": list(range(14))}
        made_run.write(self.folder / "run", eval_film=made_files.png(14 * 28, 56),
                       eval_json=json.dumps({"fd": 3, "film": film}).encode())
        self.ebm("report run")
        found = self.found_in(self.folder / "run/report.html", 390)
        self.assertLess(found["film"]["shown"], 390)
        self.assertGreaterEqual(found["film"]["whole"], 14 * 40)
        self.assertEqual(found["film"]["scrolled"], 200)
        self.assertIn("pan-x", found["film"]["touch"])

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
