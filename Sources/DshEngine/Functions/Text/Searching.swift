// Whether and where a text holds another.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let searching = [
    Function(
      "starts_with", .text, ["text", "prefix"], [.from(.string, .string, to: .bool)], "Whether a text begins with another.",
      examples: [("starts_with(\"dataset\", \"data\")", "true"), ("starts_with(\"Table\", \"t\")", "false")]
    ) { _ in Kernel { $0.compareTexts { $0.hasPrefix($1) } } },
    Function(
      "ends_with", .text, ["text", "suffix"], [.from(.string, .string, to: .bool)], "Whether a text ends with another.",
      examples: [("ends_with(\"a.csv\", \".csv\")", "true"), ("ends_with(\"table.csv\", \".CSV\")", "false")]
    ) { _ in Kernel { $0.compareTexts { $0.hasSuffix($1) } } },
    Function(
      "contains", .text, ["value", "part"],
      [.from(.string, .string, to: .bool), Overload([.list(.variable(0)), .variable(0)], result: .exact(.bool))],
      "Whether a text holds another text, or a list an element.",
      examples: [("contains(\"dataset\", \"tas\")", "true"), ("contains([1, 2], 3)", "false"), ("contains([1, 2], 2)", "true")]
    ) { site in
      if case .list = site.types[0] { return Kernel { $0.listContains() } }
      return Kernel { $0.bools($0.rowsContaining()) }
    },
    Function(
      "find", .text, ["text", "part"], [.from(.string, .string, to: .int64)],
      "The position of the first occurrence, counted from 1 as `substr` does; null if there is none.",
      examples: [("find(\"dataset\", \"set\")", "5"), ("find(\"dataset\", \"x\")", "null")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        let needles = TextArgument(call.arguments[1])
        return call.mapOptional(Int64.self) { row in
          let text = texts[row]
          return text.firstOffset(of: needles[row]).map { Int64(text.part(0..<$0).scalarCount) + 1 }
        }
      }
    },
  ]
}

extension Call {
  @inline(__always) fileprivate func compareTexts(_ step: (TextSlice, TextSlice) -> Bool) -> Column {
    let a = TextArgument(arguments[0])
    let b = TextArgument(arguments[1])
    return predicate { row in step(a[row], b[row]) }
  }

  /// Whether an element of the row's list equals the row's value; null elements equal nothing.
  fileprivate func listContains() -> Column {
    let lists = ListArgument(arguments[0])
    let wanted = arguments[1]
    return predicate { row in
      guard isValid(row) else { return false }
      return lists[row].contains { index in
        lists.elements.isValid(index) && RowOrder.compare(lists.elements, index, wanted.column, wanted.isConstant ? 0 : row) == 0
      }
    }
  }
}
