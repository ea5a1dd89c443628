// A node whose tasks do what their payload's text says: the cluster under test without the engine.
import DshColumns
import DshCluster
import DshDiagnostics
import DshStore
import DshSystem
import Glibc

struct EchoBody: TaskBody {
  /// Payload words: `echo TEXT`, `block BYTES FILL`, `fail CODE`, `die`, `hang`, `answer BYTES`, `sleep MILLISECONDS`, `spin`.
  func run(payload: [UInt8], context: TaskContext) throws -> [UInt8] {
    let words = String(decoding: payload, as: UTF8.self).split(separator: " ").map(String.init)
    switch words.first ?? "" {
    case "block":
      guard let byteCount = Int(words[1]), let fill = UInt8(words[2]) else { throw Diagnostic(.unexpected, "block") }
      let block = try context.createBlock(byteCount: byteCount)
      block.bytes.initializeMemory(as: UInt8.self, repeating: fill)
      context.seal(block, rows: byteCount)
      return []
    case "pull":
      // pull NODE EPOCH COUNT ROWS TASK ORDINAL: copies another node's block into an own one.
      let numbers = words.dropFirst().compactMap { Int($0) }
      let reference = BlockRef(
        id: BlockID(task: UInt64(numbers[4]), ordinal: numbers[5]), node: numbers[0], epoch: numbers[1], byteCount: numbers[2],
        rows: numbers[3])
      let source = try context.bytes(of: reference)
      let block = try context.createBlock(byteCount: numbers[2])
      try context.copy(0..<numbers[2], of: source, into: block.bytes)
      context.seal(block, rows: numbers[3])
      return [block.bytes.first ?? 0]
    case "fail": throw Diagnostic(.wrongType, "asked to fail: \(words[1])", notes: ["a note"])
    case "die": kill(getpid(), SIGKILL); return []
    case "sleep":
      let end = monotonicNanoseconds() + (Int64(words[1]) ?? 0) * 1_000_000
      while monotonicNanoseconds() < end {
        try context.checkCancelled()
        usleep(1000)
      }
      return Array("node\(context.node)".utf8)
    case "answer": return [UInt8](repeating: 0, count: Int(words[1]) ?? 0)
    case "hang": while true { usleep(100_000) }
    default: return payload
    }
  }
}

/// `drive`: is the head of two nodes itself, prints their process numbers and runs for ever: for tests that kill it.
func drive() throws {
  var options = ClusterOptions(nodes: 2, slots: 1, storeBytes: 64 << 20)
  options.nodeProgram = (ChildProcess.ownExecutable, ["EchoNode"])
  let cluster = try Cluster(options)
  try cluster.start()
  func run(_ text: String) throws {
    try cluster.run(TaskSet(count: 2) { _ in TaskSet.Task(payload: Array(text.utf8)) }) { _ throws(Diagnostic) in .more }
  }
  try run("block 1000000 1")
  let text = cluster.nodes().dropFirst().map { "\($0.processID)" }.joined(separator: " ") + "\n"
  try writeAll(Array(text.utf8), to: 1)
  try run("hang")
}

if CommandLine.arguments.last == "drive" {
  try drive()
  exitAtOnce(0)
}
runNode(Array(CommandLine.arguments.dropFirst()), body: EchoBody())
