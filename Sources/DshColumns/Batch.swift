// A handful of rows in columns: what flows through a task.

/// Columns of equal length with a schema.
public struct Batch: Sendable {
  public let schema: Schema
  public let columns: [Column]
  public let rowCount: Int

  /// A batch; `rowCount` is given because a batch may have no columns (`count` needs none).
  public init(schema: Schema, columns: [Column], rowCount: Int) {
    precondition(schema.count == columns.count, "a column for every field: \(schema.count) fields, \(columns.count) columns")
    for column in columns { precondition(column.count == rowCount, "columns of one length: \(rowCount), \(column.count)") }
    self.schema = schema
    self.columns = columns
    self.rowCount = rowCount
  }

  /// No rows.
  public static func empty(_ schema: Schema) -> Batch {
    Batch(schema: schema, columns: schema.fields.map { ColumnBuilder(type: $0.type).finish() }, rowCount: 0)
  }

  public func slice(from start: Int, count: Int) -> Batch {
    Batch(schema: schema, columns: columns.map { $0.slice(from: start, count: count) }, rowCount: count)
  }

  /// The same rows with text laid out plainly where that takes fewer bytes than a dictionary of which they use little.
  public func withoutLargeTables() -> Batch {
    Batch(schema: schema, columns: columns.map { $0.withoutLargeTable() }, rowCount: rowCount)
  }

  /// The rows whose numbers are listed, below `rowCount`, which only debug builds check; a negative number gives nulls.
  @unsafe public func gather(_ rows: RowIndexes) -> Batch {
    Batch(schema: schema, columns: columns.map { unsafe $0.gather(rows) }, rowCount: rows.count)
  }

  /// The rows whose bits are set.
  ///
  /// - Parameter kept: the columns that anybody looks at, ascending; the others may hold anything, so that their rows are not taken out. Nil for all.
  public func filter(_ selection: Bitmap, keeping kept: [Int]? = nil) -> Batch {
    precondition(selection.count <= rowCount, "bits for the rows of a batch: \(selection.count) for \(rowCount)")
    let selected = selection.setCount
    if selected == rowCount { return self }
    if selected == 0 { return slice(from: 0, count: 0) }
    guard let kept else { return unsafe gather(selection.setIndexes()) }
    // Rows of other columns than were asked for: as many as are kept, whichever they are.
    var filtered = columns.map { $0.slice(from: 0, count: selected) }
    if !kept.isEmpty {
      let rows = selection.setIndexes()
      for column in kept { filtered[column] = unsafe columns[column].gather(rows) }
    }
    return Batch(schema: schema, columns: filtered, rowCount: selected)
  }

  /// One row as values; for display only.
  public func row(_ index: Int) -> [Value] { columns.map { $0.value(at: index) } }

  /// All rows of several batches of one schema.
  public static func concatenate(_ batches: [Batch], schema: Schema) -> Batch {
    if batches.count == 1 { return batches[0] }
    let rowCount = batches.reduce(0) { $0 + $1.rowCount }
    let columns = schema.fields.indices.map { index in
      let builder = ColumnBuilder(type: schema[index].type, rows: rowCount)
      for batch in batches { builder.append(batch.columns[index]) }
      return builder.finish()
    }
    return Batch(schema: schema, columns: columns, rowCount: rowCount)
  }
}
