// Whether blocks that are to be in memory will have room there, judged by the first of them, so that nobody waits for what can't be.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlanner
import DshSystem

/// The first blocks of a dataset, and what the others will take if they are like them.
struct MemoryForecast {
  /// The bytes that all its tasks read.
  let sourceBytes: Int
  let taskCount: Int
  /// What of the stores may be filled with its blocks.
  let roomBytes: Int
  private var readBytes = 0
  private var madeBytes = 0
  private var madeCount = 0
  /// Why the rest need not be made, once that can be said.
  private(set) var refusal: Diagnostic?

  /// Blocks are seldom all alike: what would be a little too much is tried.
  static let certainExcess = 1.25
  /// So many parts of all are looked at before anything is said.
  static let smallestShare = 0.05
  static let fewestTasks = 4

  init(sourceBytes: Int, taskCount: Int, roomBytes: Int) {
    self.sourceBytes = sourceBytes
    self.taskCount = taskCount
    self.roomBytes = roomBytes
  }

  /// Takes in what a task has read and made.
  mutating func add(readBytes: Int, madeBytes: Int) {
    self.readBytes += readBytes
    self.madeBytes += madeBytes
    madeCount += 1
    guard madeCount < taskCount, madeCount >= Self.fewestTasks, Double(madeCount) >= Double(taskCount) * Self.smallestShare,
      self.readBytes > 0
    else { return }
    let expected = Double(self.madeBytes) * max(1, Double(sourceBytes) / Double(self.readBytes))
    guard expected > Double(roomBytes) * Self.certainExcess else { return }
    refusal = Diagnostic(
      .storeFull,
      "the blocks would take about \(bytesText(Int(expected))) of memory, and there is room for \(bytesText(max(0, roomBytes)))",
      notes: [
        "judged by \(groupedText(madeCount)) of \(counted(taskCount, "block")), which take \(bytesText(self.madeBytes))",
        "persist with --level=memory+disk, keep fewer columns or rows, or start dsh with a larger --object-store-memory",
      ] + ProcessLimits.current.storeNotes)
  }
}

extension MemoryForecast {
  /// Takes in the result of a task.
  mutating func add(_ task: StageTask, _ result: TaskResult) {
    add(readBytes: task.source.sizeBytes, madeBytes: result.blocks.reduce(0) { $0 + $1.byteCount })
  }
}

extension GraphRunner {
  /// What will be said of the memory that the blocks of a stage take; nil for stages whose blocks may go to disk.
  func forecast(of stage: Stage, _ tasks: StageTasks) -> MemoryForecast? {
    guard let memoryOnly, memoryOnly.stage == stage else { return nil }
    return MemoryForecast(sourceBytes: tasks.sourceBytes, taskCount: tasks.count, roomBytes: memoryOnly.roomBytes)
  }
}
