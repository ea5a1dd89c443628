// Bugs that are put into a simulated cluster on purpose, so that it shows whether its checks would find them.

import DshStore

@testable import DshCluster

/// One bug each. A simulation that has one must complain.
enum PlantedBug: String, CaseIterable, Sendable {
  /// A task that waits for room is not woken when there is some.
  case lostWakeUp
  /// A block is given up in memory as soon as it is written, whoever reads it there.
  case memoryGivenUpEarly
  /// A block that was written is never given up in memory.
  case lostVacate
  /// The head goes on telling tasks that a block lies in memory when it lies on disk.
  case staleLocation
  /// A node does not say that it has written blocks.
  case lostSpillAnswer
  /// A task that is told that there is no room goes on waiting.
  case ignoredRefusal
  /// The protection of a block is ended twice.
  case doubleRelease
  /// The protection of a block is not ended.
  case forgottenRelease
  /// A block that nobody wants any more stays.
  case forgottenFree
  /// Blocks lose their protection while cancelled tasks may read them.
  case earlySettlement
  /// A node's answer to a wish for protection gets lost.
  case lostAcquireAnswer
  /// A store drops a block and tells nobody.
  case unreportedEviction
  /// The failure of a task gets lost, so that the task is never run again or given up.
  case lostFailure
  /// A result counts twice.
  case doubleCommit
  /// What the slower of two nodes made of the same task counts too.
  case slowerAnswerCounts
  /// A task is sent twice.
  case duplicateTask
  /// A task is never sent.
  case lostTask
}

extension NodeMessage {
  /// What the head gets of a message, with the bug that there may be.
  func heard(with bug: PlantedBug?, _ random: inout SeededRandom) -> [NodeMessage] {
    switch (bug, self) {
    case (.lostSpillAnswer, .spilled), (.lostAcquireAnswer, .acquired), (.lostFailure, .taskFailed): return random.chance(50) ? [] : [self]
    case (.doubleCommit, .taskDone): return random.chance(20) ? [self, self] : [self]
    case (.unreportedEviction, .taskDone(var answer)):
      answer.evicted = []
      return [.taskDone(answer)]
    case (.staleLocation, .spilled(let locations, let failure, let isFirst)):
      return [.spilled(locations.map { BlockLocation($0.block, .memory(offset: 0)) }, failure: failure, isFirst: isFirst)]
    default: return [self]
    }
  }
}

extension HeadMessage {
  /// What a node gets of a message, with the bug that there may be.
  func told(with bug: PlantedBug?, _ random: inout SeededRandom) -> [HeadMessage] {
    switch (bug, self) {
    case (.lostVacate, .vacate), (.lostTask, .runTask): return random.chance(30) ? [] : [self]
    case (.duplicateTask, .runTask): return random.chance(10) ? [self, self] : [self]
    case (.forgottenRelease, .settle(var settlement)):
      settlement.released = []
      return [.settle(settlement)]
    case (.doubleRelease, .settle(let settlement)):
      return settlement.released.isEmpty ? [self] : [self, .settle(Settlement(released: settlement.released))]
    case (.forgottenFree, .settle(var settlement)):
      settlement.freed = []
      return [.settle(settlement)]
    default: return [self]
    }
  }
}

extension SeededRandom {
  /// Whether something happens that happens so often in a hundred.
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
