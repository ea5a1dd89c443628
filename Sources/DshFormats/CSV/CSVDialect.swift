// How one CSV file is written, once that is settled.
import CDshKernels
import DshColumns

/// Everything that turns the bytes of one file into cells.
struct CSVDialect: Hashable, Sendable {
  var delimiter = CSVDelimiter(UInt8(ascii: ","))
  var quote: UInt8? = UInt8(ascii: "\"")
  /// Takes the next character literally, inside quotes and outside; nil if there is none. A doubled quote needs none.
  var escape: UInt8?
  /// Whether a carriage return that no line feed follows ends a record. A line feed does in any case, and a carriage return before it belongs to it.
  var endsAtReturns = false
  /// Whether blanks before a quote belong to the separator.
  var skipsBlanks = false
  /// What stands before a fraction, and between groups of three digits if anything does.
  var decimal = UInt8(ascii: ".")
  var thousands: UInt8?
  /// What lines start with that are no records; nil if there are none.
  var comment: UInt8?
  var hasHeader = true
  var encoding = TextEncoding.utf8
  var ragged = RaggedPolicy.error
  /// Texts that stand for null beside the empty cell, as they stand in the file: quotes are part of them.
  var nullTexts = CSVDialect.defaultNullTexts
  /// The columns whose types a person has fixed: a cell that does not fit is an error instead of a reason to widen.
  var fixedColumns: [Int] = []
  /// The bytes of a header that no record can repeat, as a column below it holds no texts: lines of files that were joined that do so all the same are left
  /// out. Empty if there is none.
  var repeatedHeader: [UInt8] = []

  /// What database dumps write for null. `NA` is not among them: it is Namibia, Naples and North America.
  static let defaultNullTexts = ["\\N"]

  /// What ends a record once its text is prepared.
  static let newline = UInt8(ascii: "\n")

  init() {}

  /// The characters as the kernels take them.
  var characters: dsh_csv_dialect {
    dsh_csv_dialect(
      delimiter: delimiter.first, quote: quote ?? 0, escape: escape ?? 0, skips_blanks: skipsBlanks ? 1 : 0,
      delimiter_length: UInt8(delimiter.bytes.count), delimiter_word: delimiter.word)
  }

  /// Whether text can be scanned as it stands in the file.
  var needsNoPreparation: Bool { comment == nil && !endsAtReturns }

  /// Makes text that starts with a record ready to be scanned, where it is not as it stands.
  ///
  /// - Parameter isEnd: whether nothing follows the text.
  func prepare(_ text: UnsafeMutablePointer<UInt8>, count: Int, isEnd: Bool) {
    if needsNoPreparation { return }
    var characters = characters
    var lines = dsh_csv_lines(comment: comment ?? 0, ends_at_returns: endsAtReturns ? 1 : 0)
    dsh_csv_prepare_lines(text, Int64(count), &characters, &lines, isEnd ? 1 : 0)
  }

  func encode(to writer: inout ByteWriter) {
    writer.write(delimiter.bytes) { $0.write($1) }
    writer.write(quote) { $0.write($1) }
    writer.write(escape) { $0.write($1) }
    writer.write(endsAtReturns)
    writer.write(skipsBlanks)
    writer.write(decimal)
    writer.write(thousands) { $0.write($1) }
    writer.write(comment) { $0.write($1) }
    writer.write(hasHeader)
    writer.write(encoding.rawValue)
    writer.write(ragged.rawValue)
    writer.write(nullTexts) { $0.write($1) }
    writer.write(fixedColumns) { $0.write($1) }
    writer.write(repeatedHeader) { $0.write($1) }
  }

  init(from reader: inout ByteReader) throws {
    guard let delimiter = CSVDelimiter(try reader.readArray { try $0.readUInt8() }) else { throw DecodingFailure("no delimiter") }
    self.delimiter = delimiter
    quote = try reader.readOptional { try $0.readUInt8() }
    escape = try reader.readOptional { try $0.readUInt8() }
    endsAtReturns = try reader.readBool()
    skipsBlanks = try reader.readBool()
    decimal = try reader.readUInt8()
    thousands = try reader.readOptional { try $0.readUInt8() }
    comment = try reader.readOptional { try $0.readUInt8() }
    hasHeader = try reader.readBool()
    guard let encoding = TextEncoding(rawValue: try reader.readUInt8()) else { throw DecodingFailure("unknown encoding") }
    guard let ragged = RaggedPolicy(rawValue: try reader.readUInt8()) else { throw DecodingFailure("unknown policy for ragged rows") }
    self.encoding = encoding
    self.ragged = ragged
    nullTexts = try reader.readArray { try $0.readString() }
    fixedColumns = try reader.readArray { try $0.readInt() }
    repeatedHeader = try reader.readArray { try $0.readUInt8() }
  }
}
