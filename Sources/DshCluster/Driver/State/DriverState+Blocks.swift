// Blocks of the nodes: made, settled, acquired, released, evicted.
import DshColumns
import DshStore

extension DriverState {
  // MARK: Settling

  /// Says what becomes of blocks. Those that are gone are passed over.
  mutating func settle(_ blocks: [BlockRef], as retention: BlockState.Retention) {
    for (node, ids) in existing(blocks) {
      var settlement = Settlement()
      switch retention {
      case .cached: settlement.cached = ids
      case .pinned: settlement.pinned = ids
      case .freed:
        settlement.freed = ids
        act(.withdraw(ids))
      }
      for id in ids { directory.settle(id, as: retention) }
      send(settlement, to: node)
    }
    finishDraining()
  }

  /// Ends a protection by `acquire`. Pass only blocks that it didn't miss; those that were freed since go with it.
  mutating func release(_ blocks: [BlockRef]) {
    for (node, ids) in byNode(blocks.filter { membership.isCurrent($0.node, $0.epoch) }) { send(Settlement(released: ids), to: node) }
  }

  mutating func blocksMade(_ locations: [BlockLocation], mayBeSpilled: Bool) {
    if locations.isEmpty { return }
    directory.insert(locations, mayBeSpilled: mayBeSpilled)
    act(.publish(locations))
    for node in Set(locations.map(\.block.node)) { writeBehind(on: node) }
  }

  /// Frees blocks of results that nobody wants. No task reads them, so they wait for none: one that is made again on the same node gives its blocks
  /// the same names.
  mutating func drop(_ blocks: [BlockRef]) {
    for (node, ids) in existing(blocks) {
      directory.remove(ids)
      act(.withdraw(ids))
      act(.send(.settle(Settlement(freed: ids)), to: node))
    }
    finishDraining()
  }

  /// A store has dropped blocks to make room.
  mutating func blocksEvicted(_ ids: [BlockID]) {
    if ids.isEmpty { return }
    directory.remove(ids)
    act(.withdraw(ids))
    note([.blocksEvicted(ids)])
  }

  /// Sends a settlement, but not while a cancelled task may still be reading.
  private mutating func send(_ settlement: Settlement, to node: NodeIndex) {
    guard let epoch = membership[node]?.epoch else { return }
    let entry = Settlements.Entry(settlement: settlement, node: node, epoch: epoch)
    send(settlements.add(entry, whileRead: !abandoned.isEmpty))
  }

  /// Sends what has waited if no cancelled task is left that could be reading.
  mutating func sendDeferred() {
    if abandoned.isEmpty { send(settlements.takeDeferred()) }
  }

  private mutating func send(_ entries: [Settlements.Entry]) {
    for entry in entries where membership.isCurrent(entry.node, entry.epoch) {
      act(.send(.settle(entry.settlement), to: entry.node))
      if !entry.settlement.onlyPins { spilling.roomCame(on: entry.node) }
    }
  }

  // MARK: Acquiring

  /// Asks the nodes to protect blocks from eviction until they are released as often; it is over once `acquisitions.isComplete` says so.
  mutating func acquire(_ blocks: [BlockRef], deadline: Deadline, now: Int64) -> Acquisitions.ID {
    let missing = blocks.filter { !directory.contains($0) }.map(\.id)
    let acquisition = acquisitions.begin(missing: missing, deadline: now + deadline.nanoseconds)
    for (node, ids) in existing(blocks) { ask(node, ids, for: acquisition, now: now) }
    return acquisition
  }

  /// Asks all nodes for an answer. A node answers in order, so it also says that everything sent before is done.
  mutating func acquireNothing(now: Int64) -> Acquisitions.ID {
    let acquisition = acquisitions.begin(deadline: nil)
    for node in membership.all(where: \.isReady) { ask(node, for: acquisition, now: now) }
    return acquisition
  }

  /// Gives up an acquisition: what was granted is released, and what is granted later too.
  mutating func cancel(_ acquisition: Acquisitions.ID) {
    for (node, ids) in acquisitions.cancel(acquisition) { send(Settlement(released: ids), to: node) }
  }

  /// Asks a node for the protection of blocks; with none, just for an answer.
  mutating func ask(_ node: NodeIndex, _ ids: [BlockID] = [], for acquisition: Acquisitions.ID?, now: Int64) {
    act(.send(.acquire(request: acquisitions.request(ids, of: node, for: acquisition), ids), to: node))
    liveness.asked(node, now: now)
    if liveness.silent.contains(node) { acquisitions.giveUp(on: node) }
  }

  mutating func acquired(_ request: UInt64, missing: [BlockID], by node: NodeIndex) {
    let unwanted = acquisitions.answered(request, missing: missing, by: node)
    if !unwanted.isEmpty { send(Settlement(released: unwanted), to: node) }
  }

  /// The names of the blocks that still exist, by node.
  private func existing(_ blocks: [BlockRef]) -> [(node: NodeIndex, ids: [BlockID])] { byNode(blocks.filter { directory.contains($0) }) }

  private func byNode(_ blocks: [BlockRef]) -> [(node: NodeIndex, ids: [BlockID])] {
    Dictionary(grouping: blocks, by: \.node).sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.id)) }
  }
}
