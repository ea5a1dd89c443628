// Writes the end of a Parquet file: the page index, and the footer.
import DshColumns

/// Gathers the row groups of all parts.
struct ParquetFooterWriter {
  private let schema: Schema
  private let codec: ParquetCodec
  private let leaves: [ParquetWrittenLeaf]
  /// With places from the start of the file.
  private var groups: [ParquetWrittenGroup] = []
  /// Where the next part begins.
  private var position = ParquetFooter.magic.count

  init(_ schema: Schema, _ codec: ParquetCodec) {
    self.schema = schema
    self.codec = codec
    leaves = ParquetWrittenLeaf.leaves(of: schema)
  }

  mutating func add(_ part: PartSummary) {
    var reader = ByteReader(part.metadata)
    guard let groups = try? reader.readArray({ try $0.readParquetGroup() }) else {
      preconditionFailure("what a part of a Parquet file tells of itself")
    }
    for group in groups {
      precondition(group.chunks.count == leaves.count, "a column for each leaf")
      var moved = group
      for index in moved.chunks.indices {
        moved.chunks[index].dataPageOffset += position
        if let offset = moved.chunks[index].dictionaryPageOffset { moved.chunks[index].dictionaryPageOffset = offset + position }
        for page in moved.chunks[index].pages.indices { moved.chunks[index].pages[page].offset += position }
      }
      self.groups.append(moved)
    }
    position += part.byteCount
  }

  private struct Index { var offset: Int, sizeBytes: Int }

  func finish() -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ structure: [UInt8]) -> Index {
      defer { bytes.append(contentsOf: structure) }
      return Index(offset: position + bytes.count, sizeBytes: structure.count)
    }
    let columnIndexes = groups.map { group in zip(group.chunks, leaves).map { columnIndex($0, $1.type).map(append) } }
    let offsetIndexes = groups.map { group in group.chunks.map { append(offsetIndex($0)) } }
    let footer = ThriftWriter.bytes { writer in
      writer.field(1, int32: 2)
      writer.field(2, schema: schema)
      writer.field(3, int64: groups.reduce(0) { $0 + $1.rowCount })
      writer.field(4, structures: Array(groups.enumerated())) { writer, item in
        write(item.element, columnIndexes[item.offset], offsetIndexes[item.offset], to: &writer)
      }
      writer.field(5, structures: [ParquetArrowSchema.encoded(schema)]) { writer, value in
        writer.field(1, ParquetArrowSchema.key)
        writer.field(2, value)
      }
      writer.field(6, "dsh")
      writer.field(7, structures: leaves) { writer, _ in writer.field(1) { _ in } }
    }
    bytes.append(contentsOf: footer)
    for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: footer.count >> (8 * byte))) }
    return bytes + ParquetFooter.magic
  }

  private func write(_ group: ParquetWrittenGroup, _ columnIndexes: [Index?], _ offsetIndexes: [Index], to writer: inout ThriftWriter) {
    writer.field(1, structures: Array(group.chunks.enumerated())) { writer, item in
      let chunk = item.element
      writer.field(2, int64: chunk.dictionaryPageOffset ?? chunk.dataPageOffset)
      writer.field(3) { write(chunk, leaves[item.offset], to: &$0) }
      writer.field(4, int64: offsetIndexes[item.offset].offset)
      writer.field(5, int32: offsetIndexes[item.offset].sizeBytes)
      if let index = columnIndexes[item.offset] {
        writer.field(6, int64: index.offset)
        writer.field(7, int32: index.sizeBytes)
      }
    }
    writer.field(2, int64: group.chunks.reduce(0) { $0 + $1.uncompressedBytes })
    writer.field(3, int64: group.rowCount)
    if let leaf = group.ascendingLeaf {
      writer.field(4, structures: [leaf]) { writer, leaf in
        writer.field(1, int32: leaf)
        writer.field(2, false)
        writer.field(3, false)
      }
    }
    writer.field(5, int64: group.chunks.map { $0.dictionaryPageOffset ?? $0.dataPageOffset }.min() ?? 0)
    writer.field(6, int64: group.chunks.reduce(0) { $0 + $1.compressedBytes })
  }

  /// Writes a `ColumnMetaData`.
  private func write(_ chunk: ParquetWrittenChunk, _ leaf: ParquetWrittenLeaf, to writer: inout ThriftWriter) {
    writer.field(1, int32: leaf.type.parquetPhysicalType.rawValue)
    writer.field(2, int32s: chunk.encodings.map(\.rawValue))
    writer.field(3, texts: leaf.path.map { Array($0.utf8) })
    writer.field(4, int32: codec.rawValue)
    writer.field(5, int64: chunk.valueCount)
    writer.field(6, int64: chunk.uncompressedBytes)
    writer.field(7, int64: chunk.compressedBytes)
    writer.field(9, int64: chunk.dataPageOffset)
    if let offset = chunk.dictionaryPageOffset { writer.field(11, int64: offset) }
    writer.field(12) { writer in
      writer.field(3, int64: chunk.nullCount)
      guard chunk.hasBounds else { return }
      writer.field(5, chunk.greatest)
      writer.field(6, chunk.least)
      writer.field(7, chunk.boundsAreExact)
      writer.field(8, chunk.boundsAreExact)
    }
  }

  /// A `ColumnIndex`; nil where a page has values without bounds.
  private func columnIndex(_ chunk: ParquetWrittenChunk, _ type: DataType) -> [UInt8]? {
    guard chunk.pages.allSatisfy({ $0.hasBounds || $0.isNull }) else { return nil }
    let known = chunk.pages.filter { !$0.isNull }
    let pairs = zip(known, known.dropFirst())
    let ascends = pairs.allSatisfy {
      ParquetBounds.precedes($0.least, $1.least, type) && ParquetBounds.precedes($0.greatest, $1.greatest, type)
    }
    let descends = pairs.allSatisfy {
      ParquetBounds.precedes($1.least, $0.least, type) && ParquetBounds.precedes($1.greatest, $0.greatest, type)
    }
    return ThriftWriter.bytes { writer in
      writer.field(1, bools: chunk.pages.map(\.isNull))
      writer.field(2, texts: chunk.pages.map { $0.isNull ? [] : $0.least })
      writer.field(3, texts: chunk.pages.map { $0.isNull ? [] : $0.greatest })
      writer.field(4, int32: ascends ? 1 : descends ? 2 : 0)
      writer.field(5, int64s: chunk.pages.map(\.nullCount))
    }
  }

  /// An `OffsetIndex`.
  private func offsetIndex(_ chunk: ParquetWrittenChunk) -> [UInt8] {
    ThriftWriter.bytes { writer in
      writer.field(1, structures: chunk.pages) { writer, page in
        writer.field(1, int64: page.offset)
        writer.field(2, int32: page.sizeBytes)
        writer.field(3, int64: page.firstRow)
      }
    }
  }
}
