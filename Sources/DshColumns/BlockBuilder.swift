// Gathers the batches a task makes into the columns of one block.

/// Appends batches of one schema; text with few distinct values ends up behind a dictionary.
public final class BlockBuilder {
  public let schema: Schema
  public private(set) var rowCount = 0
  private let columns: [any ColumnAccumulator]

  public init(schema: Schema) {
    self.schema = schema
    columns = schema.fields.map { $0.type == .string ? TextAccumulator() as any ColumnAccumulator : PlainAccumulator(type: $0.type) }
  }

  /// The bytes gathered so far, about what the block will take.
  public var sizeBytes: Int { columns.reduce(0) { $0 + $1.sizeBytes } }

  public func append(_ batch: Batch) {
    precondition(batch.columns.count == columns.count, "a batch of the block's schema")
    for (accumulator, column) in zip(columns, batch.columns) { accumulator.append(column) }
    rowCount += batch.rowCount
  }

  /// The rows gathered; the builder is used no more.
  public func finish() -> Batch {
    Batch(schema: schema, columns: columns.map { $0.finish() }, rowCount: rowCount)
  }
}

/// Gathers one column.
private protocol ColumnAccumulator: AnyObject {
  var sizeBytes: Int { get }
  func append(_ column: Column)
  func finish() -> Column
}

private final class PlainAccumulator: ColumnAccumulator {
  private let builder: ColumnBuilder

  init(type: DataType) { builder = ColumnBuilder(type: type) }

  var sizeBytes: Int { builder.sizeBytes }
  func append(_ column: Column) { builder.append(column) }
  func finish() -> Column { builder.finish() }
}

/// Gathers text: codes into a dictionary as long as that stays small, plain text from then on.
private final class TextAccumulator: ColumnAccumulator {
  private var dictionary: DictionaryBuilder? = DictionaryBuilder()
  private let plain = ColumnBuilder(type: .string)
  /// Whether texts that a dictionary had once would not fit when each row has its own; they are not laid out then.
  private var isTooLarge = false

  /// More than any block may have if the texts don't fit.
  var sizeBytes: Int { isTooLarge ? 1 << 40 : dictionary?.sizeBytes ?? plain.sizeBytes }

  func append(_ column: Column) {
    if let dictionary {
      let taken = dictionary.append(column)
      if taken == column.count { return }
      layOut(dictionary)
      self.dictionary = nil
      if isTooLarge { return }
      plain.append(column.slice(from: taken, count: column.count - taken))
    } else if !isTooLarge {
      plain.append(column)
    }
  }

  private func layOut(_ dictionary: DictionaryBuilder) {
    let column = dictionary.finish()
    isTooLarge = column.plainTextBytes > Int(Int32.max) / 2
    if !isTooLarge { plain.append(column) }
  }

  func finish() -> Column {
    guard let dictionary, dictionary.isWorthwhile else {
      if let dictionary { layOut(dictionary) }
      return plain.finish()
    }
    return dictionary.finish()
  }
}
