// Where rows stand in the dataset: the number of the task that made them, then their place among its rows.

import DshColumns

/// A last column that makes rows of several consumers of an exchange comparable.
enum RowPositions {
  static let field = Field("row position", .int64)

  /// A column of row numbers.
  static func column(_ rows: RowIndexes) -> Column {
    let positions = ColumnBuilder(type: .int64, rows: rows.count)
    for index in 0..<rows.count { positions.append(int64: Int64(rows.pointer[index])) }
    return positions.finish()
  }

  /// Rows whose last column holds their places among the rows of a task, with their places in the dataset.
  static func placed(_ rows: Batch, producer: Int) -> Batch {
    let last = rows.columns.count - 1
    let places = ColumnBuilder(type: .int64, rows: rows.rowCount)
    if case .fixed(let numbers) = rows.columns[last].storage {
      let numbers = numbers.pointer(to: Int64.self)
      // A block has fewer rows than fit into 32 bits.
      for row in 0..<rows.rowCount { places.append(int64: Int64(truncatingIfNeeded: producer) &<< 32 | numbers[row] & 0xFFFF_FFFF) }
    }
    return Batch(schema: rows.schema, columns: rows.columns.dropLast() + [places.finish()], rowCount: rows.rowCount)
  }
}
