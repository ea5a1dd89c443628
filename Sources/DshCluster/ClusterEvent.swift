// What happens to a cluster by itself, and how it is told.
import DshColumns
import DshDiagnostics

/// Something that happened to the cluster by itself and should be told once.
public enum ClusterEvent: Sendable, Equatable {
  /// A node ended without being asked to; with what it said about that, what was lost with it, and how many tasks of the job under way run again.
  case nodeLost(name: String, processID: Int32, words: String?, replaced: Bool, blocksLost: [BlockID], bytesLost: Int, tasksAgain: Int)
  /// A node can't be started; no more is tried.
  case nodeNotStarted(name: String, reason: Diagnostic)
  /// A node has not answered for a while; its work is done elsewhere.
  case nodeSilent(name: String)
  /// A silent node answers again.
  case nodeAnswers(name: String)
  /// A cluster that somebody else runs is there, in a sentence that says what it is.
  case clusterStarted(String)
  /// Such a cluster is gone, in a sentence.
  case clusterEnded(String)
  /// A node of such a cluster came.
  case nodeCame(name: String)
  /// A node of such a cluster ended: it makes the blocks again that lay there, and runs the tasks elsewhere that ran there.
  case nodeWent(name: String, blocks: Int, byteCount: Int, tasks: Int)
  /// Blocks that stores dropped to make room.
  case blocksEvicted([BlockID])

  /// Whether blocks are gone with it.
  var losesBlocks: Bool {
    switch self {
    case .nodeLost, .blocksEvicted: true
    case .nodeNotStarted, .nodeSilent, .nodeAnswers, .clusterStarted, .clusterEnded, .nodeCame, .nodeWent: false
    }
  }

  /// How a person is told; nil for what needs no telling.
  ///
  /// - Parameter withProcess: whether to name the process of a node, which is another one in every run.
  func sentence(withProcess: Bool) -> String? {
    switch self {
    case .nodeNotStarted(let name, let reason):
      return (["\(name) can't be started: \(reason.message)"] + reason.notes).joined(separator: "; ")
    case .nodeLost(let name, let processID, let words, let replaced, let blocksLost, let bytesLost, let tasksAgain):
      let process = withProcess ? " (process \(processID))" : ""
      var parts = ["\(name)\(process) died\(words.map { ": \($0)" } ?? "")", replaced ? "replaced" : "not replaced"]
      parts.append(
        blocksLost.isEmpty
          ? "no blocks lost" : "\(counted(blocksLost.count, "block")) (\(bytesText(bytesLost))) lost, computed again when next needed")
      if tasksAgain > 0 { parts.append("\(counted(tasksAgain, "task")) \(tasksAgain == 1 ? "runs" : "run") again now") }
      return parts.joined(separator: "; ")
    case .nodeSilent(let name): return "\(name) does not answer; its work is done elsewhere"
    case .nodeAnswers(let name): return "\(name) answers again"
    case .clusterStarted(let sentence), .clusterEnded(let sentence): return sentence
    case .nodeCame(let name): return "\(name) came"
    case .nodeWent(let name, let blocks, let byteCount, let tasks):
      let lost =
        blocks == 0
        ? "no blocks lost" : "\(counted(blocks, "block")) (\(bytesText(byteCount))) lost, Ray makes them again when next needed"
      return "\(name) died; \(lost)" + (tasks == 0 ? "" : "; Ray runs \(counted(tasks, "task")) elsewhere")
    case .blocksEvicted: return nil
    }
  }
}
