// What running a plan gave and did; every number comes from counters of the run.

import DshColumns
import DshDiagnostics
import DshPlan

/// What came of a run.
public struct RunReport: Sendable {
  /// The rows that were brought to the shell.
  public var rows: Batch
  /// Of an `ends` delivery, how many of the rows are the first ones.
  public var firstRows = 0
  /// The rows the plan has, if that came out.
  public var totalRows: Int?
  /// Whether the plan has rows behind those that were brought.
  public var more = More.no
  /// Where the rows that were brought lay.
  public var parts: [PulledPart] = []
  public var work = RunWork()

  public enum More: Sendable { case yes, no, maybe }

  public init(rows: Batch) { self.rows = rows }
}

/// Rows brought to the shell from one block.
public struct PulledPart: Sendable {
  /// The block's number in the dataset.
  public var block: Int
  public var node: String
  public var rows: Int
  public var movedBytes: Int
  public var blockBytes: Int

  public init(block: Int, node: String, rows: Int, movedBytes: Int, blockBytes: Int) {
    self.block = block
    self.node = node
    self.rows = rows
    self.movedBytes = movedBytes
    self.blockBytes = blockBytes
  }
}

/// Bytes copied from one store into another.
public struct Movement: Sendable, Hashable {
  public var from: String
  public var to: String
  public var bytes: Int

  public init(from: String, to: String, bytes: Int) {
    self.from = from
    self.to = to
    self.bytes = bytes
  }
}

/// What a run did.
public struct RunWork: Sendable {
  public var blocksTotal = 0
  public var blocksRun = 0
  public var blocksReused = 0
  /// Blocks that were not looked at, as what is known of them said enough.
  public var blocksSkipped = 0
  /// Splits of files read once more, because where their records begin had been guessed wrongly.
  public var splitsReread = 0
  /// Tasks that were slow and that a second node was given too.
  public var tasksCopied = 0
  /// What a person should know of the files: a sentence for each kind of record that is not given as it stands there.
  public var notes: [String] = []
  public var moved: [Movement] = []
  /// Bytes read through shared memory where they lie.
  public var mappedBytes = 0
  /// Bytes of mapped files that were used where they lie.
  public var mappedFileBytes = 0
  /// Bytes of blocks that were looked at on disk.
  public var diskReadBytes = 0
  public var seconds = 0.0
  /// Every stage of the run, in the order in which they ran; one that was not needed has no tasks.
  public var stages: [StageWork] = []

  public init() {}

  /// What a person should know of slow tasks.
  public var copyNotes: [String] {
    tasksCopied == 0 ? [] : ["\(counted(tasksCopied, "slow task")) ran on a second node too, and the first to be done counted"]
  }

  /// What external programs were given and gave.
  public var programs: ProgramWork { stages.reduce(into: ProgramWork()) { $0 += $1.programs } }
}

extension RunWork {
  /// What two runs for one action did.
  public static func + (first: RunWork, second: RunWork) -> RunWork {
    var both = first
    both.blocksTotal += second.blocksTotal
    both.blocksRun += second.blocksRun
    both.blocksReused += second.blocksReused
    both.blocksSkipped += second.blocksSkipped
    both.splitsReread += second.splitsReread
    both.tasksCopied += second.tasksCopied
    both.notes += second.notes.filter { !first.notes.contains($0) }
    for movement in second.moved {
      if let known = both.moved.firstIndex(where: { $0.from == movement.from && $0.to == movement.to }) {
        both.moved[known].bytes += movement.bytes
      } else {
        both.moved.append(movement)
      }
    }
    both.mappedBytes += second.mappedBytes
    both.mappedFileBytes += second.mappedFileBytes
    both.diskReadBytes += second.diskReadBytes
    both.seconds += second.seconds
    both.stages += second.stages
    return both
  }
}

/// What one stage of a run did.
public struct StageWork: Sendable {
  /// What its tasks made: `blocks`, `partial groups`, `sorted runs`, …
  public var title: String
  /// How many tasks there would have been, had nothing ended the statement early.
  public var tasksTotal = 0
  public var tasks = 0
  /// Tasks whose blocks were there already.
  public var reused = 0
  /// Blocks that were not looked at, as what is known of them said enough.
  public var skipped = 0
  /// How many files were opened of how many, if the names of their folders said enough of the others.
  public var files: (opened: Int, total: Int)?
  /// Of its tasks, those that were run once more, because where their records begin had been guessed wrongly.
  public var reread = 0
  /// Of its tasks, those that were slow and that a second node was given too.
  public var copied = 0
  public var rowsIn = 0
  public var rowsOut = 0
  public var bytesOut = 0
  public var movedBytes = 0
  public var seconds = 0.0
  /// What the programs of its tasks were given and gave.
  public var programs = ProgramWork()
  /// What it did on each node, in the order of their numbers.
  public private(set) var shares: [StageShare] = []

  public init(title: String) { self.title = title }

  /// Changes what it did on a node.
  public mutating func change(_ node: String, _ body: (inout StageShare) -> Void) {
    guard let index = shares.firstIndex(where: { $0.node == node }) else {
      var share = StageShare(node: node)
      body(&share)
      let place = shares.firstIndex { ($0.node.count, $0.node) > (node.count, node) } ?? shares.endIndex
      return shares.insert(share, at: place)
    }
    body(&shares[index])
  }

  /// Where its tasks ran: `node1 2, node2 2`.
  public var placement: String { shares.filter { $0.tasks > 0 }.map { "\($0.node) \($0.tasks)" }.joined(separator: ", ") }
}

/// What one stage did on one node.
public struct StageShare: Sendable, Hashable {
  public var node: String
  public var tasks = 0
  /// Blocks its tasks left in the node's store.
  public var blocksMade = 0
  public var bytesMade = 0
  /// Blocks that lay there already and were used again.
  public var blocksReused = 0
  public var bytesReused = 0

  public init(node: String) { self.node = node }
}
