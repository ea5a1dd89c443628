// The receipt of an action: what ran, where it ran, and exactly what moved. All numbers come from counters.

import DshBackend
import DshPlan

/// What an action did.
public struct Receipt: Sendable, Hashable {
  /// The verb: `take`, `persist`, `count`, …
  public var action: String
  /// The dataset's name as shown: `_2` or a given name.
  public var dataset: String
  public var rows: Int
  public var blocksTotal: Int
  public var blocksRun: Int
  public var blocksReused: Int
  public var moved: [Movement]
  /// Bytes read through shared memory where they lie.
  public var mappedBytes: Int
  /// What external programs were given and gave.
  public var programs = ProgramWork()
  /// Nil in deterministic sessions, where nothing is told that no two runs share.
  public var seconds: Double?
  /// The lines a person reads, without time.
  public var lines: [String]
  /// What a person should know besides: widened columns, repeated work after a node died.
  public var notes: [String]

  public init(
    action: String, dataset: String, rows: Int = 0, blocksTotal: Int = 0, blocksRun: Int = 0, blocksReused: Int = 0,
    moved: [Movement] = [], mappedBytes: Int = 0, seconds: Double? = nil, lines: [String] = [], notes: [String] = []
  ) {
    self.action = action
    self.dataset = dataset
    self.rows = rows
    self.blocksTotal = blocksTotal
    self.blocksRun = blocksRun
    self.blocksReused = blocksReused
    self.moved = moved
    self.mappedBytes = mappedBytes
    self.seconds = seconds
    self.lines = lines
    self.notes = notes
  }

  public var movedBytes: Int { moved.reduce(0) { $0 + $1.bytes } }
}
