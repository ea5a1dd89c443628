// Copies of slow tasks: what one node takes long for, another with nothing to do tries too, and the first to be done counts.
import DshColumns
import DshStore

extension Scheduler {
  /// Gives copies of slow tasks to nodes with nothing to do.
  mutating func copySlowTasks(now: Int64) -> [Action] {
    var actions: [Action] = []
    while let next = nextCopy, next.moment <= now {
      nodes[next.node]?.running.append(next.task)
      change { job in
        job.copies[next.index] = next.node
        job.copied.insert(next.index)
      }
      actions.append(.run(task: next.task, on: next.node))
    }
    return actions
  }

  /// When a running task will be slow that another node could run too; nil if there is none, or no such node.
  public var nextCopyMoment: Int64? { nextCopy?.moment }

  /// The task that is slow first, and who could run it too.
  ///
  /// Nothing is copied where runs have to be alike, while another task could begin, and where tasks have had no room in a store. A task that was
  /// on a node that died is left alone, as it may be what ended the node.
  private var nextCopy: (index: Int, task: UInt64, node: NodeIndex, moment: Int64)? {
    guard let job = current, job.job.mayBeCopied, !isDeterministic, job.queues.isEmpty, job.failure == nil,
      nodes.values.allSatisfy({ $0.crowdLimit == nil })
    else { return nil }
    let free = nodes.filter { $0.value.hasRoom(tasksPerSlot: 1) }.sorted {
      ($0.value.running.count, $0.key) < ($1.value.running.count, $1.key)
    }
    guard !free.isEmpty, let slow = job.times.slowNanoseconds else { return nil }
    var best: (index: Int, task: UInt64, node: NodeIndex, moment: Int64)?
    for (node, state) in nodes {
      for task in state.begun {
        guard let index = index(of: task), job.states[index] == .running(on: node), !job.copied.contains(index), job.copies[index] == nil,
          job.kills[index] == nil,
          let begun = job.times.begun[index], let taker = free.first(where: { $0.value.canTake(task, suspect: false) })?.key
        else { continue }
        let found = (index: index, task: task, node: taker, moment: begun + slow)
        if best.map({ (found.moment, found.index) < ($0.moment, $0.index) }) ?? true { best = found }
      }
    }
    return best
  }
}
