// `[]` of lists, `.field` of structures, and list literals.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let access = [
    Function(
      "[]", .operator, ["list", "index"],
      [
        Overload([.list(.variable(0)), .exact(.int64)], result: .variable(0)),
        Overload([.map(.variable(1), .variable(0)), .variable(1)], result: .variable(0)),
      ],
      "The element at an index from 0, or counted from the end if it is negative, or the value of a key of a map; null where there is none.",
      examples: [("[10, 20, 30][0]", "10"), ("[10, 20, 30][-1]", "30"), ("[10, 20, 30][3]", "null")]
    ) { site in
      if case .map = site.types[0] { return mapValueKernel }
      return Kernel { call in
        let lists = ListArgument(call.arguments[0])
        let indexes = FixedArgument<Int64>(call.arguments[1])
        return call.elements(of: lists.elements) { row in
          let range = lists[row]
          let index = indexes[row]
          let place =
            index >= 0 ? Int64(range.lowerBound).addingReportingOverflow(index) : Int64(range.upperBound).addingReportingOverflow(index)
          guard !place.overflow, let position = Int(exactly: place.partialValue), range.contains(position) else { return nil }
          return position
        }
      }
    },
    Function(
      "list", .operator, ["value"],
      [Overload([.variable(0)], variadic: true, result: .list(.variable(0))), Overload([], result: .list(.exact(.null)))],
      "Makes a list of its arguments: `[a, b]`.", examples: [("[1, 2.5]", "[1.0, 2.5]"), ("[\"a\", null]", "[a, null]")]
    ) { _ in
      Kernel(seesNulls: true) { call in
        let sources = call.arguments.map(\.column)
        var starts: [Int] = []
        var total = 0
        for source in sources {
          starts.append(total)
          total += source.count
        }
        return call.lists(sources) { row, places in
          for (argument, start) in zip(call.arguments, starts) {
            places.append(Int32(truncatingIfNeeded: argument.isConstant ? start : start + row))
          }
        }
      }
    },
    Function(
      "struct", .operator, ["name", "value"], [], "Makes a structure: `{a: 1, b: x}`.",
      examples: [("{a: 1, b: \"x\"}.b", "x"), ("{a: 1, b: null}", "{a: 1, b: null}")]
    ) { _ in
      Kernel(seesNulls: true) { call in
        let values = call.arguments.enumerated().filter { $0.offset % 2 == 1 }
        let members = values.map { $0.element.materialized(rowCount: call.rowCount) }
        return Column(type: call.type, count: call.rowCount, validity: nil, storage: .structure(members))
      }
    },
    Function(
      "field", .operator, ["struct", "name"], [Overload([.variable(0), .exact(.string)], result: .variable(1))],
      "A field of a structure: `s.name`; the binder knows its type.", examples: []
    ) { site throws(Diagnostic) in
      guard case .structure(let fields) = site.types[0], let name = site.constantText(1),
        let index = fields.firstIndex(where: { $0.name.isExactly(name) })
      else { throw Diagnostic(.badPlan, "a field of \(site.types[0].name)") }
      return Kernel { call in
        guard case .structure(let members) = call.arguments[0].column.storage else { return call.allNull() }
        let member = members[index]
        return call.arguments[0].isConstant ? Operand(constant: member).materialized(rowCount: call.rowCount) : member
      }
    },
  ]
}
