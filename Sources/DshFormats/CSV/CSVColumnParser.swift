// Parses the cells of one column into a growing column.
import CDshKernels
import DshColumns

/// Parses with the kernels and takes over where they stop.
struct CSVColumnParser {
  let scratch = CSVScratch()
  private let nullTexts: CSVNullTexts
  private let template: dsh_csv_cells

  init(_ dialect: CSVDialect) {
    nullTexts = CSVNullTexts(dialect.nullTexts, encoding: dialect.encoding)
    var cells = dsh_csv_cells()
    cells.quote = dialect.quote ?? 0
    cells.escape = dialect.escape ?? 0
    cells.is_latin1 = dialect.encoding.rawValue
    cells.skips_blanks = dialect.skipsBlanks ? 1 : 0
    cells.decimal = dialect.decimal == UInt8(ascii: ".") ? 0 : dialect.decimal
    cells.thousands = dialect.thousands ?? 0
    cells.null_lengths = nullTexts.lengths
    cells.null_first_bytes = (nullTexts.firstBytes[0], nullTexts.firstBytes[1], nullTexts.firstBytes[2], nullTexts.firstBytes[3])
    cells.null_texts = UnsafePointer(nullTexts.texts)
    cells.null_text_count = Int64(nullTexts.count)
    template = cells
  }

  /// The cells of a column of some records of a window; `rows` count from `firstRecord`.
  func cells(_ window: CSVWindow, column: Int, firstRecord: Int, rows: RowIndexes?, isLenient: Bool) -> dsh_csv_cells {
    var cells = template
    cells.bytes = UnsafePointer(window.bytes)
    cells.entries = window.recordEntries
    cells.stride = Int64(window.stride)
    cells.column = Int64(window.place(of: column))
    cells.first_record = Int64(firstRecord)
    cells.records = rows?.pointer
    cells.strips_return = window.stripsReturn && column == window.columns - 1 ? 1 : 0
    cells.is_lenient = isLenient ? 1 : 0
    return cells
  }

  /// The cells of a column of some text that has two entries a cell, the one before it and its end, from `place` on in each record.
  func cells(_ bytes: UnsafePointer<UInt8>, _ entries: UnsafePointer<UInt32>, stride: Int, place: Int, isLenient: Bool) -> dsh_csv_cells {
    var cells = template
    cells.bytes = bytes
    cells.entries = entries
    cells.stride = Int64(stride)
    cells.column = Int64(place)
    cells.is_lenient = isLenient ? 1 : 0
    return cells
  }

  /// Appends `count` cells to a builder; stops and returns the index of the first that does not fit its type.
  func parse(_ cells: inout dsh_csv_cells, count: Int, into builder: ColumnBuilder) -> Int? {
    scratch.reserve(count)
    var nulls: Int64 = 0
    switch builder.type {
    case .int64:
      let values = room(builder, count, Int64.self)
      let stop = Int(dsh_csv_parse_int64(&cells, 0, Int64(count), values, scratch.valid, &nulls))
      if stop < count { return stop }
      builder.values.byteCount += count * 8
    case .float64:
      let values = room(builder, count, Double.self)
      if let stop = parseFloats(&cells, count, values, &nulls) { return stop }
      builder.values.byteCount += count * 8
    case .date:
      let values = room(builder, count, Int32.self)
      let stop = Int(dsh_csv_parse_date(&cells, 0, Int64(count), values, scratch.valid, &nulls))
      if stop < count { return stop }
      builder.values.byteCount += count * 4
    case .timestamp:
      let values = room(builder, count, Int64.self)
      let stop = Int(dsh_csv_parse_timestamp(&cells, 0, Int64(count), values, scratch.valid, &nulls))
      if stop < count { return stop }
      builder.values.byteCount += count * 8
    case .bool:
      let stop = Int(dsh_csv_parse_bool(&cells, 0, Int64(count), scratch.values(), scratch.valid, &nulls))
      if stop < count { return stop }
      builder.append(bools: scratch.values(), rows: count, valid: nulls > 0 ? scratch.valid : nil)
      return nil
    case let type where type.isParsed: return parseOthers(&cells, count, builder)
    default: parseTexts(&cells, count, builder, &nulls)
    }
    builder.noteAppended(rows: count, valid: nulls > 0 ? UnsafePointer(scratch.valid) : nil)
    return nil
  }

  private func room<T>(_ builder: ColumnBuilder, _ count: Int, _: T.Type) -> UnsafeMutablePointer<T> {
    builder.values.reserve(count * MemoryLayout<T>.size)
    return (builder.values.start + builder.values.byteCount).assumingMemoryBound(to: T.self)
  }

  private func parseFloats(
    _ cells: inout dsh_csv_cells, _ count: Int, _ values: UnsafeMutablePointer<Double>, _ nulls: inout Int64
  ) -> Int? {
    var index = 0
    while true {
      index = Int(dsh_csv_parse_float64(&cells, Int64(index), Int64(count), values, scratch.valid, &nulls))
      if index >= count { return nil }
      guard let value = CSVTypeInference.exactFloat(&cells, index) else { return index }
      values[index] = value
      index += 1
    }
  }

  /// Types that no kernel reads, cell by cell; the number of the first that is no value.
  private func parseOthers(_ cells: inout dsh_csv_cells, _ count: Int, _ builder: ColumnBuilder) -> Int? {
    let blank = UInt8(ascii: " ")
    for index in 0..<count {
      var start: UnsafePointer<UInt8>?
      var length: Int64 = 0
      if dsh_csv_cell(&cells, Int64(index), &start, &length) != 0 {
        builder.appendNull()
        continue
      }
      var text = UnsafeBufferPointer(start: start, count: Int(length))[...]
      if cells.quote != 0, text.count >= 2, text.first == cells.quote, text.last == cells.quote { text = text.dropFirst().dropLast() }
      text = text.drop { $0 == blank }
      while text.last == blank { text.removeLast() }
      // Nothing between quotes is no value of such a type.
      if text.isEmpty {
        builder.appendNull()
      } else if !builder.append(parsing: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text))) {
        return index
      }
    }
    return nil
  }

  private func parseTexts(_ cells: inout dsh_csv_cells, _ count: Int, _ builder: ColumnBuilder, _ nulls: inout Int64) {
    builder.offsets.reserve(count * 4)
    let ends = (builder.offsets.start + builder.offsets.byteCount).assumingMemoryBound(to: Int32.self)
    var index = 0
    while true {
      var byteCount = Int64(builder.bytes.byteCount)
      index = Int(
        dsh_csv_parse_text(
          &cells, Int64(index), Int64(count), ends, builder.bytes.pointer(), &byteCount, Int64(builder.bytes.capacity),
          scratch.valid, &nulls))
      builder.bytes.byteCount = Int(byteCount)
      if index >= count { break }
      builder.bytes.reserve(max(Int(dsh_csv_text_bound(&cells, Int64(index))), builder.bytes.capacity))
    }
    builder.offsets.byteCount += count * 4
  }
}

/// The null texts as the kernels take them: bytes of the file's encoding at stable addresses.
final class CSVNullTexts {
  let texts: UnsafeMutablePointer<dsh_csv_null_text>
  let count: Int
  /// Bit n: there is a text of n bytes; bit 63: one of 63 or more.
  let lengths: UInt64
  /// Bit b of the 256: there is a text that starts with byte b.
  let firstBytes: [UInt64]
  private let bytes: MutableBuffer

  init(_ strings: [String], encoding: TextEncoding) {
    // A text that the encoding has no characters for stands nowhere in the file.
    let encoded = strings.compactMap(encoding.bytes).filter { !$0.isEmpty }
    let total = encoded.reduce(0) { $0 + $1.count }
    let bytes = MutableBuffer(capacity: total)
    self.bytes = bytes
    texts = .allocate(capacity: max(1, encoded.count))
    count = encoded.count
    var lengths: UInt64 = 0
    var firstBytes: [UInt64] = [0, 0, 0, 0]
    for (index, text) in encoded.enumerated() {
      let place = bytes.start + bytes.byteCount
      text.withUnsafeBytes { CellText.append(bytes: $0, to: bytes) }
      texts[index] = dsh_csv_null_text(bytes: UnsafePointer(place.assumingMemoryBound(to: UInt8.self)), length: Int64(text.count))
      lengths |= 1 << UInt64(min(63, text.count))
      firstBytes[Int(text[0] >> 6)] |= 1 << UInt64(text[0] & 63)
    }
    self.firstBytes = firstBytes
    self.lengths = lengths
  }

  deinit { texts.deallocate() }
}
