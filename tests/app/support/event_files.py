"""Reads and writes TensorBoard's event files without TensorBoard: TFRecord framing, and of protobuf
what they use. https://protobuf.dev/programming-guides/encoding says how."""
import pathlib
import struct

PREFIX = "events.out.tfevents."


def masked_crc32c(data: bytes) -> int:
    """The checksum of TFRecord files: CRC-32C, rotated right by 15 bits, plus a constant."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(data: bytes) -> bytes:
    """Data as a record of a file."""
    length = struct.pack("<Q", len(data))
    return (length + struct.pack("<I", masked_crc32c(length)) + data
            + struct.pack("<I", masked_crc32c(data)))


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 7 bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data: bytes) -> list[tuple[int, object]]:
    """Number and content of every field of a message."""
    found: list[tuple[int, object]] = []
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            n = {1: 8, 5: 4}.get(kind)
            if n is None:
                assert kind == 2, kind
                n, at = varint(data, at)
            value, at = data[at:at + n], at + n
            assert len(value) == n
        found.append((key >> 3, value))
    return found


def records(data: bytes) -> list[bytes]:
    """Those that are whole: a killed program may leave half of one at the end."""
    found = []
    at = 0
    while at + 12 <= len(data):
        n = struct.unpack_from("<Q", data, at)[0]
        if at + 16 + n > len(data):
            break
        found.append(data[at + 12:at + 12 + n])
        at += 16 + n
    return found


def read_values(run: pathlib.Path) -> dict[tuple[str, int], bytes]:
    """(name, step): serialised value, as TensorBoard takes them from all files of a folder: a
    session that starts at a step voids what older ones wrote of it and of later steps."""
    values: dict[tuple[str, int], bytes] = {}
    for path in sorted(run.glob(PREFIX + "*")):
        for event in map(dict, map(fields, records(path.read_bytes()))):
            step = event.get(2, 0)
            if 7 in event:
                values = {key: value for key, value in values.items() if key[1] < step}
            for _, value in fields(event.get(5, b"")):
                content = dict(fields(value))
                name = content.pop(1).decode()
                assert (name, step) not in values, f"{path}: {name} of step {step} is there twice"
                (values[name, step],) = content.values()
    return values
