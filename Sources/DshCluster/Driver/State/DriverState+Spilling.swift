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
    guard let storeBytes = spillingStoreBytes else { return }
    guard directory.spillableBytes[node, default: 0] > storeBytes / Spilling.memoryShare else { return }
    perform(spilling.writeBehind(on: node, storeBytes: storeBytes, candidates: directory.spillable(of: node, cached: false)))
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
