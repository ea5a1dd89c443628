// Names files of other formats by bytes that they hold at fixed places.
import DshDiagnostics

/// A format that announces itself, and that no reader of text should touch.
struct FileSignature {
  struct Format: Sendable {
    /// As a sentence says it: `gzip-compressed data`.
    var name: String
    /// What to do instead, if there is something.
    var suggestion: String?
  }

  private let offset: Int
  private let bytes: [UInt8]
  private let format: Format

  private init(_ bytes: [UInt8], at offset: Int = 0, is name: String, suggestion: String? = nil) {
    self.offset = offset
    self.bytes = bytes
    format = Format(name: name, suggestion: suggestion)
  }

  private init(_ text: String, _ behind: [UInt8] = [], at offset: Int = 0, is name: String, suggestion: String? = nil) {
    self.init(Array(text.utf8) + behind, at: offset, is: name, suggestion: suggestion)
  }

  private static let unpack = "then read what it holds"
  private static let database = "export the table as CSV or Parquet"
  private static let spreadsheet = "save the sheet as CSV"
  private static let iconv = "iconv -f UTF-32 -t UTF-8 FILE turns it into UTF-8"

  private static let all = [
    FileSignature([0x1F, 0x8B], is: "gzip-compressed data", suggestion: "gunzip FILE, \(unpack)"),
    FileSignature([0x28, 0xB5, 0x2F, 0xFD], is: "zstd-compressed data", suggestion: "unzstd FILE, \(unpack)"),
    FileSignature([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], is: "xz-compressed data", suggestion: "unxz FILE, \(unpack)"),
    FileSignature("BZh91AY&SY", is: "bzip2-compressed data", suggestion: "bunzip2 FILE, \(unpack)"),
    FileSignature([0x04, 0x22, 0x4D, 0x18], is: "lz4-compressed data", suggestion: "unlz4 FILE, \(unpack)"),
    FileSignature("PK", [3, 4], is: "a ZIP archive or a spreadsheet (XLSX)", suggestion: "unzip FILE, or \(spreadsheet)"),
    FileSignature("7z", [0xBC, 0xAF, 0x27, 0x1C], is: "a 7-Zip archive", suggestion: "7z x FILE, \(unpack)"),
    FileSignature("ustar", at: 257, is: "a tar archive", suggestion: "tar -xf FILE, \(unpack)"),
    FileSignature([0xD0, 0xCF, 0x11, 0xE0], is: "an old spreadsheet or document (XLS, DOC)", suggestion: spreadsheet),
    FileSignature("PAR1", [0x15], is: "a Parquet file"),
    FileSignature("ARROW1", [0], is: "an Arrow file"),
    FileSignature("FEA1", [0], is: "a Feather file"),
    FileSignature("Obj", [1], is: "an Avro file"),
    FileSignature([0x89] + Array("HDF\r\n".utf8), is: "an HDF5 file"),
    FileSignature([0x93] + Array("NUMPY".utf8), is: "a NumPy array"),
    FileSignature(
      "SQLite format 3", [0], is: "an SQLite database", suggestion: "sqlite3 -header -csv FILE 'SELECT * FROM TABLE' | dsh -c 'read -'"),
    FileSignature("DUCK", at: 8, is: "a DuckDB database", suggestion: database),
    FileSignature([0xFF, 0xFE, 0, 0], is: "UTF-32 text", suggestion: iconv),
    FileSignature([0, 0, 0xFE, 0xFF], is: "UTF-32 text", suggestion: iconv),
    FileSignature("%PDF-", is: "a PDF document"),
    FileSignature([0x89] + Array("PNG\r\n".utf8), is: "a PNG image"),
    FileSignature([0xFF, 0xD8, 0xFF], is: "a JPEG image"),
    FileSignature([0x7F] + Array("ELF".utf8), is: "a program"),
  ]

  /// Refuses a file that is to be read as text, if its first bytes announce something else; throws `other-format`.
  static func check(_ head: [UInt8], isRead name: String, _ path: String) throws(Diagnostic) {
    guard let format = format(of: head) else { return }
    throw Diagnostic(.otherFormat, "\(format.name), not \(name): \(path)", suggestion: format.suggestion.map { .words($0) })
  }

  /// What to say of a file that is no UTF-8 text, if it looks like no text at all; nil if it may be one.
  static func unknown(_ head: [UInt8], _ path: String) -> Diagnostic? {
    guard head.prefix(512).contains(0) else { return nil }
    return Diagnostic(.otherFormat, "no text, and no format that is known: \(path)", notes: [firstBytes(head)])
  }

  /// What to say of a file that does not begin or end as files of a format do.
  static func notReadable(as name: String, _ head: [UInt8], _ path: String) -> Diagnostic {
    if head.isEmpty { return Diagnostic(.otherFormat, "not \(name), but empty: \(path)") }
    guard let format = format(of: head) else { return Diagnostic(.otherFormat, "not \(name): \(path)", notes: [firstBytes(head)]) }
    return Diagnostic(.otherFormat, "\(format.name), not \(name): \(path)", suggestion: format.suggestion.map { .words($0) })
  }

  private static func firstBytes(_ head: [UInt8]) -> String {
    let hexadecimal = head.prefix(8).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
    return "its first bytes: \(hexadecimal.joined(separator: " "))"
  }

  /// The format that a file's first bytes announce; nil for text.
  static func format(of head: [UInt8]) -> Format? {
    // In the middle of a text such letters may be words of it; text has no zero bytes.
    all.first { signature in
      head.count >= signature.offset && head[signature.offset...].starts(with: signature.bytes)
        && (signature.offset == 0 || head.prefix(512).contains(0))
    }?.format
  }
}
