// Which columns of a scan are read for all rows and which for those alone that a filter lets through.
import DshColumns

/// The wanted columns of a scan, those of its filter first.
struct FilteredColumns {
  private let predicate: (any ScanPredicate)?
  private let filtered: [Int]
  private let filteredSchema: Schema
  private let wanted: [Int]
  private let schema: Schema

  init(_ scan: FileScan, _ predicate: (any ScanPredicate)?) {
    self.predicate = predicate
    filtered = predicate?.columns ?? []
    filteredSchema = Schema(filtered.map { scan.schema[$0] })
    wanted = scan.wanted
    schema = scan.outputSchema
  }

  /// The columns that are looked at, by their numbers in the file; some may be named twice.
  var all: [Int] { wanted + filtered }

  /// The columns that the filter looks at.
  var ofFilter: [Int] { filtered }

  /// What is wanted of the next `count` rows; nil if none of them are.
  ///
  /// - Parameter column: reads a column of some of the rows, of all where no rows are named.
  func batch(of count: Int, _ column: (_ column: Int, _ rows: RowIndexes?) throws -> Column) throws -> Batch? {
    var rows: RowIndexes?
    var known: [Column] = []
    if let predicate {
      known = try filtered.map { try column($0, nil) }
      if let selection = try predicate.select(Batch(schema: filteredSchema, columns: known, rowCount: count)) {
        let selected = selection.setCount
        if selected == 0 { return nil }
        if selected < count { rows = selection.setIndexes() }
      }
    }
    let columns = try wanted.map { wanted in
      guard let place = filtered.firstIndex(of: wanted) else { return try column(wanted, rows) }
      return rows.map { known[place].gather($0) } ?? known[place]
    }
    return Batch(schema: schema, columns: columns, rowCount: rows?.count ?? count)
  }
}
