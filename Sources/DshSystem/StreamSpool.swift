// The bytes of a pipe, of standard input, or of a file without a size, kept as they come.
import CDshSystem
import DshDiagnostics
import Glibc

/// Bytes that can be read once only, copied into a file without a name, so that several processes can read them, and again.
///
/// The file ends with a whole line at any time, as long as lines are not longer than `heldLimitBytes`; what comes behind waits for its end. It goes
/// with the last process that has it open. One thread uses a spool.
public final class StreamSpool {
  /// What a person knows the stream as.
  public let name: String
  /// Where other processes of this user can open the file.
  public var path: String { "/proc/\(getpid())/fd/\(file.number)" }
  /// Whether all bytes there will ever be are in the file.
  public private(set) var isEnded = false
  /// The bytes in the file.
  public private(set) var sizeBytes = 0

  private let source: Descriptor
  private let file: Descriptor
  /// The beginning of a line whose end has not come yet.
  private var held: [UInt8] = []
  private let buffer: UnsafeMutableRawBufferPointer

  /// What is read at once: much more than a pipe holds.
  private static let readBytes = 1 << 20
  /// A line longer than a record may be is no reason to hold more in memory.
  private static let heldLimitBytes = 64 << 20

  /// - Parameter source: an open descriptor; this owns it from now on.
  public init(source: consuming Descriptor, name: String) throws(Diagnostic) {
    self.name = name
    self.source = source
    let folder = environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    file = Descriptor(owning: try namelessFile(in: folder))
    buffer = .allocate(byteCount: Self.readBytes, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Which file, in its present state.
  public func identity() throws(Diagnostic) -> FileIdentity { FileIdentity(try FileStatus(descriptor: file.number, path: name)) }

  /// Reads until the file has so many bytes or the stream ends; nil reads to the end.
  ///
  /// - Parameter cancellation: a descriptor that ends the wait when it gets readable.
  /// - Throws: `cancelled`, or what reading and writing throw.
  public func read(upTo wanted: Int?, cancellation: Int32?) throws(Diagnostic) {
    while !isEnded, wanted.map({ sizeBytes < $0 }) ?? true {
      try awaitInput(cancellation)
      let number = source.number
      let (count, error) = retried { Glibc.read(number, buffer.baseAddress, Self.readBytes) }
      if count < 0 {
        if error == EAGAIN { continue }
        throw systemError(error, doing: "read the input", path: name)
      }
      try keep(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private func awaitInput(_ cancellation: Int32?) throws(Diagnostic) {
    var entries = [PollEntry(source.number)] + (cancellation.map { [PollEntry($0)] } ?? [])
    while true {
      poll(&entries, milliseconds: -1)
      if let cancellation, entries[1].isReadable {
        _ = EventDescriptor.take(cancellation)
        throw Diagnostic("cancelled", .cancelled, "cancelled while waiting for \(name)")
      }
      if entries[0].isReadable { return }
    }
  }

  /// Takes what was read; nothing is the end.
  private func keep(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    isEnded = bytes.isEmpty
    let lineEnd = bytes.lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let whole = lineEnd.map { $0 + 1 } ?? (held.count > Self.heldLimitBytes ? bytes.count : 0)
    if whole > 0 || isEnded {
      try append(held)
      held = []
      try writeAll(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), to: file.number, path: name)
      sizeBytes += whole
    }
    held += bytes[whole...]
  }

  private func append(_ line: [UInt8]) throws(Diagnostic) {
    try writeAll(line, to: file.number, path: name)
    sizeBytes += line.count
  }
}

/// An open file in a folder that has no name in it.
private func namelessFile(in folder: String) throws(Diagnostic) -> Int32 {
  let number = retried { dsh_open_nameless(folder, 0o600) }.result
  if number >= 0 { return number }
  // A file system that has no such thing: a name for a moment.
  var template = Array(joinPath(folder, "dsh-XXXXXX").utf8CString)
  let made = try checked("make a file for the input", path: folder) { mkstemps(&template, 0) }
  unlink(template)
  _ = fcntl(made, F_SETFD, FD_CLOEXEC)
  return made
}
