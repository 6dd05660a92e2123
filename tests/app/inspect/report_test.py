#!/usr/bin/env python3
"""`ebm report`: one page that holds a run and needs nothing else."""
import base64
import html.parser
import json
import re

import command_case
import made_files
import made_run


class Page(html.parser.HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open_elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "link", "img", "input"):
            self.open_elements.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open_elements[-1:] != [tag]:
            raise AssertionError(f"</{tag}> closes {self.open_elements}")
        self.open_elements.pop()

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open_elements[-1] if self.open_elements else "", []).append(data)


class ReportTest(command_case.CommandTest):
    """Runs that were not trained."""

    def page_of(self, words: str = "report run", **changes: bytes | None) -> str:
        """Makes the folder run and its page."""
        made_run.write(self.folder / "run", **changes)
        self.ebm(words)
        return self.bytes_of("run/report.html").decode()

    def data_of(self, text: str) -> dict:
        """What the script of the page draws."""
        found = re.search(r'<script type="application/json" id="run-data">(.*?)</script>', text)
        self.assertIsNotNone(found)
        return json.loads(found[1])

    def test_the_page_is_whole_and_loads_nothing(self) -> None:
        text = self.page_of(eval_json=b'{"fd": 12.5, "ood": {"noise": {"auroc": 1.0}}}')
        page = Page(text)
        self.assertEqual(page.open_elements, [])
        for tag, name, value in page.attributes:
            if name in ("src", "href", "srcset", "action", "data"):
                self.assertTrue(value.startswith("data:"), (tag, name, value))
            if name == "id":
                self.assertEqual(page.attributes.count((tag, name, value)), 1, value)
        self.assertNotRegex(text, r"@import|url\(")
        self.assertLess(len(text), 5_000_000)
        self.assertEqual([text for text in page.texts["caption"]],
                         ["Out-of-distribution detection: test images against other data"])

    def test_curves_and_pictures_are_in_the_page(self) -> None:
        data = self.data_of(self.page_of())
        self.assertEqual([chart["title"] for chart in data["charts"]],
                         ["Energies", "Loss", "Fréchet distance of features"])
        self.assertEqual(data["charts"][2]["series"], [{"name": "fd", "x": [20], "y": [80.5]}])
        uri = data["samples"][0]["pictures"]["noise"]
        self.assertEqual(base64.b64decode(uri.removeprefix("data:image/png;base64,")),
                         made_files.png(24, 16))
        self.assertEqual((data["samples"][0]["iteration"], data["histograms"]), (20, []))

    def test_out_and_json(self) -> None:
        made_run.write(self.folder / "run", eval_json=b'{"fd": 1}')
        document = self.json_of("report run --out page.html")
        self.assertEqual(document, {"run": "run", "out": "page.html", "rows": 3, "charts": 3,
                                    "pictures": 2, "evaluated": True,
                                    "bytes": len(self.bytes_of("page.html")), "warnings": []})
        self.assertFalse((self.folder / "run/report.html").exists())

    def test_the_same_run_gives_the_same_bytes(self) -> None:
        first = self.page_of()
        self.assertEqual(self.page_of(), first)

    def test_a_run_that_has_just_begun(self) -> None:
        none = {"samples_noise": None, "samples_buffer": None}
        for metrics in (b"iteration,loss\n", b"iteration,loss\n1,2\n", b"iteration,loss\n1,2\n2,"):
            data = self.data_of(self.page_of(metrics_csv=metrics, **none))
            self.assertEqual(len(data["charts"]), metrics.count(b"\n") - 1)
            self.assertEqual(data["samples"], [])

    def test_names_cannot_leave_their_place(self) -> None:
        evil = "</script><script>alert(1)</script>"
        text = self.page_of(metrics_csv=f"iteration,{evil}\n1,2\n".encode(),
                            config_toml=evil.encode(),
                            eval_json=json.dumps({evil: {evil: {evil: evil}}}).encode())
        self.assertEqual(self.data_of(text)["charts"][0]["title"], evil)
        page = Page(text)
        self.assertEqual(page.open_elements, [])
        self.assertNotIn("<script>alert", text)
        self.assertEqual(len(re.findall(r"<script\b", text)), 3)

    def test_an_evaluation_has_charts_and_a_film(self) -> None:
        figures = {"fd": 3, "long_run": {"steps": [0, 10, 1000], "fd": [9, None, 4]},
                   "energies": {"</script>": {"edges": [0, 1, 3], "counts": [1, 1]}},
                   "film": {"steps": [0, 5]}}
        text = self.page_of(eval_json=json.dumps(figures).encode(),
                            eval_film=made_files.png(60, 30))
        page = Page(text)
        self.assertEqual(page.open_elements, [])
        data = self.data_of(text)
        self.assertEqual(data["long_run"], {"steps": [0, 10, 1000],
                                            "series": [{"name": "fd", "y": [9, None, 4]}]})
        self.assertEqual(data["energies"], [{"name": "</script>", "edges": [0, 1, 3],
                                             "densities": [0.5, 0.25]}])
        films = [value for tag, name, value in page.attributes
                 if (tag, name) == ("img", "src") and value]
        self.assertEqual([base64.b64decode(film.removeprefix("data:image/png;base64,"))
                          for film in films], [made_files.png(60, 30)])
        self.assertEqual(page.texts["caption"] if "caption" in page.texts else [], [])
        self.assertNotIn("values</td>", text)
        (self.folder / "run/eval-film.png").unlink()
        without = self.page_of(eval_json=b'{"fd": 3}')
        for part in ("A long chain", 'id="energies'):
            self.assertIn(part, text)
            self.assertNotIn(part, without)

    def test_a_large_run_stays_below_5_megabytes(self) -> None:
        run = self.folder / "run"
        names = [f"column{i}" for i in range(12)]
        rows = "".join(f"{10 * i}," + ",".join(str((i * 7919 + k) % 1009 / 997) for k in range(12))
                       + "\n" for i in range(1, 20001))
        made_run.write(run, metrics_csv=f"iteration,{','.join(names)}\n{rows}".encode())
        noise = made_files.png(300, 300)
        for i in range(1, 201):
            (run / f"samples/noise_{i:06}.png").write_bytes(noise)
        document = self.json_of("report run")
        self.assertLess(document["bytes"], 5_000_000)
        self.assertLessEqual(document["pictures"], 60)
        self.assertGreater(document["pictures"], 20)


if __name__ == "__main__":
    command_case.main(__doc__)
