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
    try descriptor.reopenedForReading("reopen shared memory for reading")
  }

  /// Takes the pages of a range from the system ahead of their use, so that writing them can't fail.
  public borrowing func reserve(_ range: Range<Int>) throws(Diagnostic) {
    let number = descriptor.number
    try checked("reserve shared memory") { dsh_reserve(number, Int64(range.lowerBound), Int64(range.count)) }
  }

  /// Maps reserved pages into `mapping`, in one call instead of one fault a page.
  public borrowing func populate(_ range: Range<Int>, of mapping: Mapping) {
    precondition(range.lowerBound >= 0 && range.upperBound <= mapping.byteCount, "pages within the mapping")
    // A kernel older than 5.14 doesn't know this advice: the pages are then mapped by faults, later and slower.
    let start = range.lowerBound / Mapping.pageBytes * Mapping.pageBytes
    _ = retried { unsafe dsh_populate_for_writing(mapping.address + start, range.upperBound - start) }
  }

  /// Writes runs of bytes one behind another. Fresh pages need not be zeroed and mapped for it, which costs more than the copy.
  public borrowing func write(_ runs: [UnsafeRawBufferPointer], at offset: Int) throws(Diagnostic) {
    let number = descriptor.number
    // The kernel only reads what the caller lends. The counters below keep every vector inside its run.
    var vectors = unsafe runs.filter { unsafe !$0.isEmpty }.map {
      unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
    }
    let end = unsafe vectors.count
    var position = offset
    var next = 0
    while next < end {
      let count = min(end - next, Self.vectorLimit)
      var written = try checked("write shared memory") {
        unsafe vectors.withUnsafeBufferPointer { unsafe pwritev(number, $0.baseAddress.map { unsafe $0 + next }, Int32(count), position) }
      }
      precondition(written > 0, "a run inside the file is written at least in part")
      position += written
      while next < end, unsafe written >= vectors[next].iov_len {
        unsafe written -= vectors[next].iov_len
        next += 1
      }
      if written > 0 {
        unsafe vectors[next].iov_base += written
        unsafe vectors[next].iov_len -= written
      }
    }
  }

  /// The most runs that one call takes (IOV_MAX).
  private static let vectorLimit = 1024

  /// Gives the pages of a range back to the system; the range reads as zeros afterwards.
  public borrowing func discard(_ range: Range<Int>) throws(Diagnostic) {
    let number = descriptor.number
    try checked("give shared memory back") { dsh_punch_hole(number, Int64(range.lowerBound), Int64(range.count)) }
  }
}
