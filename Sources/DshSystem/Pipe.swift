// A pipe to or from a child process.
import CDshSystem
import DshDiagnostics
import Glibc

/// A pipe of which one end goes to a child and the other stays here.
public struct Pipe: ~Copyable {
  private let reading: Descriptor
  private let writing: Descriptor

  public init() throws(Diagnostic) {
    var numbers: [Int32] = [-1, -1]
    try checked("make a pipe") { unsafe pipe(&numbers) }
    // A child keeps neither: its end is handed over under another number.
    for number in numbers { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    reading = Descriptor(owning: numbers[0])
    writing = Descriptor(owning: numbers[1])
  }

  public var readNumber: Int32 { reading.number }
  public var writeNumber: Int32 { writing.number }

  /// Closes the writing end on this side and gives the reading end.
  consuming func intoReadingEnd() -> Descriptor { reading }

  /// Closes the reading end on this side and gives the writing end.
  consuming func intoWritingEnd() -> Descriptor { writing }

  /// Closes the reading end on this side and gives the writing end.
  public consuming func intoWriter() -> PipeWriter { PipeWriter(writing) }
}

/// The writing end of a pipe; closed when it goes.
public final class PipeWriter {
  private let descriptor: Descriptor
  /// Whether nobody reads any more.
  public private(set) var isBroken = false

  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// Writes all bytes; once nobody reads any more they are dropped.
  public func write(_ bytes: UnsafeRawBufferPointer) {
    if isBroken { return }
    do throws(Diagnostic) { try unsafe writeAll(bytes, to: descriptor.number) } catch { isBroken = true }
  }
}
