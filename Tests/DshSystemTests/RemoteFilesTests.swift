// Files at addresses: what counts as one, reading ahead, and what is said where nobody opens them.

import DshDiagnostics
import Synchronization
import Testing

@testable import DshSystem

/// Files in memory, and what was asked about them.
private final class FilesInMemory: RemoteFiles {
  let files: [String: [UInt8]]
  let asked = Mutex<[Range<Int>]>([])

  init(_ files: [String: [UInt8]]) { self.files = files }

  func status(of address: String) throws(Diagnostic) -> FileStatus? {
    if address.hasSuffix("/broken") { throw remoteFailure(address, "no credentials") }
    if let bytes = files[address] { return status(.file, bytes.count) }
    return files.keys.contains { $0.hasPrefix(address + "/") } ? status(.folder, 0) : nil
  }

  private func status(_ kind: FileKind, _ byteCount: Int) -> FileStatus {
    FileIdentity(numbers: [0, 7, Int64(byteCount), 1, 1]).map { FileStatus(kind: kind, of: $0) } ?? FileStatus(kind: kind, of: .none)
  }

  func entries(of folder: String) throws(Diagnostic) -> [FolderEntry] {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    let rests = files.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).split(separator: "/") }
    return Set(rests.map { [String($0[0]), $0.count > 1 ? "folder" : "file"] }).map { entry in
      FolderEntry(name: entry[0], isFolder: entry[1] == "folder", isLink: false)
    }
  }

  func read(_ address: String, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Diagnostic) -> Int {
    let all = files[address] ?? []
    let part = offset..<min(all.count, offset + bytes.count)
    asked.withLock { $0.append(part) }
    bytes.copyBytes(from: all[part])
    return part.count
  }

  func ship(_ path: String, _ identity: FileIdentity) throws(Diagnostic) -> String { "shipped://\(path)" }
}

/// Serialized, as a process has one opener.
@Suite(.serialized) struct RemoteFilesTests {
  @Test(arguments: [
    ("s3://bucket/key", true), ("https://host/a.csv", true), ("shipped://80", true), ("/s3://bucket", false), ("s3:/bucket", false),
    ("data.csv", false),
    ("ftp://host/a", false), ("", false),
  ])
  func addressesAreTold(_ path: String, isAddress: Bool) {
    #expect((RemoteScheme(of: path) != nil) == isAddress)
  }

  @Test func nobodyOpensThem() throws {
    RemoteFileAccess.use(nil)
    let error = #expect(throws: Diagnostic.self) { try FileStatus(path: "s3://bucket/a.csv") }
    #expect(error?.code == .remoteFile)
    #expect(error?.suggestion != nil)
    #expect(!fileExists("s3://bucket/a.csv"))
    #expect(throws: Diagnostic.self) { try listFolder("s3://bucket") }
  }

  @Test func theyAreLookedAtLikePaths() throws {
    let files = FilesInMemory([
      "s3://b/in/1.csv": [1], "s3://b/in/2.csv": [1, 2], "s3://b/in/.3.csv": [], "s3://b/in/deep/4.csv": [], "s3://b/top": [],
    ])
    RemoteFileAccess.use(files)
    defer { RemoteFileAccess.use(nil) }
    #expect(try FileStatus(path: "s3://b/in/2.csv").sizeBytes == 2)
    #expect(try FileStatus.ifThere("s3://b/nothing") == nil)
    #expect(throws: Diagnostic.self) { try FileStatus.ifThere("s3://b/broken") }
    #expect(fileExists("s3://b/in"))
    #expect(try InputKind(of: "s3://b/in") == .folder)
    // An empty one, too, which among paths may be made anew whenever it is opened.
    #expect(try InputKind(of: "s3://b/top") == .file(path: "s3://b/top"))
    #expect(try listFolder("s3://b/in").map(\.name) == [".3.csv", "1.csv", "2.csv", "deep"])
    #expect(try expandPattern("s3://b/in/*.csv") == ["s3://b/in/1.csv", "s3://b/in/2.csv"])
    #expect(try expandPattern("s3://b/**/*.csv") == ["s3://b/in/1.csv", "s3://b/in/2.csv", "s3://b/in/deep/4.csv"])
    #expect(try expandPattern("s3://b/in/{2,9}.csv") == ["s3://b/in/2.csv"])
  }

  @Test(arguments: ["s3://b/new.csv", "https://host/in/1.csv"]) func nothingIsWrittenThere(_ address: String) {
    RemoteFileAccess.use(FilesInMemory(["https://host/in/1.csv": [1]]))
    defer { RemoteFileAccess.use(nil) }
    let refusal = Diagnostic(.fileExists, "there")
    let file = #expect(throws: Diagnostic.self) { _ = try NewFile(path: address, replace: true) }
    let folder = #expect(throws: Diagnostic.self) { _ = try NewFolder(path: address, replace: true, refusal: refusal) { _ in true } }
    #expect(file?.code == .remoteFile && folder?.code == .remoteFile)
  }

  @Test func anotherMachineTellsAFileBySizeAndTime() throws {
    func identity(_ numbers: [Int64]) throws -> FileIdentity { try #require(FileIdentity(numbers: numbers)) }
    let (here, there) = (try identity([1, 2, 100, 5, 6]), try identity([7, 8, 100, 5, 9]))
    #expect(!there.isState(here) && here.isState(here))
    #expect(there.isState(here.acrossMachines))
    #expect(!(try identity([7, 8, 101, 5, 9])).isState(here.acrossMachines))
    #expect(!(try identity([7, 8, 100, 6, 9])).isState(here.acrossMachines))
  }

  @Test func smallPartsAreReadAhead() throws {
    let content = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let files = FilesInMemory(["s3://b/large": content])
    RemoteFileAccess.use(files)
    defer { RemoteFileAccess.use(nil) }
    let file = try #require(try RemoteFile(address: "s3://b/large"))
    func read(_ offset: Int, _ count: Int) throws -> [UInt8] {
      try [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        used = try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      }
    }
    // Across the border of two pieces, within one, back again, at the end and behind it.
    for (offset, count) in [
      (0, 10), ((4 << 20) - 5, 10), (5 << 20, 1 << 20), (3, 4), ((9 << 20) - 3, 10), (9 << 20, 10), (1 << 20, 5 << 20),
    ] {
      #expect(try read(offset, count) == Array(content[offset..<min(content.count, offset + count)]))
    }
    let asked = files.asked.withLock { $0 }
    #expect(asked.count == 5, "\(asked)")
    #expect(asked.last == 1 << 20..<6 << 20, "what is large comes at once")
  }

  @Test func theyAreCopiedForReadersInOrder() throws {
    let content = (0..<(17 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    RemoteFileAccess.use(FilesInMemory(["s3://b/large": content]))
    defer { RemoteFileAccess.use(nil) }
    let descriptor = try openStream("s3://b/large")
    #expect(try readToEnd(ReadableFile(owning: descriptor.release(), name: "large")) == content)
    #expect(throws: Diagnostic.self) { _ = try openStream("s3://b/small") }
  }
}
