// A row for each of some columns: `unpivot`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Each row as often as there are columns, with the name and the value of one of them each, behind the other columns.
public struct MeltColumns: StepSpec {
  public static let name = "unpivot"

  /// Columns of one type.
  public let columns: [Int]
  public let nameColumn: String
  public let valueColumn: String

  public init(_ columns: [Int], name: String, value: String) {
    self.columns = columns
    nameColumn = name
    valueColumn = value
  }

  public var title: String { "unpivot" }
  public var verb: String? { "unpivot" }
  public var keepsRowCount: Bool { false }

  public func schema(over input: Schema) -> Schema {
    let kept = input.fields.enumerated().filter { !columns.contains($0.offset) }.map(\.element)
    let type = columns.first.flatMap { input.fields.indices.contains($0) ? input[$0].type : nil } ?? .null
    return Schema(kept + [Field(nameColumn, .string), Field(valueColumn, type)])
  }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    guard let first = columns.first, columns.allSatisfy({ input.fields.indices.contains($0) && input[$0].type == input[first].type }) else {
      throw Diagnostic(.badPlan, "columns that can't become rows")
    }
    return MeltStep(self, over: input)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(columns) { $0.write($1) }
    writer.write(nameColumn)
    writer.write(valueColumn)
  }

  public init(from reader: inout ByteReader) throws {
    columns = try reader.readArray { try $0.readInt() }
    nameColumn = try reader.readString()
    valueColumn = try reader.readString()
  }
}

private final class MeltStep: BatchStep {
  private let schema: Schema
  private let columns: [Int]
  private let kept: [Int]
  private let type: DataType
  /// The names, in the order of the columns.
  private let names: Column

  init(_ spec: MeltColumns, over input: Schema) {
    schema = spec.schema(over: input)
    columns = spec.columns
    kept = input.fields.indices.filter { !spec.columns.contains($0) }
    type = input[spec.columns[0]].type
    let names = ColumnBuilder(type: .string)
    for column in spec.columns { names.append(text: input[column].name) }
    self.names = names.finish()
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    let times = columns.count
    let (count, overflow) = batch.rowCount.multipliedReportingOverflow(by: times)
    guard !overflow, count <= Int(Int32.max) else { throw RowError(Diagnostic(.blockTooLarge, "a batch would have \(count) rows"), row: 0) }
    for index in kept { try batch.columns[index].checkRepeated({ _ in times }, most: times) }
    let texts = columns.reduce(0) { $0 + batch.columns[$1].plainTextBytes }
    do throws(Diagnostic) { try TextLimit.check(texts) } catch { throw RowError(error, row: 0) }
    // The columns one behind another, of which each row then takes one value after another.
    let stacked = ColumnBuilder(type: type, rows: count)
    for column in columns { stacked.append(batch.columns[column]) }
    let rows = indexes(count) { row, _ in row }
    let output =
      kept.map { batch.columns[$0].gather(rows) }
      + [names.gather(indexes(count) { _, column in column }), stacked.finish().gather(indexes(count) { $1 * batch.rowCount + $0 })]
    return Batch(schema: schema, columns: output, rowCount: count)
  }

  /// A number for each row and column, row by row.
  private func indexes(_ count: Int, _ number: (_ row: Int, _ column: Int) -> Int) -> RowIndexes {
    let buffer = MutableBuffer(capacity: count * 4)
    let output = buffer.pointer(to: Int32.self)
    for position in 0..<count {
      output[position] = Int32(truncatingIfNeeded: number(position / columns.count, position % columns.count))
    }
    buffer.byteCount = count * 4
    return RowIndexes(buffer: buffer.freeze(), count: count)
  }
}
