// What the `#:` lines at the top of a golden file ask for.

import DshDiagnostics

/// Settings of the session a golden file runs in, and of the comparison.
public struct Directives: Sendable, Hashable {
  /// Session settings by name (`nodes`, `slots`, `batch-rows`, …); the maker of sessions knows which there are.
  public var session: [String: String] = [:]
  /// Classes of text that are replaced before comparing.
  public var masks: [Mask] = []
  /// Whether the file may run in other configurations than its own.
  public var allowsMatrix = true
  /// Whether errors are compared as they are printed, source line, caret and notes included, and not by their first line only.
  public var showsWholeErrors = false

  public init() {}

  /// Takes in a line such as `#: nodes=3 mask=time,path`.
  mutating func add(line: String, span: SourceSpan) throws(Diagnostic) {
    for word in line.dropFirst(2).split(separator: " ") {
      let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
        throw Diagnostic(.badDirective, "a directive is NAME=VALUE, not \(word)", span: span)
      }
      switch pair[0] {
      case "mask":
        for name in pair[1].split(separator: ",") {
          guard let mask = Mask(rawValue: String(name)) else {
            let names = Mask.allCases.map(\.rawValue)
            throw Diagnostic(
              .badDirective, "no mask \"\(name)\"", span: span,
              suggestion: nearestName(to: String(name), in: names).map(didYouMean),
              notes: ["masks: \(names.joined(separator: ", "))"])
          }
          masks.append(mask)
        }
      case "matrix":
        guard pair[1] == "on" || pair[1] == "off" else {
          throw Diagnostic(.badDirective, "matrix is on or off, not \(pair[1])", span: span)
        }
        allowsMatrix = pair[1] == "on"
      case "errors":
        guard pair[1] == "whole" || pair[1] == "line" else {
          throw Diagnostic(.badDirective, "errors is whole or line, not \(pair[1])", span: span)
        }
        showsWholeErrors = pair[1] == "whole"
      default: session[String(pair[0])] = String(pair[1])
      }
    }
  }
}
