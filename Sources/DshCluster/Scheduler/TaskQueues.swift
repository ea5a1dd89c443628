// The waiting tasks of a job: one queue for each node that has data, and one for tasks that may run anywhere.
import DshColumns
import DshStore

/// Waiting tasks by the node they should run on, each queue in order of their indexes. Tasks come in when they may start, so that a job of many
/// costs no more than what of it runs.
struct TaskQueues: Sendable {
  /// What is to be done with a task that comes in.
  enum Entry {
    case none
    case waiting(boundTo: NodeIndex?)
  }

  /// Descending, so that the next one is the last.
  private var anywhere: [Int] = []
  private var bound: [NodeIndex: [Int]] = [:]

  /// The tasks before it have come in.
  private var filledEnd = 0

  /// Takes in the tasks up to an index; `entry` says where each belongs.
  mutating func fill(to end: Int, _ entry: (Int) -> Entry) {
    guard filledEnd < end else { return }
    var (unbound, byNode): ([Int], [NodeIndex: [Int]]) = ([], [:])
    for index in (filledEnd..<end).reversed() {
      guard case .waiting(let node) = entry(index) else { continue }
      if let node { byNode[node, default: []].append(index) } else { unbound.append(index) }
    }
    // They come behind all that wait, so they stand before them in the descending queues.
    if !unbound.isEmpty { anywhere = unbound + anywhere }
    for (node, indexes) in byNode { bound[node] = indexes + (bound[node] ?? []) }
    filledEnd = end
  }

  var isEmpty: Bool { anywhere.isEmpty && bound.values.allSatisfy(\.isEmpty) }

  func next(boundTo node: NodeIndex) -> Int? { bound[node]?.last }

  var nextAnywhere: Int? { anywhere.last }

  func count(boundTo node: NodeIndex) -> Int { bound[node]?.count ?? 0 }

  /// Takes out the next task of a queue; nil stands for the tasks that may run anywhere.
  mutating func removeNext(boundTo node: NodeIndex?) {
    if let node { bound[node]?.removeLast() } else { anywhere.removeLast() }
  }

  /// Takes out the first task that may run anywhere and for which `place` names a node.
  mutating func takeFirstAnywhere(_ place: (Int) -> NodeIndex?) -> (index: Int, node: NodeIndex)? {
    for position in anywhere.indices.reversed() {
      guard let node = place(anywhere[position]) else { continue }
      return (anywhere.remove(at: position), node)
    }
    return nil
  }

  mutating func insert(_ index: Int, boundTo node: NodeIndex?) {
    // One that has not come in yet comes with the others.
    guard index < filledEnd else { return }
    func insert(into queue: inout [Int]) {
      let position = queue.firstIndex { $0 < index } ?? queue.endIndex
      queue.insert(index, at: position)
    }
    if let node { insert(into: &bound[node, default: []]) } else { insert(into: &anywhere) }
  }

  /// From now on the tasks of this node may run anywhere.
  mutating func unbind(_ node: NodeIndex) {
    guard let queue = bound.removeValue(forKey: node) else { return }
    anywhere = (anywhere + queue).sorted(by: >)
  }

  mutating func remove(_ index: Int) {
    anywhere.removeAll { $0 == index }
    for node in bound.keys { bound[node]?.removeAll { $0 == index } }
  }

  /// Takes out all tasks from an index on.
  mutating func remove(from first: Int) {
    anywhere.removeAll { $0 >= first }
    for node in bound.keys { bound[node]?.removeAll { $0 >= first } }
  }
}
