"""Messages: every split of what comes, bytes and descriptors beside them, and what is none."""

import json
import os

import pytest
from dsh.messages import LINE_LIMIT_BYTES, BrokenMessage, MessageAssembler, line_of

STREAM = b'{"event":"output","bytes":7,"new":[1,{"x":null}]}\n\n{"a":\xff{"event":"done","id":1}\n{"event":"\xc3\xa9","bytes":0}\n'


def assembled(pieces) -> list:
    assembler, found = MessageAssembler(), []
    for piece in pieces:
        assembler.append(piece)
        while (message := assembler.next()) is not None:
            found.append(message)
    return found


def check_stream(messages):
    assert [message["event"] for message in messages] == ["output", "done", "é"]
    assert [message.data for message in messages] == [b'\n{"a":\xff', b"", b""]
    assert messages[0]["new"] == [1, {"x": None}]


@pytest.mark.parametrize("place", range(len(STREAM)))
def test_any_split(place):
    check_stream(assembled([STREAM[:place], STREAM[place:]]))


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_pieces_of_any_size(size):
    check_stream(assembled([STREAM[start:start + size] for start in range(0, len(STREAM), size)]))


@pytest.mark.parametrize("place", range(len(STREAM)))
def test_what_is_cut_off_gives_only_what_is_whole(place):
    assert len(assembled([STREAM[:place]])) < 3


@pytest.mark.parametrize("line", [
    b"no JSON", b"[1]", b"7", b"null", b"\xff", b'{"bytes":-1}', b'{"bytes":"3"}', b'{"bytes":1.5}', b'{"bytes":true}', b'{"bytes":99999999999}',
    b'{"descriptors":1}', b'{"descriptors":null}', b"[" * 100000, b'{"event":"done"'])
def test_what_is_no_message(line):
    with pytest.raises(BrokenMessage):
        assembled([line + b"\n"])


def test_a_line_without_end():
    with pytest.raises(BrokenMessage, match="64 MiB"):
        assembled([b'{"text":"' + b"x" * LINE_LIMIT_BYTES, b"x"])


def test_any_changed_byte_gives_messages_or_is_refused():
    for place in range(len(STREAM)):
        for byte in (0, 10, 34, 48, 123, 255):
            changed = STREAM[:place] + bytes([byte]) + STREAM[place + 1:]
            try:
                assembled([changed])
            except BrokenMessage:
                pass


def test_descriptors_belong_to_the_lines_that_count_them():
    ends = [os.pipe() for _ in range(2)]
    assembler = MessageAssembler()
    assembler.append(b'{"event":"a","descriptors":1,"by', [ends[0][0]])
    assembler.append(b'tes":1}\nx', [])
    assembler.append(b'{"event":"b","descriptors":3}\n', [ends[0][1], *ends[1]])
    first, second = assembler.next(), assembler.next()
    assert first.descriptors == [ends[0][0]] and second.descriptors == [ends[0][1], *ends[1]]
    first.close_descriptors()
    second.close_descriptors()
    with pytest.raises(OSError):
        os.fstat(ends[0][0])


def test_descriptors_of_no_message_are_closed():
    one, other = os.pipe()
    assembler = MessageAssembler()
    assembler.append(b'{"descriptors":1,"bytes":5}\nabc', [one, other])
    assert assembler.next() is None
    assembler.close()
    for descriptor in (one, other):
        with pytest.raises(OSError):
            os.fstat(descriptor)


def test_lines():
    line = line_of({"do": "run", "text": "é\n\"", "id": 1})
    assert line.count(b"\n") == 1 and json.loads(line) == {"do": "run", "text": "é\n\"", "id": 1}
    for members in ({"text": "\ud800"}, {"value": float("nan")}, {"text": "x" * LINE_LIMIT_BYTES}):
        with pytest.raises(ValueError):
            line_of(members)
