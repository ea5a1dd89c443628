// Streams: every byte once, whole lines only until the end, no wait that can't be ended.
import DshDiagnostics
import DshSystem
import Foundation
import Testing

struct StreamSpoolTests {
  /// A named pipe, its spool, and an end to write to.
  private func piped(_ scratch: String) throws -> (spool: StreamSpool, writer: FileHandle) {
    let path = scratch + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(try InputKind(of: path) == .stream)
    let spool = try StreamSpool(source: openStream(path), name: "pipe")
    return (spool, try #require(FileHandle(forWritingAtPath: path)))
  }

  @Test func keepsWholeLinesUntilTheEnd() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let (spool, writer) = try piped(scratch)
    try writer.write(contentsOf: Data("a,b\n1,".utf8))
    try spool.read(upTo: 1, cancellation: nil)
    #expect(spool.sizeBytes == 4 && !spool.isEnded)
    let first = try spool.identity()
    #expect(try readWholeFile(spool.path) == Array("a,b\n".utf8))
    try writer.write(contentsOf: Data("2\n3,4".utf8))
    try writer.close()
    try spool.read(upTo: nil, cancellation: nil)
    #expect(spool.isEnded && spool.sizeBytes == 11)
    #expect(try readWholeFile(spool.path) == Array("a,b\n1,2\n3,4".utf8))
    #expect(try spool.identity() != first && FileIdentity(FileStatus(path: spool.path)) == spool.identity())
  }

  @Test func aWaitCanBeEnded() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let (spool, writer) = try piped(scratch)
    let event = try EventDescriptor()
    event.raise()
    let error = #expect(throws: Diagnostic.self) { try spool.read(upTo: nil, cancellation: event.number) }
    #expect(error?.category == .cancelled && !event.isRaised)
    try writer.close()
  }

  @Test func tellsWhatCanBeReadHow() throws {
    let scratch = try resolvedPath(FileTests.scratch())
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    _ = FileManager.default.createFile(atPath: scratch + "/empty", contents: Data())
    #expect(try InputKind(of: scratch) == .folder)
    #expect(try InputKind(of: scratch + "/empty") == .file(path: scratch + "/empty"))
    #expect(try InputKind(of: "/proc/self/status") == .generated)
    #expect(try InputKind(of: "/dev/null") == .stream)
    // What this process opened itself, as against what it was started with, is no input.
    let own = try EventDescriptor()
    let error = #expect(throws: Diagnostic.self) { try InputKind(of: "/dev/fd/\(own.number)") }
    #expect(error?.code == .fileNotFound)
  }

  @Test func aChangeShowsThoughSizeAndTimeAreAsBefore() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let path = scratch + "/x"
    _ = FileManager.default.createFile(atPath: path, contents: Data("one".utf8))
    let before = FileIdentity(try FileStatus(path: path))
    #expect(FileIdentity(numbers: before.numbers) == before && FileIdentity(numbers: [1]) == nil)
    before.awaitTick()
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.write(contentsOf: Data("two".utf8))
    var times = [
      timespec(tv_sec: Int(before.modifiedNanoseconds / 1_000_000_000), tv_nsec: Int(before.modifiedNanoseconds % 1_000_000_000)),
      timespec(tv_sec: Int(before.modifiedNanoseconds / 1_000_000_000), tv_nsec: Int(before.modifiedNanoseconds % 1_000_000_000)),
    ]
    #expect(futimens(file.fileDescriptor, &times) == 0)
    let after = FileIdentity(try FileStatus(path: path))
    #expect(after.sizeBytes == before.sizeBytes && after.modifiedNanoseconds == before.modifiedNanoseconds && after != before)
  }
}
