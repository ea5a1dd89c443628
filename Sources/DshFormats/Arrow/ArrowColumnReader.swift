// Rows of the columns of a record batch: every place and length is checked before it is believed.
import CDshKernels
import DshColumns
import DshDiagnostics

/// Reads rows of columns; one thread uses it.
struct ArrowColumnReader {
  let batch: ArrowBatch
  /// The values of a dictionary, by its number.
  let dictionary: (Int64) throws -> Column

  /// Some rows of a column whose parts begin at a position.
  func column(_ field: ArrowField, at position: ArrowPosition, rows: Range<Int>) throws -> Column {
    do { return try column(field.layout, at: position, rows) } catch let mistake as ArrowMistake {
      throw ArrowMistake(mistake.problem, column: mistake.column ?? field.name)
    }
  }

  private func column(_ layout: ArrowLayout, at position: ArrowPosition, _ rows: Range<Int>) throws -> Column {
    let node = try batch.node(position.node)
    guard node.rows >= Int64(rows.upperBound) else { throw ArrowMistake("a column has fewer rows than its batch") }
    let count = rows.count
    let type = layout.type
    if layout == .null { return Column(type: .null, count: count, validity: nil, storage: .none) }
    if count == 0 { return ColumnBuilder(type: type).finish() }
    let validity = node.nulls == 0 ? nil : try bits(position.buffer, rows)
    func made(_ storage: Column.Storage) -> Column { Column(type: type, count: count, validity: validity, storage: storage) }
    let values = position.buffer + 1
    switch layout {
    case .null: preconditionFailure("a column of nulls has no values")
    case .bool: return made(.bits(try bits(values, rows).buffer))
    case .fixed(.decimal(let precision, _)):
      let numbers = try fixed(values, rows, width: 16)
      try checkDigits(numbers, count, precision, validity)
      return made(.fixed(numbers))
    case .fixed: return made(.fixed(try fixed(values, rows, width: type.fixedWidthBytes ?? 8)))
    case .float16, .date64, .time32, .decimal: return made(.fixed(try converted(layout, values, rows, validity)))
    case .text(let offsetBytes, let isUTF8):
      let (offsets, used) = try offsets(values, rows, bytes: offsetBytes)
      let text = try batch.bytes(values + 1, used)
      if isUTF8 { try checkUTF8(text, offsets, count) }
      return made(.text(offsets: offsets, bytes: text))
    case .view(let isUTF8):
      return try views(values, rows, further: batch.viewBufferCount(position.view), isUTF8: isUTF8, validity)
    case .fixedBinary(let width):
      return made(.text(offsets: try steps(count, of: width), bytes: try fixed(values, rows, width: width)))
    case .list(let offsetBytes, let element):
      let (offsets, used) = try offsets(values, rows, bytes: offsetBytes)
      return made(.list(offsets: offsets, elements: try inner(element, layout, position, used)))
    case .map(let entries):
      let (offsets, used) = try offsets(values, rows, bytes: 4)
      return made(.list(offsets: offsets, elements: try inner(entries, layout, position, used).withoutNulls(as: type.entry)))
    case .fixedList(let size, let element):
      let offsets = try steps(count, of: size)
      return made(.list(offsets: offsets, elements: try inner(element, layout, position, rows.lowerBound * size..<rows.upperBound * size)))
    case .structure(let fields):
      var next = position
      try next.enter(layout, in: batch)
      var columns: [Column] = []
      for field in fields {
        columns.append(try column(field, at: next, rows: rows))
        try next.skip(field.layout, in: batch)
      }
      return made(.structure(columns))
    case .dictionary(let id, let codes, _):
      let buffer = try fixed(values, rows, width: codes.byteCount)
      defer { withExtendedLifetime(buffer) {} }
      return try coded(try dictionary(id), FixedValues(buffer, codes), count, validity)
    }
  }

  /// The column inside of another one.
  private func inner(_ field: ArrowField, _ layout: ArrowLayout, _ position: ArrowPosition, _ rows: Range<Int>) throws -> Column {
    guard rows.upperBound <= Int(Int32.max) else { throw ArrowMistake("a batch with too many elements of lists") }
    var next = position
    try next.enter(layout, in: batch)
    return try column(field, at: next, rows: rows)
  }

  // MARK: Buffers

  private func bits(_ buffer: Int, _ rows: Range<Int>) throws -> Bitmap {
    let first = rows.lowerBound / 8
    let bytes = try batch.bytes(buffer, first..<Bitmap.byteCount(for: rows.upperBound)).aligned(to: 8)
    return Bitmap(buffer: bytes, count: rows.upperBound - first * 8).slice(from: rows.lowerBound - first * 8, count: rows.count).whole
  }

  private func fixed(_ buffer: Int, _ rows: Range<Int>, width: Int) throws -> Buffer {
    try batch.bytes(buffer, rows.lowerBound * width..<rows.upperBound * width).aligned(to: min(16, max(1, width & -width)))
  }

  /// Offsets of 32 bits that begin at zero, and what they name.
  private func offsets(_ buffer: Int, _ rows: Range<Int>, bytes width: Int) throws -> (offsets: Buffer, used: Range<Int>) {
    let source = try fixed(buffer, rows.lowerBound..<rows.upperBound + 1, width: width)
    defer { withExtendedLifetime(source) {} }
    let offsets = FixedValues(source, width == 4 ? .int32 : .int64)
    let (first, last) = (offsets[0], offsets[rows.count])
    guard first >= 0, last >= first, last - first <= Int64(Int32.max) / 2 else { throw ArrowMistake("its offsets do not ascend") }
    let result = MutableBuffer(capacity: (rows.count + 1) * 4)
    let output = result.pointer(to: Int32.self)
    var before = first
    var ascends = true
    for row in 0...rows.count {
      let offset = offsets[row]
      ascends = ascends && offset >= before
      before = offset
      output[row] = Int32(truncatingIfNeeded: offset &- first)
    }
    guard ascends else { throw ArrowMistake("its offsets do not ascend") }
    result.byteCount = (rows.count + 1) * 4
    return (result.freeze(), Int(first)..<Int(last))
  }

  /// Offsets that are all as far apart.
  private func steps(_ count: Int, of width: Int) throws -> Buffer {
    guard width <= Int(Int32.max) / 2 / max(1, count) else { throw ArrowMistake("a batch with too many values") }
    let result = MutableBuffer(capacity: (count + 1) * 4)
    for row in 0...count { result.append(Int32(truncatingIfNeeded: row * width)) }
    return result.freeze()
  }

  private func checkUTF8(_ text: Buffer, _ offsets: Buffer, _ count: Int) throws {
    let bytes = text.pointer(to: UInt8.self)
    let ends = offsets.pointer(to: Int32.self)
    // No text begins in the middle of a character.
    let isCut = (0..<count).contains { Int(ends[$0]) < text.byteCount && bytes[Int(ends[$0])] & 0xC0 == 0x80 }
    guard !isCut, dsh_utf8_first_invalid(bytes, Int64(text.byteCount)) < 0 else { throw ArrowMistake("its text is not UTF-8") }
  }

  // MARK: Values that lie otherwise than in columns

  private func converted(_ layout: ArrowLayout, _ buffer: Int, _ rows: Range<Int>, _ validity: Bitmap?) throws -> Buffer {
    let result = MutableBuffer(capacity: rows.count * 16)
    let source = try fixed(buffer, rows, width: layout.convertedBytes)
    defer { withExtendedLifetime(source) {} }
    switch layout {
    case .float16:
      let halves = source.pointer(to: UInt16.self)
      for row in 0..<rows.count { result.append(Float(Float16(bitPattern: halves[row]))) }
    case .date64:
      let milliseconds = source.pointer(to: Int64.self)
      for row in 0..<rows.count {
        let (days, rest) = milliseconds[row].quotientAndRemainder(dividingBy: 86_400_000)
        let isValid = validity?[row] ?? true
        guard !isValid || (rest == 0 && Int32(exactly: days) != nil) else {
          throw ArrowMistake("a date that is none: \(milliseconds[row])")
        }
        result.append(isValid ? Int32(truncatingIfNeeded: days) : 0)
      }
    case .time32:
      let times = source.pointer(to: Int32.self)
      for row in 0..<rows.count { result.append(Int64(times[row])) }
    case .decimal(let width, let precision, _):
      let bound = DecimalNumber.power(precision).magnitude
      for row in 0..<rows.count {
        let number = wide(source, row, width)
        guard !(validity?[row] ?? true) || number.map({ $0.magnitude < bound }) ?? false else {
          throw ArrowMistake("a decimal has more than \(precision) digits")
        }
        result.append(number ?? 0)
      }
    default: preconditionFailure("values that lie as in columns")
    }
    return result.freeze()
  }

  /// Throws if a decimal is larger than its column's type; what stands where rows are null means nothing.
  private func checkDigits(_ buffer: Buffer, _ count: Int, _ precision: Int, _ validity: Bitmap?) throws {
    let numbers = buffer.pointer(to: Int128.self)
    if DecimalNumber.fit(numbers, count: count, precision: precision) { return }
    for row in 0..<count where validity?[row] ?? true {
      guard DecimalNumber.fit(numbers + row, count: 1, precision: precision) else {
        throw ArrowMistake("a decimal has more than \(precision) digits")
      }
    }
  }

  /// A whole number of 4, 8 or 32 bytes; nil beyond 128 bits.
  private func wide(_ source: Buffer, _ row: Int, _ width: Int) -> Int128? {
    if width < 32 { return Int128(FixedValues(source, width == 4 ? .int32 : .int64)[row]) }
    let words = source.pointer(to: UInt64.self) + row * 4
    let number = Int128(bitPattern: UInt128(words[1]) << 64 | UInt128(words[0]))
    let sign: UInt64 = number < 0 ? .max : 0
    return words[2] == sign && words[3] == sign ? number : nil
  }

  private func views(_ buffer: Int, _ rows: Range<Int>, further: Int, isUTF8: Bool, _ validity: Bitmap?) throws -> Column {
    let views = try fixed(buffer, rows, width: 16)
    defer { withExtendedLifetime(views) {} }
    let builder = ColumnBuilder(type: isUTF8 ? .string : .binary, rows: rows.count)
    for row in 0..<rows.count {
      guard validity?[row] ?? true else {
        builder.appendNull()
        continue
      }
      let view = views.address + row * 16
      let length = Int(view.load(as: Int32.self))
      guard length >= 0 else { throw ArrowMistake("a text of \(length) bytes") }
      if length <= 12 {
        builder.append(text: view + 4, byteCount: length)
        continue
      }
      let (number, start) = (Int(view.load(fromByteOffset: 8, as: Int32.self)), Int(view.load(fromByteOffset: 12, as: Int32.self)))
      guard 0..<further ~= number, start >= 0 else { throw ArrowMistake("a text outside of its buffers") }
      let bytes = try batch.bytes(buffer + 1 + number)
      guard start <= bytes.byteCount - length, builder.bytes.byteCount + length <= Int(Int32.max) / 2 else {
        throw ArrowMistake("a text outside of its buffers")
      }
      builder.append(text: bytes.address + start, byteCount: length)
    }
    let column = builder.finish()
    if isUTF8, case .text(let offsets, let text) = column.storage { try checkUTF8(text, offsets, rows.count) }
    return column
  }

  /// The values that codes name: as codes still where a column can have them.
  private func coded(_ dictionary: Column, _ codes: FixedValues, _ count: Int, _ validity: Bitmap?) throws -> Column {
    let entryCount = dictionary.count
    for row in 0..<count where validity?[row] ?? true {
      guard 0..<Int64(entryCount) ~= codes[row] else { throw ArrowMistake("a code that no value has: \(codes[row])") }
    }
    func code(_ row: Int) -> Int64 { validity?[row] ?? true ? codes[row] : -1 }
    guard case .text(let offsets, let bytes) = dictionary.storage, dictionary.type == .string, dictionary.nullCount == 0,
      1...Column.dictionaryLimit ~= entryCount
    else {
      return dictionary.gather(RowIndexes((0..<count).lazy.map { Int32(truncatingIfNeeded: code($0)) }))
    }
    let width = Column.codeWidth(entryCount: entryCount)
    let result = MutableBuffer(capacity: count * width)
    for row in 0..<count {
      let code = max(0, code(row))
      if width == 1 { result.append(UInt8(truncatingIfNeeded: code)) } else { result.append(UInt16(truncatingIfNeeded: code)) }
    }
    return Column(
      type: .string, count: count, validity: validity,
      storage: .dictionary(codes: result.freeze(), entryCount: entryCount, offsets: offsets, bytes: bytes))
  }
}

extension ArrowLayout {
  /// The bytes of a value that lies otherwise than in columns.
  fileprivate var convertedBytes: Int {
    switch self {
    case .float16: 2
    case .time32: 4
    case .decimal(let width, _, _): width
    default: 8
    }
  }
}

extension Buffer {
  /// The bytes at a multiple of some bytes: what was compressed, or is mapped, begins where a file likes.
  fileprivate func aligned(to byteCount: Int) -> Buffer {
    if Int(bitPattern: address) % byteCount == 0 { return self }
    let copy = MutableBuffer(capacity: self.byteCount)
    copy.append(self)
    return copy.freeze()
  }
}

extension Column {
  /// The entries of a map under the names that they have here; none of them is null.
  fileprivate func withoutNulls(as type: DataType?) -> Column {
    Column(type: type ?? self.type, count: count, validity: nil, storage: storage)
  }
}

extension Bitmap {
  /// The bits in whole words.
  fileprivate var whole: Bitmap { buffer.byteCount % 8 == 0 ? self : .make(count: count) { word($0) } }
}
