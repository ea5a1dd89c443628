// The scheduler's promises, over thousands of simulated clusters.
@testable import DshCluster
import DshColumns
import DshStore
import Testing

struct SchedulerTests {
  /// A scenario made from a seed; a failing one is repeated with `Scenario.random(seed)`.
  static func random(_ seed: UInt64) -> Scenario {
    var random = SeededRandom(seed: seed)
    var scenario = Scenario()
    scenario.timingSeed = seed
    scenario.nodeCount = Int.random(in: 1...5, using: &random)
    scenario.slots = Int.random(in: 1...3, using: &random)
    scenario.taskCount = Int.random(in: 0...40, using: &random)
    if Bool.random(using: &random) {
      let nodes = 1...scenario.nodeCount
      scenario.preferred = (0..<scenario.taskCount).map { _ in Bool.random(using: &random) ? nodes.randomElement(using: &random) : nil }
    }
    scenario.isDeterministic = Bool.random(using: &random)
    if Bool.random(using: &random) { scenario.window = Int.random(in: 1...8, using: &random) }
    let tasks = 0..<max(1, scenario.taskCount)
    if Int.random(in: 0..<4, using: &random) == 0 { scenario.failing = Set((0..<3).map { _ in Int.random(in: tasks, using: &random) }) }
    if Int.random(in: 0..<6, using: &random) == 0 { scenario.killing = [Int.random(in: tasks, using: &random)] }
    if Bool.random(using: &random) { scenario.crashes = 1 }
    if Int.random(in: 0..<3, using: &random) == 0 { scenario.silences = Int.random(in: 1...3, using: &random) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      scenario.unusable = Set((0..<3).map { _ in Int.random(in: tasks, using: &random) })
    }
    if Int.random(in: 0..<3, using: &random) == 0 { scenario.enoughAfter = Int.random(in: tasks, using: &random) }
    if Int.random(in: 0..<8, using: &random) == 0 { scenario.cancelAt = Int.random(in: 1...300, using: &random) }
    if Bool.random(using: &random) { scenario.taskNanoseconds = Scheduler.shortNanoseconds + 1 }
    if Bool.random(using: &random) { scenario.slowNodes = [Int.random(in: 1...scenario.nodeCount, using: &random)] }
    scenario.mayBeCopied = Int.random(in: 0..<5, using: &random) > 0
    return scenario
  }

  @Test func promisesHoldInEveryScenario() {
    var copies = 0
    for seed in UInt64(1)...1500 {
      let scenario = Self.random(seed)
      let result = Simulation.play(scenario)
      #expect(result.complaints.isEmpty, "seed \(seed): \(scenario)")
      copies += result.copies
      let real = { (tasks: Set<Int>) in tasks.filter { $0 < scenario.taskCount } }
      let firstBad = real(scenario.failing.union(scenario.killing)).min()
      switch result.outcome {
      case .completed:
        #expect(firstBad == nil, "seed \(seed)")
        #expect(result.delivered == Array(0..<scenario.taskCount), "seed \(seed)")
      case .failed(let index): #expect(index == firstBad && scenario.failing.contains(index), "seed \(seed): \(index), \(scenario)")
      case .killedNodes(let index): #expect(index == firstBad && scenario.killing.contains(index), "seed \(seed): \(index), \(scenario)")
      case .stopped: #expect(result.delivered.last == scenario.enoughAfter, "seed \(seed)")
      case .cancelled: #expect(scenario.cancelAt != nil, "seed \(seed)")
      case .noNodes, nil: Issue.record("seed \(seed): \(String(describing: result.outcome))")
      }
    }
    #expect(copies > 200, "\(copies)")
  }

  @Test func shortTasksAreSentAheadUntilTheEndIsNear() {
    var scenario = Scenario()
    scenario.taskCount = 40
    let short = Simulation.play(scenario)
    #expect(short.complaints.isEmpty)
    #expect(short.sentAhead >= 20, "\(short.sentAhead)")
    scenario.taskNanoseconds = Scheduler.shortNanoseconds + 1
    #expect(Simulation.play(scenario).sentAhead == 0)
    scenario.taskNanoseconds = 1
    scenario.taskCount = scenario.nodeCount * (2 + Scheduler.aheadPerSlot)
    #expect(Simulation.play(scenario).sentAhead == 0)
  }

  /// A task that waits behind another on a node is not to blame when that one ends the node.
  @Test func tasksThatHaveNotBegunAreNotBlamed() {
    for seed in UInt64(1)...200 {
      var scenario = Scenario()
      scenario.timingSeed = seed
      scenario.taskCount = 30
      scenario.killing = [15]
      let result = Simulation.play(scenario)
      #expect(result.complaints.isEmpty, "seed \(seed)")
      #expect(result.outcome == .killedNodes(index: 15), "seed \(seed)")
      #expect(result.sentAhead > 0, "seed \(seed)")
      // With one slot nobody else can have been running: each end of a node counts against the right one, so three ends suffice.
      #expect(result.crashes == Scheduler.killLimit, "seed \(seed): \(result.crashes)")
    }
  }

  @Test func neighboursOfKillersAreNotBlamed() {
    for seed in UInt64(1)...300 {
      var scenario = Scenario()
      scenario.timingSeed = seed
      scenario.slots = 3
      scenario.taskCount = 30
      scenario.killing = [4, 9, 14, 19, 24, 29]
      let result = Simulation.play(scenario)
      #expect(result.outcome == .killedNodes(index: 4), "seed \(seed)")
      #expect(result.complaints.isEmpty, "seed \(seed)")
    }
  }

  @Test func withoutReplacementTheLastNodeEndsTheJob() {
    var scenario = Scenario()
    scenario.crashes = 2
    scenario.isReplaced = false
    scenario.taskCount = 200
    let result = Simulation.play(scenario)
    #expect(result.outcome == .noNodes)
    #expect(result.complaints.isEmpty)
  }

  @Test func deterministicRunsStartTheSameTasksOnTheSameNodes() {
    for seed in UInt64(1)...300 {
      var scenario = Self.random(seed)
      scenario.isDeterministic = true
      scenario.window = 3
      scenario.crashes = 0
      scenario.silences = 0
      scenario.killing = []
      scenario.failing = []
      scenario.cancelAt = nil
      scenario.enoughAfter = scenario.taskCount / 2
      var starts: Set<[Int: NodeIndex]> = []
      for timing in UInt64(0)..<6 {
        scenario.timingSeed = timing
        starts.insert(Simulation.play(scenario).firstNode)
      }
      #expect(starts.count == 1, "seed \(seed)")
      if scenario.preferred.isEmpty, let placement = starts.first {
        for (index, node) in placement { #expect(node == index % scenario.nodeCount + 1) }
      }
    }
  }

  @Test func tasksRunWhereTheirDataIs() {
    var scenario = Scenario()
    scenario.nodeCount = 3
    scenario.taskCount = 12
    scenario.preferred = (0..<12).map { $0 % 3 + 1 }
    let result = Simulation.play(scenario)
    for (index, node) in result.firstNode { #expect(node == index % 3 + 1) }
  }

  @Test func aNodeFarBehindIsHelped() {
    var scenario = Scenario()
    scenario.nodeCount = 2
    scenario.taskCount = 30
    scenario.preferred = Array(repeating: 1, count: 30)
    let result = Simulation.play(scenario)
    #expect(Set(result.firstNode.values) == [1, 2])
  }

  /// The last tasks on a slow node run on the others too, once there is nothing else to begin.
  @Test func slowTasksAreCopiedAndTheFirstToBeDoneCounts() {
    var scenario = Scenario()
    scenario.nodeCount = 3
    scenario.taskCount = 12
    scenario.slowNodes = [2]
    scenario.taskNanoseconds = Scheduler.shortNanoseconds + 1
    for seed in UInt64(1)...100 {
      scenario.timingSeed = seed
      scenario.mayBeCopied = true
      let copied = Simulation.play(scenario)
      #expect(copied.complaints.isEmpty, "seed \(seed): \(copied.complaints)")
      #expect(copied.delivered == Array(0..<12) && copied.copies == 1, "seed \(seed): \(copied.copies)")
      scenario.mayBeCopied = false
      let alone = Simulation.play(scenario)
      #expect(alone.copies == 0 && alone.endTime >= 400, "seed \(seed)")
    }
  }

  @Test func nothingIsCopiedWhereRunsAreAlike() {
    var scenario = Scenario()
    scenario.nodeCount = 3
    scenario.taskCount = 12
    scenario.slowNodes = [2]
    scenario.isDeterministic = true
    #expect(Simulation.play(scenario).copies == 0)
  }

  private func expect(_ actions: [Scheduler.Action], _ wanted: [Scheduler.Action], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(actions == wanted, sourceLocation: sourceLocation)
  }

  /// A job of two tasks on two nodes of which the first is done; the other runs, and a third node has nothing to do.
  private func waitingForOne(_ body: (inout Scheduler, UInt64, NodeIndex) -> Void) {
    var scheduler = Scheduler(isDeterministic: false)
    for node in 1...3 {
      scheduler.nodeStarting(node, slots: 1)
      scheduler.nodeUp(node)
    }
    let first = scheduler.begin(Scheduler.Job(count: 2)).firstTask
    let begun = scheduler.dispatch(now: 0)
    #expect(begun == [.run(task: first, on: 1), .run(task: first + 1, on: 2)])
    #expect(scheduler.nextCopyMoment == nil)
    expect(scheduler.taskDone(first, on: 1, nanoseconds: 400_000_000), [.deliver(index: 0)])
    body(&scheduler, first + 1, 2)
  }

  /// A node that hangs while it starts keeps nothing for itself.
  @Test(arguments: [false, true]) func whatWaitsForANodeThatNeverComesGoesToOthers(isDeterministic: Bool) {
    var scheduler = Scheduler(isDeterministic: isDeterministic)
    for node in 1...2 { scheduler.nodeStarting(node, slots: 1) }
    scheduler.nodeUp(2)
    let first = scheduler.begin(Scheduler.Job(count: 2, preferred: { _ in 1 })).firstTask
    #expect(scheduler.dispatch(now: 0) == [])
    scheduler.nodeSilent(1)
    expect(scheduler.dispatch(now: 1), [.run(task: first, on: 2)])
    expect(scheduler.taskDone(first, on: 2, nanoseconds: 1), [.deliver(index: 0)])
    expect(scheduler.dispatch(now: 2), [.run(task: first + 1, on: 2)])
    // It comes after all.
    scheduler.nodeAnswers(1)
    scheduler.nodeUp(1)
    expect(scheduler.taskDone(first + 1, on: 2, nanoseconds: 1), [.deliver(index: 1)])
    expect(scheduler.dispatch(now: 3), [.finish(.completed)])
  }

  @Test func aTaskIsSlowAfterTwiceTheMedian() {
    waitingForOne { scheduler, task, _ in
      #expect(scheduler.nextCopyMoment == 800_000_000)
      expect(scheduler.dispatch(now: 799_999_999), [])
      expect(scheduler.dispatch(now: 800_000_000), [.run(task: task, on: 1)])
      // One copy, whoever else has nothing to do.
      #expect(scheduler.nextCopyMoment == nil)
      expect(scheduler.dispatch(now: 1_000_000_000_000), [])
      #expect(scheduler.expects(task, from: 1) && scheduler.expects(task, from: 2) && !scheduler.expects(task, from: 3))
    }
  }

  @Test func theSlowerOfTwoIsCancelled() {
    waitingForOne { scheduler, task, slow in
      _ = scheduler.dispatch(now: 800_000_000)
      expect(scheduler.taskDone(task, on: 1, nanoseconds: 1), [.cancel(task: task, on: slow), .deliver(index: 1)])
      #expect(!scheduler.expects(task, from: slow) && scheduler.wasCopied(1))
      expect(scheduler.taskDone(task, on: slow, nanoseconds: 1), [])
    }
  }

  @Test func aFailureOfOneOfTwoDecidesNothing() {
    waitingForOne { scheduler, task, slow in
      _ = scheduler.dispatch(now: 800_000_000)
      expect(scheduler.taskFailed(task, on: 1), [])
      expect(scheduler.dispatch(now: 900_000_000), [])
      expect(scheduler.taskFailed(task, on: slow), [])
      expect(scheduler.dispatch(now: 900_000_000), [.finish(.failed(index: 1))])
    }
  }

  @Test func whenOneOfTwoNodesDiesTheOtherGoesOn() {
    waitingForOne { scheduler, task, slow in
      _ = scheduler.dispatch(now: 800_000_000)
      expect(scheduler.nodeLost(slow), [])
      expect(scheduler.dispatch(now: 900_000_000), [])
      expect(scheduler.taskDone(task, on: 1, nanoseconds: 1), [.deliver(index: 1)])
      expect(scheduler.dispatch(now: 900_000_000), [.finish(.completed)])
    }
  }

  @Test func whoeverHadNoRoomIsNotGivenMore() {
    waitingForOne { scheduler, task, slow in
      let isRunAgain = scheduler.taskCrowdedOut(task, on: slow)
      #expect(isRunAgain)
      _ = scheduler.dispatch(now: 800_000_000)
      #expect(scheduler.nextCopyMoment == nil)
      expect(scheduler.dispatch(now: 9_000_000_000), [])
    }
  }
}
