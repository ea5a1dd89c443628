// Messages cut out of a byte stream: a length, then that many bytes.
import DshColumns
import DshDiagnostics

/// Limits of the wire, each with its reason.
enum WireLimit {
  /// Plans of thousands of files and results of wide aggregations fit many times over; a length beyond it is garbage, not a message.
  static let frameBytes = 256 << 20
  /// What one call reads at most: the default size of a socket's buffer.
  static let receiveBytes = 208 << 10
}

extension WireLimit {
  /// The most bytes that a message takes beside what it carries.
  private static let envelopeBytes = 1 << 10

  /// Refuses what a message can't carry.
  ///
  /// - Parameter what: such as `the description of a task`.
  static func check(_ byteCount: Int, of what: String, notes: [String]) throws(Diagnostic) {
    guard byteCount > frameBytes - envelopeBytes else { return }
    throw Diagnostic(
      .messageTooLarge, "\(what) is larger than a message between processes may be: \(bytesText(byteCount))",
      notes: ["the limit is \(bytesText(frameBytes))"] + notes)
  }
}

/// Puts the length in front of a message, which is not longer than `WireLimit.frameBytes`.
func frame(_ body: [UInt8]) -> [UInt8] {
  precondition(body.count <= WireLimit.frameBytes, "a message of at most \(WireLimit.frameBytes) bytes, got \(body.count)")
  var bytes: [UInt8] = []
  bytes.reserveCapacity(4 + body.count)
  withUnsafeBytes(of: UInt32(body.count).littleEndian) { bytes.append(contentsOf: $0) }
  bytes.append(contentsOf: body)
  return bytes
}

/// Collects received bytes and hands out whole messages, however the stream was cut.
struct FrameAssembler {
  private var pending: [UInt8] = []
  private var start = 0

  mutating func append(_ bytes: UnsafeRawBufferPointer) { pending.append(contentsOf: bytes) }

  /// The next whole message without its length; nil until more bytes come.
  mutating func next() throws(DecodingFailure) -> [UInt8]? {
    let available = pending.count - start
    guard available >= 4 else { return compact() }
    var length = 0
    for index in 0..<4 { length |= Int(pending[start + index]) << (8 * index) }
    guard length <= WireLimit.frameBytes else { throw DecodingFailure("a message of \(length) bytes") }
    guard available - 4 >= length else { return compact() }
    let body = Array(pending[start + 4..<start + 4 + length])
    start += 4 + length
    return body
  }

  /// Drops what has been handed out; called when nothing whole is left, so the rest is short.
  private mutating func compact() -> [UInt8]? {
    pending.removeFirst(start)
    start = 0
    return nil
  }
}
