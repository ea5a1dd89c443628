// Immutable bytes with whoever keeps them alive, and the growable bytes they are made from.

import CDshKernels

/// Immutable bytes at a stable address.
///
/// `@unchecked Sendable`: nobody writes to the bytes once a `Buffer` exists, and `owner` keeps them mapped or allocated.
/// `@safe`: whoever makes one vouches for address and length, parts are checked, and what gives an address says itself that it is unsafe.
@safe public struct Buffer: @unchecked Sendable {
  public let address: UnsafeRawPointer
  public let byteCount: Int
  @usableFromInline let owner: AnyObject?

  /// Bytes that stay valid as long as `owner` lives.
  @inlinable public init(address: UnsafeRawPointer, byteCount: Int, owner: AnyObject?) {
    unsafe self.address = address
    self.byteCount = byteCount
    self.owner = owner
  }

  /// No bytes.
  public static let empty = MutableBuffer(capacity: 0).freeze()

  /// The bytes as values of a trivial type; `count` values must fit.
  @inlinable public func pointer<T>(to type: T.Type = T.self) -> UnsafePointer<T> {
    unsafe address.assumingMemoryBound(to: T.self)
  }

  /// A part of the bytes; keeps the owner alive.
  @inlinable public func slice(from start: Int, byteCount: Int) -> Buffer {
    precondition(start >= 0 && byteCount >= 0 && start + byteCount <= self.byteCount, "slice within the buffer")
    return unsafe Buffer(address: address + start, byteCount: byteCount, owner: owner)
  }

  public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: address, count: byteCount) }
}

/// Growable heap bytes, 64-byte aligned, with a single writer.
///
/// `@unchecked Sendable`: one thread fills it; after `freeze()` nobody writes. For the same reason its properties go without the
/// run-time check for overlapping accesses, which would cost more than an append.
/// `@safe`: the bytes are its own, and appending makes room first. One accesses `byteCount` and `capacity` at a time, for the same reason.
/// Whoever writes at an address has made room before: debug builds look with each append whether it was enough, others when bytes move or freeze.
@safe public final class MutableBuffer: @unchecked Sendable {
  @exclusivity(unchecked) public private(set) var start: UnsafeMutableRawPointer
  @safe @exclusivity(unchecked) public private(set) var capacity: Int
  /// The bytes in use; those above are uninitialised. Set by whoever has written them at an address.
  @safe @exclusivity(unchecked) public var byteCount: Int = 0

  /// Alignment of every buffer, that of a cache line and of Arrow's recommendation.
  public static let alignment = 64

  public init(capacity: Int) { unsafe (start, self.capacity) = Self.take(capacity) }

  deinit { unsafe dsh_give_buffer(start, capacity) }

  /// Memory of at least so many bytes.
  private static func take(_ byteCount: Int) -> (start: UnsafeMutableRawPointer, capacity: Int) {
    var capacity = 0
    let start = unsafe dsh_take_buffer(max(0, byteCount), &capacity)
    return unsafe (start, capacity)
  }

  /// Makes room for `extra` more bytes; addresses may change.
  @inlinable @inline(__always) public func reserve(_ extra: Int) {
    assert(byteCount >= 0 && byteCount <= capacity, "more was written than there was room for: \(byteCount) bytes into \(capacity)")
    if byteCount &+ extra > capacity { grow(byteCount &+ extra) }
  }

  @inline(never) public func grow(_ needed: Int) {
    checkRoom()
    let larger = unsafe Self.take(max(needed, capacity * 2))
    unsafe larger.start.copyMemory(from: start, byteCount: byteCount)
    unsafe dsh_give_buffer(start, capacity)
    unsafe (start, capacity) = larger
  }

  private func checkRoom() {
    precondition(byteCount >= 0 && byteCount <= capacity, "more was written than there was room for: \(byteCount) bytes into \(capacity)")
  }

  /// Appends one value of a trivial type.
  @inlinable @inline(__always) public func append<T: BitwiseCopyable>(_ value: T) {
    reserve(MemoryLayout<T>.size)
    unsafe start.storeBytes(of: value, toByteOffset: byteCount, as: T.self)
    byteCount &+= MemoryLayout<T>.size
  }

  @inlinable public func append(_ source: UnsafeRawPointer, byteCount extra: Int) {
    reserve(extra)
    unsafe (start + byteCount).copyMemory(from: source, byteCount: extra)
    byteCount &+= extra
  }

  /// Appends the bytes of a buffer.
  public func append(_ source: Buffer) { unsafe append(source.address, byteCount: source.byteCount) }

  /// Appends zero bytes.
  public func appendZeros(_ extra: Int) {
    precondition(extra >= 0, "a number of bytes, got \(extra)")
    reserve(extra)
    unsafe (start + byteCount).initializeMemory(as: UInt8.self, repeating: 0, count: extra)
    byteCount += extra
  }

  /// The values as a typed pointer, valid until the next growth.
  @inlinable public func pointer<T>(to type: T.Type = T.self) -> UnsafeMutablePointer<T> {
    unsafe start.assumingMemoryBound(to: T.self)
  }

  /// The bytes as an immutable buffer; the caller writes no more.
  public func freeze() -> Buffer {
    checkRoom()
    return unsafe Buffer(address: UnsafeRawPointer(start), byteCount: byteCount, owner: self)
  }
}
