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
    return planner.inDatasetOrder(merged, schema, isSeen: inOrder)
  }
}

extension PhysicalPlanner {
  /// Rows that come out of an exchange with their places in the dataset behind their columns, which are left out.
  ///
  /// - Parameter isSeen: whether the rows have to be in the order of those places.
  func inDatasetOrder(_ exchange: Exchange, _ schema: Schema, isSeen: Bool) -> [Branch] {
    let columns = schema.fields.enumerated().map { NamedExpression($1.name, .column($0, $1.type)) }
    guard isSeen else { return [Branch(.exchange(exchange), steps: [Project(columns)])] }
    // The rows of every consumer are in order, but only among themselves: a range exchange puts all in one order.
    let order = [SortColumn(schema.count, descending: false)]
    let sorted = Stage([Branch(.exchange(exchange))], output: .sink(SortRun(order)), exchange: .ranges(order))
    let all = Exchange(
      from: sorted, by: .ranges(order), consumer: MergeRuns(exchange.consumer.schema, keys: order), origin: exchange.origin)
    return [Branch(.ordered(all, alone: exchange), steps: [Project(columns)])]
  }
}
