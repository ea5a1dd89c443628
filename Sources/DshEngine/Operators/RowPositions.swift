// Where rows stand in the dataset: the number of the task that made them, then their place among its rows.

import DshColumns

extension RowIndexes {
  /// Where in the list each row is, of a list that has every row once.
  var inverted: RowIndexes {
    let places = MutableBuffer(capacity: count * 4)
    places.byteCount = count * 4
    let output = places.pointer(to: Int32.self)
    let rows = pointer
    for place in 0..<count { output[Int(rows[place])] = Int32(truncatingIfNeeded: place) }
    return RowIndexes(buffer: places.freeze(), count: count)
  }
}

/// A last column that makes rows of several consumers of an exchange comparable.
enum RowPositions {
  static let field = Field("row position", .int64)

  /// A column of row numbers.
  static func column(_ rows: RowIndexes) -> Column {
    let numbers = rows.pointer
    return .int64(count: rows.count) { output in for index in 0..<rows.count { output[index] = Int64(numbers[index]) } }
  }

  /// Rows whose last column holds their places among the rows of a task, with their places in the dataset.
  static func placed(_ rows: Batch, producer: Int) -> Batch {
    let last = rows.columns.count - 1
    guard let numbers = rows.columns[last].fixed(Int64.self) else { return rows }
    let places = Column.int64(count: rows.rowCount) { output in
      // A block has fewer rows than fit into 32 bits.
      for row in 0..<rows.rowCount { output[row] = Int64(truncatingIfNeeded: producer) &<< 32 | numbers[row] & 0xFFFF_FFFF }
    }
    return Batch(schema: rows.schema, columns: rows.columns.dropLast() + [places], rowCount: rows.rowCount)
  }
}
