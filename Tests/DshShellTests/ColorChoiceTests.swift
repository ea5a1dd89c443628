// Whether a stream gets colour.
import Testing

@testable import DshShell

@Suite struct ColorChoiceTests {
  private func decide(_ mode: ColorMode, _ isTerminal: Bool, _ variables: [String: String] = [:]) -> Bool {
    usesColor(mode: mode, isTerminal: isTerminal) { variables[$0] }
  }

  @Test func flagWins() {
    #expect(decide(.always, false, ["NO_COLOR": "1"]))
    #expect(!decide(.never, true, ["FORCE_COLOR": "1"]))
  }

  @Test func environment() {
    #expect(decide(.auto, true))
    #expect(!decide(.auto, false))
    #expect(!decide(.auto, true, ["NO_COLOR": "1"]))
    #expect(decide(.auto, true, ["NO_COLOR": ""]))
    #expect(decide(.auto, false, ["FORCE_COLOR": "1"]))
    #expect(!decide(.auto, false, ["FORCE_COLOR": "0"]))
    #expect(!decide(.auto, true, ["TERM": "dumb"]))
    #expect(!decide(.auto, true, ["CLICOLOR": "0"]))
  }
}
