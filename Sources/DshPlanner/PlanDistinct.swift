// Plans `distinct`: the first rows of each task, then partitions by the hash of the keys, of which the first rows count; last the order of the dataset.

import DshColumns
import DshEngine
import DshPlan

extension Distinct: PlannedOperation {
  func branches(over inputs: [LogicalPlan], inOrder: Bool, _ planner: PhysicalPlanner) -> [Branch] {
    let schema = inputs[0].schema
    let partitions = planner.partitionCount(of: inputs[0])
    // Which row is the first shows in the columns that are not compared.
    let seesOrder = inOrder || keys.count < schema.count
    let firsts = Stage(
      planner.branches(of: inputs[0], inOrder: seesOrder), output: .sink(PartialDistinct(keys, partitionCount: partitions)),
      exchange: .hash(partitions: partitions))
    let merged = Exchange(from: firsts, by: .hash(partitions: partitions), consumer: FinalDistinct(schema, keys: keys), origin: "distinct")
    guard inOrder else { return [Branch(.exchange(merged), steps: [Project(dropPosition(of: schema))])] }
    // The rows of every consumer are in order, but only among themselves: a range exchange puts all in one order.
    let order = [SortColumn(schema.count, descending: false)]
    let sorted = Stage([Branch(.exchange(merged))], output: .sink(SortRun(order)), exchange: .ranges(order))
    let all = Exchange(from: sorted, by: .ranges(order), consumer: MergeRuns(merged.consumer.schema, keys: order), origin: "distinct")
    return [Branch(.ordered(all), steps: [Project(dropPosition(of: schema))])]
  }

  private func dropPosition(of schema: Schema) -> [NamedExpression] {
    schema.fields.enumerated().map { NamedExpression($1.name, .column($0, $1.type)) }
  }
}
