// Tasks that read several blocks of a kept dataset one after another, where nothing shows whose rows come first.

import DshColumns
import DshEngine
import DshPlan
import DshPlanner
import DshStore

/// Which blocks of a node its tasks read.
///
/// A task costs about as much as some ten thousand rows, and partial groups of many tasks are more than those of few. But the last tasks of a stage are
/// waited for, so they get smaller towards the end (Polychronopoulos and Kuck, "Guided Self-Scheduling", IEEE Transactions on Computers 36, 1987).
struct CoalescedBlocks {
  /// The most that one task reads: its partial groups lie in one block.
  static let largestTaskBlocks = 8
  /// A task gets this part of what is left, for each slot of its node.
  static let share = 3

  /// The blocks of each task, by their numbers, in the order in which tasks begin.
  let tasks: [[Int]]

  /// - Parameters:
  ///   - homes: the node of each block.
  ///   - slots: the tasks that a node runs at once.
  init(homes: [NodeIndex], slots: Int) {
    var blocksOfHome: [NodeIndex: [Int]] = [:]
    for (block, home) in homes.enumerated() { blocksOfHome[home, default: []].append(block) }
    var rounds: [[[Int]]] = []
    for (_, blocks) in blocksOfHome.sorted(by: { $0.key < $1.key }) {
      var remaining = blocks[...]
      var round = 0
      while !remaining.isEmpty {
        let count = max(1, min(Self.largestTaskBlocks, remaining.count / (Self.share * max(1, slots))))
        if round == rounds.count { rounds.append([]) }
        rounds[round].append(Array(remaining.prefix(count)))
        remaining = remaining.dropFirst(count)
        round += 1
      }
    }
    tasks = rounds.flatMap(\.self)
  }
}

extension GraphRunner {
  /// The tasks of a branch over blocks that may be read in any order; nil where each block needs a task of its own.
  func coalesced(_ blocks: [PersistedDataset.Block], of branch: Branch, in stage: Stage, schema: Schema) -> BranchTasks? {
    guard blocks.count > cluster.slots * CoalescedBlocks.share, stage.takesRowsInAnyOrder, branch.keepsNoOrder else { return nil }
    let coalesced = CoalescedBlocks(homes: blocks.map(\.home), slots: cluster.slots / max(1, cluster.takers.count))
    var identity = ByteWriter()
    identity.write(coalesced.tasks) { writer, task in writer.write(task) { $0.write($1) } }
    let sources = coalesced.tasks.map { task in
      let nodes = Set(task.map { blocks[$0].block.node })
      return BranchTasks.Source(
        source: BlockRows(schema, task.map { BlockSlice(blocks[$0].block) }), origin: blocks[task[0]].origin,
        preferredNode: nodes.count == 1 && !nodes.contains(0) ? nodes.first : nil, statistics: task.map { blocks[$0].statistics })
    }
    var tasks = BranchTasks(sources)
    tasks.producers = [Producer(identity: branch.identity + identity.bytes, taskCount: sources.count)]
    return tasks
  }
}

extension Stage {
  /// Whether what its tasks make together does not depend on which task has which rows, and none can fail, so that no row is blamed.
  fileprivate var takesRowsInAnyOrder: Bool {
    guard case .sink(let sink) = output, let partial = sink as? PartialAggregate, case .partitions = partial.layout else { return false }
    return !partial.aggregation.seesOrder
      && branches.allSatisfy { branch in
        partial.aggregation.expressions.allSatisfy { !CompiledExpression.mayFail($0, over: branch.schema.types) }
      }
  }
}

extension Branch {
  /// Whether its steps do the same to each row wherever it stands, and can't fail.
  fileprivate var keepsNoOrder: Bool {
    guard preceding.isEmpty else { return false }
    var schema = input.schema
    for step in steps {
      guard step is Filter || step is Project || step is ProbeHashTable,
        step.expressions.allSatisfy({ !CompiledExpression.mayFail($0, over: schema.types) })
      else { return false }
      schema = step.schema(over: schema)
    }
    return true
  }
}
