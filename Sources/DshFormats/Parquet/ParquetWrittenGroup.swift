// What a part of a file tells of the row groups in it, on its way to the footer.
import DshColumns

/// A page of a column as the page index describes it.
struct ParquetWrittenPage {
  /// From the start of the part.
  var offset: Int
  var sizeBytes: Int
  var firstRow: Int
  var nullCount: Int
  var isNull: Bool
  var least: [UInt8]
  var greatest: [UInt8]
  /// Whether least and greatest are known.
  var hasBounds: Bool
}

/// A column of a row group.
struct ParquetWrittenChunk {
  var encodings: [ParquetEncoding] = []
  var valueCount = 0
  var uncompressedBytes = 0
  var compressedBytes = 0
  /// From the start of the part.
  var dataPageOffset = 0
  var dictionaryPageOffset: Int?
  var nullCount = 0
  var least: [UInt8] = []
  var greatest: [UInt8] = []
  var hasBounds = false
  var boundsAreExact = true
  var pages: [ParquetWrittenPage] = []
}

struct ParquetWrittenGroup {
  var rowCount = 0
  var chunks: [ParquetWrittenChunk] = []
  /// The number of a leaf by which the rows ascend.
  var ascendingLeaf: Int?
}

extension ByteWriter {
  mutating func write(_ group: ParquetWrittenGroup) {
    write(group.rowCount)
    write(group.ascendingLeaf) { $0.write($1) }
    write(group.chunks) { writer, chunk in
      writer.write(chunk.encodings) { $0.write($1.rawValue) }
      for number in [chunk.valueCount, chunk.uncompressedBytes, chunk.compressedBytes, chunk.dataPageOffset, chunk.nullCount] {
        writer.write(number)
      }
      writer.write(chunk.dictionaryPageOffset) { $0.write($1) }
      writer.write(chunk.least)
      writer.write(chunk.greatest)
      writer.write(chunk.hasBounds)
      writer.write(chunk.boundsAreExact)
      writer.write(chunk.pages) { writer, page in
        for number in [page.offset, page.sizeBytes, page.firstRow, page.nullCount] { writer.write(number) }
        writer.write(page.isNull)
        writer.write(page.hasBounds)
        writer.write(page.least)
        writer.write(page.greatest)
      }
    }
  }
}

extension ByteReader {
  mutating func readParquetGroup() throws -> ParquetWrittenGroup {
    var group = ParquetWrittenGroup()
    group.rowCount = try readInt()
    group.ascendingLeaf = try readOptional { try $0.readInt() }
    group.chunks = try readArray { reader in
      var chunk = ParquetWrittenChunk()
      chunk.encodings = try reader.readArray { ParquetEncoding(rawValue: try $0.readInt()) ?? .plain }
      chunk.valueCount = try reader.readInt()
      chunk.uncompressedBytes = try reader.readInt()
      chunk.compressedBytes = try reader.readInt()
      chunk.dataPageOffset = try reader.readInt()
      chunk.nullCount = try reader.readInt()
      chunk.dictionaryPageOffset = try reader.readOptional { try $0.readInt() }
      chunk.least = try reader.readBytes()
      chunk.greatest = try reader.readBytes()
      chunk.hasBounds = try reader.readBool()
      chunk.boundsAreExact = try reader.readBool()
      chunk.pages = try reader.readArray { reader in
        let (offset, sizeBytes, firstRow, nullCount) = (
          try reader.readInt(), try reader.readInt(), try reader.readInt(), try reader.readInt()
        )
        let (isNull, hasBounds) = (try reader.readBool(), try reader.readBool())
        return ParquetWrittenPage(
          offset: offset, sizeBytes: sizeBytes, firstRow: firstRow, nullCount: nullCount, isNull: isNull, least: try reader.readBytes(),
          greatest: try reader.readBytes(), hasBounds: hasBounds)
      }
      return chunk
    }
    return group
  }
}
