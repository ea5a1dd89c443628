// Where paths lead: links and dots followed, also where there is nothing yet.
import DshSystem
import Foundation
import Testing

struct ResolvedLocationTests {
  @Test func followsLinksAndDotsEvenToNothing() throws {
    let scratch = try resolvedPath(FileTests.scratch())
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try makeFolder(scratch + "/in")
    for (link, target) in [("out", "/etc"), ("loop", "loop"), ("nothing", "../missing"), ("in/up", "..")] {
      try FileManager.default.createSymbolicLink(atPath: scratch + "/" + link, withDestinationPath: target)
    }
    func place(_ path: String) -> String? { resolvedLocation(scratch + path) }
    #expect(place("/in/../in/") == scratch + "/in")
    #expect(place("/in/up/in/new.csv") == scratch + "/in/new.csv")
    #expect(place("/in/new/deeper//x") == scratch + "/in/new/deeper/x")
    #expect(place("/out/new.csv") == "/etc/new.csv")
    #expect(place("/nothing") == parentFolder(of: scratch) + "/missing")
    #expect(place("/loop") == nil)
    #expect(place("/in/missing/../../etc") == nil)
    #expect(resolvedLocation("/proc/self/root/") == "/")
    #expect(resolvedLocation("/") == "/")
  }

  @Test func comparesPathsPartByPartAndByteByByte() {
    #expect(isPath("/a/b", inOrBelow: "/a/b") && isPath("/a/b/c", inOrBelow: "/a/b") && isPath("/x", inOrBelow: "/"))
    #expect(!isPath("/a/bc", inOrBelow: "/a/b") && !isPath("/a", inOrBelow: "/a/b") && !isPath("/A/b", inOrBelow: "/a/b"))
    // The same letter to a reader, another name to the file system.
    #expect(!isPath("/\u{65}\u{301}/x", inOrBelow: "/\u{E9}"))
  }
}
