// Path patterns against Python's fnmatch where both agree, and against real folders.
import DshDiagnostics
import DshSystem
import Foundation
import Testing

struct GlobTests {
  @Test(arguments: [
    ("*.csv", "a.csv", true), ("*.csv", "a.csvx", false), ("a*b*c", "aXbYc", true), ("a*b*c", "abcb", false), ("?", "é", true),
    ("??", "é", false),
    ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true), ("[]]x", "]x", true), ("[a", "[a", true),
    ("a\\*b", "a*b", true),
    ("a\\*b", "axb", false), ("*", "", true), ("", "", true), ("", "a", false), ("[à-é]", "ä", true), ("**", "abc", true),
    ("[a-]", "-", true),
  ])
  func matchesOneName(pattern: String, name: String, expected: Bool) {
    #expect(matchesPattern(pattern, name) == expected)
  }

  @Test func patternsNeverTrapAndEnd() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("*?[]!-{},\\ab/é".unicodeScalars)
    for _ in 0..<20_000 {
      let text = { (length: Int) in
        String(String.UnicodeScalarView((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "a" }))
      }
      _ = matchesPattern(text(Int.random(in: 0..<12, using: &random)), text(Int.random(in: 0..<12, using: &random)))
    }
    #expect(!matchesPattern(String(repeating: "*a", count: 50) + "b", String(repeating: "a", count: 5000)))
  }

  @Test func expandsInFolders() throws {
    let root = NSTemporaryDirectory() + "dsh-glob-\(UUID().uuidString)"
    for folder in ["", "/a", "/a/b", "/c", "/.hidden"] { try makeFolder(root + folder) }
    for file in ["/1.csv", "/2.csv", "/.3.csv", "/a/4.csv", "/a/b/5.csv", "/c/6.tsv", "/.hidden/7.csv"] {
      let new = try NewFile(path: root + file, replace: false)
      try new.commit()
    }
    defer { try? FileManager.default.removeItem(atPath: root) }
    func names(_ pattern: String) throws -> [String] {
      try expandPattern(root + "/" + pattern).map { String($0.dropFirst(root.count + 1)) }
    }
    #expect(try names("*.csv") == ["1.csv", "2.csv"])
    #expect(try names("**/*.csv") == ["1.csv", "2.csv", "a/4.csv", "a/b/5.csv"])
    #expect(try names("{2,1}.csv") == ["1.csv", "2.csv"])
    #expect(try names("{1,2,9}.csv") == ["1.csv", "2.csv"])
    #expect(try names("{a,c}/{b/,}*.{csv,tsv}") == ["a/4.csv", "a/b/5.csv", "c/6.tsv"])
    #expect(try names(".*.csv") == [".3.csv"])
    #expect(try names("nothing*") == [])
    #expect(throws: Diagnostic.self) { try expandPattern(String(repeating: "{a,b}", count: 30)) }
  }
}
