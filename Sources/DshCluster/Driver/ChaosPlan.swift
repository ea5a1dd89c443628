// Which node dies or stops at which moment of a statement, from a seed: for tests of all that has to survive it.
import DshColumns
import DshStore

/// Misfortune that a seed repeats: steps of statements go in, what happens to a node comes out. No clock and no process of its own.
///
/// The seed settles at which step something happens, and to whom; how far that node had come by then is up to the machine.
struct ChaosPlan: Sendable {
  /// So often at most something happens during one statement: less often than what the cluster gives up at.
  static let limit = 3
  /// The most steps from one misfortune to the next; a small statement has about six.
  static let longestGap = 12
  /// One misfortune in so many is a stop.
  static let misfortunesPerStop = 10
  /// One stop in so many is long enough for the node to be silent.
  static let stopsPerSilence = 30
  static let shortStopNanoseconds: ClosedRange<Int64> = 1_000_000...30_000_000
  static let silenceNanoseconds = Liveness.silentAfterNanoseconds + 300_000_000

  enum Action: Sendable, Equatable {
    case kill(NodeIndex)
    /// It goes on when `look` says so.
    case stop(NodeIndex)
  }

  private var random: SeededRandom
  private var stepsLeft = 0
  private var misfortunes = 0
  private var stopped: [NodeIndex: Int64] = [:]

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    stepsLeft = gap()
  }

  /// Something is about to happen in a statement, for which it needs a node.
  ///
  /// - Parameters:
  ///   - node: the one that is needed now; nil if it might be any.
  ///   - nodes: those that may meet with misfortune, in order.
  mutating func step(at node: NodeIndex?, among nodes: [NodeIndex], now: Int64) -> Action? {
    guard misfortunes < Self.limit, let any = nodes.randomElement(using: &random) else { return nil }
    stepsLeft -= 1
    if stepsLeft > 0 { return nil }
    stepsLeft = gap()
    misfortunes += 1
    let isNeeded = Bool.random(using: &random)
    let victim = isNeeded ? node.flatMap { nodes.contains($0) ? $0 : nil } ?? any : any
    guard stopped[victim] == nil, isOne(in: Self.misfortunesPerStop) else { return .kill(victim) }
    stopped[victim] =
      now + (isOne(in: Self.stopsPerSilence) ? Self.silenceNanoseconds : Int64.random(in: Self.shortStopNanoseconds, using: &random))
    return .stop(victim)
  }

  mutating func statementEnded() { misfortunes = 0 }

  mutating func nodeEnded(_ node: NodeIndex) { stopped[node] = nil }

  /// The stopped nodes that go on now, in order.
  mutating func look(now: Int64) -> [NodeIndex] {
    let due = stopped.filter { $0.value <= now }.keys.sorted()
    for node in due { stopped[node] = nil }
    return due
  }

  /// When the next stopped node goes on.
  var nextLook: Int64? { stopped.values.min() }

  private mutating func gap() -> Int { Int.random(in: 1...Self.longestGap, using: &random) }

  private mutating func isOne(in count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
}
