// Names files of other formats by the bytes they begin with.

/// A format that announces itself, and that no reader of text should touch.
enum FileSignature {
  struct Format {
    /// As a sentence says it: `gzip-compressed data`.
    var name: String
    /// What to do instead, if there is something.
    var suggestion: String?
  }

  private static let signatures: [(bytes: [UInt8], format: Format)] = [
    ([0x1F, 0x8B], Format(name: "gzip-compressed data", suggestion: "gunzip FILE, then read what it holds")),
    ([0x28, 0xB5, 0x2F, 0xFD], Format(name: "zstd-compressed data", suggestion: "unzstd FILE, then read what it holds")),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], Format(name: "xz-compressed data", suggestion: "unxz FILE, then read what it holds")),
    (Array("BZh91AY&SY".utf8), Format(name: "bzip2-compressed data", suggestion: "bunzip2 FILE, then read what it holds")),
    ([0x04, 0x22, 0x4D, 0x18], Format(name: "lz4-compressed data", suggestion: "unlz4 FILE, then read what it holds")),
    (
      Array("PK".utf8) + [3, 4],
      Format(name: "a ZIP archive or a spreadsheet", suggestion: "unzip FILE, or save the spreadsheet as CSV")
    ),
    ([0xD0, 0xCF, 0x11, 0xE0], Format(name: "an old spreadsheet or document", suggestion: "save it as CSV")),
    (Array("PAR1".utf8) + [0x15], Format(name: "a Parquet file")),
    (Array("ARROW1".utf8) + [0], Format(name: "an Arrow file")),
    (Array("SQLite format 3".utf8), Format(name: "an SQLite database", suggestion: "export the table as CSV")),
    (
      [0xFF, 0xFE, 0, 0], Format(name: "UTF-32 text", suggestion: "iconv -f UTF-32 -t UTF-8 FILE turns it into UTF-8")
    ),
    ([0, 0, 0xFE, 0xFF], Format(name: "UTF-32 text", suggestion: "iconv -f UTF-32 -t UTF-8 FILE turns it into UTF-8")),
    (Array("%PDF-".utf8), Format(name: "a PDF document")),
    ([0x89] + Array("PNG".utf8), Format(name: "a PNG image")),
    ([0x7F] + Array("ELF".utf8), Format(name: "a program")),
  ]

  /// The format that a file's first bytes announce; nil for text.
  static func format(of head: [UInt8]) -> Format? { signatures.first { head.starts(with: $0.bytes) }?.format }
}
