// What a child says on its error output, kept in memory until somebody asks for it.
import CDshSystem
import DshDiagnostics
import Glibc

/// A memory file that a child process writes into instead of the terminal.
public final class CapturedOutput {
  private let descriptor: Descriptor

  /// Far more than the last words of any process.
  private static let readBytes = 64 << 10

  public init() throws(Diagnostic) {
    descriptor = Descriptor(owning: try checked("make memory for a node's messages") { dsh_memory_file("dsh-messages") })
  }

  /// The number for the child.
  public var number: Int32 { descriptor.number }

  /// The beginning of what was written so far.
  public var text: String { text(from: 0) }

  /// The end of what was written so far.
  public var lastText: String {
    let byteCount = (try? FileStatus(descriptor: descriptor.number, path: "").sizeBytes) ?? 0
    return text(from: max(0, byteCount - Self.readBytes))
  }

  private func text(from offset: Int) -> String {
    unsafe String(
      decoding: [UInt8](unsafeUninitializedCapacity: Self.readBytes) { buffer, count in
        count = max(0, retried { unsafe pread(descriptor.number, buffer.baseAddress, Self.readBytes, off_t(offset)) }.result)
      }, as: UTF8.self)
  }
}
