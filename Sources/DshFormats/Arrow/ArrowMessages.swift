// Messages of an Arrow file or stream, found by their places in a file (Arrow columnar format, "Encapsulated message format").
import DshColumns
import DshDiagnostics

/// A message in a file: what it says, and where its body is.
struct ArrowFileMessage {
  /// Where it begins.
  let offset: Int
  let kind: UInt8
  let header: FlatTable
  let body: ArrowFileBody

  /// Where the next one begins.
  var end: Int { body.offset + body.byteCount }

  /// Metadata is small beside what it describes.
  private static let metadataLimitBytes = 256 << 20

  /// The message at a place; nil at the end of the messages.
  init?(_ source: ByteSource, at offset: Int) throws {
    let prefix = try source.bytes(at: offset, count: 8)
    if prefix.isEmpty { return nil }
    guard prefix.count >= 4 else { throw ArrowMistake("a message is cut short") }
    func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(prefix[place + $1]) << (8 * $1) } }
    // Before version 0.15 there was no mark.
    let isMarked = prefix.starts(with: ArrowMessage.mark)
    guard !isMarked || prefix.count == 8 else { throw ArrowMistake("a message is cut short") }
    let metadataBytes = isMarked ? number(4) : number(0)
    let start = offset + (isMarked ? 8 : 4)
    if metadataBytes == 0 { return nil }
    guard metadataBytes <= Self.metadataLimitBytes, metadataBytes <= source.sizeBytes - start else {
      throw ArrowMistake("a message is cut short, or its metadata has \(metadataBytes) bytes")
    }
    let message = try FlatTable(try source.bytes(at: start, count: metadataBytes))
    let bodyBytes = try message.number(3, Int64.self)
    guard 0...Int64(source.sizeBytes - start - metadataBytes) ~= bodyBytes else {
      throw ArrowMistake("a message of \(bodyBytes) bytes is cut short")
    }
    guard let header = try message.table(2) else { throw ArrowMistake("a message without a header") }
    self.offset = offset
    self.header = header
    kind = try message.number(1, UInt8.self)
    body = ArrowFileBody(source: source, offset: start + metadataBytes, byteCount: Int(bodyBytes))
  }
}

/// What of a file is an Arrow file or stream.
struct ArrowDirectory {
  let fields: [ArrowField]
  /// Where the first message behind the schema begins.
  let dataStart: Int
  /// Where the messages are that bring dictionaries and rows; nil if only going through them tells, as in a stream.
  let blocks: (dictionaries: [Int], batches: [Int])?
  /// What the footer says besides, as it stands there.
  let metadata: [(key: String, value: String)]

  private static let magic = Array("ARROW1".utf8)
  /// The magic, filled up to a multiple of eight.
  static let fileHeader = magic + [0, 0]
  static let fileEnd = magic

  /// Throws `ArrowMistake`, and what reading can throw.
  init(_ source: ByteSource) throws {
    let head = try source.bytes(at: 0, count: 8)
    if head.starts(with: Self.magic) {
      self = try Self.ofFile(source)
    } else if head.starts(with: ArrowMessage.mark) {
      self = try Self.ofStream(source, at: 0)
    } else {
      throw FileSignature.notReadable(as: "an Arrow file or stream", try source.bytes(at: 0, count: 512), source.path)
    }
  }

  private init(
    fields: [ArrowField], dataStart: Int, blocks: (dictionaries: [Int], batches: [Int])?, metadata: [(key: String, value: String)] = []
  ) throws {
    guard Set(fields.map { ExactText($0.name) }).count == fields.count else { throw ArrowMistake("two columns have the same name") }
    self.fields = fields
    self.dataStart = dataStart
    self.blocks = blocks
    self.metadata = metadata
  }

  private static func ofStream(_ source: ByteSource, at offset: Int) throws -> ArrowDirectory {
    guard let message = try ArrowFileMessage(source, at: offset) else { throw ArrowMistake("it has no schema") }
    return try ArrowDirectory(
      fields: try ArrowMessage(kind: message.kind, header: message.header, body: []).fields(), dataStart: message.end, blocks: nil)
  }

  private static func ofFile(_ source: ByteSource) throws -> ArrowDirectory {
    let tailBytes = 4 + magic.count
    let tail = try source.bytes(at: max(0, source.sizeBytes - tailBytes), count: tailBytes)
    guard source.sizeBytes >= fileHeader.count + tailBytes, tail.suffix(magic.count).elementsEqual(magic) else {
      throw ArrowMistake("it ends without its footer: it is cut short, or was never finished")
    }
    let footerBytes = (0..<4).reduce(0) { $0 | Int(tail[$1]) << (8 * $1) }
    let end = source.sizeBytes - tailBytes
    guard 0 < footerBytes, footerBytes <= end - fileHeader.count else { throw ArrowMistake("its footer has \(footerBytes) bytes") }
    let footer = try FlatTable(try source.bytes(at: end - footerBytes, count: footerBytes))
    guard let schema = try footer.table(1) else { throw ArrowMistake("it has no schema") }
    let fields = try ArrowMessage(kind: ArrowMessage.schema, header: schema, body: []).fields()
    func places(_ field: Int) throws -> [Int] {
      try footer.blocks(field).map { block in
        guard fileHeader.count...end ~= Int(clamping: block.offset) else { throw ArrowMistake("a batch lies outside of the file") }
        return Int(block.offset)
      }
    }
    let metadata = try footer.tables(4).map { entry in (key: try entry.string(0) ?? "", value: try entry.string(1) ?? "") }
    return try ArrowDirectory(
      fields: fields, dataStart: fileHeader.count, blocks: (try places(2), try places(3)), metadata: metadata)
  }
}
