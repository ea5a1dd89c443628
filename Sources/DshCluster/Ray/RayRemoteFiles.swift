// Files at addresses for the head: the bridge reads them, as workers of Ray do.

import DshColumns
import DshDiagnostics
import DshSystem
import DshTasks

/// `@unchecked Sendable`: used by the thread of the cluster, which is that of the session, alone.
final class RayRemoteFiles: RemoteFiles, @unchecked Sendable {
  private unowned let cluster: RayCluster
  /// What listing a folder has told, for a moment: whoever lists asks about each entry next.
  private var listed: (until: Int64, statuses: [String: FileStatus]) = (0, [:])
  private var shipped: [ShippedFile: String] = [:]

  private struct ShippedFile: Hashable {
    @ExactText var path: String
    var identity: FileIdentity
  }

  /// How long what a listing tells is taken for what is.
  private static let listedNanoseconds: Int64 = 2_000_000_000

  /// The bytes of files that are given to the cluster, each of which stays in a store until the shell ends.
  private static let shippedLimitBytes = 1 << 30

  init(_ cluster: RayCluster) { self.cluster = cluster }

  func status(of address: String) throws(Diagnostic) -> FileStatus? {
    if monotonicNanoseconds() < listed.until, let known = listed.statuses[address] { return known }
    return try entry(try ask(.entry, address), of: address)?.status
  }

  func entries(of folder: String) throws(Diagnostic) -> [FolderEntry] {
    let found: [(name: String, bytes: [UInt8])] = try read(try ask(.entries, folder), of: folder) {
      try $0.readArray { (try $0.readString(), try $0.readBytes()) }
    }
    var entries: [FolderEntry] = []
    var statuses: [String: FileStatus] = [:]
    for (name, bytes) in found {
      guard let status = try entry(bytes, of: folder)?.status else { continue }
      entries.append(FolderEntry(name: name, isFolder: status.kind == .folder, isLink: false))
      statuses[joinPath(folder, name)] = status
    }
    listed = (monotonicNanoseconds() + Self.listedNanoseconds, statuses)
    return entries
  }

  func read(_ address: String, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Diagnostic) -> Int {
    let found = try ask(.read(offset: offset, byteCount: bytes.count), address)
    let count = min(found.count, bytes.count)
    bytes.copyBytes(from: found[..<count])
    return count
  }

  func ship(_ path: String, _ identity: FileIdentity) throws(Diagnostic) -> String {
    let file = ShippedFile(path: path, identity: identity)
    if let address = shipped[file] { return address }
    let total = shipped.keys.reduce(identity.sizeBytes) { $0 + $1.identity.sizeBytes }
    guard total <= Self.shippedLimitBytes else {
      throw Diagnostic(
        .fileTooLarge, "too much would be shipped: \(bytesText(total)) with \(path)",
        suggestion: "put it into a folder that all nodes share under the same path",
        notes: ["limit: \(bytesText(Self.shippedLimitBytes)) of files that a shell gives to Ray"])
    }
    let address = String(decoding: try ask(.ship(identity), path), as: UTF8.self)
    shipped[file] = address
    return address
  }

  private func ask(_ question: RemoteQuestion, _ address: String) throws(Diagnostic) -> [UInt8] {
    do throws(Diagnostic) {
      let answer = try cluster.answer(about: address, question)
      return answer.payload.map { Array($0.bytes) } ?? []
    } catch {
      throw error.code == .remoteFile ? remoteFailure(address, error.message) : error
    }
  }

  private func entry(_ bytes: [UInt8], of address: String) throws(Diagnostic) -> FileEntry? {
    do { return try FileEntry.decode(bytes) } catch { throw Self.unreadable(address, error) }
  }

  private func read<Value>(_ bytes: [UInt8], of address: String, _ body: (inout ByteReader) throws -> Value) throws(Diagnostic) -> Value {
    var reader = ByteReader(bytes)
    do { return try body(&reader) } catch { throw Self.unreadable(address, error) }
  }

  private static func unreadable(_ address: String, _ error: any Error) -> Diagnostic {
    Diagnostic(.badReport, "what the bridge to Ray tells of \(address) can't be read: \(error)")
  }
}
