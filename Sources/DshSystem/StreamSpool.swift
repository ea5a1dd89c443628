// The bytes of a pipe, of standard input, or of a file without a size, kept as they come.
import CDshSystem
import DshDiagnostics
import Glibc

/// Turns the bytes of a stream into those to be kept, piece by piece.
public protocol StreamDecoder: Sendable {
  /// Takes the next bytes and hands on what they become, in pieces of limited size. `isEnd` comes once, with the last.
  mutating func decode(
    _ bytes: UnsafeRawBufferPointer, isEnd: Bool, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic)
}

/// Bytes that can be read once only, copied into a file without a name, so that several processes can read them, and again.
///
/// The file ends with a whole line at any time, as long as lines are not longer than `heldLimitBytes`; what comes behind waits for its end. It goes
/// with the last process that has it open. One thread uses a spool.
///
/// `@safe`: the buffer is its own from its first to its last moment, and nobody else gets its address.
@safe public final class StreamSpool {
  /// What a person knows the stream as.
  public let name: String
  /// Where other processes of this user can open the file.
  public var path: String { sharedPath(ofDescriptor: file.number) }
  /// Whether all bytes there will ever be are in the file.
  public private(set) var isEnded = false
  /// The bytes in the file.
  public private(set) var sizeBytes = 0

  /// Where the file is.
  private let folder: String
  /// Nil once all has been read.
  private var source: Descriptor?
  private let file: Descriptor
  private var decoder: (any StreamDecoder)?
  /// A file that must stay as it is until it has been read.
  private let beginning: FileIdentity?
  /// What ended the stream before its end; what was kept until then stays.
  private var failure: Diagnostic?
  /// The beginning of a line whose end has not come yet.
  private var held: [UInt8] = []

  /// What is read at once: more than a pipe holds, and not so much that it could become very much more than was asked for.
  private static let readBytes = 1 << 18
  /// A line longer than a record may be is no reason to hold more in memory.
  private static let heldLimitBytes = 64 << 20

  /// - Parameters:
  ///   - source: an open descriptor; this owns it from now on.
  ///   - decoder: nil to keep bytes as they are.
  ///   - isFile: whether the source is a file, which must not change before its end has been read.
  public init(
    source: consuming Descriptor, name: String, decoder: (any StreamDecoder)? = nil, isFile: Bool = false
  ) throws(Diagnostic) {
    self.name = name
    self.decoder = decoder
    beginning = isFile ? FileIdentity(try FileStatus(descriptor: source.number, path: name)) : nil
    self.source = .some(consume source)
    folder = Self.folder
    file = Descriptor(owning: try namelessFile(in: folder))
  }

  /// Whether the source is a file, which nobody has to wait for.
  public var isFile: Bool { beginning != nil }

  private static var folder: String { NamelessFile.usualFolder }

  /// How much a spool could hold at the moment; any number where the system does not say.
  public static var freeBytes: Int { NamelessFile.freeBytes(in: folder) }

  /// Which file, in its present state.
  public func identity() throws(Diagnostic) -> FileIdentity { FileIdentity(try FileStatus(descriptor: file.number, path: name)) }

  /// Reads until the file has so many bytes or the stream ends; nil reads to the end.
  ///
  /// - Parameter cancellation: a descriptor that ends the wait when it gets readable.
  /// - Throws: `cancelled`, or what reading, decoding and writing throw.
  public func read(upTo wanted: Int?, cancellation: Int32?) throws(Diagnostic) {
    if let failure { throw failure }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readBytes, alignment: 16)
    defer { unsafe buffer.deallocate() }
    while !isEnded, wanted.map({ sizeBytes < $0 }) ?? true {
      guard let number = source?.number else { return }
      try awaitInput(number, cancellation)
      let (count, error) = retried { unsafe Glibc.read(number, buffer.baseAddress, Self.readBytes) }
      if count < 0 {
        if error == EAGAIN { continue }
        throw systemError(error, doing: "read the input", path: name)
      }
      do throws(Diagnostic) { try unsafe keep(UnsafeRawBufferPointer(rebasing: buffer[..<count]), from: number) } catch {
        failure = error
        throw error
      }
    }
  }

  private func awaitInput(_ number: Int32, _ cancellation: Int32?) throws(Diagnostic) {
    var entries = [PollEntry(number)] + (cancellation.map { [PollEntry($0)] } ?? [])
    while true {
      try poll(&entries, milliseconds: -1)
      if let cancellation, entries[1].isReadable {
        _ = EventDescriptor.take(cancellation)
        throw Diagnostic(.cancelled, "cancelled while waiting for \(name)")
      }
      if entries[0].isReadable { return }
    }
  }

  /// Takes what was read; nothing is the end.
  private func keep(_ bytes: UnsafeRawBufferPointer, from number: Int32) throws(Diagnostic) {
    isEnded = unsafe bytes.isEmpty
    if isEnded, let beginning, FileIdentity(try FileStatus(descriptor: number, path: name)) != beginning {
      throw Diagnostic(.fileChanged, "the file changed while it was read: \(name)")
    }
    // Neither the source nor what decoding it took is of use any more.
    defer {
      if isEnded {
        source = nil
        decoder = nil
      }
    }
    guard var decoder else { return try unsafe store(bytes, isEnd: isEnded) }
    try unsafe decoder.decode(bytes, isEnd: isEnded) { decoded throws(Diagnostic) in try unsafe store(decoded, isEnd: false) }
    self.decoder = decoder
    if isEnded { try unsafe store(UnsafeRawBufferPointer(start: nil, count: 0), isEnd: true) }
  }

  /// Keeps bytes as far as lines are whole, and all at the end.
  private func store(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) throws(Diagnostic) {
    let lineEnd = unsafe bytes.lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let whole = lineEnd.map { $0 + 1 } ?? (held.count > Self.heldLimitBytes ? bytes.count : 0)
    if whole > 0 || isEnd {
      let written = isEnd ? bytes.count : whole
      try keeping { () throws(Diagnostic) in
        try writeAll(held, to: file.number, path: name)
        try unsafe writeAll(UnsafeRawBufferPointer(rebasing: bytes[..<written]), to: file.number, path: name)
      }
      sizeBytes += held.count + written
      held = unsafe Array(bytes[written...])
    } else {
      unsafe held += bytes
    }
  }

  private func keeping(_ write: () throws(Diagnostic) -> Void) throws(Diagnostic) {
    do throws(Diagnostic) { try write() } catch {
      var failure = error
      failure.message = "can't keep what comes from \(name)"
      failure.notes.append("it is kept in \(folder): TMPDIR may name another folder")
      throw failure
    }
  }
}
