// Memory without a name in any file system, shared by passing its descriptor; the kernel frees it with its last user.
import CDshSystem
import DshDiagnostics
import Glibc

/// A sparse memory file of fixed size.
public struct MemoryFile: ~Copyable, Sendable {
  public let descriptor: Descriptor
  public let byteCount: Int

  /// Makes a memory file of exactly `byteCount` bytes; no page is in use until it is written. Its size can never change.
  public init(name: String, byteCount: Int) throws(Diagnostic) {
    let made = Descriptor(owning: try checked("make shared memory") { dsh_memory_file(name) })
    let number = made.number
    try checked("size shared memory") { ftruncate(number, byteCount) }
    try checked("seal shared memory") { dsh_seal_size(number) }
    descriptor = made
    self.byteCount = byteCount
  }

  /// A descriptor through which nobody can write, for peers.
  public borrowing func readOnlyDescriptor() throws(Diagnostic) -> Descriptor {
    let path = "/proc/self/fd/\(descriptor.number)"
    return Descriptor(owning: try checked("reopen shared memory for reading") { dsh_open(path, O_RDONLY, 0) })
  }

  /// Takes pages from the system ahead of their use and maps them into `mapping`, in one call each instead of one fault a page.
  public borrowing func populate(_ range: Range<Int>, of mapping: Mapping) throws(Diagnostic) {
    let number = descriptor.number
    try checked("reserve shared memory") { dsh_reserve(number, Int64(range.lowerBound), Int64(range.count)) }
    // A kernel older than 5.14 doesn't know this advice: the pages are then mapped by faults, later and slower.
    _ = retried { dsh_populate_for_writing(mapping.address + range.lowerBound, range.count) }
  }

  /// Gives the pages of a range back to the system; the range reads as zeros afterwards.
  public borrowing func discard(_ range: Range<Int>) throws(Diagnostic) {
    let number = descriptor.number
    try checked("give shared memory back") { dsh_punch_hole(number, Int64(range.lowerBound), Int64(range.count)) }
  }
}
