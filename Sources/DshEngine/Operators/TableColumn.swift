// A column of the partners of a join, of which each of several tables has a part.

import DshColumns

/// The parts of a column, made ready once for all rows that are fetched from them.
struct TableColumn {
  let type: DataType
  private let parts: [Column]
  private let dictionary: UnitedDictionary?

  init(_ parts: [Column], type: DataType) {
    self.type = type
    self.parts = parts
    dictionary = parts.count > 1 ? UnitedDictionary(parts) : nil
  }

  /// The values of rows; those with a negative number are null.
  func gather(_ chosen: TableRows) -> Column {
    let (rows, count) = (chosen.rows.pointer, chosen.rows.count)
    switch parts.count {
    case 0: return .repeating(.null, type: type, count: count)
    case 1: return parts[0].gather(chosen.rows)
    default: break
    }
    if let values = dictionary?.gather(chosen) ?? gatherFixed(chosen) { return values }
    // Part by part, then in order.
    let table = chosen.tables.pointer(to: UInt32.self)
    var lists: [[Int32]] = Array(repeating: [], count: parts.count)
    var places: [Int32] = []
    places.reserveCapacity(count)
    var starts = [Int32](repeating: 0, count: parts.count)
    for index in 0..<count where rows[index] >= 0 { lists[Int(table[index])].append(rows[index]) }
    for part in 1..<parts.count { starts[part] = starts[part - 1] + Int32(truncatingIfNeeded: lists[part - 1].count) }
    for index in 0..<count {
      if rows[index] < 0 {
        places.append(-1)
      } else {
        places.append(starts[Int(table[index])])
        starts[Int(table[index])] += 1
      }
    }
    let gathered = zip(parts, lists).map { $0.gather(RowIndexes($1)) }
    return Column.concatenation(gathered, type: type).gather(RowIndexes(places))
  }

  /// Values of fixed width are fetched from where they lie.
  private func gatherFixed(_ chosen: TableRows) -> Column? {
    guard let width = type.fixedWidthBytes, parts.allSatisfy({ $0.validity == nil }) else { return nil }
    let output = MutableBuffer(capacity: chosen.rows.count * width)
    let isWhole =
      switch width {
      case 1: fetch(chosen, Int8.self, output)
      case 2: fetch(chosen, Int16.self, output)
      case 4: fetch(chosen, Int32.self, output)
      case 16: fetch(chosen, Int128.self, output)
      default: fetch(chosen, Int64.self, output)
      }
    output.byteCount = chosen.rows.count * width
    return Column(type: type, count: chosen.rows.count, validity: isWhole ? nil : chosen.present, storage: .fixed(output.freeze()))
  }

  /// Whether each row is one of a table.
  private func fetch<T: FixedWidthInteger & BitwiseCopyable>(_ chosen: TableRows, _: T.Type, _ output: MutableBuffer) -> Bool {
    let values = parts.compactMap { $0.fixed(T.self) }
    guard values.count == parts.count else { return true }
    let (row, table, result) = (chosen.rows.pointer, chosen.tables.pointer(to: UInt32.self), output.pointer(to: T.self))
    var isWhole = true
    for index in 0..<chosen.rows.count {
      if row[index] >= 0 {
        result[index] = values[Int(table[index])][Int(row[index])]
      } else {
        result[index] = 0
        isWhole = false
      }
    }
    return isWhole
  }

  /// The bytes of the texts that would be gathered, or a bound of them.
  func textBytes(_ chosen: TableRows) -> Int {
    guard parts.contains(where: { $0.hasText }) else { return 0 }
    if parts.count == 1 { return parts[0].textBytes(of: chosen.rows) }
    if let dictionary { return chosen.rows.count &* dictionary.longestBytes }
    let table = chosen.tables.pointer(to: UInt32.self)
    return (0..<chosen.rows.count).reduce(0) { sum, index in
      let row = Int(chosen.rows.pointer[index])
      return row < 0 ? sum : sum &+ parts[Int(table[index])].textBytes(in: row..<row &+ 1)
    }
  }
}

extension TableRows {
  /// The rows that are rows of a table.
  fileprivate var present: Bitmap {
    let (rows, count) = (rows.pointer, rows.count)
    return Bitmap.make(count: count) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, count - word * 64) where rows[word * 64 + bit] >= 0 { bits |= 1 &<< UInt64(bit) }
      return bits
    }
  }
}

/// One dictionary in place of those of several columns without nulls.
private struct UnitedDictionary {
  private let codes: [DictionaryCodes]
  /// The new codes of all entries, column by column, and where those of each column begin.
  private let translations: [UInt16]
  private let starts: [Int]
  private let entryCount: Int
  private let offsets: Buffer
  private let bytes: Buffer
  let longestBytes: Int
  /// Whose memory `codes` points to.
  private let columns: [Column]

  /// Nil if a column has no dictionary, or all entries together would be too many.
  init?(_ columns: [Column]) {
    var sum = 0
    for column in columns {
      guard case .dictionary(_, let entryCount, _, _) = column.storage, column.validity == nil else { return nil }
      sum += entryCount
    }
    guard sum <= Column.dictionaryLimit else { return nil }
    let builder = ColumnBuilder(type: .string)
    var known: [[UInt8]: UInt16] = [:]
    var codes: [DictionaryCodes] = []
    var translations: [UInt16] = []
    var starts: [Int] = []
    var longestBytes = 0
    for column in columns {
      guard case .dictionary(let own, let entryCount, let offsets, let bytes) = column.storage else { return nil }
      let entries = Column(type: .string, count: entryCount, validity: nil, storage: .text(offsets: offsets, bytes: bytes))
      codes.append(DictionaryCodes(own, entryCount: entryCount))
      starts.append(translations.count)
      for entry in 0..<entryCount {
        let text = entries.textBytes(at: entry)
        longestBytes = max(longestBytes, text.count)
        let code = known[Array(text)] ?? UInt16(known.count)
        if known.updateValue(code, forKey: Array(text)) == nil { builder.append(.string(String(decoding: text, as: UTF8.self))) }
        translations.append(code)
      }
    }
    guard case .text(let offsets, let bytes) = builder.finish().storage, !known.isEmpty else { return nil }
    (self.codes, self.translations, self.starts, entryCount) = (codes, translations, starts, known.count)
    (self.offsets, self.bytes, self.longestBytes, self.columns) = (offsets, bytes, longestBytes, columns)
  }

  func gather(_ chosen: TableRows) -> Column {
    let width = Column.codeWidth(entryCount: entryCount)
    let output = MutableBuffer(capacity: chosen.rows.count * width)
    let isWhole = width == 1 ? fetch(chosen, UInt8.self, output) : fetch(chosen, UInt16.self, output)
    output.byteCount = chosen.rows.count * width
    return Column(
      type: .string, count: chosen.rows.count, validity: isWhole ? nil : chosen.present,
      storage: .dictionary(codes: output.freeze(), entryCount: entryCount, offsets: offsets, bytes: bytes))
  }

  /// Whether each row is one of a table.
  private func fetch<Code: FixedWidthInteger & BitwiseCopyable>(_ chosen: TableRows, _: Code.Type, _ output: MutableBuffer) -> Bool {
    let (row, table, result) = (chosen.rows.pointer, chosen.tables.pointer(to: UInt32.self), output.pointer(to: Code.self))
    var isWhole = true
    // Rows are rows of their tables, whose codes name entries, each of which has a translation.
    codes.withUnsafeBufferPointer { codes in
      starts.withUnsafeBufferPointer { starts in
        translations.withUnsafeBufferPointer { translations in
          for index in 0..<chosen.rows.count {
            if row[index] >= 0 {
              let part = Int(table[index])
              result[index] = Code(truncatingIfNeeded: translations[starts[part] &+ codes[part][Int(row[index])]])
            } else {
              result[index] = 0
              isWhole = false
            }
          }
        }
      }
    }
    return isWhole
  }
}

extension Column {
  /// Whether it holds texts, or lists or structures that may.
  var hasText: Bool {
    switch storage {
    case .text, .dictionary, .list, .structure: true
    case .none, .bits, .fixed: false
    }
  }

  /// The bytes of what these rows have in texts and lists, laid out plainly, or a bound of them.
  func textBytes(of rows: RowIndexes) -> Int {
    guard hasText else { return 0 }
    if case .dictionary(_, let entryCount, let offsets, _) = storage {
      let ends = offsets.pointer(to: Int32.self)
      return rows.count &* (0..<entryCount).reduce(0) { max($0, Int(ends[$1 &+ 1] &- ends[$1])) }
    }
    var sum = 0
    for index in 0..<rows.count where rows.pointer[index] >= 0 {
      sum &+= textBytes(in: Int(rows.pointer[index])..<Int(rows.pointer[index]) &+ 1)
    }
    return sum
  }

  func textBytes(in range: Range<Int>) -> Int {
    switch storage {
    case .text(let offsets, _):
      let ends = offsets.pointer(to: Int32.self)
      return Int(ends[range.upperBound] &- ends[range.lowerBound])
    case .dictionary: return range.reduce(0) { $0 &+ textBytes(at: $1).count }
    case .list(let offsets, let elements):
      let ends = offsets.pointer(to: Int32.self)
      let inside = Int(ends[range.lowerBound])..<Int(ends[range.upperBound])
      // Places of elements have 32 bits as well.
      return max(inside.count, elements.textBytes(in: inside))
    case .structure(let members): return members.map { $0.textBytes(in: range) }.max() ?? 0
    case .none, .bits, .fixed: return 0
    }
  }
}
