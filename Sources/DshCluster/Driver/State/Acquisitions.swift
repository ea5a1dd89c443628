// Requests to nodes to protect blocks, and what has been answered so far.
import DshColumns
import DshStore

/// Collects the answers of several nodes to one acquisition, at most until its deadline.
///
/// Whoever does not answer in time counts as not having the blocks. What it grants later, when nobody waits any more, is to be released when the
/// answer comes; so it is with all that is granted to an acquisition that was cancelled.
struct Acquisitions: Sendable {
  typealias ID = UInt64

  private struct Acquisition: Sendable {
    /// Nil means that the end or the silence of a node is all that ends the waiting for it.
    let deadline: Int64?
    var missing: Set<BlockID>
    var granted: [NodeIndex: [BlockID]] = [:]
  }

  private struct Request: Sendable {
    let node: NodeIndex
    let ids: [BlockID]
    /// Nil if nobody waits for the answer.
    var acquisition: ID?
  }

  private var acquisitions: [ID: Acquisition] = [:]
  /// Those without an answer.
  private var requests: [UInt64: Request] = [:]
  private var nextNumber: UInt64 = 1

  private mutating func takeNumber() -> UInt64 {
    defer { nextNumber += 1 }
    return nextNumber
  }

  /// Begins an acquisition of which some blocks are known to be missing.
  mutating func begin(missing: [BlockID] = [], deadline: Int64?) -> ID {
    let id = takeNumber()
    acquisitions[id] = Acquisition(deadline: deadline, missing: Set(missing))
    return id
  }

  /// Adds a request to one node; its number.
  mutating func request(_ ids: [BlockID], of node: NodeIndex, for acquisition: ID?) -> UInt64 {
    let number = takeNumber()
    requests[number] = Request(node: node, ids: ids, acquisition: acquisition)
    return number
  }

  // MARK: Answers

  /// Takes in an answer.
  ///
  /// - Returns: what was granted to nobody and is to be released.
  mutating func answered(_ number: UInt64, missing: [BlockID], by node: NodeIndex) -> [BlockID] {
    guard let request = requests[number], request.node == node else { return [] }
    requests[number] = nil
    let absent = Set(missing)
    let granted = request.ids.filter { !absent.contains($0) }
    guard let acquisition = request.acquisition else { return granted }
    acquisitions[acquisition]?.missing.formUnion(absent.intersection(request.ids))
    acquisitions[acquisition]?.granted[node, default: []] += granted
    return []
  }

  /// The node does not answer: nobody waits for it.
  mutating func giveUp(on node: NodeIndex) { forsake { $0.node == node } }

  /// The process of a node has ended: its blocks are gone, also those that it had granted.
  mutating func nodeEnded(_ node: NodeIndex) {
    giveUp(on: node)
    requests = requests.filter { $0.value.node != node }
    for id in acquisitions.keys {
      let granted = acquisitions[id]?.granted.removeValue(forKey: node) ?? []
      acquisitions[id]?.missing.formUnion(granted)
    }
  }

  /// Looks at the clock; call it after everything that came was taken in.
  mutating func look(now: Int64) {
    let due = acquisitions.filter { $0.value.deadline.map { $0 <= now } ?? false }
    if due.isEmpty { return }
    forsake { request in request.acquisition.map { due[$0] != nil } ?? false }
  }

  /// When a deadline passes for somebody who still waits.
  var nextDeadline: Int64? { requests.values.compactMap { $0.acquisition.flatMap { acquisitions[$0]?.deadline } }.min() }

  /// Ends the waiting for some requests: their blocks count as missing.
  private mutating func forsake(where isSuch: (Request) -> Bool) {
    for (number, request) in requests where isSuch(request) {
      guard let acquisition = request.acquisition else { continue }
      acquisitions[acquisition]?.missing.formUnion(request.ids)
      requests[number]?.acquisition = nil
    }
  }

  // MARK: Ends

  /// Whether nothing is waited for any more.
  func isComplete(_ id: ID) -> Bool { !requests.values.contains { $0.acquisition == id } }

  /// Ends a complete acquisition; the blocks that were not to be had.
  mutating func finish(_ id: ID) -> Set<BlockID> { acquisitions.removeValue(forKey: id)?.missing ?? [] }

  /// Ends an acquisition that nobody wants any more; what was granted so far and is to be released.
  mutating func cancel(_ id: ID) -> [(node: NodeIndex, ids: [BlockID])] {
    for (number, request) in requests where request.acquisition == id { requests[number]?.acquisition = nil }
    let granted = acquisitions.removeValue(forKey: id)?.granted ?? [:]
    return granted.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
