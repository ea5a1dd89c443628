// Files: whole or not at all, errors that name path and errno.
import DshDiagnostics
import DshSystem
import Foundation
import Testing

struct FileTests {
  static func scratch() throws -> String {
    let path = NSTemporaryDirectory() + "dsh-files-\(UUID().uuidString)"
    try makeFolder(path)
    return path
  }

  @Test func aNewFileAppearsWhenItIsComplete() throws {
    let folder = try Self.scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/x.csv"
    let file = try NewFile(path: path, replace: false)
    try file.write(Array("a,b\n".utf8))
    #expect(try listFolder(folder).isEmpty)
    try file.commit()
    #expect(try readWholeFile(path) == Array("a,b\n".utf8))
    #expect(try FileStatus(path: path).sizeBytes == 4)
    let error = #expect(throws: Diagnostic.self) { try NewFile(path: path, replace: false) }
    #expect(error?.code == .fileExists)
    let second = try NewFile(path: path, replace: true)
    try second.write(Array("c".utf8))
    try second.commit()
    #expect(try readWholeFile(path) == Array("c".utf8))
    _ = try NewFile(path: folder + "/y", replace: false)
    #expect(try listFolder(folder).map(\.name) == ["x.csv"])
  }

  @Test func aRaceForANameIsLostPolitely() throws {
    let folder = try Self.scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try NewFile(path: folder + "/x", replace: false)
    let second = try NewFile(path: folder + "/x", replace: false)
    try first.commit()
    let error = #expect(throws: Diagnostic.self) { try second.commit() }
    #expect(error?.code == .fileExists)
  }

  @Test func refusalsNamePathAndError() {
    let missing = #expect(throws: Diagnostic.self) { try ReadableFile(path: "/no/such/file") }
    #expect(missing?.code == .fileNotFound && missing?.category == .user)
    #expect(missing?.message == "can't open the file: /no/such/file")
    #expect(missing?.notes == ["ENOENT: No such file or directory"])
    let folder = #expect(throws: Diagnostic.self) { try readWholeFile("/") }
    #expect(folder?.code == .isAFolder)
    let full = #expect(throws: Diagnostic.self) { try NewFile(path: "/dev/full", replace: true).write([1]) }
    #expect(full?.code == .diskFull && full?.category == .environment)
  }

  @Test func readsAtPositionsAndMaps() throws {
    let folder = try Self.scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let new = try NewFile(path: folder + "/x", replace: false)
    try new.write((0..<200).map { UInt8($0) })
    try new.commit()
    let file = try ReadableFile(path: folder + "/x")
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 8)
    defer { buffer.deallocate() }
    #expect(try file.read(into: buffer, at: 150) == 50)
    #expect(buffer[0] == 150)
    #expect(try file.mapped()?.byteCount == 200)
    #expect(try readWholeFile("/proc/self/status").count > 100)
  }
}
