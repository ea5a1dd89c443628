// The text a person typed or a script holds, and positions in it.

/// A half-open range of UTF-8 byte offsets in one source text.
public struct SourceSpan: Hashable, Sendable {
  public var start: Int
  public var end: Int

  public init(start: Int, end: Int) {
    self.start = start
    self.end = max(start, end)
  }

  /// The smallest span that holds both.
  public func union(_ other: SourceSpan) -> SourceSpan {
    SourceSpan(start: min(start, other.start), end: max(end, other.end))
  }
}

/// A named text with a way from byte offsets to lines and columns.
public struct SourceText: Hashable, Sendable {
  /// What an error calls the text: a path, `-c`, `<stdin>` or `dsh`.
  public let name: String
  public let text: String
  /// The line number, from 1, of the text's first line in the file it is part of.
  public let firstLine: Int
  private let lineStarts: [Int]

  public init(name: String, text: String, firstLine: Int = 1) {
    self.name = name
    self.text = text
    self.firstLine = firstLine
    var starts = [0]
    var offset = 0
    for byte in text.utf8 {
      offset += 1
      if byte == UInt8(ascii: "\n") { starts.append(offset) }
    }
    lineStarts = starts
  }

  /// The line and column, both from 1, of a byte offset; columns count characters (grapheme clusters).
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let index = lineIndex(of: offset)
    let line = lineText(index).utf8
    let length = min(max(0, offset - lineStarts[index]), line.count)
    let column = String(decoding: line.prefix(length), as: UTF8.self).count + 1
    return (firstLine + index, column)
  }

  /// The index, from 0, of the line that holds a byte offset.
  func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The text of a line without its line end.
  func lineText(_ index: Int) -> String {
    let start = lineStarts[index]
    let end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : text.utf8.count
    var bytes = Array(text.utf8.dropFirst(start).prefix(max(0, end - start)))
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The offset of a line's first byte.
  func lineStart(_ index: Int) -> Int { lineStarts[index] }
}

/// A stretch of a text, together with the text.
public struct SourcePlace: Hashable, Sendable {
  public var source: SourceText
  public var span: SourceSpan

  public init(source: SourceText, span: SourceSpan) {
    self.source = source
    self.span = span
  }

  /// What stands there.
  public var text: String { String(decoding: source.text.utf8.dropFirst(span.start).prefix(span.end - span.start), as: UTF8.self) }

  /// `script.dsh:3:8`.
  public var name: String {
    let position = source.position(of: span.start)
    return "\(source.name):\(position.line):\(position.column)"
  }
}
