// Arrow's streaming format (Arrow columnar format, "IPC Streaming Format"): a schema, then record batches, each as a message.
import DshColumns
import DshDiagnostics

struct ArrowStreaming: FormatStreaming {
  /// A table `Schema`.
  static func schemaTable(_ schema: Schema) -> FlatFields {
    [0: .int16(0), 1: .tables(schema.fields.map { ArrowField.table($0.name, $0.type) })]
  }

  func header(_ schema: Schema) -> [UInt8] { ArrowMessage.encoded(ArrowMessage.schema, Self.schemaTable(schema), body: []) }

  func encode(_ batch: Batch) -> [UInt8] { ArrowBatchWriter.message(batch) }

  func footer(_ schema: Schema) -> [UInt8] { ArrowMessage.end }

  func makeDecoder(_ schema: Schema, isGiven: Bool) -> any RowDecoder { ArrowRowDecoder(schema, isGiven: isGiven) }

  /// The stream says itself which columns it has.
  func schema(of sample: [UInt8], isWhole: Bool, like input: Schema) throws(StreamMistake) -> Schema? {
    var stream = ArrowStream()
    stream.append(sample)
    do throws(ArrowMistake) {
      guard let message = try stream.next() else {
        if isWhole, stream.hasRest { throw ArrowMistake("this is no Arrow stream: \(streamExcerpt(sample))") }
        return nil
      }
      let fields = try message.fields()
      let schema = Schema(
        fields.map { field in
          let type = field.layout.type
          return Field(field.name, type == .null ? input.index(of: field.name).map { input[$0].type } ?? .string : type.settled)
        })
      guard Set(schema.names.map { ExactText($0) }).count == schema.count else { throw ArrowMistake("two columns have the same name") }
      return schema
    } catch { throw StreamMistake("message 1", column: error.column, error.problem) }
  }
}

/// A message of a stream.
struct ArrowMessage {
  static let schema: UInt8 = 1
  static let dictionaryBatch: UInt8 = 2
  static let recordBatch: UInt8 = 3
  /// What begins a message, and what ends a stream.
  static let mark: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
  static let end = mark + [0, 0, 0, 0]
  /// Version 5 of the metadata.
  static let version: Int16 = 4

  var kind: UInt8
  var header: FlatTable
  var body: [UInt8]

  static func encoded(_ kind: UInt8, _ header: FlatFields, body: [UInt8]) -> [UInt8] {
    var metadata = FlatBufferWriter([0: .int16(version), 1: .uint8(kind), 2: .table(header), 3: .int64(Int64(body.count))]).bytes
    while metadata.count % 8 != 0 { metadata.append(0) }
    return mark + withUnsafeBytes(of: UInt32(metadata.count).littleEndian) { Array($0) } + metadata + body
  }

  /// The columns that a schema names.
  func fields() throws(ArrowMistake) -> [ArrowField] {
    guard kind == Self.schema else { throw ArrowMistake("a stream begins with its schema") }
    guard try header.number(0, Int16.self) == 0 else { throw ArrowMistake("big-endian streams are not read") }
    return try ArrowField.fields(header.tables(1))
  }
}

/// Cuts a stream into messages.
struct ArrowStream {
  private var bytes: [UInt8] = []
  private(set) var isEnded = false
  private(set) var messageCount = 0

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// Whether bytes are left that are no whole message.
  var hasRest: Bool { !bytes.isEmpty && !isEnded }

  private func number(_ place: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  /// The next message, if it is whole.
  mutating func next() throws(ArrowMistake) -> ArrowMessage? {
    guard !isEnded, bytes.count >= 8 else { return nil }
    guard bytes.starts(with: ArrowMessage.mark) else {
      throw ArrowMistake("this is no message of an Arrow stream: \(streamExcerpt(bytes.prefix(16)))")
    }
    let metadataBytes = number(4)
    if metadataBytes == 0 {
      isEnded = true
      return nil
    }
    guard metadataBytes <= streamRecordLimitBytes else { throw ArrowMistake("metadata of \(metadataBytes) bytes") }
    guard bytes.count >= 8 + metadataBytes else { return nil }
    let message = try FlatTable(Array(bytes[8..<8 + metadataBytes]))
    let bodyBytes = try message.number(3, Int64.self)
    guard 0...Self.bodyLimitBytes ~= bodyBytes else { throw ArrowMistake("a batch of \(bodyBytes) bytes") }
    let whole = 8 + metadataBytes + Int(bodyBytes)
    guard bytes.count >= whole else { return nil }
    guard let header = try message.table(2) else { throw ArrowMistake("a message without a header") }
    let kind = try message.number(1, UInt8.self)
    let body = Array(bytes[8 + metadataBytes..<whole])
    bytes.removeFirst(whole)
    messageCount += 1
    return ArrowMessage(kind: kind, header: header, body: body)
  }

  /// A block could not hold a larger one.
  private static let bodyLimitBytes: Int64 = 2 << 30
}

/// Makes rows of messages.
private final class ArrowRowDecoder: RowDecoder {
  private let schema: Schema
  private let isGiven: Bool
  private var stream = ArrowStream()
  private var fields: [ArrowField]?
  private var dictionaries = ArrowDictionaries([])

  init(_ schema: Schema, isGiven: Bool) {
    self.schema = schema
    self.isGiven = isGiven
  }

  var isAtEnd: Bool { stream.isEnded }

  func decode(_ bytes: [UInt8], isEnd: Bool) throws(StreamMistake) -> Batch {
    stream.append(bytes)
    var batches: [Batch] = []
    do throws(ArrowMistake) {
      while let message = try stream.next() {
        guard let fields else {
          let fields = try message.fields()
          try check(fields)
          self.fields = fields
          dictionaries = ArrowDictionaries(fields)
          continue
        }
        switch message.kind {
        case ArrowMessage.recordBatch: batches.append(try rows(message, fields))
        case ArrowMessage.dictionaryBatch:
          dictionaries.append(try ArrowDictionaryBatch(message.header, body: ArrowMemoryBody(bytes: message.body)))
        case let kind: throw ArrowMistake("messages of kind \(kind) are not read")
        }
      }
      if isEnd, stream.hasRest { throw ArrowMistake("the stream ends in the middle of a message") }
    } catch { throw StreamMistake("message \(max(1, stream.messageCount))", column: error.column, error.problem) }
    return batches.isEmpty ? .empty(schema) : .concatenate(batches, schema: schema)
  }

  private func check(_ fields: [ArrowField]) throws(ArrowMistake) {
    for field in schema.fields {
      guard let found = fields.first(where: { $0.name.isExactly(field.name) }) else {
        throw ArrowMistake("it is missing", column: field.name)
      }
      let type = found.layout.type
      guard type == field.type || type == .null else {
        throw ArrowMistake("it is \(type.name), not \(field.type.name)", column: field.name)
      }
    }
    guard isGiven || fields.count == schema.count else { throw ArrowMistake("the sample had fewer columns") }
  }

  private func rows(_ message: ArrowMessage, _ fields: [ArrowField]) throws(ArrowMistake) -> Batch {
    let batch = try ArrowBatch(message.header, body: ArrowMemoryBody(bytes: message.body))
    let (dictionaries, count) = (dictionaries, dictionaries.batches.count)
    let reader = ArrowColumnReader(batch: batch) { try dictionaries.values($0, after: count) }
    var position = ArrowPosition()
    var columns: [ExactText: Column] = [:]
    for field in fields {
      do { columns[ExactText(field.name)] = try reader.column(field, at: position, rows: 0..<batch.rowCount) } catch {
        // A body in memory has no other faults.
        throw error as? ArrowMistake ?? ArrowMistake("\(error)", column: field.name)
      }
      try position.skip(field.layout, in: batch)
    }
    return Batch(
      schema: schema,
      columns: schema.fields.map { field in
        guard let column = columns[ExactText(field.name)], column.type == field.type else {
          return .repeating(.null, type: field.type, count: batch.rowCount)
        }
        return column
      }, rowCount: batch.rowCount)
  }
}
