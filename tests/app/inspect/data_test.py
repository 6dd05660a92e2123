#!/usr/bin/env python3
"""`ebm data`: counts, classes, options and pictures."""
import command_case
import made_files


class DataTest(command_case.CommandTest):
    """ebm data."""

    def test_counts_and_classes_of_an_idx_folder(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 50, 12, n_classes=4)
        document = self.json_of("data idx:images")
        self.assertEqual(document.keys(), {"name", "n", "shape", "kind", "is_image", "stored",
                                           "scaled", "classes"})
        self.assertEqual(document["n"], 50)
        self.assertEqual(document["shape"], [1, 12, 12])
        self.assertEqual(document["kind"], "uint8")
        self.assertIs(document["is_image"], True)
        counts = [(each["label"], each["n"]) for each in document["classes"]]
        self.assertEqual(counts, [(0, 13), (1, 13), (2, 12), (3, 12)])
        self.assertGreaterEqual(document["scaled"]["min"], -1.0)
        self.assertLessEqual(document["scaled"]["max"], 1.0)
        table = self.ebm("data idx:images").stdout
        self.assertRegex(table, r"(?m)^items +50$")
        self.assertRegex(table, r"(?m)^classes +4$")

    def test_options_pick_items(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 50, 12, n_classes=4)
        document = self.json_of("data idx:images#class=2,limit=5,size=8")
        self.assertEqual((document["n"], document["shape"]), (5, [1, 8, 8]))
        self.assertEqual([each["label"] for each in document["classes"]], [2])

    def test_picture(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 9, 12)
        self.ebm("data idx:images --out grid.png")
        width, height = made_files.png_size(self.bytes_of("grid.png"))
        self.assertGreaterEqual(min(width, height), 3 * 12)


if __name__ == "__main__":
    command_case.main(__doc__)
