"""Bad inputs that are files and descriptions of data sets."""
import gzip
import struct

import made_files
from row import BAD_DATA, IMAGES, IO, NO_INPUT, POINTS, TEXT, USAGE, Row

CIFAR_RECORD = bytes(3073)
# 1 x 1 pixel, and a chunk zTXt of 2^31 − 1 bytes.
LONG_CHUNK = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
                           "7fffffff7a545874")


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    packed = gzip.compress(bytes(IMAGES), mtime=0)
    corrupt = bytearray(packed)
    corrupt[len(corrupt) // 2] ^= 0xFF
    nan = made_files.npy((2, 2), made_files.floats([0.0, float("nan"), 0.0, 0.0]))
    labelled = {"set/train-images-idx3-ubyte": IMAGES,
                "set/train-labels-idx1-ubyte": made_files.idx([4], bytes([0, 1, 2, 1]))}
    few_labels = labelled | {"set/train-labels-idx1-ubyte": made_files.idx([3], bytes(3))}
    two_sizes = {"mixed/a.png": made_files.png(8, 8), "mixed/b.png": made_files.png(9, 8)}
    batches = {f"cifar/data_batch_{i}.bin": CIFAR_RECORD * 2 for i in range(1, 6)}
    return [
        Row("idx: truncated .gz", "data idx:images.gz", BAD_DATA, "images.gz: truncated gzip",
            {"images.gz": packed[:-20]}),
        Row("idx: corrupt gzip bytes", "data idx:images.gz", BAD_DATA, "images.gz: corrupt gzip",
            {"images.gz": bytes(corrupt)}),
        Row("idx: packed twice", "data idx:images.gz", BAD_DATA, "packed by gzip twice",
            {"images.gz": gzip.compress(packed, mtime=0)}),
        Row("idx: torchvision's root of two sets", "data idx:root", NO_INPUT,
            "found in root/FashionMNIST/raw and root/MNIST/raw",
            {"root/MNIST/raw/train-images-idx3-ubyte": IMAGES,
             "root/FashionMNIST/raw/train-images-idx3-ubyte": IMAGES}),
        Row("idx: wrong magic", "data idx:images", BAD_DATA, "images: found 'he' at offset 0",
            {"images": TEXT}),
        Row("idx: of floats", "data idx:images", BAD_DATA, "data type 13",
            {"images": made_files.idx([4, 12, 12], bytes(576 * 4), data_type=0x0D)}),
        Row("idx: short", "data idx:images", BAD_DATA, "the file is short",
            {"images": IMAGES[:-1]}),
        Row("idx: empty file", "data idx:images", BAD_DATA, "images: ends at offset 0",
            {"images": b""}),
        Row("idx: absurd sizes", "data idx:images", BAD_DATA, "4294967295",
            {"images": made_files.idx([0xFFFFFFFF] * 3, bytes(100))}),
        Row("idx: absurd sizes in .gz", "data idx:images.gz", BAD_DATA, "4294967295",
            {"images.gz": gzip.compress(made_files.idx([0xFFFFFFFF] * 3, bytes(100)), mtime=0)}),
        Row("idx: another number of labels", "data idx:set", BAD_DATA, "3 labels, expected 4",
            few_labels),
        Row("idx: a split of a file", "data idx:images#split=test", USAGE, "split=test",
            {"images": IMAGES}),
        Row("images: empty folder", "data images:empty", BAD_DATA, "empty: found no image",
            {"empty/": b""}),
        Row("images: mixed sizes", "data images:mixed", BAD_DATA, "give size=", two_sizes),
        Row("images: not an image", "data images:set", BAD_DATA, "set/a.png: found",
            {"set/a.png": TEXT}),
        Row("images: length of a chunk beyond the file", "data images:set", BAD_DATA,
            "set/a.png: corrupt PNG", {"set/a.png": LONG_CHUNK}),
        Row("images: other formats", "data images:set", BAD_DATA, "2 files passed over: 2 .bmp",
            {"set/a.bmp": b"BM", "set/b.bmp": b"BM"}),
        Row("images: split of a folder without splits", "data images:set#split=test", USAGE,
            "holds no such folders", {"set/cat/a.png": made_files.png(8, 8)}),
        Row("images: two folders of one split", "data images:set", BAD_DATA,
            "set: its folders Train and train both stand for split=train, expected one",
            {"set/Train/cat/a.png": made_files.png(8, 8), "set/train/cat/a.png":
             made_files.png(8, 8), "set/test/cat/a.png": made_files.png(8, 8)}),
        Row("images: a test split alone", "data images:set", NO_INPUT,
            "set: has no folder for split=train, found test; give split=test",
            {"set/test/cat/a.png": made_files.png(8, 8)}),
        Row("images: class by a name that is near", "data images:set#class=dogg", BAD_DATA,
            "did you mean 'dog'?", {"set/cat/a.png": made_files.png(8, 8),
                                    "set/dog/a.png": made_files.png(8, 8)}),
        Row("images: a name of 300 characters", f"data images:{'x' * 300}", IO, "name too long"),
        Row("images: no sound image", "data images:set#skip_bad=1", BAD_DATA,
            "none of its 1 images is sound", {"set/a.png": TEXT}),
        Row("images: truncated PNG", "data images:set", BAD_DATA, "set/a.png",
            {"set/a.png": made_files.png(12, 12)[:60]}),
        Row("images: 16-bit PNG is accepted", "data images:set", 0, "",
            {"set/a.png": made_files.png(12, 12, bit_depth=16)}),
        Row("images: a file that is no image", "data images:a.png", BAD_DATA, "a.png: found",
            {"a.png": b"text"}),
        Row("images: a split of a file", "data images:a.png#split=test", USAGE, "a.png is a file",
            {"a.png": made_files.png(8, 8)}),
        Row("images: no such item", "data images:set#limit=2,item=2", BAD_DATA,
            "item=2 is not there, expected 0 to 1",
            {f"set/{i}.png": made_files.png(8, 8) for i in range(3)}),
        Row("npy: float64 that float32 does not hold", "data npy:x.npy", BAD_DATA,
            "found 0.10000000000000001 of dtype float64 at value 0",
            {"x.npy": made_files.npy((1, 1), struct.pack("<d", 0.1), descr="<f8")}),
        Row("npy: complex", "data npy:x.npy", BAD_DATA, "'<c8'",
            {"x.npy": made_files.npy((1, 1), bytes(8), descr="<c8")}),
        Row("npy: bool", "data npy:x.npy", BAD_DATA, "x.astype('uint8') * 255",
            {"x.npy": made_files.npy((1, 1, 1), bytes(1), descr="|b1")}),
        Row("npy: layout of points", "data npy:x.npy#layout=nhwc", USAGE, "four axes",
            {"x.npy": POINTS}),
        Row("npy: an archive", "data npy:x.npz", BAD_DATA, "zip archive",
            {"x.npz": b"PK\x03\x04 and so on"}),
        Row("npy: truncated", "data npy:x.npy", BAD_DATA, "only 20 bytes", {"x.npy": POINTS[:-4]}),
        Row("npy: NaN", "data npy:x.npy", BAD_DATA, "expected finite numbers", {"x.npy": nan}),
        Row("npy: pixels outside the range", "data npy:x.npy", BAD_DATA, "[-1, 1]",
            {"x.npy": made_files.npy((1, 1, 2, 2), made_files.floats([0.0, 0.5, 255.0, 0.0]))}),
        Row("npy: not an npy file", "data npy:x.npy", BAD_DATA, "an npy file", {"x.npy": TEXT}),
        Row("npy: a folder", "data npy:folder", BAD_DATA, "found a folder", {"folder/": b""}),
        Row("cifar10: no batches", "data cifar10:cifar", NO_INPUT, "data_batch_1.bin",
            {"cifar/": b""}),
        Row("cifar10: short batch", "data cifar10:cifar", BAD_DATA, "inside record 1",
            batches | {"cifar/data_batch_3.bin": CIFAR_RECORD + bytes(3000)}),
        Row("spec: unknown toy", "data toy:8gausians", USAGE, "did you mean '8gaussians'"),
        Row("spec: unknown scheme", "data fashion-mnits", USAGE, "did you mean 'fashion-mnist'"),
        Row("spec: unknown option", "data toy:rings#limt=5", USAGE, "did you mean 'limit'"),
        Row("spec: option that does not apply", "data toy:rings#size=5", USAGE, "does not apply"),
        Row("spec: limit=0", "data toy:rings#limit=0", USAGE, "limit='0'"),
        Row("spec: limit of a toy without end", "data toy:rings#limit=99999999999999", USAGE,
            "100000000 points"),
        Row("spec: class that does not exist", "data idx:set#class=7", BAD_DATA, "class=7",
            labelled),
        Row("spec: empty", "data ''", USAGE, "SPEC = : must not be empty"),
        Row("no such file", "data idx:nowhere/images", NO_INPUT, "nowhere/images"),
        Row("EBM_DATA points nowhere", "data fashion-mnist", NO_INPUT, "no folder nowhere",
            environment={"EBM_DATA": "nowhere"}),
        Row("EBM_DATA without the files", "data fashion-mnist", NO_INPUT, "train-images-idx3-ubyte",
            {"empty/": b""}, environment={"EBM_DATA": "empty"}),
    ]
