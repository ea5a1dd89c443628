// CSV in a pipe: a header and records between commas, both ways.
import CDshKernels
import DshColumns
import DshDiagnostics

struct CSVStreaming: FormatStreaming {
  func header(_ schema: Schema) -> [UInt8] { CSVWriter().header(schema) }

  func encode(_ batch: Batch) -> [UInt8] {
    let output = MutableBuffer(capacity: batch.rowCount * 16)
    CSVWriter().append(batch, to: output)
    return Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
  }

  func footer(_ schema: Schema) -> [UInt8] { [] }

  func makeDecoder(_ schema: Schema, isGiven: Bool) -> any RowDecoder { CSVRowDecoder(schema, isGiven: isGiven) }

  func schema(of sample: [UInt8], isWhole: Bool, like input: Schema) throws(StreamMistake) -> Schema? {
    let text = CSVStreamText()
    text.append(sample)
    try text.scan(isEnd: isWhole)
    guard let header = text.firstRecord else { return nil }
    let names = header.map { $0 ?? "" }
    guard names.allSatisfy({ !$0.isEmpty }), Set(names.map { ExactText($0) }).count == names.count else {
      throw StreamMistake("record 1", "this is no header, which has a different name for every column: \(names.joined(separator: ","))")
    }
    let count = try text.shape(columns: names.count) - 1
    // A program that passes rows on, but not all of them, may have lost the header: values are hardly names, unless the input has such names.
    for (column, name) in names.enumerated() where input.index(of: name) == nil {
      var cells = text.cells(ofColumn: column, firstRecord: 0, isLenient: false)
      let type = CSVTypeInference.classify(&cells, 0)
      if type != .string {
        throw StreamMistake(
          "record 1",
          "this looks like a row, not like a header: \(names.joined(separator: ",")); --schema names the columns of rows without one")
      }
    }
    return Schema(
      names.enumerated().map { column, name in
        let known = input.index(of: name).map { input[$0].type }
        if let known, CSVRowDecoder.readableTypes.contains(known) {
          var cells = text.cells(ofColumn: column, firstRecord: 1, isLenient: false)
          if text.parser.parse(&cells, count: count, into: ColumnBuilder(type: known, rows: count)) == nil { return Field(name, known) }
        }
        var cells = text.cells(ofColumn: column, firstRecord: 1, isLenient: false)
        let type = CSVTypeInference.widen(.null, &cells, count: count, scratch: text.parser.scratch).type
        return Field(name, type == .null ? .string : type)
      })
  }
}

/// Makes rows of records. The first is the header; it may be missing where a person has said what the columns are.
private final class CSVRowDecoder: RowDecoder {
  /// What a cell can be read as.
  static let readableTypes: Set<DataType> = [.int64, .float64, .bool, .string, .date, .timestamp]

  private let schema: Schema
  private let isGiven: Bool
  private let text = CSVStreamText()
  private var isBegun = false

  init(_ schema: Schema, isGiven: Bool) {
    self.schema = schema
    self.isGiven = isGiven
  }

  func decode(_ bytes: [UInt8], isEnd: Bool) throws(StreamMistake) -> Batch {
    if let field = schema.fields.first(where: { !Self.readableTypes.contains($0.type) }) {
      throw StreamMistake("record 1", column: field.name, "CSV has no values of type \(field.type.name)", fittingType: .string)
    }
    text.append(bytes)
    try text.scan(isEnd: isEnd)
    var first = 0
    if !isBegun, let record = text.firstRecord {
      isBegun = true
      let isHeader = record.count == schema.count && zip(record, schema.names).allSatisfy { $0?.isExactly($1) ?? false }
      guard isHeader || isGiven else {
        throw StreamMistake(
          "record 1", "the header should be \(schema.names.joined(separator: ",")): \(record.map { $0 ?? "" }.joined(separator: ","))")
      }
      if isHeader { first = 1 }
    }
    let records = try text.shape(columns: schema.count)
    defer { text.drop() }
    let count = max(0, records - first)
    guard count > 0 else { return .empty(schema) }
    var columns: [Column] = []
    for (column, field) in schema.fields.enumerated() {
      var cells = text.cells(ofColumn: column, firstRecord: first, isLenient: isGiven)
      let builder = ColumnBuilder(type: field.type, rows: count)
      if let misfit = text.parser.parse(&cells, count: count, into: builder) {
        throw StreamMistake(
          "record \(text.recordNumber(of: first + misfit))", column: field.name,
          "this is no \(field.type.name): \(text.text(of: &cells, misfit))",
          fittingType: field.type.holding(CSVTypeInference.classify(&cells, misfit)).settled)
      }
      columns.append(builder.finish())
    }
    return Batch(schema: schema, columns: columns, rowCount: count)
  }
}
