// Where the next task goes: by index when every run must be alike, otherwise to the data and to free slots.
import DshColumns
import DshStore

extension Scheduler.Node {
  /// Whether any task may be sent here now.
  func hasRoom(tasksPerSlot: Int) -> Bool { state == .up && !runsSuspect && running.count < (crowdLimit ?? slots * tasksPerSlot) }

  /// Whether a task may be sent here now. A suspect, which was on a node that died, runs alone. A node that was silent may still run the task: not
  /// twice at once, as the blocks of both would have the same names.
  func canTake(_ task: UInt64, suspect: Bool, tasksPerSlot: Int = 1) -> Bool {
    hasRoom(tasksPerSlot: tasksPerSlot) && (!suspect || running.isEmpty) && !running.contains(task)
  }
}

/// Fixed placement: a task goes to the node of its data, else task i to the node number i modulo their count. It waits for that node.
func placeByIndex(_ job: inout Scheduler.Running, before end: Int, _ nodes: [NodeIndex: Scheduler.Node]) -> (index: Int, node: NodeIndex)? {
  let candidates = nodes.filter { $0.value.state == .up }.keys.sorted()
  if candidates.isEmpty { return nil }
  for node in candidates {
    if let index = job.queues.next(boundTo: node), index < end,
      nodes[node]?.canTake(job.task(index), suspect: job.kills[index] != nil) == true
    {
      job.queues.removeNext(boundTo: node)
      return (index, node)
    }
  }
  let firstTask = job.firstTask
  return job.queues.takeFirstAnywhere { index in
    guard index < end else { return nil }
    let node = candidates[index % candidates.count]
    return nodes[node]?.canTake(firstTask + UInt64(index), suspect: job.kills[index] != nil) == true ? node : nil
  }
}

/// Placement by load: the node with the most free slots takes a task over its own data first, then one without a place, then one from a
/// node that is far behind.
///
/// - Parameter tasksPerSlot: how many tasks each slot is given, of which it runs the first.
func placeByLoad(
  _ job: inout Scheduler.Running, before end: Int, tasksPerSlot: Int, _ nodes: [NodeIndex: Scheduler.Node]
) -> (index: Int, node: NodeIndex)? {
  let free = nodes.filter { $0.value.hasRoom(tasksPerSlot: tasksPerSlot) }
    .sorted { ($0.value.running.count - $0.value.slots, $0.key) < ($1.value.running.count - $1.value.slots, $1.key) }
  func fits(_ index: Int, _ node: Scheduler.Node) -> Bool {
    index < end && node.canTake(job.task(index), suspect: job.kills[index] != nil, tasksPerSlot: tasksPerSlot)
  }
  for (node, state) in free {
    if let index = job.queues.next(boundTo: node), fits(index, state) {
      job.queues.removeNext(boundTo: node)
      return (index, node)
    }
  }
  for (node, state) in free {
    if let index = job.queues.nextAnywhere, fits(index, state) {
      job.queues.removeNext(boundTo: nil)
      return (index, node)
    }
  }
  for (node, state) in free {
    let longest = nodes.keys.filter { $0 != node }.max { (job.queues.count(boundTo: $0), $1) < (job.queues.count(boundTo: $1), $0) }
    guard let longest, let slots = nodes[longest]?.slots, job.queues.count(boundTo: longest) > Scheduler.stealThreshold * slots,
      let index = job.queues.next(boundTo: longest), fits(index, state)
    else { continue }
    job.queues.removeNext(boundTo: longest)
    return (index, node)
  }
  return nil
}
