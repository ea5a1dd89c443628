// What a program writes to its error output: the beginning for whoever watches, the end for whoever asks why it failed.

/// The first and the last bytes of a text of any length.
public struct ProgramWords: Sendable, Equatable {
  /// A screen full.
  static let shownBytes = 4 << 10
  /// More than a traceback's last lines.
  static let lastBytes = 2 << 10
  /// What stands in an error.
  static let lastLines = 5

  private var first: [UInt8] = []
  private var last: [UInt8] = []
  public private(set) var byteCount = 0

  public init() {}

  public mutating func append(_ bytes: [UInt8]) {
    byteCount += bytes.count
    first += bytes.prefix(Self.shownBytes - first.count)
    last += bytes.suffix(Self.lastBytes)
    if last.count > Self.lastBytes { last.removeFirst(last.count - Self.lastBytes) }
  }

  /// The lines it begins with, without blank ones.
  public var shownLines: [String] { Self.lines(first) }
  /// Bytes behind those.
  public var omittedBytes: Int { byteCount - first.count }
  /// The lines it ends with, without blank ones.
  public var lastLines: [String] { Self.lines(last).suffix(Self.lastLines) }

  /// What is no text is shown as what it is not.
  private static func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { line in String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })) }
      .filter { !$0.allSatisfy(\.isWhitespace) }
  }
}
