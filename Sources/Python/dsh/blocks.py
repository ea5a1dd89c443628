"""Blocks as Arrow arrays over the memory of dsh's stores (docs/protocol.md, "Blocks")."""

from __future__ import annotations

import mmap
import os
import weakref
from typing import TYPE_CHECKING, Any, Callable, Mapping

import pyarrow as pa
import pyarrow.ipc

if TYPE_CHECKING:
    import pandas

    from .messages import Message

#: Codes of a dictionary by how many bytes each takes.
_CODE_TYPES = {1: pa.uint8(), 2: pa.uint16()}
#: Dictionaries of more entries have codes of two bytes.
_ENTRIES_OF_SHORT_CODES = 256


class StoreMemory:
    """The memory of a node's store, mapped for reading."""

    def __init__(self, descriptor: int, size: int):
        # No page of it is read, or counts as this process's, before somebody looks there.
        self._map = mmap.mmap(descriptor, size, mmap.MAP_SHARED, mmap.PROT_READ)
        self.size = size
        # The module mmap does not tell it; the buffer that does is not kept.
        self.address: int = pa.py_buffer(self._map).address


class StoreMemories:
    """The stores that are mapped now. One that is needed again is mapped once, so that pages which were looked at are found at once."""

    def __init__(self) -> None:
        self._known: weakref.WeakValueDictionary[tuple[int, int, int], StoreMemory] = weakref.WeakValueDictionary()

    def of(self, descriptor: int, size: int) -> StoreMemory:
        """The memory behind a descriptor, which stays the caller's. It is mapped as long as anybody has it."""
        status = os.fstat(descriptor)
        key = (status.st_dev, status.st_ino, size)
        memory = self._known.get(key)
        if memory is None:
            memory = self._known[key] = StoreMemory(descriptor, size)
        return memory


class MappedStores:
    """The memory of the stores of one answer, as long as any buffer over it is used."""

    def __init__(self, descriptors: list[int], sizes: list[int], memories: StoreMemories):
        try:
            self._memories = [memories.of(descriptor, size) for descriptor, size in zip(descriptors, sizes, strict=True)]
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
            descriptors.clear()

    def buffer(self, store: int, offset: int, length: int) -> pa.Buffer:
        """A place of a store's memory; whoever has it keeps all of this object. Raises `ValueError` for places outside."""
        if not 0 <= store < len(self._memories) or offset < 0 or length < 0 or offset + length > self._memories[store].size:
            raise ValueError(f"no store has {length} bytes at {offset} of store {store}")
        return pa.foreign_buffer(self._memories[store].address + offset, length, base=self)

    def __contains__(self, buffer: pa.Buffer) -> bool:
        """Whether a buffer lies in mapped memory."""
        return any(one.address <= buffer.address and buffer.address + buffer.size <= one.address + one.size for one in self._memories)


class SharedBlocks:
    """The answer to `blocks`. The session holds the blocks until the last array over their memory is gone, then `release` is called."""

    def __init__(self, answer: Message, release: Callable[[int], None], memories: StoreMemories):
        try:
            self.stores = MappedStores(answer.descriptors, [one["bytes"] for one in answer["stores"]], memories)
        except BaseException:
            release(answer["hold"])
            raise
        weakref.finalize(self.stores, release, answer["hold"]).atexit = False
        self._moved = pa.py_buffer(answer.data)
        begin, length = answer["schema"]
        self.schema: pa.Schema = pyarrow.ipc.read_schema(self._moved.slice(begin, length))
        self._blocks: list[Mapping[str, Any]] = answer["blocks"]
        self.rows: int = answer["rows"]
        self.mapped_bytes: int = answer["mapped"]
        self.moved_bytes: int = answer["moved"]
        #: Memory of this process that took what could not stay as it lies: decoded dictionaries, widened codes.
        self.copied_bytes = 0

    def table(self, dictionaries: bool = True) -> pa.Table:
        """All rows; a block is a chunk.

        With `dictionaries`, a text column whose blocks all have a dictionary is one of `dictionary<uint8 or uint16>`; where only some have one, these
        are decoded, as all are without.
        """
        columns = [self._column(place, dictionaries) for place in range(len(self.schema))]
        fields = [field.with_type(column.type) for field, column in zip(self.schema, columns)]
        return pa.Table.from_arrays(columns, schema=pa.schema(fields, self.schema.metadata))

    def _column(self, place: int, dictionaries: bool) -> pa.ChunkedArray:
        wanted = self.schema.field(place).type
        columns = [block["columns"][place] for block in self._blocks]
        if columns and dictionaries and all(column["storage"] == "dictionary" for column in columns):
            chunks = [self._coded(column, wanted) for column in columns]
            codes = max((chunk.type.index_type for chunk in chunks), key=lambda code: code.bit_width)
            return pa.chunked_array([self._widened(chunk, codes) for chunk in chunks], pa.dictionary(codes, wanted))
        return pa.chunked_array([self._array(column, wanted) for column in columns], wanted)

    def _array(self, column: Mapping[str, Any], wanted: pa.DataType) -> pa.Array:
        """A column of a block as the schema has it: dictionaries are decoded, all else lies where it lay."""
        storage, length = column["storage"], column["length"]
        if storage == "dictionary":
            decoded = self._coded(column, wanted).dictionary_decode()
            self.copied_bytes += decoded.nbytes
            return decoded
        if storage == "null":
            return pa.nulls(length, wanted)
        if storage not in ("bits", "fixed", "text", "list", "struct"):
            raise ValueError(f"this package does not know the storage {storage}: it is older than dsh")
        children = [self._array(child, inner) for child, inner in zip(column["children"], _inner_types(wanted), strict=True)]
        return pa.Array.from_buffers(wanted, length, self._buffers(column), column["nulls"], children=children or None)

    def _coded(self, column: Mapping[str, Any], wanted: pa.DataType) -> pa.DictionaryArray:
        entries = self._array(column["children"][0], wanted)
        codes = _CODE_TYPES[1 if len(entries) <= _ENTRIES_OF_SHORT_CODES else 2]
        indices = pa.Array.from_buffers(codes, column["length"], self._buffers(column), column["nulls"])
        # Not checked, as that would read every code: the store has written them.
        return pa.DictionaryArray.from_arrays(indices, entries, safe=False)

    def _widened(self, chunk: pa.DictionaryArray, codes: pa.DataType) -> pa.DictionaryArray:
        if chunk.type.index_type == codes:
            return chunk
        indices = chunk.indices.cast(codes)
        self.copied_bytes += indices.nbytes
        return pa.DictionaryArray.from_arrays(indices, chunk.dictionary, safe=False)

    def _buffers(self, column: Mapping[str, Any]) -> list[pa.Buffer | None]:
        return [None if place is None else self._buffer(*place) for place in column["buffers"]]

    def _buffer(self, store: int, offset: int, length: int) -> pa.Buffer:
        if store >= 0:
            return self.stores.buffer(store, offset, length)
        if offset < 0 or length < 0 or offset + length > self._moved.size:
            raise ValueError(f"the message has no {length} bytes at {offset}")
        return self._moved.slice(offset, length)


def _inner_types(type: pa.DataType) -> list[pa.DataType]:
    """The types of the arrays that an array of this type is made of."""
    if pa.types.is_struct(type):
        return [type.field(place).type for place in range(type.num_fields)]
    if pa.types.is_map(type):
        return [pa.struct([type.key_field, type.item_field])]
    return [type.value_type] if pa.types.is_list(type) else []


def pandas_frame(table: pa.Table, **options: Any) -> pandas.DataFrame:
    """A table as a frame; options are those of `pyarrow.Table.to_pandas`."""
    try:
        frame: pandas.DataFrame = table.to_pandas(**options)
        return frame
    except pa.ArrowTypeError:
        # In older versions of pyarrow (20 is one), codes without sign are nothing for pandas.
        frame = _with_signed_codes(table).to_pandas(**options)
        return frame


def _with_signed_codes(table: pa.Table) -> pa.Table:
    """The same table with codes of the next wider type that has a sign."""
    signed = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32()}
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) and field.type.index_type in signed:
            wanted = pa.dictionary(signed[field.type.index_type], field.type.value_type)
            table = table.set_column(place, field.with_type(wanted), table.column(place).cast(wanted))
    return table
