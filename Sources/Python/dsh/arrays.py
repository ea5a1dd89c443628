"""Columns of blocks as Arrow arrays over the memory of dsh's stores (docs/protocol.md, "Blocks")."""

from __future__ import annotations

import mmap
import os
import weakref
from typing import Any, Callable

import pyarrow as pa
import pyarrow.ipc

INDEX_TYPES = {1: pa.uint8(), 2: pa.uint16()}


class Store:
    """The memory of a node's store, mapped for reading as long as anything refers to it."""

    def __init__(self, descriptor: int, byte_count: int):
        self.mapping = mmap.mmap(descriptor, byte_count, prot=mmap.PROT_READ)
        whole = pa.py_buffer(self.mapping)
        self.addresses = range(whole.address, whole.address + whole.size)


class Stores:
    """Those of a session, each mapped once: a page that was looked at through a mapping costs nothing the next time."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], Store] = {}

    def take(self, descriptor: int, byte_count: int) -> Store:
        """The store behind a descriptor, which is closed."""
        try:
            status = os.fstat(descriptor)
            place = status.st_dev, status.st_ino
            if place not in self.known:
                self.known[place] = Store(descriptor, byte_count)
            return self.known[place]
        finally:
            os.close(descriptor)


class View:
    """What the buffers of one sharing refer to."""

    def __init__(self, store: Store):
        self.store = store


class SharedBlocks:
    """The arrays of an answer to `blocks`. The blocks are held until nothing refers to their memory any more."""

    def __init__(self, answer: Any, stores: Stores, release: Callable[[], None]):
        self.stores = [stores.take(descriptor, store["bytes"]) for descriptor, store in zip(answer.descriptors, answer["stores"])]
        self.moved = pa.py_buffer(answer.data)
        begin, count = answer["schema"]
        self.schema: pa.Schema = pyarrow.ipc.read_schema(self.moved.slice(begin, count))
        self.blocks, self.rows = answer["blocks"], answer["rows"]
        # Arrays refer to slices, these to the buffers of whole stores, and those to a view: when the last view has gone, nobody looks any more.
        hold = Hold(len(self.stores), release)
        self.whole = []
        for store in self.stores:
            view = View(store)
            weakref.finalize(view, hold.drop)
            self.whole.append(pa.foreign_buffer(store.addresses.start, len(store.addresses), base=view))
        if not self.stores:
            release()

    def buffer(self, place: list[int] | None) -> pa.Buffer | None:
        if place is None:
            return None
        store, offset, count = place
        return (self.moved if store < 0 else self.whole[store]).slice(offset, count)

    def array(self, column: dict[str, Any], type: pa.DataType) -> pa.Array:
        """An array over the memory of a column."""
        count, nulls, storage = column["length"], column["nulls"], column["storage"]
        if storage == "null":
            return pa.nulls(count, type)
        buffers = [self.buffer(place) for place in column["buffers"]]
        children = column["children"]
        if storage == "dictionary":
            codes = buffers[1]
            index = INDEX_TYPES[1 if children[0]["length"] <= 256 else 2]
            indices = pa.Array.from_buffers(index, count, [buffers[0], codes], nulls)
            return pa.DictionaryArray.from_arrays(indices, self.array(children[0], type), safe=False)
        if storage == "list":
            inner = type.value_type if not pa.types.is_map(type) else pa.struct([type.key_field, type.item_field])
            return pa.Array.from_buffers(type, count, buffers, nulls, children=[self.array(children[0], inner)])
        if storage == "struct":
            inner = [self.array(child, type.field(place).type) for place, child in enumerate(children)]
            return pa.Array.from_buffers(type, count, buffers, nulls, children=inner)
        return pa.Array.from_buffers(type, count, buffers, nulls)

    def column(self, place: int, dictionaries: bool) -> pa.ChunkedArray:
        """A column of all blocks."""
        type = self.schema.field(place).type
        chunks = [self.array(block["columns"][place], type) for block in self.blocks]
        coded = [pa.types.is_dictionary(chunk.type) for chunk in chunks]
        if any(coded) and dictionaries and all(coded):
            widest = pa.dictionary(max((chunk.type.index_type for chunk in chunks), key=lambda index: index.bit_width), type)
            return pa.chunked_array([chunk.cast(widest) if chunk.type != widest else chunk for chunk in chunks], widest)
        return pa.chunked_array([chunk.dictionary_decode() if is_coded else chunk for chunk, is_coded in zip(chunks, coded)], type)

    def table(self, dictionaries: bool) -> pa.Table:
        columns = [self.column(place, dictionaries) for place in range(len(self.schema))]
        return pa.table(columns, schema=pa.schema([
            pa.field(field.name, column.type) for field, column in zip(self.schema, columns)]))


class Hold:
    """Counts down to the end of a sharing."""

    def __init__(self, count: int, release: Callable[[], None]):
        self.count, self.release = count, release

    def drop(self) -> None:
        self.count -= 1
        if self.count == 0:
            self.release()
