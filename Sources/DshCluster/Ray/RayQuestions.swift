// What the head has asked the bridge and waits for.

import DshColumns
import DshDiagnostics
import DshTasks

/// Questions by number, until their answers are taken.
struct RayQuestions {
  struct Answer {
    var node: NodeIndex
    /// The bytes of a `LibraryOutcome`.
    var outcome: [UInt8] = []
    var payload: Buffer?
    var locations: [RayLocation] = []
  }

  private struct Question {
    var blocks: [BlockID]
    /// Whether the blocks lie in stores, so that what comes of them moves.
    var isAboutStores: Bool
    var answer: Result<Answer, Diagnostic>?
  }

  private var last: UInt64 = 0
  private var questions: [UInt64: Question] = [:]

  /// The number of a new question about blocks.
  mutating func ask(_ blocks: [BlockID], isAboutStores: Bool = true) -> UInt64 {
    last += 1
    questions[last] = Question(blocks: blocks, isAboutStores: isAboutStores)
    return last
  }

  func areAboutStores(_ number: UInt64) -> Bool { questions[number]?.isAboutStores ?? false }

  func blocks(of number: UInt64) -> [BlockID] { questions[number]?.blocks ?? [] }

  /// Takes in an answer; one that nobody waits for any more is dropped.
  mutating func answer(_ number: UInt64, _ answer: Result<Answer, Diagnostic>) { questions[number]?.answer = answer }

  mutating func failAll(_ diagnostic: Diagnostic) {
    for number in questions.keys where questions[number]?.answer == nil { questions[number]?.answer = .failure(diagnostic) }
  }

  /// The answer, if it is there; the question is over then.
  mutating func take(_ number: UInt64) -> Result<Answer, Diagnostic>? {
    guard let answer = questions[number]?.answer else { return nil }
    questions[number] = nil
    return answer
  }

  /// Nobody waits for it any more.
  mutating func giveUp(_ number: UInt64) { questions[number] = nil }
}
