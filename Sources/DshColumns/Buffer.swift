// Immutable bytes with whoever keeps them alive, and the growable bytes they are made from.

/// Immutable bytes at a stable address.
///
/// `@unchecked Sendable`: nobody writes to the bytes once a `Buffer` exists, and `owner` keeps them mapped or allocated.
public struct Buffer: @unchecked Sendable {
  public let address: UnsafeRawPointer
  public let byteCount: Int
  @usableFromInline let owner: AnyObject?

  /// Bytes that stay valid as long as `owner` lives.
  @inlinable public init(address: UnsafeRawPointer, byteCount: Int, owner: AnyObject?) {
    self.address = address
    self.byteCount = byteCount
    self.owner = owner
  }

  /// No bytes.
  public static let empty = MutableBuffer(capacity: 0).freeze()

  /// The bytes as values of a trivial type; `count` values must fit.
  @inlinable public func pointer<T>(to type: T.Type = T.self) -> UnsafePointer<T> {
    address.assumingMemoryBound(to: T.self)
  }

  /// A part of the bytes; keeps the owner alive.
  @inlinable public func slice(from start: Int, byteCount: Int) -> Buffer {
    precondition(start >= 0 && byteCount >= 0 && start + byteCount <= self.byteCount, "slice within the buffer")
    return Buffer(address: address + start, byteCount: byteCount, owner: owner)
  }

  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: address, count: byteCount) }
}

/// Growable heap bytes, 64-byte aligned, with a single writer.
///
/// `@unchecked Sendable`: one thread fills it; after `freeze()` nobody writes. For the same reason its properties go without the
/// run-time check for overlapping accesses, which would cost more than an append.
public final class MutableBuffer: @unchecked Sendable {
  @exclusivity(unchecked) public private(set) var start: UnsafeMutableRawPointer
  @exclusivity(unchecked) public private(set) var capacity: Int
  /// The bytes in use; those above are uninitialised.
  @exclusivity(unchecked) public var byteCount: Int = 0

  /// Alignment of every buffer, that of a cache line and of Arrow's recommendation.
  public static let alignment = 64

  public init(capacity: Int) {
    self.capacity = max(64, capacity)
    start = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: Self.alignment)
  }

  deinit { start.deallocate() }

  /// Makes room for `extra` more bytes; addresses may change.
  @inlinable @inline(__always) public func reserve(_ extra: Int) {
    if byteCount &+ extra > capacity { grow(byteCount &+ extra) }
  }

  @inline(never) public func grow(_ needed: Int) {
    let larger = max(needed, capacity * 2)
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: Self.alignment)
    fresh.copyMemory(from: start, byteCount: byteCount)
    start.deallocate()
    start = fresh
    capacity = larger
  }

  /// Appends one value of a trivial type.
  @inlinable @inline(__always) public func append<T: BitwiseCopyable>(_ value: T) {
    reserve(MemoryLayout<T>.size)
    start.storeBytes(of: value, toByteOffset: byteCount, as: T.self)
    byteCount &+= MemoryLayout<T>.size
  }

  @inlinable public func append(_ source: UnsafeRawPointer, byteCount extra: Int) {
    reserve(extra)
    (start + byteCount).copyMemory(from: source, byteCount: extra)
    byteCount &+= extra
  }

  /// Appends zero bytes.
  public func appendZeros(_ extra: Int) {
    reserve(extra)
    (start + byteCount).initializeMemory(as: UInt8.self, repeating: 0, count: extra)
    byteCount += extra
  }

  /// The values as a typed pointer, valid until the next growth.
  @inlinable public func pointer<T>(to type: T.Type = T.self) -> UnsafeMutablePointer<T> {
    start.assumingMemoryBound(to: T.self)
  }

  /// The bytes as an immutable buffer; the caller writes no more.
  public func freeze() -> Buffer { Buffer(address: UnsafeRawPointer(start), byteCount: byteCount, owner: self) }
}
