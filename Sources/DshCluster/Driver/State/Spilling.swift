// Which blocks go to disk when a store has no room for a running task, and when their memory is free. Pure: what happens in, what to do out.
import DshColumns
import DshStore

/// The tasks that wait for room, the blocks on their way to disk, and who reads what meanwhile.
///
/// A block is first written and then given up, so that no reader ever finds it gone: tasks that were told its place in memory before it was on disk
/// may still read it there, and the memory goes when the last of them has answered.
struct Spilling: Sendable {
  /// A task as it runs on one node; another node may run it too.
  struct Reader: Hashable, Sendable {
    let task: UInt64
    let node: NodeIndex
  }

  enum Action: Equatable, Sendable {
    case spill([BlockID], on: NodeIndex)
    case vacate([BlockID], on: NodeIndex)
    case refuse(task: UInt64, request: UInt64, on: NodeIndex)
  }

  /// So much is written at once at least: each time takes a message and its answer.
  static let batchBytes = 16 << 20

  /// What tasks that have not answered were told to read.
  private var reads: [Reader: Set<BlockID>] = [:]
  /// Tasks that wait for room, the longest first.
  private var waiting: [(reader: Reader, request: UInt64, byteCount: Int)] = []
  /// What each node was asked to write and has not answered, in order.
  private var writing: [NodeIndex: [Set<BlockID>]] = [:]
  /// Blocks on disk whose memory is still read by tasks.
  private var readInMemory: [BlockID: (node: NodeIndex, readers: Set<Reader>)] = [:]
  /// Nodes that could not write; they are not asked again before something on them was freed, or the statement has ended.
  private var unable: Set<NodeIndex> = []

  // MARK: Events

  /// A task was sent to a node, and told where blocks lie.
  mutating func taskSent(_ task: UInt64, reading blocks: [BlockID], on node: NodeIndex) {
    reads[Reader(task: task, node: node)] = Set(blocks)
  }

  /// A task has answered: it reads nothing any more, and waits for nothing.
  mutating func taskAnswered(_ task: UInt64, on node: NodeIndex) -> [Action] { forget { $0 == Reader(task: task, node: node) } }

  /// The process of a node has ended, with its tasks and its blocks.
  mutating func nodeEnded(_ node: NodeIndex) -> [Action] {
    writing[node] = nil
    unable.remove(node)
    readInMemory = readInMemory.filter { $0.value.node != node }
    return forget { $0.node == node }
  }

  mutating func needsRoom(_ task: UInt64, request: UInt64, _ byteCount: Int, on node: NodeIndex) {
    let reader = Reader(task: task, node: node)
    guard reads[reader] != nil else { return }
    waiting.removeAll { $0.reader == reader }
    waiting.append((reader, request, byteCount))
  }

  /// Blocks were written; their memory can go at once unless it is read.
  mutating func written(_ blocks: [BlockID], on node: NodeIndex, failed: Bool) -> [Action] {
    guard let batch = writing[node]?.removeFirst() else { return [] }
    if writing[node]?.isEmpty == true { writing[node] = nil }
    if failed { unable.insert(node) }
    var free: [BlockID] = []
    for block in blocks where batch.contains(block) {
      let readers = Set(reads.filter { $0.value.contains(block) }.keys)
      if readers.isEmpty { free.append(block) } else { readInMemory[block] = (node, readers) }
    }
    return vacate(free, on: node)
  }

  /// A statement has ended: another may find room on disk.
  mutating func statementEnded() { unable = [] }

  private mutating func forget(where isSuch: (Reader) -> Bool) -> [Action] {
    waiting.removeAll { isSuch($0.reader) }
    let gone = reads.keys.filter(isSuch)
    for reader in gone { reads[reader] = nil }
    var free: [NodeIndex: [BlockID]] = [:]
    for (block, held) in readInMemory where !held.readers.isDisjoint(with: gone) {
      let left = held.readers.subtracting(gone)
      readInMemory[block] = left.isEmpty ? nil : (held.node, left)
      if left.isEmpty { free[held.node, default: []].append(block) }
    }
    return free.sorted { $0.key < $1.key }.flatMap { vacate($0.value.sorted(), on: $0.key) }
  }

  /// Room comes: those who wait on the node look again, and ask anew if it is not enough.
  private mutating func vacate(_ blocks: [BlockID], on node: NodeIndex) -> [Action] {
    if blocks.isEmpty { return [] }
    waiting.removeAll { $0.reader.node == node }
    return [.vacate(blocks, on: node)]
  }

  /// A settlement frees memory of a node: those who wait there look again by themselves.
  mutating func roomCame(on node: NodeIndex) {
    waiting.removeAll { $0.reader.node == node }
    unable.remove(node)
  }

  // MARK: Deciding

  /// What to do for those who wait.
  ///
  /// - Parameters:
  ///   - running: the tasks that have begun, wherever.
  ///   - candidates: the blocks of a node that may go to disk, in memory and not there yet, those to go first first; with their sizes.
  mutating func decide(running: Set<Reader>, candidates: (NodeIndex) -> [(id: BlockID, byteCount: Int)]) -> [Action] {
    var actions: [Action] = []
    for node in Set(waiting.map(\.reader.node)).sorted() where writing[node] == nil {
      if !unable.contains(node) { actions += move(choose(candidates(node), on: node), on: node) }
    }
    // Whoever runs and does not wait will answer, and that may help.
    let isStuck = writing.isEmpty && !waiting.isEmpty && running.isSubset(of: waiting.map(\.reader))
    if isStuck, let last = waiting.popLast() {
      actions.append(.refuse(task: last.reader.task, request: last.request, on: last.reader.node))
    }
    return actions
  }

  /// Of a store so much may be blocks that could be on disk: what tasks pull, work on and make has to fit beside their inputs.
  static let memoryShare = 3

  /// What to write before somebody has to wait: of the blocks of a node the oldest, if they take more than their share of its store.
  mutating func writeBehind(on node: NodeIndex, storeBytes: Int, candidates: [(id: BlockID, byteCount: Int)]) -> [Action] {
    let surplus = candidates.reduce(0) { $0 + (readInMemory[$1.id] == nil ? $1.byteCount : 0) } - storeBytes / Self.memoryShare
    guard surplus > 0, writing[node] == nil, !unable.contains(node) else { return [] }
    return move(choose(candidates, bytes: max(surplus, Self.batchBytes)), on: node)
  }

  /// What to write where a task had no room that is to run again: everything, as memory that other tasks read in comes when they answer, be it that
  /// they have had no room either.
  mutating func writeAll(on node: NodeIndex, candidates: [(id: BlockID, byteCount: Int)]) -> [Action] {
    guard writing[node] == nil, !unable.contains(node) else { return [] }
    return move(candidates.map(\.id).filter { readInMemory[$0] == nil }, on: node)
  }

  /// Whether memory is given up when a task has answered that still reads in it.
  func awaits(_ reader: Reader) -> Bool { readInMemory.values.contains { $0.readers.contains(reader) } }

  /// Whether a node has been asked to write and has not answered.
  func isWriting(on node: NodeIndex) -> Bool { writing[node] != nil }

  /// Writes these very blocks of a node.
  mutating func move(_ blocks: [BlockID], on node: NodeIndex) -> [Action] {
    if blocks.isEmpty { return [] }
    writing[node, default: []].append(Set(blocks))
    return [.spill(blocks, on: node)]
  }

  /// Whether some task waits for room.
  var isWaitedFor: Bool { !waiting.isEmpty }

  /// Whether blocks of a node are on their way to disk.
  var isWriting: Bool { !writing.isEmpty || !readInMemory.isEmpty }

  private func choose(_ candidates: [(id: BlockID, byteCount: Int)], on node: NodeIndex) -> [BlockID] {
    choose(candidates, bytes: max(Self.batchBytes, waiting.reduce(0) { $0 + ($1.reader.node == node ? $1.byteCount : 0) }))
  }

  /// The first of the blocks that nobody reads.
  private func choose(_ candidates: [(id: BlockID, byteCount: Int)], bytes wanted: Int) -> [BlockID] {
    var chosen: [BlockID] = []
    var bytes = 0
    let read = reads.values.reduce(into: Set<BlockID>()) { $0.formUnion($1) }
    for (id, byteCount) in candidates where bytes < wanted && readInMemory[id] == nil && !read.contains(id) {
      chosen.append(id)
      bytes += byteCount
    }
    return chosen
  }
}
