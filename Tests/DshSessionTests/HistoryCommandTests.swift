// A session saved as a script.
import Testing

@testable import DshSession

@Suite struct HistoryCommandTests {
  @Test func failuresBecomeComments() {
    let script = sessionScript([
      TypedStatement("read a.csv"), TypedStatement("filter idd > 1\n| take", hasFailed: true), TypedStatement("rows\n  {a: 1} |\n  take"),
    ])
    #expect(script == "read a.csv\n# failed: filter idd > 1\n# failed: | take\nrows\n  {a: 1} |\n  take\n")
    #expect(sessionScript([]) == "")
  }
}
