// A column with the number of each row: `with_row_number`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Adds a last column that counts the rows of the dataset.
public struct NumberRows: PositionedStep {
  public static let name = "number"

  public let column: String
  /// The number of the first row of the dataset.
  public let from: Int64
  /// Whether the rows of each file are counted for themselves: where one begins, a task is told that no row stands before it.
  public let restartsPerFile: Bool
  private let firstRow: Int

  public init(_ column: String, from: Int64, restartsPerFile: Bool = false) {
    self.init(column, from: from, restartsPerFile: restartsPerFile, firstRow: 0)
  }

  private init(_ column: String, from: Int64, restartsPerFile: Bool, firstRow: Int) {
    self.column = column
    self.from = from
    self.restartsPerFile = restartsPerFile
    self.firstRow = firstRow
  }

  public func starting(atRow row: Int) -> NumberRows {
    NumberRows(column, from: from, restartsPerFile: restartsPerFile, firstRow: row)
  }

  public var title: String { "row numbers" }
  public var verb: String? { "with_row_number" }
  public var keepsRowCount: Bool { true }
  public func schema(over input: Schema) -> Schema { Schema(input.fields + [Field(column, .int64)]) }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    let (first, overflow) = from.addingReportingOverflow(Int64(firstRow))
    guard !overflow else { throw RowCounter.tooLarge }
    return RowCounter(schema(over: input), from: first)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(column)
    writer.write(from)
    writer.write(restartsPerFile)
    writer.write(firstRow)
  }

  public init(from reader: inout ByteReader) throws {
    column = try reader.readString()
    from = try reader.readInt64()
    restartsPerFile = try reader.readBool()
    firstRow = try reader.readInt()
  }
}

private final class RowCounter: BatchStep {
  private let schema: Schema
  private var next: Int64

  static let tooLarge = Diagnostic(.integerOverflow, "the number of a row does not fit in 64 bits")

  init(_ schema: Schema, from first: Int64) {
    self.schema = schema
    next = first
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    let (end, overflow) = next.addingReportingOverflow(Int64(batch.rowCount))
    guard !overflow else { throw RowError(Self.tooLarge, row: Int(Int64.max - next)) }
    let numbers = MutableBuffer(capacity: batch.rowCount * 8)
    let output = numbers.pointer(to: Int64.self)
    for row in 0..<batch.rowCount { output[row] = next &+ Int64(row) }
    numbers.byteCount = batch.rowCount * 8
    next = end
    let column = Column(type: .int64, count: batch.rowCount, validity: nil, storage: .fixed(numbers.freeze()))
    return Batch(schema: schema, columns: batch.columns + [column], rowCount: batch.rowCount)
  }
}
