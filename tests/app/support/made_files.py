"""Writes and reads the file formats of the command-line tests: IDX, PNG, npy, safetensors."""
import array
import json
import math
import pathlib
import random
import struct
import zlib

# A convolutional network for images of any size: small, so that a training run takes seconds.
SMALL_NET = """\
[[layer]]
type = "conv2d"
out_channels = 8
kernel = 3
stride = 2
padding = 1

[[layer]]
type = "silu"

[[layer]]
type = "flatten"

[[layer]]
type = "linear"
out_features = 1
"""


def idx(dims: list[int], values: bytes, data_type: int = 0x08) -> bytes:
    """An IDX file of unsigned bytes, unless `data_type` lies about that."""
    header = bytes([0, 0, data_type, len(dims)])
    return header + b"".join(struct.pack(">I", length) for length in dims) + values


def write_idx_folder(folder: pathlib.Path, n: int, size: int, n_classes: int = 3) -> None:
    """Blurred random blobs with labels 0, 1, ... in turn, as the train split of an IDX folder."""
    rng = random.Random(7)
    pixels = bytearray()
    for _ in range(n):
        x0, y0 = rng.uniform(2, size - 2), rng.uniform(2, size - 2)
        for y in range(size):
            for x in range(size):
                distance = (x - x0) ** 2 + (y - y0) ** 2
                pixels.append(int(255 * math.exp(-distance / 6.0)))
    folder.mkdir(parents=True)
    labels = bytes(i % n_classes for i in range(n))
    (folder / "train-images-idx3-ubyte").write_bytes(idx([n, size, size], bytes(pixels)))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx([n], labels))


def grey_png(width: int, height: int, bit_depth: int, rows: bytes) -> bytes:
    """The PNG of rows that begin with their filters."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, bit_depth, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def black_png(width: int, height: int) -> bytes:
    """A small file, however large the image is."""
    return grey_png(width, height, 8, bytes((1 + width) * height))


def png(width: int, height: int, bit_depth: int = 8) -> bytes:
    """A grey PNG with a ramp of values."""
    rows = b""
    for y in range(height):
        rows += b"\0"  # no filter
        for x in range(width):
            grey = (x + y) * 255 // (width + height)
            rows += bytes([grey]) if bit_depth == 8 else struct.pack(">H", grey * 257)
    return grey_png(width, height, bit_depth, rows)


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xae\x42\x60\x82")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def npy(shape: tuple[int, ...], payload: bytes, descr: str = "<f4") -> bytes:
    """An npy file of version 1.0, with its values at a multiple of 64 bytes as NumPy writes it."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + payload


def floats(values: list[float]) -> bytes:
    """Little-endian float32."""
    return struct.pack(f"<{len(values)}f", *values)


def read_npy(path: pathlib.Path) -> tuple[tuple[int, ...], array.array]:
    """Shape and values of a float32 file in C order."""
    data = path.read_bytes()
    assert data[:8] == b"\x93NUMPY\x01\x00", path
    begin = 10 + struct.unpack("<H", data[8:10])[0]
    header = data[10:begin].decode()
    assert "'descr': '<f4'" in header and "'fortran_order': False" in header, header
    shape_text = header.split("'shape': (")[1].split(")")[0]
    shape = tuple(int(length) for length in shape_text.split(",") if length.strip())
    values = array.array("f", data[begin:])
    assert len(values) == math.prod(shape), (shape, len(values))
    return shape, values


Tensors = dict[str, tuple[str, list[int], bytes]]
"""Name: dtype, shape, bytes."""


def safetensors(metadata: dict[str, str], tensors: Tensors | None = None) -> bytes:
    """A valid safetensors file, of one tensor unless said otherwise."""
    tensors = tensors or {"weight": ("F32", [2], floats([1.0, 2.0]))}
    header: dict[str, object] = {}
    end = 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + len(data)]}
        end += len(data)
    if metadata:
        header["__metadata__"] = metadata
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return (struct.pack("<Q", len(text)) + text
            + b"".join(data for _, _, data in tensors.values()))


def read_safetensors(path: pathlib.Path) -> Tensors:
    """The tensors of a file."""
    data = path.read_bytes()
    begin = 8 + struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:begin]).items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        tensors[name] = (entry["dtype"], entry["shape"], data[begin + first:begin + last])
    return tensors
