// A buffered stream of output bytes: many small pieces in, few large writes out.

import DshColumns
import DshDiagnostics

/// Why a stream takes no more bytes.
public enum StreamFailure: Sendable, Hashable {
  /// The reader is gone (a closed pipe); the program ends quietly.
  case readerGone
  /// The system refused, such as on a full disk.
  case refused(Diagnostic)
}

/// One output stream of the shell. After a failure it swallows what is written; `failure` tells.
public final class TextStream {
  /// Bytes are written out when more than this many are waiting: well above a pipe's 64 KiB, so that a write is never small.
  static let bufferLimitBytes = 256 << 10

  /// The waiting bytes; renderers append here directly.
  public let buffer = MutableBuffer(capacity: 4096)
  public private(set) var failure: StreamFailure?
  private let write: (UnsafeRawBufferPointer) -> StreamFailure?
  /// Whether the person wants to see no more of what is being printed; asked before each large write.
  var isInterrupted: (() -> Bool)? {
    didSet { dropsRest = false }
  }
  private var dropsRest = false

  /// Takes the bytes instead, for a while.
  var redirection: ((UnsafeRawBufferPointer) -> Void)?

  /// - Parameter write: writes all the bytes or says why not.
  public init(write: @escaping (UnsafeRawBufferPointer) -> StreamFailure?) {
    self.write = write
  }

  /// Appends a line and its end.
  public func line(_ text: String) {
    CellText.append(text, to: buffer)
    CellText.append("\n", to: buffer)
    drain()
  }

  /// Appends text as it is.
  public func text(_ text: String) {
    CellText.append(text, to: buffer)
    drain()
  }

  /// Appends bytes as they are; a long run of them is written out at once.
  func bytes(_ bytes: UnsafeRawBufferPointer) {
    guard failure == nil else { return }
    if let start = bytes.baseAddress { buffer.append(start, byteCount: bytes.count) }
    drain()
  }

  /// Whether what is appended can still reach somebody.
  var isWanted: Bool { failure == nil && !dropsRest && isInterrupted?() != true }

  /// Writes out if enough is waiting.
  public func drain() {
    guard buffer.byteCount > Self.bufferLimitBytes else { return }
    if redirection == nil, isInterrupted?() == true { dropsRest = true }
    if dropsRest { buffer.byteCount = 0 } else { flush() }
  }

  /// Ends a result that was interrupted: what is left of it is dropped, and that is said.
  func endResult() {
    guard dropsRest else { return }
    dropsRest = false
    isInterrupted = nil
    buffer.byteCount = 0
    line("… printing was interrupted")
  }

  /// Writes out everything that waits.
  public func flush() {
    defer { buffer.byteCount = 0 }
    guard failure == nil, buffer.byteCount > 0 else { return }
    if let redirection { return redirection(UnsafeRawBufferPointer(start: buffer.start, count: buffer.byteCount)) }
    failure = write(UnsafeRawBufferPointer(start: buffer.start, count: buffer.byteCount))
  }
}
