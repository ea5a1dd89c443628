// A batch on its own, away from the store that its rows were brought to.

extension Batch {
  /// A copy whose memory belongs to nobody else.
  public func copied() -> Batch {
    let encoded = BlockFormat.encode(self)
    let memory = MutableBuffer(capacity: encoded.byteCount)
    // Padding between buffers is read by nobody, but a block is bytes through and through.
    unsafe memory.start.initializeMemory(as: UInt8.self, repeating: 0, count: encoded.byteCount)
    memory.byteCount = encoded.byteCount
    unsafe encoded.write(into: UnsafeMutableRawBufferPointer(start: memory.start, count: encoded.byteCount))
    // The columns of the copy keep the memory; nobody writes to it any more.
    guard let copy = try? unsafe BlockFormat.decode(memory.freeze().bytes, owner: memory) else {
      preconditionFailure("what was encoded just now can be decoded")
    }
    return copy
  }

  /// The bytes of all its buffers.
  public var byteCount: Int { BlockFormat.encode(self).payloadBytes }
}
