// In which locales drawings are made of Unicode characters.
import Testing

@testable import DshShell

@Suite struct DrawingChoiceTests {
  @Test(
    arguments: [
      ([:], true), (["LANG": "C.UTF-8"], true), (["LANG": "en_GB.utf8"], true), (["LANG": "C"], false), (["LANG": "POSIX"], false),
      (["LANG": "de_DE.ISO-8859-1"], false), (["LANG": "C.UTF-8", "LC_ALL": "C"], false), (["LANG": "C", "LC_CTYPE": "C.UTF-8"], true),
      (["LC_ALL": "", "LANG": "C"], false),
    ] as [([String: String], Bool)])
  func locales(_ variables: [String: String], _ expected: Bool) {
    #expect(usesUnicode { variables[$0] } == expected)
  }
}
