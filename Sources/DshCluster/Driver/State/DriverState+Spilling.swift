// Blocks go to disk so that tasks which wait for room can go on.
import DshColumns
import DshDiagnostics
import DshStore

extension DriverState {
  /// A node says that blocks were written, and why others were not.
  mutating func blocksSpilled(_ locations: [BlockLocation], failure: Diagnostic?, on node: NodeIndex) {
    let known = locations.filter { directory.contains($0.block) }
    for location in known { directory.move(location) }
    act(.publish(known))
    if let failure { spillFailure = failure }
    perform(spilling.written(known.map(\.block.id), on: node, failed: failure != nil))
    // What was made meanwhile.
    writeBehind(on: node)
  }

  /// Whether blocks are on their way to disk, so that what is sent now would read them in memory and thereby keep it. A node that does not answer is
  /// not waited for.
  var isPuttingAway: Bool {
    let silent = liveness.silent
    return membership.indexes.contains { spilling.isWriting(on: $0) && !silent.contains($0) }
  }

  /// Looks whether something can be done for those who wait; call it after whatever may have changed that.
  mutating func makeRoom() {
    guard spilling.isWaitedFor else { return }
    let running = Set(scheduler.begunTasks.map { Spilling.Reader(task: $0.task, node: $0.node) })
    let directory = directory
    perform(spilling.decide(running: running) { directory.spillable(of: $0, cached: true) })
  }

  /// Writes the oldest blocks of a node to disk before its store is full of what the next tasks will read.
  mutating func writeBehind(on node: NodeIndex) {
    // All blocks are looked at only where some are to be written now.
    guard let storeBytes = spillingStoreBytes, !spilling.isWriting(on: node),
      directory.spillableBytes[node, default: 0] > storeBytes / Spilling.memoryShare
    else { return }
    perform(spilling.writeBehind(on: node, storeBytes: storeBytes, candidates: directory.spillable(of: node, cached: false)))
  }

  /// Whether a task that has found no room may find some when it runs again: fewer run beside it, or blocks that it read in memory go to disk.
  /// What can go is on its way then. Alone on a node with nothing to put away it has no better chance.
  mutating func makesRoomWithout(_ task: UInt64, on node: NodeIndex) -> Bool {
    guard spillingStoreBytes != nil else { return false }
    let reader = Spilling.Reader(task: task, node: node)
    let wanted = spilling.writeAll(on: node, candidates: directory.spillable(of: node, cached: true))
    perform(wanted)
    return !wanted.isEmpty || spilling.awaits(reader) || spilling.isWriting(on: node)
      || scheduler.begunTasks.contains { $0.node == node && $0.task != task }
  }

  /// Puts blocks on disk, whatever room there is.
  mutating func moveToDisk(_ blocks: [BlockRef]) {
    for (node, group) in Dictionary(grouping: blocks.filter { !directory.isOnDisk($0) }, by: \.node).sorted(by: { $0.key < $1.key }) {
      perform(spilling.move(group.map(\.id), on: node))
    }
  }

  mutating func perform(_ wanted: [Spilling.Action]) {
    for action in wanted {
      switch action {
      case .spill(let blocks, let node): act(.send(.spill(blocks), to: node))
      case .vacate(let blocks, let node): act(.send(.vacate(blocks), to: node))
      case .refuse(let task, let request, let node): act(.send(.roomRefused(task: task, request: request), to: node))
      }
    }
  }
}
