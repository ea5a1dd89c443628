// Time zones: a call carries the data of its zone, so that no node reads files and all use the same rules.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// Adds the data of the zone to the arguments of a function that takes one; false after reporting why there is none.
  mutating func addZone(to arguments: inout [Expression], of function: String, written: [ExpressionSyntax], span: SourceSpan) -> Bool {
    guard let names = functions.signature(of: function)?.parameterNames, let index = names.firstIndex(of: "zone"),
      arguments.indices.contains(index)
    else { return true }
    guard case .literal(.string(let name), _) = arguments[index] else {
      if arguments[index].isConstant || arguments[index].type != .string { return true }
      report(
        Diagnostic(
          .badZone, "the zone is one text for all rows, not a column", span: written[index].span,
          suggestion: "filter the rows of each zone, or use if(zone == \"…\", …)"))
      return false
    }
    do throws(Diagnostic) {
      if let rules = try ZoneFiles.rules(name) { arguments.append(.literal(.binary(rules), .binary)) }
      return true
    } catch {
      report(error.at(written[index].span))
      return false
    }
  }
}
