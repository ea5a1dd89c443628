// The blocks of one store that lie on disk: a file without a name, in which each block is followed by checksums of its parts.
import CDshKernels
import DshColumns
import DshDiagnostics
import DshSystem

/// Writes blocks behind one another. Nobody but the owner of the store writes; everyone who has the descriptor reads.
///
/// ```
/// │ block, as it lay in memory │ pad to 8 │ checksum of each 4 KiB of it: xxHash64, 8 bytes each │
/// ```
struct SpillFile: ~Copyable, Sendable {
  private let file: NamelessFile

  init(in folder: String) throws(Diagnostic) { file = try NamelessFile(in: folder) }

  borrowing func readOnlyDescriptor() throws(Diagnostic) -> Descriptor { try file.readOnlyDescriptor() }

  /// The space that a block takes with its checksums.
  static func spaceNeeded(_ byteCount: Int) -> Int { SpilledChecksums.offset(byteCount) + SpilledChecksums.count(byteCount) * 8 }

  /// Writes a block and its checksums.
  borrowing func write(_ block: UnsafeRawBufferPointer, at offset: Int) throws(Diagnostic) {
    try unsafe file.write(block, at: offset)
    let checksums = unsafe SpilledChecksums.all(of: block)
    var failure: Diagnostic?
    unsafe checksums.withUnsafeBytes { bytes in
      do throws(Diagnostic) { try unsafe file.write(bytes, at: offset + SpilledChecksums.offset(block.count)) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  borrowing func discard(_ range: Range<Int>) throws(Diagnostic) { try file.discard(range) }
}

/// The checksums of a block on disk.
public enum SpilledChecksums {
  /// A part that is read alone is checked alone, and the kernel reads no less than a page.
  public static let chunkBytes = 4 << 10

  static func count(_ byteCount: Int) -> Int { (byteCount + chunkBytes - 1) / chunkBytes }

  /// Where they stand behind the first byte of a block.
  static func offset(_ byteCount: Int) -> Int { (byteCount + 7) / 8 * 8 }

  static func all(of block: UnsafeRawBufferPointer) -> [UInt64] {
    (0..<count(block.count)).map { unsafe checksum(of: block, chunk: $0) }
  }

  /// Whether the bytes of some chunks are those that were written.
  ///
  /// - Parameter mapped: the block with its checksums.
  static func areRight(_ mapped: UnsafeRawBufferPointer, byteCount: Int, chunks: Range<Int>) -> Bool {
    let block = unsafe UnsafeRawBufferPointer(rebasing: mapped[..<byteCount])
    return chunks.allSatisfy { chunk in
      // In bounds: the mapping holds a checksum for every chunk behind the block, at a multiple of eight.
      unsafe mapped.loadUnaligned(fromByteOffset: offset(byteCount) + chunk * 8, as: UInt64.self) == checksum(of: block, chunk: chunk)
    }
  }

  private static func checksum(of block: UnsafeRawBufferPointer, chunk: Int) -> UInt64 {
    let end = min(block.count, (chunk + 1) * chunkBytes)
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: block[chunk * chunkBytes..<end])
    guard let start = bytes.baseAddress else { return 0 }
    return unsafe dsh_xxhash64(start.assumingMemoryBound(to: UInt8.self), bytes.count)
  }
}
