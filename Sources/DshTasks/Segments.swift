// Bytes that lie in many places as segments that are put down one behind another with one copy.

import DshColumns

/// Memory that holds some bytes if it is laid end to end.
///
/// Ray's serializer puts buffers of at least 2048 bytes at multiples of 64; a buffer whose size is such a multiple is followed by the next
/// one at once. Segments but the last are of that kind, so that they lie end to end whatever they are made of.
public struct Segments: Sendable {
  public let buffers: [Buffer]
  public let byteCount: Int

  static let alignment = MutableBuffer.alignment
  static let leastBytes = 2048
  /// A piece from here on is passed as it lies; to copy fewer bytes costs less than another segment.
  static let largeBytes = 16 << 10

  /// Lays out runs of bytes.
  public init(_ runs: [Buffer]) {
    var buffers: [Buffer] = []
    // What is copied: the borders of large runs, and short ones.
    var border = MutableBuffer(capacity: 0)
    for run in runs {
      let head = border.byteCount == 0 ? 0 : Self.segmentBytes(border.byteCount) - border.byteCount
      let whole = (run.byteCount - head) / Self.alignment * Self.alignment
      guard whole >= Self.largeBytes else {
        border.append(run)
        continue
      }
      if border.byteCount > 0 {
        border.append(run.slice(from: 0, byteCount: head))
        buffers.append(border.freeze())
        border = MutableBuffer(capacity: 0)
      }
      buffers.append(run.slice(from: head, byteCount: whole))
      border.append(run.slice(from: head + whole, byteCount: run.byteCount - head - whole))
    }
    if border.byteCount > 0 { buffers.append(border.freeze()) }
    self.buffers = buffers
    byteCount = runs.reduce(0) { $0 + $1.byteCount }
  }

  /// The smallest size of a segment that holds so many bytes.
  private static func segmentBytes(_ byteCount: Int) -> Int { max(leastBytes, (byteCount + alignment - 1) / alignment * alignment) }
}

extension EncodedBlock {
  /// The whole block as runs of bytes one behind another.
  var runs: [Buffer] {
    var runs = [Buffer(copying: header)]
    var position = header.count
    func pad(to offset: Int) {
      if offset > position { runs.append(.zeros(offset - position)) }
      position = offset
    }
    for (offset, piece) in pieces where piece.byteCount > 0 {
      pad(to: offset)
      runs.append(piece)
      position += piece.byteCount
    }
    pad(to: byteCount)
    return runs
  }
}

extension Buffer {
  /// A copy of some bytes.
  public init(copying bytes: [UInt8]) {
    let memory = MutableBuffer(capacity: bytes.count)
    // The bytes are there as long as the call.
    unsafe bytes.withUnsafeBytes { if let base = $0.baseAddress { unsafe memory.append(base, byteCount: $0.count) } }
    self = memory.freeze()
  }

  static func zeros(_ byteCount: Int) -> Buffer {
    let memory = MutableBuffer(capacity: byteCount)
    memory.appendZeros(byteCount)
    return memory.freeze()
  }
}
