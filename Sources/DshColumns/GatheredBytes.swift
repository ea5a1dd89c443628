// The bytes of one buffer of a block while they come in pieces: laid end to end only once, where the block is written.

/// Append-only bytes.
///
/// Large pieces are kept where they are, so that they are copied only when the block is written. Small ones are copied together, and so is what
/// would keep much more memory alive than its bytes.
struct GatheredBytes {
  private(set) var byteCount = 0
  private var whole: [Buffer] = []
  /// The small pieces behind those in `whole`.
  private var tail: MutableBuffer?

  /// Shorter pieces are cheaper to copy than to keep.
  static let keptBytes = 4 << 10
  private static let tailBytes = 64 << 10

  mutating func append(_ piece: Buffer) {
    if piece.byteCount >= Self.keptBytes && piece.ownsHalfOfItsMemory {
      closeTail()
      whole.append(piece)
      byteCount += piece.byteCount
    } else if piece.byteCount > 0 {
      unsafe append(byteCount: piece.byteCount) { unsafe $0.copyMemory(from: piece.address, byteCount: piece.byteCount) }
    }
  }

  /// Appends bytes that `fill` writes.
  mutating func append(byteCount added: Int, _ fill: (UnsafeMutableRawPointer) -> Void) {
    if let tail, tail.byteCount + added > tail.capacity { closeTail() }
    let room = tail ?? MutableBuffer(capacity: max(added, min(byteCount, Self.tailBytes)))
    unsafe fill(room.start + room.byteCount)
    room.byteCount += added
    byteCount += added
    tail = room
  }

  private mutating func closeTail() {
    if let tail { whole.append(tail.freeze()) }
    tail = nil
  }

  /// The pieces in order; none is empty.
  mutating func pieces() -> [Buffer] {
    closeTail()
    return whole
  }

  /// All bytes in one piece.
  mutating func joined() -> Buffer {
    closeTail()
    if whole.count <= 1 { return whole.first ?? .empty }
    let result = MutableBuffer(capacity: byteCount)
    for piece in whole { result.append(piece) }
    return result.freeze()
  }
}

extension Buffer {
  /// Whether whoever keeps the bytes keeps at most as much memory again: heap memory of which they are at least half.
  fileprivate var ownsHalfOfItsMemory: Bool { (owner as? MutableBuffer).map { $0.capacity <= 2 * byteCount } ?? false }
}
