// What stands between the cells of a CSV file.
import DshDiagnostics

/// A separator of one byte or of several.
struct CSVDelimiter: Hashable, Sendable {
  /// What fits a word of the processor: the scan compares whole words.
  static let longestBytes = 8

  /// From one byte to `longestBytes`.
  let bytes: [UInt8]

  init(_ byte: UInt8) { bytes = [byte] }

  /// Nil if there are no bytes or too many.
  init?(_ bytes: [UInt8]) {
    guard 1...Self.longestBytes ~= bytes.count else { return nil }
    self.bytes = bytes
  }

  var first: UInt8 { bytes[0] }
  var last: UInt8 { bytes[bytes.count - 1] }
  var isLong: Bool { bytes.count > 1 }

  /// The bytes as one number, the first the lowest.
  var word: UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

  func contains(_ byte: UInt8?) -> Bool { byte.map(bytes.contains) ?? false }
}

extension CSVOptions {
  /// The separator that is asked for, in the file's encoding, `.some(nil)` for a single column; nil if none is. Throws `invalid-option-value`.
  func delimiter(_ encoding: TextEncoding) throws -> CSVDelimiter?? {
    guard let asked = delimiter else { return nil }
    guard let text = asked else { return .some(nil) }
    guard let bytes = encoding.bytes(of: text), let delimiter = CSVDelimiter(bytes) else {
      throw Diagnostic(
        .invalidOptionValue, .user, "--delim is 1 to \(CSVDelimiter.longestBytes) bytes in the encoding of the file, not \"\(text)\"")
    }
    let taken: [(name: String, byte: UInt8?)] = [
      ("--quote", quote ?? UInt8(ascii: "\"")), ("--escape", escape ?? nil), ("--comment", comment),
    ]
    if let other = taken.first(where: { delimiter.contains($0.byte) }) {
      throw Diagnostic(
        .invalidOptionValue, .user, "--delim and \(other.name) hold the same character",
        suggestion: other.name == "--quote" ? "--quote=none where quotes are text" : nil)
    }
    return delimiter
  }
}
