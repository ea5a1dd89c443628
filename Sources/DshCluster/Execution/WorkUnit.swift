// A part of a dataset that one task works on, and what came of it.

import DshColumns
import DshFormats
import DshPlan
import DshStore
import DshSystem

/// Where some rows of a dataset come from, with the steps they still have to go through.
struct WorkUnit: Sendable {
  var source: TaskSource
  var steps: [TaskStep]
  /// The node whose store holds most of the input.
  var preferredNode: NodeIndex?
  /// What `blocks` says the block is made from, such as `diamonds.csv bytes 0-699,050`.
  var origin: String
  /// The version of the file behind it, so that a cached block of an older version is never taken.
  var fileVersion: FileVersion?
  /// Where the first record of a split is known to begin, if a guess was wrong before; the block is the same as with a right guess.
  var exactStart: Int?
}

extension WorkUnit {
  /// The rows of blocks that it pulls together.
  var slices: [BlockSlice] {
    switch source {
    case .groups(let slices, _), .runs(let slices, _, _): slices
    case .file, .range, .rows, .block, .copy: []
    }
  }

  /// The bytes of files or blocks it reads, about.
  var sourceBytes: Int {
    switch source {
    case .file(let scan, _, _): scan.bytes.count
    case .range(_, _, let count): count.multipliedReportingOverflow(by: 8).overflow ? .max >> 1 : count * 8
    case .rows: 0
    case .block(let slice): slice.estimatedBytes
    case .copy(let location): location.byteCount
    case .groups(let slices, _), .runs(let slices, _, _): slices.reduce(0) { $0 + $1.estimatedBytes }
    }
  }
}

/// The version of a file and the place of a split in it.
struct FileVersion: Hashable, Sendable {
  var identity: FileIdentity
  /// The file's number in the `read`, and the split's number in the file.
  var file: Int
  var split: Int
}

/// What identifies the content of a task's blocks.
struct TaskKey: Hashable, Sendable {
  /// The encoded task; its sink stands beside it, as a limited result may serve as a whole one.
  var task: [UInt8]
  var sink: TaskSink
  var fileVersion: FileVersion?
}

/// A finished or reused unit.
struct UnitResult: Sendable {
  var report: PipelineReport
  /// The rows; a unit that is some rows of a block already is its own result.
  var slice: BlockSlice?
  var origin: String
  var verbs: String
  var wasReused: Bool
}

/// What one stage of a statement did, for `stats`.
public struct StageStatistics: Sendable {
  /// What its tasks made: `blocks`, `partial groups`, `sorted runs`, …
  public var name: String
  /// How many there would have been, had nothing ended the statement early.
  public var tasksTotal = 0
  public var tasksRun = 0
  public var tasksReused = 0
  /// Splits that were read a second time, because the first guess of where their records begin was wrong.
  public var splitsReread = 0
  public var rowsScanned = 0
  public var bytesScanned = 0
  /// Records of its source that are not given as they stand in it, those of blocks used again among them.
  public var irregular = IrregularRecords()
  public var rowsOut = 0
  public var bytesOut = 0
  public var movedBytes = 0
  public var seconds = 0.0
  /// Tasks by node name.
  public var tasksByNode: [String: Int] = [:]
  /// What the tasks left in the stores, by node name.
  public var madeByNode: [String: StoredShare] = [:]
  /// What was there already and was used again, by node name.
  public var reusedByNode: [String: StoredShare] = [:]
}

/// Blocks in one store.
public struct StoredShare: Sendable, Hashable {
  public var blocks = 0
  public var rows = 0
  public var bytes = 0

  public init() {}

  mutating func add(_ location: BlockLocation) {
    blocks += 1
    rows += location.rows
    bytes += location.byteCount
  }
}
