// `list_map`: a lambda over every element.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let mapping = [
    Function(
      "list_map", .list, ["list", "x -> value"],
      [Overload([.anyList, .elementLambda(to: .variable(1))], result: .list(.variable(1)))],
      "What a lambda makes of each element; it sees the columns of the row too.",
      examples: [("list_map([1, 2, 3], x -> x * 10)", "[10, 20, 30]"), ("list_map(split(\"to be\", \" \"), w -> upper(w))", "[TO, BE]")]
    ) { _ in
      Kernel(canFail: true) { call in
        guard let lambda = call.lambda, case .list(let elementType) = call.type else { return call.allNull() }
        let flat = FlatElements(ListArgument(call.arguments[0]), call)
        let elements = lambda.evaluate(flat, call).retyped(to: elementType)
        return Column(type: call.type, count: call.rowCount, validity: nil, storage: .list(offsets: flat.offsets, elements: elements))
      }
    }
  ]
}
