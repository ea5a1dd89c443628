// A pipe in the place of standard output and standard error, for programs that print there.
import CDshSystem
import DshDiagnostics
import Glibc

/// What is printed from now on can be read.
public struct StandardOutputPipe: ~Copyable {
  /// Ends when nobody can print any more.
  public final class Reading: Sendable {
    private let descriptor: Descriptor
    public var number: Int32 { descriptor.number }
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  public let reading: Reading
  private let writing: Descriptor

  public init() throws(Diagnostic) {
    var numbers: [Int32] = [-1, -1]
    try checked("make a pipe") { unsafe pipe(&numbers) }
    for number in numbers { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    reading = Reading(Descriptor(owning: numbers[0]))
    writing = Descriptor(owning: numbers[1])
  }

  /// Puts the pipe in the place of both; they as they were, for `restoreStreams`.
  public consuming func replaceStreams() -> (output: Int32, errors: Int32) {
    let saved = (fcntl(1, F_DUPFD_CLOEXEC, 3), fcntl(2, F_DUPFD_CLOEXEC, 3))
    for stream in [Int32(1), 2] { _ = dup2(writing.number, stream) }
    return saved
  }

  /// Puts back what was there.
  public static func restoreStreams(output: Int32, errors: Int32) {
    for (saved, stream) in [(output, Int32(1)), (errors, 2)] where saved >= 0 {
      _ = dup2(saved, stream)
      close(saved)
    }
  }
}
