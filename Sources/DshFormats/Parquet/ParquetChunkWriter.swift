// Writes one column of a row group: its dictionary, if one pays, and its pages.
import CCodecs
import DshColumns

/// Writes the values of a leaf behind what is in a buffer.
struct ParquetChunkWriter {
  private let leaf: ParquetLeafValues
  private let hasChecksums: Bool
  private let output: MutableBuffer
  /// Where the part begins in the buffer.
  private let partStart: Int
  private let compression: ParquetCompression

  /// A page has at most so many entries, unless a row has more.
  private static let pageEntries = 20_000

  init(_ leaf: ParquetLeafValues, _ writing: ParquetWriting, to output: MutableBuffer, partStart: Int) {
    self.leaf = leaf
    hasChecksums = writing.hasChecksums
    self.output = output
    self.partStart = partStart
    compression = ParquetCompression(writing.codec)
  }

  /// How the values are written.
  private enum Form {
    case plain
    case delta
    case codes(ParquetCodes)
  }

  func write() -> ParquetWrittenChunk {
    var chunk = ParquetWrittenChunk()
    let start = output.byteCount
    let form = chooseForm()
    if case .codes(let codes) = form {
      chunk.dictionaryPageOffset = output.byteCount - partStart
      let page = MutableBuffer(capacity: codes.plainBytes)
      for index in codes.firsts { appendPlain(index..<index + 1, to: page) }
      chunk.uncompressedBytes += appendPage(page, kind: .dictionary, values: codes.firsts.count, encoding: .plain)
    }
    chunk.dataPageOffset = output.byteCount - partStart
    writePages(form, &chunk)
    chunk.valueCount = leaf.entryCount
    chunk.nullCount = leaf.entryCount - leaf.valueCount
    chunk.compressedBytes = output.byteCount - start
    switch form {
    case .plain: chunk.encodings = [.plain, .runLength]
    case .delta: chunk.encodings = [.deltaBinaryPacked, .runLength]
    case .codes: chunk.encodings = [.plain, .runLength, .runLengthDictionary]
    }
    if let bounds = ParquetBounds(leaf, 0..<leaf.valueCount) {
      (chunk.least, chunk.greatest, chunk.boundsAreExact, chunk.hasBounds) = (bounds.least, bounds.greatest, bounds.isExact, true)
    }
    return chunk
  }

  /// Whichever is the smallest before compression.
  private func chooseForm() -> Form {
    var (form, size) = (Form.plain, leaf.plainBytes)
    if let codes = ParquetCodes(leaf) {
      let bytes = codes.plainBytes + codes.codes.count * codes.width / 8
      if bytes < size { (form, size) = (.codes(codes), bytes) }
    }
    if let bytes = deltaBytes(0..<leaf.valueCount)?.byteCount, bytes < size { form = .delta }
    return form
  }

  /// The values as packed differences, if they are whole numbers.
  private func deltaBytes(_ range: Range<Int>) -> MutableBuffer? {
    let type = leaf.leaf.type.parquetPhysicalType
    guard leaf.leaf.type != .null, type == .int32 || type == .int64 else { return nil }
    let numbers = MutableBuffer(capacity: range.count * 8)
    let number = numbers.pointer(to: Int64.self)
    if type == .int32 {
      let values = leaf.values.pointer(to: Int32.self)
      for (place, index) in range.enumerated() { number[place] = Int64(values[index]) }
    } else {
      number.update(from: leaf.values.pointer(to: Int64.self) + range.lowerBound, count: range.count)
    }
    let bytes = MutableBuffer(capacity: range.count * 2)
    ParquetDelta.append(UnsafeBufferPointer(start: number, count: range.count), to: bytes)
    return bytes
  }

  private func writePages(_ form: Form, _ chunk: inout ParquetWrittenChunk) {
    var (entry, value, row) = (0, 0, 0)
    let present = UInt8(leaf.leaf.maximumDefinition)
    let isRepeated = leaf.leaf.maximumRepetition > 0
    repeat {
      let (firstEntry, firstValue, firstRow) = (entry, value, row)
      while entry < leaf.entryCount {
        let beginsRow = !isRepeated || leaf.repetition[entry] == 0
        if beginsRow, entry - firstEntry >= Self.pageEntries { break }
        if beginsRow { row += 1 }
        if leaf.definition[entry] == present { value += 1 }
        entry += 1
      }
      let page = MutableBuffer(capacity: 0)
      if isRepeated { appendLevels(leaf.repetition[firstEntry..<entry], maximum: leaf.leaf.maximumRepetition, to: page) }
      appendLevels(leaf.definition[firstEntry..<entry], maximum: leaf.leaf.maximumDefinition, to: page)
      let encoding = appendValues(form, firstValue..<value, to: page)
      let offset = output.byteCount - partStart
      chunk.uncompressedBytes += appendPage(page, kind: .data, values: entry - firstEntry, encoding: encoding)
      let bounds = ParquetBounds(leaf, firstValue..<value)
      chunk.pages.append(
        ParquetWrittenPage(
          offset: offset, sizeBytes: output.byteCount - partStart - offset, firstRow: firstRow,
          nullCount: entry - firstEntry - (value - firstValue), isNull: value == firstValue, least: bounds?.least ?? [],
          greatest: bounds?.greatest ?? [], hasBounds: bounds != nil))
    } while entry < leaf.entryCount
  }

  /// Levels as runs, behind the bytes that they take.
  private func appendLevels(_ levels: ArraySlice<UInt8>, maximum: Int, to page: MutableBuffer) {
    let start = page.byteCount
    page.append(UInt32(0))
    levels.map { UInt32($0) }.withUnsafeBufferPointer {
      ParquetRunLength.append($0, width: Int(ParquetPages.width(of: maximum)), to: page)
    }
    (page.start + start).storeBytes(of: UInt32(page.byteCount - start - 4).littleEndian, as: UInt32.self)
  }

  private func appendValues(_ form: Form, _ range: Range<Int>, to page: MutableBuffer) -> ParquetEncoding {
    switch form {
    case .plain:
      appendPlain(range, to: page)
      return .plain
    case .delta:
      if let bytes = deltaBytes(range) { page.append(bytes.freeze()) }
      return .deltaBinaryPacked
    case .codes(let codes):
      page.append(UInt8(codes.width))
      codes.codes[range].withUnsafeBufferPointer { ParquetRunLength.append($0, width: codes.width, to: page) }
      return .runLengthDictionary
    }
  }

  private func appendPlain(_ range: Range<Int>, to page: MutableBuffer) {
    if leaf.isText {
      for index in range {
        let text = leaf.text(index)
        page.append(UInt32(text.count))
        if let base = text.baseAddress { page.append(base, byteCount: text.count) }
      }
    } else if leaf.leaf.type == .bool {
      let start = page.byteCount
      page.appendZeros((range.count + 7) / 8)
      Bitmap.pack(
        leaf.values.pointer(to: UInt8.self) + range.lowerBound, count: range.count, into: page.pointer(to: UInt8.self) + start, at: 0)
    } else {
      page.append(leaf.values.start + range.lowerBound * leaf.widthBytes, byteCount: range.count * leaf.widthBytes)
    }
  }

  /// Compresses a page and writes it behind its header; gives the bytes of both before compression.
  private func appendPage(_ page: MutableBuffer, kind: ParquetPageHeader.Kind, values: Int, encoding: ParquetEncoding) -> Int {
    let compressed = compression.compress(UnsafeRawBufferPointer(start: page.start, count: page.byteCount))
    let checksum = crc32_z(0, compressed.start.assumingMemoryBound(to: UInt8.self), compressed.byteCount)
    let header = ThriftWriter.bytes { writer in
      writer.field(1, int32: kind.rawValue)
      writer.field(2, int32: page.byteCount)
      writer.field(3, int32: compressed.byteCount)
      if hasChecksums { writer.field(4, int32: Int(Int32(truncatingIfNeeded: checksum))) }
      if kind == .dictionary {
        writer.field(7) { writer in
          writer.field(1, int32: values)
          writer.field(2, int32: encoding.rawValue)
        }
      } else {
        writer.field(5) { writer in
          writer.field(1, int32: values)
          writer.field(2, int32: encoding.rawValue)
          writer.field(3, int32: ParquetEncoding.runLength.rawValue)
          writer.field(4, int32: ParquetEncoding.runLength.rawValue)
        }
      }
    }
    header.withUnsafeBytes { CellText.append(bytes: $0, to: output) }
    output.append(compressed.start, byteCount: compressed.byteCount)
    return header.count + page.byteCount
  }
}
