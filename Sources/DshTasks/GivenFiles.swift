// Files at addresses, read through a function of whoever runs the tasks.

import DshColumns
import DshDiagnostics
import DshSystem

/// What is known of a file at an address, as it comes from who reads it: six numbers of eight bytes.
public struct FileEntry: Equatable, Sendable {
  public var kind: FileKind
  public var identity: FileIdentity

  /// What stands for each kind.
  private static let kinds: [Int64: FileKind] = [1: .file, 2: .folder]

  /// The size of one.
  public static let byteCount = 6 * 8

  /// - Returns: nil for no bytes, which stand for no file.
  public static func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> FileEntry? {
    if bytes.isEmpty { return nil }
    return try decodeWhole(bytes) { reader in
      let kind = try reader.readInt64()
      let numbers = try (0..<5).map { _ in try reader.readInt64() }
      guard let kind = kinds[kind], let identity = FileIdentity(numbers: numbers), identity.sizeBytes >= 0 else {
        throw DecodingFailure("what is known of a file has a kind or a size that there can't be: \(kind), \(numbers)")
      }
      return FileEntry(kind: kind, identity: identity)
    }
  }

  public var status: FileStatus { FileStatus(kind: kind, of: identity) }
}

/// Reads part of a file, or with a negative offset what is known of it, into bytes; how many there were, or a line about what was wrong.
public typealias RemoteReader =
  @Sendable (_ address: String, _ offset: Int, _ bytes: UnsafeMutableRawBufferPointer) -> Result<Int, Diagnostic>

/// Files for tasks of this process: they open files that they are told of, and list nothing.
///
/// `@safe`: the reader is given room as long as it runs, and writes no further.
@safe public final class GivenFiles: RemoteFiles {
  private let reader: RemoteReader

  public init(_ reader: @escaping RemoteReader) { unsafe self.reader = reader }

  public func status(of address: String) throws(Diagnostic) -> FileStatus? {
    var found = Result<Int, Diagnostic>.success(0)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: FileEntry.byteCount) { buffer, count in
      found = unsafe reader(address, -1, UnsafeMutableRawBufferPointer(buffer))
      if case .success(let read) = found { count = read }
    }
    _ = try found.get()
    do { return try FileEntry.decode(bytes)?.status } catch { throw remoteFailure(address, error.reason) }
  }

  public func entries(of folder: String) throws(Diagnostic) -> [FolderEntry] { throw remoteFailure(folder, "tasks list no folders") }

  public func read(_ address: String, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Diagnostic) -> Int {
    try unsafe reader(address, offset, bytes).get()
  }

  public func ship(_ path: String, _ identity: FileIdentity) throws(Diagnostic) -> String {
    throw remoteFailure(path, "tasks ship no files")
  }
}
