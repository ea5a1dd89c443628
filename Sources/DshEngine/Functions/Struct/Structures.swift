// What structures consist of.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let structures: [Function] = [
    Function(
      "struct_keys", .struct, ["struct"], [Overload([.structure(0)], result: .list(.exact(.string)))], "The names of the fields.",
      examples: [("struct_keys({a: 1, b: \"x\"})", "[a, b]"), ("struct_keys({total: 2.5})", "[total]")]
    ) { site in
      guard case .structure(let fields) = site.types[0] else { return Kernel { $0.allNull() } }
      let names = fields.map(\.name)
      return Kernel { call in
        call.textLists { _, output in
          for name in names {
            output.append(name)
            output.endRow()
          }
        }
      }
    },
    Function(
      "struct_has", .struct, ["struct", "name"], [Overload([.structure(0), .exact(.string)], result: .exact(.bool))],
      "Whether a structure has a field of a name.",
      examples: [("struct_has({a: 1}, \"a\")", "true"), ("struct_has({a: 1}, \"b\")", "false")]
    ) { site in
      guard case .structure(let fields) = site.types[0] else { return Kernel { $0.allNull() } }
      let names = fields.map { Array($0.name.utf8) }
      return Kernel { call in
        let wanted = TextArgument(call.arguments[1])
        return call.predicate { row in
          guard call.isValid(row) else { return false }
          let text = wanted[row]
          return names.contains { $0.elementsEqual(text) }
        }
      }
    },
  ]
}
