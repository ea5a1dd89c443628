// When nodes are asked, and when they count as silent or lost.
@testable import DshCluster
import Testing

struct LivenessTests {
  private let millisecond: Int64 = 1_000_000

  /// Looks every 100 ms; what came out, with the time in milliseconds.
  private func watch(
    _ liveness: inout Liveness, from start: Int64, to end: Int64, answersAfter: Int64? = nil
  ) -> [String] {
    var told: [String] = []
    var asked: Int64?
    for time in stride(from: start, through: end, by: 100) {
      if let question = asked, let answersAfter, time - question >= answersAfter {
        for action in liveness.heard(1, now: time * millisecond) { told.append("\(time) \(action)") }
        asked = nil
      }
      for action in liveness.look(now: time * millisecond) {
        if case .ask = action { asked = asked ?? time } else { told.append("\(time) \(action)") }
      }
    }
    return told
  }

  @Test func aNodeThatAnswersIsNeverSilent() {
    var liveness = Liveness()
    liveness.nodeStarted(1, now: 0)
    #expect(watch(&liveness, from: 0, to: 60_000, answersAfter: 100).isEmpty)
    #expect(watch(&liveness, from: 60_100, to: 120_000, answersAfter: 1_900).isEmpty)
  }

  @Test func aNodeThatDoesNotAnswerIsSilentAndThenLost() {
    var liveness = Liveness()
    liveness.nodeStarted(1, now: 0)
    #expect(watch(&liveness, from: 0, to: 10_100) == ["2100 silent(1)", "10100 lost(1)"])
    #expect(liveness.silent == [1])
    liveness.nodeEnded(1)
    #expect(liveness.silent.isEmpty)
  }

  @Test func aLateAnswerEndsTheSilence() {
    var liveness = Liveness()
    liveness.nodeStarted(1, now: 0)
    #expect(watch(&liveness, from: 0, to: 6_000, answersAfter: 4_000) == ["2100 silent(1)", "4100 answers(1)"])
  }

  @Test func timeInWhichNobodyLookedCountsAgainstNobody() {
    var liveness = Liveness()
    liveness.nodeStarted(1, now: 0)
    #expect(watch(&liveness, from: 0, to: 1_000).isEmpty)
    // The head was stopped for a minute, and looks before the answer can come.
    #expect(liveness.look(now: 61_000 * millisecond).isEmpty)
    #expect(watch(&liveness, from: 61_100, to: 62_000).isEmpty)
    #expect(watch(&liveness, from: 62_100, to: 63_000) == ["62100 silent(1)"])
  }

  @Test func nothingIsAskedWhileNobodyWaits() {
    var liveness = Liveness()
    #expect(liveness.nextLook == nil)
    liveness.nodeStarted(1, now: 0)
    #expect(liveness.nextLook == Liveness.askEveryNanoseconds)
    liveness.asked(1, now: 10)
    #expect(liveness.nextLook == 10 + Liveness.silentAfterNanoseconds)
  }
}
