// The bytes of a golden file as text: with or without a byte-order mark, with line ends of either kind.

import DshDiagnostics

/// The text of a golden file, and how its file writes it.
public struct GoldenFileText: Sendable, Hashable {
  /// Lines end in a line feed, and there is no byte-order mark.
  public var text: String
  let hasByteOrderMark: Bool
  /// Whether each line ends in a carriage return and a line feed.
  let hasCarriageReturns: Bool

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let lineFeed = UInt8(ascii: "\n")

  /// - Throws: `not-utf8`; `mixed-line-ends` if only some lines end in a carriage return, as it could belong to the output then.
  public init(_ bytes: [UInt8]) throws(Diagnostic) {
    hasByteOrderMark = bytes.starts(with: Self.byteOrderMark)
    var bytes = bytes
    if hasByteOrderMark { bytes.removeFirst(Self.byteOrderMark.count) }
    let lines = bytes.split(separator: Self.lineFeed, omittingEmptySubsequences: false)
    let ended = lines.dropLast()
    let marked = ended.count { $0.last == Self.carriageReturn }
    hasCarriageReturns = marked > 0
    if marked > 0, let odd = ended.firstIndex(where: { ($0.last == Self.carriageReturn) != (2 * marked > ended.count) }) {
      throw Diagnostic(
        .mixedLineEnds, "lines end in LF and in CR LF: line \(odd + 1) is not like most",
        notes: ["give all lines the same end; a carriage return that a statement prints is written ␍"])
    }
    if hasCarriageReturns {
      bytes = Array(lines.map { $0.last == Self.carriageReturn ? $0.dropLast() : $0 }.joined(separator: [Self.lineFeed]))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(.notUTF8, .syntax, "a golden file is UTF-8 text, and this is not")
    }
    self.text = text
  }

  /// Another text as the same file would write it.
  public func bytes(of text: String) -> [UInt8] {
    var bytes = hasByteOrderMark ? Self.byteOrderMark : []
    for byte in text.utf8 {
      if byte == Self.lineFeed, hasCarriageReturns { bytes.append(Self.carriageReturn) }
      bytes.append(byte)
    }
    return bytes
  }
}
