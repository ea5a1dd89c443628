// Memory mapped from a file or a memory file, unmapped when its last user lets go.
import CDshSystem
import DshDiagnostics
import Glibc

/// A range of shared memory. Readers keep a reference for as long as they use its bytes.
///
/// `@unchecked Sendable`: the address and length never change; who may write which bytes is the business of the store that owns them.
/// `@safe`: the bytes stay mapped as long as this lives, and what gives their address says itself that it is unsafe.
@safe public final class Mapping: @unchecked Sendable {
  public let address: UnsafeMutableRawPointer
  public let byteCount: Int
  public let isWritable: Bool

  /// Maps `byteCount` bytes of a file from `offset` on, which is a multiple of `pageBytes`. Writing through a mapping that isn't writable is a fault.
  public init(_ descriptor: borrowing Descriptor, at offset: Int = 0, byteCount: Int, writable: Bool) throws(Diagnostic) {
    precondition(byteCount > 0, "a mapping has at least one byte, got \(byteCount)")
    precondition(offset >= 0 && offset % Self.pageBytes == 0, "a mapping begins with a page, got \(offset)")
    let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
    let result = unsafe mmap(nil, byteCount, protection, MAP_SHARED, descriptor.number, off_t(offset))
    guard let result = unsafe result, unsafe result != MAP_FAILED else {
      throw systemError(errno, doing: "map memory", limit: "\(byteCount) bytes wanted")
    }
    // A crash must not dump shared memory: reading the holes of a sparse file would fill them, and the process would take minutes to end.
    unsafe dsh_exclude_from_dump(result, byteCount)
    unsafe address = result
    self.byteCount = byteCount
    isWritable = writable
  }

  /// What the system maps at once.
  public static let pageBytes = sysconf(Int32(_SC_PAGESIZE))

  /// Says that bytes are read here and there, so that no more of a file is read from disk than is looked at.
  public func expectsFewReads() { unsafe madvise(address, byteCount, MADV_RANDOM) }

  /// Nobody has the address any more: whoever uses the bytes keeps this.
  deinit { unsafe munmap(address, byteCount) }

  public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: address, count: byteCount) }
}
