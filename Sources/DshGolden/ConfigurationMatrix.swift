// Several values for several settings: every combination runs the same golden files.

import DshDiagnostics

/// The configurations to compare, from `--matrix nodes=1,2,4 --matrix batch-rows=1,7`.
public struct ConfigurationMatrix: Sendable, Hashable {
  private var axes: [(name: String, values: [String])] { names.map { ($0, values[$0] ?? []) } }
  private var names: [String] = []
  private var values: [String: [String]] = [:]

  public init() {}

  /// Takes in one `NAME=VALUE,VALUE,…`.
  public init(parsing texts: [String]) throws(Diagnostic) {
    for text in texts {
      let pair = text.split(separator: "=", maxSplits: 1)
      let list = pair.count == 2 ? pair[1].split(separator: ",").map(String.init) : []
      guard let name = pair.first.map(String.init), !list.isEmpty else {
        throw Diagnostic(.badMatrix, "--matrix wants NAME=VALUE,VALUE,… and got \"\(text)\"")
      }
      if values[name] == nil { names.append(name) }
      values[name, default: []] += list
    }
  }

  /// Every combination, the last setting changing fastest; none without settings.
  public var combinations: [[String: String]] {
    if names.isEmpty { return [] }
    return axes.reduce([[:]]) { combinations, axis in
      combinations.flatMap { combination in
        axis.values.map { combination.merging([axis.name: $0]) { $1 } }
      }
    }
  }
}
