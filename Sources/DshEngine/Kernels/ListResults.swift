// Reading and building list columns.

import DshColumns
import DshDiagnostics

/// Lists of an operand as ranges of its elements; the operand must outlive it.
struct ListArgument {
  let offsets: UnsafePointer<Int32>
  let elements: Column
  let step: Int

  init(_ operand: Operand) {
    guard case .list(let offsets, let elements) = operand.column.storage else { preconditionFailure("a list: \(operand.type)") }
    self.offsets = offsets.pointer()
    self.elements = elements
    step = operand.isConstant ? 0 : 1
  }

  /// The most elements that the lists of a batch may have together: more than anyone means, few enough for the memory of a small machine.
  static let elementLimit = 1 << 26

  /// The indexes of the row's elements.
  @inline(__always) subscript(row: Int) -> Range<Int> { Int(offsets[row &* step])..<Int(offsets[row &* step &+ 1]) }
}

extension Call {
  /// A list per row, picked from columns laid end to end: the step appends the places of the row's elements.
  ///
  /// A row with more elements than a batch may have is noted and gets none.
  func lists(_ sources: [Column], _ step: (Int, MutableBuffer) -> Void) -> Column {
    guard case .list(let elementType) = type else { return allNull() }
    let offsets = MutableBuffer(capacity: (rowCount + 1) * 4)
    let places = MutableBuffer(capacity: rowCount * 4)
    offsets.append(Int32(0))
    for row in 0..<rowCount {
      let before = places.byteCount
      if isValid(row) { step(row, places) }
      if places.byteCount / 4 > ListArgument.elementLimit {
        places.byteCount = before
        fail(row, .listTooLong)
      }
      offsets.append(Int32(truncatingIfNeeded: places.byteCount / 4))
    }
    let elements = Column.concatenation(sources, type: elementType)
    let picked = RowIndexes(buffer: places.freeze(), count: places.byteCount / 4)
    return lists(of: elements, offsets: offsets.freeze(), picked)
  }

  /// A list per row of elements that are picked from a column; the offsets say how many each row has.
  func lists(of elements: Column, offsets: Buffer, _ picked: RowIndexes) -> Column {
    if let beyond = elements.firstPickBeyondLimit(picked) {
      let ends = offsets.pointer(to: Int32.self)
      let row = (0..<rowCount).first { Int(ends[$0 + 1]) > beyond } ?? 0
      fail(row, .batchTextTooLong)
      let empty = MutableBuffer(capacity: (rowCount + 1) * 4)
      empty.appendZeros((rowCount + 1) * 4)
      return Column(
        type: type, count: rowCount, validity: nil, storage: .list(offsets: empty.freeze(), elements: elements.gather(picked.prefix(0))))
    }
    return Column(type: type, count: rowCount, validity: nil, storage: .list(offsets: offsets, elements: elements.gather(picked)))
  }

  /// One element per row, or null where the step gives nil.
  func elements(of column: Column, _ step: (Int) -> Int?) -> Column {
    let places = MutableBuffer(capacity: rowCount * 4)
    for row in 0..<rowCount { places.append(Int32(truncatingIfNeeded: isValid(row) ? step(row) ?? -1 : -1)) }
    let picked = RowIndexes(buffer: places.freeze(), count: rowCount)
    if let row = column.firstPickBeyondLimit(picked) {
      fail(row, .batchTextTooLong)
      return allNull()
    }
    return column.gather(picked)
  }
}

extension Column {
  /// Columns of one type laid end to end.
  static func concatenation(_ columns: [Column], type: DataType) -> Column {
    if columns.count == 1, columns[0].type == type { return columns[0] }
    let builder = ColumnBuilder(type: type, rows: columns.reduce(0) { $0 + $1.count })
    for column in columns { builder.append(column) }
    return builder.finish()
  }
}

extension Column {
  /// The first of the rows picked with which the values picked so far take more bytes than those of a batch may; nil if all may be taken.
  ///
  /// A gather of fewer than as many rows as there are, each once, never gets there; a constant list that each row takes from may.
  func firstPickBeyondLimit(_ picked: RowIndexes) -> Int? {
    func mayGrow(_ bytes: Int) -> Bool { bytes > 0 && picked.count > TextOutput.byteLimit / bytes }
    // The bytes of all texts bound those of one, and are known at once.
    switch storage {
    case .none, .bits, .fixed: return nil
    case .text, .dictionary: guard mayGrow(plainTextBytes) else { return nil }
    case .list, .structure: break
    }
    guard mayGrow(largestValueBytes) else { return nil }
    var total = 0
    for index in 0..<picked.count where picked.pointer[index] >= 0 {
      total += valueBytes(at: Int(picked.pointer[index]))
      if total > TextOutput.byteLimit { return index }
    }
    return nil
  }

  /// No value has more bytes, offsets and all; it may be less.
  var largestValueBytes: Int {
    switch storage {
    case .none, .bits, .fixed: return 8
    case .text(let offsets, _): return 8 + offsets.longestRange(count)
    case .dictionary(_, let entryCount, let offsets, _): return 8 + offsets.longestRange(entryCount)
    case .list(let offsets, let elements):
      let (bytes, overflow) = offsets.longestRange(count).multipliedReportingOverflow(by: elements.largestValueBytes)
      return overflow ? Int.max : min(bytes, Int.max - 8) + 8
    case .structure(let columns):
      return columns.reduce(8) { sum, column in min(sum, Int.max / 2) + min(column.largestValueBytes, Int.max / 2) }
    }
  }

  private func valueBytes(at row: Int) -> Int {
    switch storage {
    case .none, .bits, .fixed: return 8
    case .text, .dictionary: return isValid(row) ? 8 + textBytes(at: row).count : 8
    case .list(let offsets, let elements):
      let offset = offsets.pointer(to: Int32.self)
      return (Int(offset[row])..<Int(offset[row + 1])).reduce(8) { $0 + elements.valueBytes(at: $1) }
    case .structure(let columns): return columns.reduce(8) { $0 + $1.valueBytes(at: row) }
    }
  }
}

extension Buffer {
  /// The longest of the ranges between offsets.
  fileprivate func longestRange(_ count: Int) -> Int {
    let offsets = pointer(to: Int32.self)
    var longest: Int32 = 0
    for index in 0..<count { longest = max(longest, offsets[index &+ 1] &- offsets[index]) }
    return Int(longest)
  }
}

extension Diagnostic {
  static var listTooLong: Diagnostic {
    Diagnostic(.listTooLong, "the lists of a few thousand rows would have more than \(ListArgument.elementLimit) elements together")
  }
}
