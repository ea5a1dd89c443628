// Looks for the nearest row in sorted tables that lie in blocks: the step of an asof join.

import DshColumns
import DshDiagnostics
import DshPlan

/// Each row once, with the columns of its partner behind it.
public struct ProbeSortedTable: StepSpec {
  public static let name = "asof join"

  public let comparison: AsOfComparison
  /// The keys are those that are equal, and behind them the one that is compared; the tables are spread by the equal ones.
  public let tables: JoinTables

  public init(_ join: AsOfJoin, tableSchema: Schema, partitionCount: Int) {
    self.init(join.comparison, JoinTables(join, schema: tableSchema, partitionCount: partitionCount))
  }

  private init(_ comparison: AsOfComparison, _ tables: JoinTables) {
    self.comparison = comparison
    self.tables = tables
  }

  public var inputs: [BlockSlice] { tables.inputs }

  public func reading(_ inputs: [BlockSlice], of producers: [Int], producerCount: Int) -> ProbeSortedTable {
    ProbeSortedTable(comparison, tables.reading(inputs, of: producers, producerCount: producerCount))
  }

  public var title: String { "asof join" }
  public var verb: String? { "join" }
  public var keepsRowCount: Bool { true }

  public func schema(over input: Schema) -> Schema { tables.schema(over: input) }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    try tables.checkKeys(over: input)
    return try NearestStep(self, over: input, try inputs.map { try environment.tableInPlace(of: $0) })
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(comparison.rawValue)
    tables.encode(to: &writer)
  }

  public init(from reader: inout ByteReader) throws {
    guard let comparison = AsOfComparison(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown comparison of keys") }
    self.comparison = comparison
    tables = try JoinTables(from: &reader)
    // Without equal keys all rows are in one table.
    guard tables.keys.count > 1 || tables.partitionCount == 1 else { throw DecodingFailure("partitions by no key") }
  }
}

/// A batch in hand with the partners of its rows, and how far it has been given on.
private final class NearestStep: ExpandingBatchStep {
  private let spec: ProbeSortedTable
  private let schema: Schema
  private let tables: [Batch]
  private let tableOfPartition: [Int?]
  /// What of the partners stands behind the columns of a row.
  private let columns: [TableColumn]
  private var batch: Batch?
  private var partners = TableRows()
  private var nextRow = 0

  init(_ spec: ProbeSortedTable, over input: Schema, _ tables: [Batch]) throws(Diagnostic) {
    guard tables.allSatisfy({ $0.columns.map(\.type) == spec.tables.schema.types && $0.rowCount <= Int(Int32.max) }) else {
      throw Diagnostic(.badPlan, "a sorted table of other columns than the join's")
    }
    self.spec = spec
    self.tables = tables
    schema = spec.schema(over: input)
    tableOfPartition = spec.tables.tableOfPartition
    columns = spec.tables.columns.map { column in
      TableColumn(tables.map { $0.columns[column.index] }, type: spec.tables.schema[column.index].type)
    }
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    (self.batch, partners, nextRow) = (batch, findPartners(of: batch), 0)
    return next() ?? .empty(schema)
  }

  private func findPartners(of batch: Batch) -> TableRows {
    let keyColumns = spec.tables.keys.map { batch.columns[$0] }
    let equalKeys = Array(keyColumns.dropLast())
    let hashes = equalKeys.isEmpty ? nil : KeyHash.hashes(of: equalKeys, rowCount: batch.rowCount)
    let present = Bitmap.present(in: keyColumns, rowCount: batch.rowCount)
    let searches = tables.map { table in
      NearestRow(spec.comparison, keyColumns, table: spec.tables.tableKeys.map { table.columns[$0] }, rowCount: table.rowCount)
    }
    var rows = [Int32](repeating: -1, count: batch.rowCount)
    var places = [UInt32](repeating: 0, count: batch.rowCount)
    for row in 0..<batch.rowCount where present?[row] ?? true {
      let partition = hashes.map { KeyHash.partition(of: $0[row], count: spec.tables.partitionCount) } ?? 0
      guard let table = tableOfPartition[partition], let partner = searches[table].partner(of: row) else { continue }
      rows[row] = Int32(truncatingIfNeeded: partner)
      places[row] = UInt32(truncatingIfNeeded: table)
    }
    return TableRows(rows, tables: places)
  }

  func next() -> Batch? {
    guard let batch, nextRow < batch.rowCount else { return nil }
    // Texts that repeat may grow beyond what a column can hold.
    var count = batch.rowCount - nextRow
    while count > 1, textBytes(count) > TextLimit.bytes { count /= 2 }
    defer { nextRow += count }
    let chosen = partners.slice(nextRow..<nextRow + count)
    return Batch(
      schema: schema, columns: batch.slice(from: nextRow, count: count).columns + columns.map { $0.gather(chosen) }, rowCount: count)
  }

  /// The most bytes that one column of the partners of the next so many rows has in texts.
  private func textBytes(_ count: Int) -> Int {
    let chosen = partners.slice(nextRow..<nextRow + count)
    return columns.reduce(0) { max($0, $1.textBytes(chosen)) }
  }
}

/// The search for partners in one sorted table.
struct NearestRow {
  private let comparison: AsOfComparison
  private let count: Int
  /// By all keys, and by those that are equal alone.
  private let order: KeyOrder
  private let equality: KeyOrder
  private let within: KeyOrder

  /// - Parameters:
  ///   - keys: of the rows that have partners: those that are equal, and behind them the one that is compared.
  ///   - table: the same columns of the table, which is in their order.
  init(_ comparison: AsOfComparison, _ keys: [Column], table: [Column], rowCount: Int) {
    self.comparison = comparison
    count = rowCount
    let columns = keys.indices.map { SortColumn($0, descending: false) }
    order = KeyOrder(keys: columns, left: keys, right: table)
    equality = KeyOrder(keys: Array(columns.dropLast()), left: keys, right: table)
    within = KeyOrder(keys: columns, left: table, right: table)
  }

  /// The row of the table that belongs to a row without nulls among its keys.
  func partner(of row: Int) -> Int? {
    // Rows that are as near stand side by side, the last of the dataset behind the others.
    let found: Int =
      switch comparison {
      case .greaterOrEqual: first { order.compare(row, $0) < 0 } - 1
      case .greater: first { order.compare(row, $0) <= 0 } - 1
      case .lessOrEqual: lastLike(first { order.compare(row, $0) <= 0 })
      case .less: lastLike(first { order.compare(row, $0) < 0 })
      }
    guard 0..<count ~= found, equality.compare(row, found) == 0 else { return nil }
    return found
  }

  /// The last row with the keys of another one.
  private func lastLike(_ row: Int) -> Int { row < count ? first { within.compare(row, $0) < 0 } - 1 : row }

  /// The first row of which something is true that is true of all behind it.
  private func first(where isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
