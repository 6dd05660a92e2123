"""Bad inputs of `ebm report`: folders that are no run, and damaged files of runs."""
import json

import made_files
import made_run
from row import BAD_DATA, IO, NO_INPUT, USAGE, Files, Row


def row(name: str, code: int, fragment: str, files: Files | None = None,
        command: str = "report run") -> Row:
    """One run that there is no page of."""
    return Row(f"report: {name}", command, code, fragment,
               made_run.files() if files is None else files)


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    def with_metrics(text: str) -> Files:
        return made_run.files(metrics_csv=text.encode())

    png = made_files.png(24, 16)
    return [
        row("no folder", NO_INPUT, "no such run folder: missing", command="report missing"),
        row("a file", NO_INPUT, "no such run folder: run/metrics.csv",
            command="report run/metrics.csv"),
        row("no run word", USAGE, "RUN is required", command="report"),
        row("empty folder", NO_INPUT, "run: is no run folder: there is no run/config.toml; give the "
            "folder that training wrote", {"run/": b""}),
        row("no metrics", NO_INPUT, "there is no run/metrics.csv",
            made_run.files(metrics_csv=None)),
        row("metrics are empty", BAD_DATA, "run/metrics.csv: has no line of column names",
            with_metrics("")),
        row("metrics of another file", BAD_DATA, "the first column is not 'iteration'",
            with_metrics("hello\n")),
        row("metrics with a short row", BAD_DATA, "run/metrics.csv:3: 1 value, expected 2; take this line out, or mend it",
            with_metrics("iteration,loss\n1,2\n2\n")),
        row("metrics with a word", BAD_DATA, "run/metrics.csv:2: loss is 'x', expected a number",
            with_metrics("iteration,loss\n1,x\n")),
        row("metrics that go back", BAD_DATA, "run/metrics.csv:3: found '5'",
            with_metrics("iteration,loss\n10,1\n5,1\n")),
        row("picture cut short", BAD_DATA, "run/samples/noise_000020.png",
            made_run.files(samples_noise=png[:60])),
        row("picture of something else", BAD_DATA, "run/samples/noise_000020.png",
            made_run.files(samples_noise=b"hello")),
        row("evaluation is no JSON", BAD_DATA, "and it is no JSON; make it again by ebm eval, or move",
            made_run.files(eval_json=b"{")),
        row("evaluation is a list", BAD_DATA, "run/eval.json: expected a JSON object of figures, "
            "found array", made_run.files(eval_json=b"[1]")),
        row("evaluation is deep", BAD_DATA, "run/eval.json: lies more than 16 brackets deep",
            made_run.files(eval_json=b'{"a":' * 100000)),
        row("long run of a word", BAD_DATA,
            "run/eval.json: an entry of long_run.fd is of type string, expected a number",
            made_run.files(eval_json=b'{"long_run": {"steps": [1], "fd": ["<b>"]}}')),
        row("long run of other lengths", BAD_DATA,
            "run/eval.json: long_run.fd has 1 values, expected 2, as many as steps",
            made_run.files(eval_json=b'{"long_run": {"steps": [1, 2], "fd": [1]}}')),
        row("long run of NaN", BAD_DATA, "and it is no JSON",
            made_run.files(eval_json=b'{"long_run": {"steps": [1], "fd": [NaN]}}')),
        row("long run without end", BAD_DATA,
            "long_run.steps has 100000 values, expected at most 500",
            made_run.files(eval_json=json.dumps(
                {"long_run": {"steps": list(range(100000))}}).encode())),
        row("energies are huge", BAD_DATA, "edges is 1e+300, expected at most 1e100",
            made_run.files(eval_json=b'{"energies": {"a": {"edges": [0, 1e300], "counts": [1]}}}')),
        row("energies of a list", BAD_DATA, "energies is of type array, expected an object",
            made_run.files(eval_json=b'{"energies": [[1, 2]]}')),
        row("film is no picture", BAD_DATA, "; move it away, and the page does without it",
            made_run.files(eval_film=b"hello")),
        row("film is cut short", BAD_DATA, "run/eval-film.png",
            made_run.files(eval_film=png[:60])),
        row("map is no map", BAD_DATA, "ebm modes; make it again by ebm modes, or move it away",
            made_run.files(modes_json=b"{}")),
        row("map of a word", BAD_DATA, "run/modes.json: modules[0].mass is of type string",
            made_run.files(modes_json=b'{"modules": [{"mass": "<b>", "energy": 1}]}')),
        row("map with a wrong tree", BAD_DATA,
            "tree[0].right is 7, expected a whole number below 2",
            made_run.files(modes_json=json.dumps(
                {"modules": 2 * [{"mass": 0.5, "energy": 1}],
                 "tree": [{"left": 0, "right": 7, "energy": 2}]}).encode())),
        row("exemplars are no picture", BAD_DATA, "run/modes.png",
            made_run.files(modes_png=b"hello", modes_json=json.dumps(
                {"modules": [{"mass": 1, "energy": 1}],
                 "exemplars": {"width": 4, "height": 4}}).encode())),
        row("events are damaged", BAD_DATA, "events.out.tfevents.1700000000.ebm: the record at "
            "offset 0 does not fit its checksum; move it away",
            made_run.files(events=made_run.event_record_of_no_event())),
        row("out with another ending", USAGE, "out = page.txt: must end in .html",
            command="report run --out page.txt"),
        row("out in no folder", IO, "cannot write missing/page.html",
            command="report run --out missing/page.html"),
    ]
