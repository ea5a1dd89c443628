// Where datasets are kept, and which files there are datasets.
import Testing

@testable import DshSession

@Suite struct DatasetDirectoryTests {
  @Test func placesFollowTheEnvironment() {
    #expect(DatasetDirectory(dataHome: "/x/", home: "/home/a")?.path == "/x/dsh/datasets")
    #expect(DatasetDirectory(dataHome: nil, home: "/home/a")?.path == "/home/a/.local/share/dsh/datasets")
    // A relative path there counts as none (XDG Base Directory Specification).
    #expect(DatasetDirectory(dataHome: "x", home: "/home/a")?.path == "/home/a/.local/share/dsh/datasets")
    #expect(DatasetDirectory(dataHome: "", home: nil) == nil)
    #expect(DatasetDirectory(path: "/y/z/").path == "/y/z" && DatasetDirectory(path: "/y").path == "/y")
  }

  @Test func namesAreThoseOfTheLanguage() throws {
    for name in ["trips", "_a", "größe", "T2"] { #expect(DatasetDirectory.name(ofFile: try DatasetDirectory.fileName(of: name)) == name) }
    for file in [
      "trips", "trips.csv", ".trips.arrow.1-2.partial", ".arrow", ".x.arrow", "a b.arrow", "2x.arrow", "a-b.arrow", "../x.arrow",
    ] {
      #expect(DatasetDirectory.name(ofFile: file) == nil, "\(file)")
    }
    #expect(throws: (any Error).self) { try DatasetDirectory.fileName(of: String(repeating: "ä", count: 101)) }
  }
}
