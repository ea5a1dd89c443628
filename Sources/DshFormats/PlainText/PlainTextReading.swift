// How plain text is read: a row for each line.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The reading side of `text`. A line ends with a line feed, with or without a carriage return before it; the last one may lack its end.
struct PlainTextReading: FormatReading {
  static let schema = Schema([Field("line", .string)])

  /// So much of a file is looked at before it is taken for text.
  private static let headBytes = 1 << 16

  var isText: Bool { true }

  /// Where the first line begins.
  func look(at source: ByteSource, options: ReadOptions) throws -> Int {
    let head = try source.bytes(at: 0, count: Self.headBytes)
    try FileSignature.check(head, isRead: "text", source.path)
    if options.encoding == .utf8 {
      if let order = UTF16Order.suggested(by: head.prefix(4096)) {
        throw Diagnostic(.notUTF8, "UTF-16 text without a byte-order mark: \(source.path)", suggestion: "\(order.optionText) reads it")
      }
      let invalid = Int(dsh_utf8_first_invalid(head, Int64(head.count)))
      // A sequence that the end of the head cuts short is no error.
      if invalid >= 0, source.sizeBytes == head.count || invalid < head.count - 4 {
        throw FileSignature.unknown(head, source.path) ?? PlainTextErrors.notUTF8(source, at: invalid)
      }
    }
    return head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  func settle(_ looks: [Int], options: ReadOptions) -> [FileDescription] {
    looks.map { start in
      FileDescription(
        schema: Self.schema, dataStart: start, layout: PlainTextLayout(dataStart: start, encoding: options.encoding).encoded())
    }
  }

  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws -> any FormatReader {
    guard scan.schema.count == 1, scan.wanted.allSatisfy({ $0 == 0 }), scan.schema[0].type == .string else {
      throw Diagnostic(
        .invalidOptionValue, .user, "the lines of a text are string: \(source.path)",
        suggestion: "map x = int64(line) makes another type of them")
    }
    return try PlainTextScanner(scan, layout: PlainTextLayout(scan.layout), source: source, predicate: predicate, batchRows: batchRows)
  }
}

/// What has to be known to read a text.
struct PlainTextLayout {
  var dataStart: Int
  var encoding: TextEncoding

  init(dataStart: Int, encoding: TextEncoding) {
    self.dataStart = dataStart
    self.encoding = encoding
  }

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(dataStart)
    writer.write(encoding.rawValue)
    return writer.bytes
  }

  /// Throws `DecodingFailure`.
  init(_ layout: [UInt8]) throws {
    var reader = ByteReader(layout)
    dataStart = try reader.readInt()
    guard let encoding = TextEncoding(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown encoding of text") }
    self.encoding = encoding
  }
}

/// The errors of reading text, each with the place in the file.
enum PlainTextErrors {
  /// The number, from 1, of the line that holds a byte; reads the file up to there.
  private static func line(of offset: Int, in source: ByteSource) -> Int {
    var line = 1
    var position = 0
    while position < offset, let bytes = try? source.bytes(at: position, count: min(1 << 20, offset - position)), !bytes.isEmpty {
      line += bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      position += bytes.count
    }
    return line
  }

  static func notUTF8(_ source: ByteSource, at offset: Int) -> Diagnostic {
    Diagnostic(
      .notUTF8, "not UTF-8 text: \(source.path), line \(line(of: offset, in: source)), byte \(offset)",
      suggestion: "--encoding=latin1 (or windows-1252) reads every byte as one character")
  }

  static func lineTooLong(_ source: ByteSource, at offset: Int, limitBytes: Int) -> Diagnostic {
    Diagnostic(
      .recordTooLong,
      "a line is longer than \(limitBytes >> 20) MiB: \(source.path), line \(line(of: offset, in: source)), byte \(offset)")
  }
}
