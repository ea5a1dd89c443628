// What the bytes of an input become before readers of text get them: decompressed if they are compressed, UTF-8 if they are UTF-16, and with separators if cells have widths.
import DshDiagnostics
import DshSystem

/// Bytes of an input, cut anywhere, on their way to text that readers know.
public struct InputDecoder: StreamDecoder {
  private enum Stage {
    /// The beginning, as far as it has come.
    case undecided([UInt8])
    case plain
    case compressed(MemberDecoder)
  }

  private let name: String
  private let limit: DecompressionLimit
  private var stage = Stage.undecided([])
  private var text: UTF16Decoder?
  private var cells: FixedWidthDecoder?

  /// - Parameters:
  ///   - name: what errors call the input.
  ///   - widths: of the cells, if they have such.
  ///   - limit: how much compressed data may become.
  public init(name: String, encoding: InputEncoding, widths: [Int]? = nil, limit: DecompressionLimit) {
    self.name = name
    self.limit = limit
    text = encoding.decoder(name)
    cells = widths.map { FixedWidthDecoder(widths: $0, countsBytes: encoding.decoded != .utf8) }
  }

  /// Whether a file that begins with these bytes is not what readers get.
  public static func isNeeded(for head: [UInt8], name: String, encoding: InputEncoding) -> Bool {
    if Compression.of(head, name: name) != nil { return true }
    guard case .utf8OrUTF16(let order) = encoding else { return false }
    return UTF16Decoder.isNeeded(for: head, order: order)
  }

  public mutating func decode(
    _ bytes: UnsafeRawBufferPointer, isEnd: Bool, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    switch stage {
    case .undecided(let before):
      let head = before + bytes
      guard head.count >= Compression.magicBytes || isEnd else {
        stage = .undecided(head)
        return
      }
      stage =
        Compression.of(head.prefix(Compression.magicBytes), name: name).map { .compressed(MemberDecoder($0, name: name, limit: limit)) }
        ?? .plain
      try withBytes(of: head) { head throws(Diagnostic) in try decode(head, isEnd: isEnd, to: sink) }
    case .plain: try decodeText(bytes, isEnd: isEnd, to: sink)
    case .compressed(var members):
      try members.decode(bytes, isEnd: isEnd) { piece throws(Diagnostic) in try decodeText(piece, isEnd: false, to: sink) }
      stage = .compressed(members)
      if isEnd { try decodeText(UnsafeRawBufferPointer(start: nil, count: 0), isEnd: true, to: sink) }
    }
  }

  private mutating func decodeText(
    _ bytes: UnsafeRawBufferPointer, isEnd: Bool, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard let decoded = try text?.decode(bytes, isEnd: isEnd) else { return try decodeCells(bytes, isEnd: isEnd, to: sink) }
    try withBytes(of: decoded) { decoded throws(Diagnostic) in try decodeCells(decoded, isEnd: isEnd, to: sink) }
  }

  private mutating func decodeCells(
    _ bytes: UnsafeRawBufferPointer, isEnd: Bool, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard let decoded = try cells?.decode(bytes, isEnd: isEnd) else { return try sink(bytes) }
    try withBytes(of: decoded) { decoded throws(Diagnostic) in try sink(decoded) }
  }
}

/// The bytes of an array. The error goes around the closure: Swift 6.3.1 can't compile a typed error that passes through `withUnsafeBytes`.
private func withBytes(of array: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void) throws(Diagnostic) {
  var failure: Diagnostic?
  array.withUnsafeBytes { bytes in
    do throws(Diagnostic) { try body(bytes) } catch { failure = error }
  }
  if let failure { throw failure }
}
