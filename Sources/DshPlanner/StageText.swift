// The stages of a graph as `explain` prints them.

import DshDiagnostics
import DshEngine

extension StageGraph {
  /// A line for each stage, in the order in which they run.
  public var lines: [String] { stages.map(\.line) }
}

extension Stage {
  /// What its tasks do and make: `read + filter → partial groups, pulled by hash of the keys`.
  public var line: String {
    "\(branches.map(\.chain).joined(separator: ", ")) → \(title)\(pulledText)"
  }

  private var pulledText: String {
    switch exchange {
    case .hash(let partitions): partitions == 1 ? "" : ", pulled by hash of the keys"
    case .ranges: ", pulled by range of the keys"
    case .single: ", pulled by one task"
    case .partitions(let count): ", pulled by \(counted(count, "task"))"
    case nil: wantedRows == nil ? "" : ", a wave at a time"
    }
  }
}

extension Branch {
  /// The steps that one task performs.
  var chain: String { ([input.title] + steps.map(\.title)).joined(separator: " + ") }
}

extension StageInput {
  var title: String {
    switch self {
    case .files: "read"
    case .range: "range"
    case .rows: "rows"
    case .persisted: "stored blocks"
    case .exchange(let exchange), .ordered(let exchange, _): exchange.consumer.title
    case .blocks: "slices"
    case .cut: "repartition"
    case .zip: "zip"
    }
  }
}
