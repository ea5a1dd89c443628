// Plans `count_distinct` of much data as two aggregations: each different value makes a group of its own, and then those groups are counted.

import DshColumns
import DshEngine
import DshPlan

extension PhysicalPlanner {
  /// The same groups by two aggregations, the first over the input and the second over its groups; nil if one is enough.
  ///
  /// One aggregation brings all values of a group to one task. Two spread them over the tasks of an exchange, which pays where they may be more
  /// than one task should hold.
  func countedApart(_ input: LogicalPlan, _ aggregation: Aggregation) -> (input: LogicalPlan, aggregation: Aggregation)? {
    guard aggregation.aggregates.count == 1, let call = aggregation.aggregates.first, call.function == "count_distinct",
      call.condition == nil, let value = call.arguments.first, value.type.isKey, sizeBytes(of: input) > context.shareBytes
    else { return nil }
    let keyCount = aggregation.keys.count
    let values = Aggregation(keys: aggregation.keys + [NamedExpression("value", value)], aggregates: [])
    let keys = aggregation.keys.enumerated().map { NamedExpression($1.name, .column($0, $1.expression.type)) }
    // Null makes a group too, which `count` passes over as `count_distinct` does.
    guard let count = AggregateRegistry().signature(of: "count")?.call(call.name, [.column(keyCount, value.type)], origin: call.origin)
    else { return nil }
    return (.aggregate(input, values), Aggregation(keys: keys, aggregates: [count]))
  }
}

extension DataType {
  /// Whether values of the type can be the keys of groups.
  fileprivate var isKey: Bool {
    switch self {
    case .list, .structure: false
    default: true
    }
  }
}
