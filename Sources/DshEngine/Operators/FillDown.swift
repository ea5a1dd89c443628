// Nulls that take the last value above them: `fill --forward`.

import DshColumns
import DshDiagnostics
import DshPlan

/// In some columns, the last value that is not null in the rows before; of rows sorted by keys, only among those with equal ones.
public struct FillDown: CarryingStep {
  public static let name = "fill"

  public let columns: [Int]
  public let keys: [Int]
  /// What stands above the first row of the task, a value for each of the columns.
  private let carried: [Value]

  public init(_ columns: [Int], keys: [Int]) { self.init(columns, keys: keys, carried: []) }

  private init(_ columns: [Int], keys: [Int], carried: [Value]) {
    self.columns = columns
    self.keys = keys
    self.carried = carried
  }

  public func continuing(after values: [Value]) -> FillDown { FillDown(columns, keys: keys, carried: values) }

  public var title: String { "fill" }
  public var verb: String? { "fill" }
  public var keepsRowCount: Bool { true }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    guard (columns + keys).allSatisfy({ input.fields.indices.contains($0) }) else {
      throw Diagnostic(.badPlan, "a column to be filled that is not there")
    }
    return Filler(columns, keys: keys, carried: carried, over: input)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(columns) { $0.write($1) }
    writer.write(keys) { $0.write($1) }
    writer.write(carried) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    columns = try reader.readArray { try $0.readInt() }
    keys = try reader.readArray { try $0.readInt() }
    carried = try reader.readArray { try $0.readValue() }
  }
}

private final class Filler: BatchStep {
  private let columns: [Int]
  private let keys: [Int]
  /// Of each column that is filled, one row with the last value above; null if there is none.
  private var last: [Column]
  /// The keys of the last row above, in columns of one row; empty before the first row.
  private var lastKeys: [Column] = []

  init(_ columns: [Int], keys: [Int], carried: [Value], over input: Schema) {
    self.columns = columns
    self.keys = keys
    last = columns.enumerated().map { position, column in
      .repeating(position < carried.count ? carried[position] : .null, type: input[column].type, count: 1)
    }
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    if batch.rowCount == 0 { return batch }
    let starts = groupStarts(batch)
    var filled = batch.columns
    for (position, index) in columns.enumerated() {
      let column = batch.columns[index]
      let sources = sources(of: column, starts)
      // Row 0 is the one above the batch.
      let builder = ColumnBuilder(type: column.type, rows: batch.rowCount + 1)
      builder.append(last[position])
      builder.append(column)
      let all = builder.finish()
      if column.nullCount > 0 {
        try checkLength(of: all, sources)
        filled[index] = all.gather(sources)
      }
      last[position] = all.gather(RowIndexes([sources.pointer[batch.rowCount - 1]]))
    }
    lastKeys = keys.map { batch.columns[$0].slice(from: batch.rowCount - 1, count: 1) }
    return Batch(schema: batch.schema, columns: filled, rowCount: batch.rowCount)
  }

  /// For each row the row, counted from 1 behind the one above the batch, that its value comes from; a negative number for none.
  private func sources(of column: Column, _ starts: Bitmap?) -> RowIndexes {
    let rows = MutableBuffer(capacity: column.count * 4)
    let output = rows.pointer(to: Int32.self)
    var source: Int32 = 0
    for row in 0..<column.count {
      if let starts, starts[row] { source = -1 }
      if column.isValid(row) { source = Int32(truncatingIfNeeded: row &+ 1) }
      output[row] = source
    }
    rows.byteCount = column.count * 4
    return RowIndexes(buffer: rows.freeze(), count: column.count)
  }

  /// A long text may go on over many rows.
  private func checkLength(of values: Column, _ sources: RowIndexes) throws(RowError) {
    let (largest, overflow) = values.plainTextBytes.multipliedReportingOverflow(by: sources.count)
    guard overflow || largest > TextLimit.bytes else { return }
    var times = [Int](repeating: 0, count: values.count)
    for position in 0..<sources.count where sources.pointer[position] >= 0 { times[Int(sources.pointer[position])] += 1 }
    do throws(RowError) { try values.checkRepeated({ times[$0] }, most: sources.count) } catch {
      // The first of the values is the one above the batch.
      throw RowError(error.diagnostic, row: max(0, error.row - 1))
    }
  }

  /// The rows whose keys differ from those of the row above; nil if there are no keys.
  private func groupStarts(_ batch: Batch) -> Bitmap? {
    if keys.isEmpty { return nil }
    return batch.groupStarts(of: keys, after: lastKeys)
  }
}
