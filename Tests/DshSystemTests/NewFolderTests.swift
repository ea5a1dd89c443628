// Folders: whole or not at all, what was there stays until the new is complete.
import DshDiagnostics
import DshSystem
import Foundation
import Testing

struct NewFolderTests {
  private let refusal = Diagnostic(.fileExists, "files are there that may not be replaced")

  private func write(_ names: [String], to folder: NewFolder) throws {
    for name in names {
      let file = try folder.makeFile(name)
      try file.write(Array(name.utf8))
      try file.commit()
    }
  }

  private func names(_ path: String) throws -> [String] { try listFolder(path).map(\.name) }

  @Test func appearsWhenItIsCompleteAndReplacesInOneStep() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let path = scratch + "/d"
    let first = try NewFolder(path: path, replace: false, refusal: refusal) { $0.hasPrefix("part-") }
    try write(["part-0", "part-1", "kept"], to: first)
    #expect(!fileExists(path))
    try first.commit()
    #expect(try names(path) == ["kept", "part-0", "part-1"])
    try makeFolder(path + "/deeper")

    let refused = #expect(throws: Diagnostic.self) { try NewFolder(path: path, replace: false, refusal: refusal) { _ in true } }
    #expect(refused == refusal)
    do {
      let givenUp = try NewFolder(path: path, replace: true, refusal: refusal) { $0.hasPrefix("part-") }
      try write(["part-9"], to: givenUp)
    }
    #expect(try names(path) == ["deeper", "kept", "part-0", "part-1"] && names(scratch) == ["d"])

    let second = try NewFolder(path: path, replace: true, refusal: refusal) { $0.hasPrefix("part-") }
    try write(["part-2"], to: second)
    #expect(try names(path) == ["deeper", "kept", "part-0", "part-1"])
    try second.commit()
    #expect(try names(path) == ["deeper", "kept", "part-2"] && names(scratch) == ["d"])
  }

  @Test func clearsWhatAKilledProcessLeftAndNothingElse() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    for name in [".d.1.partial", ".e.1.partial"] {
      try makeFolder(scratch + "/" + name)
      _ = FileManager.default.createFile(atPath: scratch + "/" + name + "/part-0", contents: Data())
    }
    let folder = try NewFolder(path: scratch + "/d", replace: false, refusal: refusal) { _ in true }
    // Two at a time: the second must not take the first for left over.
    let other = try? NewFolder(path: scratch + "/e", replace: false, refusal: refusal) { _ in true }
    try folder.commit()
    try other?.commit()
    #expect(try names(scratch) == ["d", "e"])
  }

  /// A process was killed when it had exchanged the folders: what is left hidden is the earlier one.
  @Test func carriesOverWhatAKilledProcessHasNot() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    for file in [".d.1.partial/key=0/part-0", ".d.1.partial/key=9/part-0", ".d.1.partial/mine/x", ".d.1.partial/part-0", "d/key=0/part-0"] {
      try FileManager.default.createDirectory(atPath: parentFolder(of: scratch + "/" + file), withIntermediateDirectories: true)
      _ = FileManager.default.createFile(atPath: scratch + "/" + file, contents: Data())
    }
    // Somebody else's partitions are neither taken nor removed.
    _ = try NewFolder(path: scratch + "/d", replace: true, refusal: refusal, replacedPrefix: "other=") { _ in true }
    #expect(try names(scratch) == [".d.1.partial", "d"] && names(scratch + "/.d.1.partial") == ["key=0", "key=9"])
    let folder = try NewFolder(path: scratch + "/d", replace: true, refusal: refusal, replacedPrefix: "key=") { _ in true }
    #expect(try names(scratch + "/d") == ["key=0", "mine"])
    try write(["key=1/part-0"], to: folder)
    try folder.commit()
    #expect(try names(scratch) == ["d"] && names(scratch + "/d") == ["key=1", "mine"] && names(scratch + "/d/mine") == ["x"])
  }

  @Test func followsLinksAndRefusesTheCurrentFolder() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try FileManager.default.createSymbolicLink(atPath: scratch + "/link", withDestinationPath: "real")
    let folder = try NewFolder(path: scratch + "/link", replace: false, refusal: refusal) { _ in true }
    #expect(folder.path == scratch + "/real")
    try folder.commit()
    #expect(try names(scratch) == ["link", "real"])
    let current = try currentFolder()
    let error = #expect(throws: Diagnostic.self) { try NewFolder(path: current, replace: true, refusal: refusal) { _ in true } }
    #expect(error?.code == .folderInUse)
  }
}
