// Reading and building list columns.

import DshColumns

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

  /// The indexes of the row's elements.
  @inline(__always) subscript(row: Int) -> Range<Int> { Int(offsets[row &* step])..<Int(offsets[row &* step &+ 1]) }
}

extension Call {
  /// A list per row, picked from columns laid end to end: the step appends the places of the row's elements.
  func lists(_ sources: [Column], _ step: (Int, MutableBuffer) -> Void) -> Column {
    guard case .list(let elementType) = type else { return allNull() }
    let offsets = MutableBuffer(capacity: (rowCount + 1) * 4)
    let places = MutableBuffer(capacity: rowCount * 4)
    offsets.append(Int32(0))
    for row in 0..<rowCount {
      if isValid(row) { step(row, places) }
      offsets.append(Int32(truncatingIfNeeded: places.byteCount / 4))
    }
    let elements = Column.concatenation(sources, type: elementType)
    let picked = RowIndexes(buffer: places.freeze(), count: places.byteCount / 4)
    return Column(
      type: type, count: rowCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: elements.gather(picked)))
  }

  /// One element per row, or null where the step gives nil.
  func elements(of column: Column, _ step: (Int) -> Int?) -> Column {
    let places = MutableBuffer(capacity: rowCount * 4)
    for row in 0..<rowCount { places.append(Int32(truncatingIfNeeded: isValid(row) ? step(row) ?? -1 : -1)) }
    return column.gather(RowIndexes(buffer: places.freeze(), count: rowCount))
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
