// What tasks made and is still there, by stage and number: blocks are used again instead of made again.

import DshColumns
import DshEngine
import DshPlanner

/// The outputs of tasks that may be used again.
struct TaskCache {
  /// Tasks that do the same to the same rows, whatever is made of them.
  typealias ProducerID = Int

  /// What decides the rows of tasks.
  private struct Identity: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) { hasher.combine(bytes.hashOfBytes) }
  }

  private struct Entry {
    /// How many tasks there are; with another number they do something else.
    let count: Int
    /// Whole blocks, by number of the task.
    var whole: [Int: TaskOutput] = [:]
    /// What other outputs made, by the bytes of the output: blocks of first rows, partial groups, runs.
    var others: [StageOutput: [Int: TaskOutput]] = [:]

    var outputs: [TaskOutput] { Array(whole.values) + others.values.flatMap(\.values) }
  }

  /// What is done to the same rows, and the statement that did it last.
  private struct Use {
    let id: ProducerID
    var statement: Int
  }

  /// What so many statements have not used is forgotten: a session that runs for days would keep ever more of small blocks that no store is short of.
  static let statementLimit = 256
  /// A look at everything that is remembered is taken once in so many statements.
  private static let statementsPerLook = 32

  private var uses: [Identity: Use] = [:]
  private var nextID = 0
  private var statement = 0
  private var producers: [ProducerID: Entry] = [:]

  var isEmpty: Bool { producers.isEmpty }

  /// The number that stands for tasks with the steps of a branch.
  mutating func id(of producer: Producer, _ branch: Branch) -> ProducerID {
    let identity = Identity(bytes: producer.identity + branch.stepsIdentity)
    if let use = uses[identity] {
      uses[identity]?.statement = statement
      return use.id
    }
    defer { nextID += 1 }
    uses[identity] = Use(id: nextID, statement: statement)
    return nextID
  }

  /// Ends a statement.
  ///
  /// - Parameter kept: the blocks that belong to somebody else as well, who finds here what is left of them when others are lost.
  /// - Returns: the blocks of what was not used for long.
  mutating func endStatement(kept: () -> Set<BlockID>) -> [BlockRef] {
    statement += 1
    guard statement % Self.statementsPerLook == 0 else { return [] }
    let kept = kept()
    var forgotten: [BlockRef] = []
    for (identity, use) in uses where use.statement < statement - Self.statementLimit {
      let blocks = producers[use.id]?.outputs.compactMap { $0.slice?.block } ?? []
      if blocks.contains(where: { kept.contains($0.id) }) { continue }
      uses[identity] = nil
      producers[use.id] = nil
      forgotten += blocks
    }
    return forgotten
  }

  /// What is known of tasks, so many, for a sink. A task that wants some rows may use a block that was made whole.
  func outputs(_ producer: ProducerID, count: Int, _ sink: any SinkSpec) -> [Int: TaskOutput] {
    guard let known = producers[producer], known.count == count else { return [:] }
    let made = known.others[.sink(sink)] ?? [:]
    if sink is MakeBlock || sink is KeepEnds { return made.merging(known.whole) { $1 } }
    guard let selection = sink as? SelectRows else { return made }
    return made.merging(
      known.whole.compactMapValues { whole in
        guard let slice = whole.slice else { return nil }
        var part = whole
        let rows = selection.wanted.clamped(to: 0..<slice.rows.count)
        part.slice = slice.part(rows)
        part.report.rows = rows.count
        return part
      }
    ) { $1 }
  }

  /// Remembers what a task made; a limited block that reached the end of its rows counts as whole.
  ///
  /// - Returns: blocks whose rows are in this one too.
  mutating func remember(_ made: TaskOutput, _ producer: ProducerID, count: Int, _ task: Int, _ sink: any SinkSpec) -> [BlockRef] {
    if producers[producer]?.count != count { producers[producer] = Entry(count: count) }
    guard let block = sink as? MakeBlock, block.limit == nil || made.report.isComplete else {
      producers[producer]?.others[.sink(sink), default: [:]][task] = made
      return []
    }
    producers[producer]?.whole[task] = made
    var superseded: [BlockRef] = []
    for other in producers[producer]?.others.keys.map(\.self) ?? [] {
      guard case .sink(let sink) = other, sink is MakeBlock else { continue }
      if let old = producers[producer]?.others[other]?.removeValue(forKey: task)?.slice { superseded.append(old.block) }
    }
    return superseded
  }

  /// Forgets all blocks that do not pass a test.
  mutating func keep(where isThere: (BlockRef) -> Bool) {
    change { output in output.slice.map { isThere($0.block) } ?? true ? output : nil }
  }

  /// Points to the copies of blocks that have moved.
  mutating func replace(_ copies: [BlockID: BlockRef]) {
    change { output in
      guard let slice = output.slice, let copy = copies[slice.block.id] else { return output }
      var moved = output
      moved.slice = BlockSlice(copy, rows: slice.rows)
      return moved
    }
  }

  private mutating func change(_ body: (TaskOutput) -> TaskOutput?) {
    producers = producers.mapValues { producer in
      var changed = producer
      changed.whole = producer.whole.compactMapValues(body)
      changed.others = producer.others.mapValues { $0.compactMapValues(body) }
      return changed
    }
  }

  /// All outputs with blocks.
  var blocks: [TaskOutput] {
    producers.values.flatMap(\.outputs).filter { $0.slice != nil }
  }
}
