// Folders and files that are one user's alone: made so, and refused where others have a hand in.
import DshDiagnostics
import DshSystem
import Glibc
import Testing

@Suite struct PrivateFolderTests {
  private let scratch: ScratchFolderForTests

  init() throws { scratch = try ScratchFolderForTests() }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? Diagnostic)?.code.name ?? "\(error)" }
  }

  @Test func isMadeForThisUserAlone() throws {
    #expect(try PrivateFolder(["a", "b"], in: scratch.path, makes: false) == nil)
    #expect(!fileExists(joinPath(scratch.path, "a")))
    let folder = try #require(try PrivateFolder(["a", "b"], in: joinPath(scratch.path, "base/x"), makes: true))
    #expect(folder.path == scratch.path + "/base/x/a/b" && mode(folder.path) == 0o700 && mode(joinPath(scratch.path, "base")) == 0o700)
    let file = try NewFile("f", in: folder)
    try file.write(Array("one".utf8))
    #expect(try folder.names { _ in true } == [])
    try file.commit()
    #expect(try folder.names { _ in true } == ["f"] && mode(folder.path + "/f") == 0o600)
    let opened = try #require(try folder.open("f"))
    let second = try NewFile("f", in: folder)
    try second.write(Array("other".utf8))
    try second.commit()
    // Whoever has it open keeps the old one.
    #expect(try readWholeFile(opened.sharedPath) == Array("one".utf8))
    #expect(try folder.names { _ in true } == ["f"])
    #expect(folder.identity(of: "f")?.hasContent(of: opened.identity) == false)
    #expect(try folder.remove("f") && !folder.remove("f") && folder.open("f") == nil)
  }

  @Test func linksAndOthersAreRefused() throws {
    let folder = try #require(try PrivateFolder(["a"], in: scratch.path, makes: true))
    try NewFile("f", in: folder).commit()
    symlink(folder.path + "/f", folder.path + "/link")
    symlink(folder.path, scratch.path + "/b")
    mkfifo(folder.path + "/pipe", 0o600)
    #expect(code { _ = try folder.open("link") } == "unexpected-link")
    #expect(code { _ = try folder.open("pipe") } == "not-a-file")
    #expect(code { _ = try PrivateFolder(["b"], in: scratch.path, makes: true) } == "unexpected-link")
    #expect(code { _ = try PrivateFolder(["a", "f"], in: scratch.path, makes: true) } == "not-a-folder")
    chmod(folder.path + "/f", 0o620)
    #expect(code { _ = try folder.open("f") } == "foreign-file")
    chmod(folder.path, 0o702)
    #expect(code { _ = try PrivateFolder(["a"], in: scratch.path, makes: false) } == "foreign-file")
  }

  @Test func onlyWhatTheDeadLeftIsRemoved() throws {
    let folder = try #require(try PrivateFolder(["a"], in: scratch.path, makes: true))
    for name in [".f.1-1.partial", ".g.1-1.partial", ".hidden", "f.partial"] { close(creat(folder.path + "/" + name, 0o600)) }
    let writer = open(folder.path + "/.g.1-1.partial", O_RDWR)
    defer { close(writer) }
    #expect(flock(writer, LOCK_EX) == 0)
    folder.removeAbandoned()
    #expect(try folder.names { _ in true } == [".g.1-1.partial", ".hidden", "f.partial"])
  }
}

/// A folder with all that is in it, gone when the test is over.
private final class ScratchFolderForTests {
  let path: String

  init() throws {
    var template = Array("/tmp/dsh-private-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  deinit { system("rm -rf '\(path)'") }
}
