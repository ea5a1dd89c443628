// What made each block, for the `blocks` table; and waiting for nodes that are still coming up.

import DshDiagnostics
import DshFormats
import DshPlan
import DshStore

extension PlanExecutor {
  /// What made the blocks that are kept or cached: their origin, and the verbs of the task.
  public func makersOfBlocks() -> [BlockID: (origin: String, verbs: String)] {
    var makers: [BlockID: (origin: String, verbs: String)] = [:]
    for (key, result) in cache {
      guard let block = result.slice?.location else { continue }
      makers[block.id] = (result.origin, result.verbs + key.sink.verb)
    }
    for dataset in kept.values {
      for block in dataset.blocks where makers[block.location.id] == nil { makers[block.location.id] = (block.origin, "") }
    }
    return makers
  }
}

extension TaskSink {
  /// What the sink adds to the verbs of a task.
  var verb: String {
    switch self {
    case .block: ""
    case .partials: "+agg"
    case .run: "+sort"
    case .text: "+write"
    case .rows: "+limit"
    case .ends: "+show"
    case .count: "+count"
    }
  }
}

extension WorkUnit {
  /// The verbs that its task performs: `read+filter`.
  var verbs: String {
    let start =
      switch source {
      case .file: "read"
      case .range: "range"
      case .rows: "rows"
      case .block: "blocks"
      case .groups: "agg"
      case .runs: "sort"
      case .copy: "copy"
      }
    var verbs = [start]
    for step in steps {
      switch step {
      case .filter: verbs.append("filter")
      case .project(let columns):
        let computes = columns.contains { if case .column = $0.expression { false } else { true } }
        if computes { verbs.append("map") } else if verbs.last != "select" { verbs.append("select") }
      }
    }
    return verbs.joined(separator: "+")
  }
}

extension Cluster {
  /// Waits until every node that is being started is up, silent, or has failed.
  public func awaitNodes() throws(Diagnostic) {
    while handles.values.contains(where: { !$0.isReady && !liveness.silent.contains($0.index) }) {
      try waitOrCancel()
      for action in takeActions() { perform(action) }
    }
  }
}

extension PlanExecutor {
  /// The number of blocks that a `read` makes; a file in a format that can't be read gives none.
  public func blockCount(of source: FileSource) -> Int {
    source.files.reduce(0) { count, file in
      let reading = (try? FormatRegistry.named(file.format))?.reading
      return count + (reading.map { file.splits($0, in: source).count } ?? 0)
    }
  }
}
