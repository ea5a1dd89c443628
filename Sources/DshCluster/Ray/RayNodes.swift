// The nodes of Ray by the short names that a person sees: numbers in the order in which they came, given once.

import DshColumns
import DshDiagnostics

/// Which nodes there are and were.
struct RayNodes {
  /// Node 1 is the first. One that has gone stays, so that its number is not given again.
  private(set) var known: [RayNode] = []
  private var indexes: [String: NodeIndex] = [:]

  /// What an update has changed.
  enum Change: Equatable {
    case came(NodeIndex)
    case went(NodeIndex)
  }

  /// Takes in what the bridge sees; those that are missing have gone.
  mutating func update(_ seen: [RayNode]) -> [Change] {
    var changes: [Change] = []
    let alive = Set(seen.filter(\.isAlive).map(\.id))
    for (position, node) in known.enumerated() where node.isAlive && !alive.contains(node.id) {
      known[position].isAlive = false
      changes.append(.went(position + 1))
    }
    // The node of the head comes first, so that the names of a cluster that has just begun are the same every time.
    for node in seen.filter({ $0.isDriver }) + seen.filter({ !$0.isDriver }) where node.isAlive && indexes[node.id] == nil {
      known.append(node)
      indexes[node.id] = known.count
      changes.append(.came(known.count))
    }
    return changes
  }

  subscript(_ index: NodeIndex) -> RayNode? { known.indices.contains(index - 1) ? known[index - 1] : nil }

  /// The name that Ray has for a living node; empty for any other, which means anywhere.
  func id(of index: NodeIndex) -> String { self[index].flatMap { $0.isAlive ? $0.id : nil } ?? "" }

  /// The number of a node; 0, the head, for one that was never seen.
  func index(of id: String) -> NodeIndex { indexes[id] ?? 0 }

  /// Those that are there, in order.
  var living: [NodeIndex] { known.indices.filter { known[$0].isAlive }.map { $0 + 1 } }

  /// Those of them that run tasks.
  var takers: [NodeIndex] { living.filter { self[$0].map { $0.slots > 0 } ?? false } }

  var slots: Int { takers.reduce(0) { $0 + (self[$1]?.slots ?? 0) } }

  /// The store that the tasks of the poorest node share, by task.
  var taskMemoryBytes: Int? { takers.compactMap { self[$0] }.map { $0.storeBytes / max(1, $0.slots) }.min() }

  var storeBytes: Int { takers.reduce(0) { $0 + (self[$1]?.storeBytes ?? 0) } }

  /// Whether a node is on another machine than the shell.
  func isElsewhere(_ index: NodeIndex) -> Bool {
    guard let node = self[index], let driver = known.first(where: \.isDriver) else { return false }
    return node.host != driver.host
  }

  /// A failure to read or write a file with the machine that it happened on, if that is not the one of the shell: paths mean the files of the machine
  /// that a task runs on.
  func located(_ diagnostic: Diagnostic, on index: NodeIndex) -> Diagnostic {
    guard diagnostic.code == .fileNotFound, isElsewhere(index), let node = self[index] else { return diagnostic }
    var told = diagnostic
    told.notes.append("\(nodeName(index)) (\(node.host)) does not see it: files are read where tasks run")
    told.suggestion = .words("put it into a folder that all nodes share under the same path, or give it to them: read --ship")
    return told
  }
}
