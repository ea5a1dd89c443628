// Gathers the batches a task makes into the columns of one block.

/// Appends batches of one schema; text with few distinct values ends up behind a dictionary.
///
/// Columns stay in the pieces they come in as far as that saves a copy; `encode` lays them out for a store, `finish` in one batch.
public final class BlockBuilder {
  public let schema: Schema
  public private(set) var rowCount = 0
  private let columns: [any ColumnAccumulator]

  public init(schema: Schema) {
    self.schema = schema
    columns = schema.fields.map { accumulator(of: $0.type) }
  }

  /// The bytes gathered so far, about what the block will take.
  public var sizeBytes: Int { columns.reduce(0) { $0 + $1.sizeBytes } }

  public func append(_ batch: Batch) {
    precondition(batch.columns.count == columns.count, "a batch of the block's schema")
    for ((accumulator, field), column) in zip(zip(columns, schema.fields), batch.columns) {
      if column.count > 0 { accumulator.append(column.type == field.type ? column : column.converted(to: field.type)) }
    }
    rowCount += batch.rowCount
  }

  /// The rows gathered; the builder is used no more.
  public func finish() -> Batch {
    Batch(schema: schema, columns: columns.map { $0.finish() }, rowCount: rowCount)
  }

  /// The rows gathered, laid out as a block; the builder is used no more.
  public func encode() -> EncodedBlock {
    BlockFormat.encode(schema, columns: columns.map { $0.layOut() }, rowCount: rowCount)
  }
}

private func accumulator(of type: DataType) -> any ColumnAccumulator {
  switch type {
  case .string: DictionaryAccumulator()
  case .binary: TextAccumulator(type: type)
  case .null, .bool, .list, .structure, .map: ValueAccumulator(type: type)
  default: FixedAccumulator(type: type)
  }
}

extension Column {
  fileprivate func converted(to type: DataType) -> Column {
    let builder = ColumnBuilder(type: type, rows: count)
    builder.append(self)
    return builder.finish()
  }
}
