// Codes of nodes, stores, blocks and tasks.

extension DiagnosticCode {
  public static let unknownNode = DiagnosticCode("unknown-node", .user, "No node has that name")
  public static let notANode = DiagnosticCode("not-a-node", .user, "The head can't be ended or drained as nodes can")
  public static let lastNode = DiagnosticCode("last-node", .user, "Nothing could run without the last node")
  public static let tooManyNodes = DiagnosticCode("too-many-nodes", .user, "A cluster has no room for more nodes")
  public static let messageTooLarge = DiagnosticCode(
    "message-too-large", .user, "What is to be sent is larger than a message between processes may be")
  public static let storeFull = DiagnosticCode("store-full", .environment, "An object store has no room, and nothing in it can go")
  public static let storeTooLarge = DiagnosticCode(
    "store-too-large", .environment, "An object store can't be as large as it is asked to be")
  public static let blockTooLarge = DiagnosticCode("block-too-large", .environment, "A block would be larger than a block may be")
  public static let tooManyBlocks = DiagnosticCode("too-many-blocks", .environment, "A task makes more blocks than a task may")
  public static let sourceChanged = DiagnosticCode(
    "source-changed", .environment, "Blocks that were kept are lost, and their files are not what they were")
  public static let blockLost = DiagnosticCode("block-lost", .cluster, "A block is lost with the node that held it")
  public static let nodeEnded = DiagnosticCode("node-ended", .cluster, "A node ended, and what ran on it with it")
  public static let taskKilledNode = DiagnosticCode("task-killed-node", .cluster, "A task ended several nodes and is not tried again")
  public static let clusterLost = DiagnosticCode("cluster-lost", .cluster, "No node is left to run on")
  public static let noRay = DiagnosticCode("no-ray", .cluster, "Ray, or what dsh needs to work on it, is not there")

  static let clusterCodes: [DiagnosticCode] = [
    .unknownNode, .notANode, .lastNode, .tooManyNodes, .messageTooLarge, .storeFull, .storeTooLarge, .blockTooLarge, .tooManyBlocks,
    .sourceChanged, .blockLost, .nodeEnded, .taskKilledNode, .clusterLost, .noRay,
  ]
}
