// What is said of inputs that are not what they were.
import DshSystem
import Testing

@testable import DshSession

@Suite struct KeptInputTests {
  private func identity(device: Int64 = 1, inode: Int64 = 2, size: Int64 = 3, modified: Int64 = 4, changed: Int64 = 5) throws
    -> FileIdentity
  {
    try #require(FileIdentity(numbers: [device, inode, size, modified, changed]))
  }

  private func changes(_ then: [String: FileIdentity], _ now: [String: FileIdentity], listed: [String]? = nil) -> InputChanges {
    var changes = InputChanges()
    let files = then.sorted { $0.key < $1.key }.map { KeptInput.File(path: $0.key, identity: $0.value) }
    changes.compare(files, with: listed ?? files.map(\.path)) { now[$0] }
    return changes
  }

  @Test func sameFilesAreAsTheyWere() throws {
    let file = ["/d/a.csv": try identity()]
    #expect(changes(file, file).isEmpty && changes(file, file).sentence == nil)
    // The number of a device is another one whenever the machine starts.
    #expect(changes(file, ["/d/a.csv": try identity(device: 9)]).isEmpty)
  }

  @Test func changesAreNamed() throws {
    let file = ["/d/a.csv": try identity()]
    for other in [try identity(inode: 9), try identity(size: 9), try identity(modified: 9), try identity(changed: 9)] {
      #expect(changes(file, ["/d/a.csv": other]).sentence == "a.csv changed")
    }
    #expect(changes(file, [:]).sentence == "a.csv is gone")
    // A name that leads to nothing counts as gone even if it is listed.
    #expect(changes(file, [:], listed: ["/d/a.csv"]).sentence == "a.csv is gone")
    #expect(changes(file, file, listed: []).sentence == "a.csv is gone")
    #expect(changes(file, file, listed: ["/d/a.csv", "/d/b.csv"]).sentence == "b.csv is new")
  }

  @Test func manyAreCounted() throws {
    let then = ["/d/a": try identity(), "/d/b": try identity(), "/d/c": try identity(), "/d/d": try identity()]
    let now = ["/d/a": try identity(size: 9), "/d/b": try identity(size: 9)]
    #expect(
      changes(then, now, listed: ["/d/a", "/d/b", "/d/x", "/d/y", "/d/z"]).sentence == "2 files changed, 2 files are gone, 3 files are new")
  }

  @Test func namesAreComparedByTheirBytes() throws {
    let composed = "/d/\u{E9}.csv"
    let decomposed = "/d/e\u{301}.csv"
    let one = try identity()
    let changes = changes([composed: one], [composed: one], listed: [decomposed])
    #expect(changes.gone.count == 1 && changes.new.count == 1)
  }
}
