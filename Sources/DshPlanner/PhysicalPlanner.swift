// From what a dataset is to how it is made: cuts an optimized plan into stages. Reads nothing and runs nothing.

import DshColumns
import DshEngine
import DshFormats
import DshPlan

/// What planning needs to know besides the plan.
public struct PlanningContext: Sendable {
  /// The bytes of the blocks of a kept dataset.
  public var persistedBytes: @Sendable (LogicalPlan) -> Int
  /// Whether a column of a kept dataset has no nulls, and no value of a block is less than one of the blocks before it.
  public var persistedColumnAscends: @Sendable (LogicalPlan, Int) -> Bool
  /// What one task may merge in memory.
  public var shareBytes = ExchangeSizing.largestShareBytes
  /// The memory of all stores.
  public var storesBytes = Int.max

  public init(
    persistedBytes: @escaping @Sendable (LogicalPlan) -> Int = { _ in 0 },
    persistedColumnAscends: @escaping @Sendable (LogicalPlan, Int) -> Bool = { _, _ in false }
  ) {
    self.persistedBytes = persistedBytes
    self.persistedColumnAscends = persistedColumnAscends
  }
}

/// Plans one statement; each logical operator has a file of its own.
public struct PhysicalPlanner {
  let context: PlanningContext

  public init(_ context: PlanningContext = PlanningContext()) { self.context = context }

  /// The stages that make the rows of a plan for somebody who wants them in some way.
  public func graph(of plan: LogicalPlan, for result: StageResult) -> StageGraph {
    let made = result.rowsFromStart.map { self.branches(of: plan, firstRows: $0) } ?? branches(of: plan, inOrder: result.seesOrder)
    return StageGraph(
      Stage(
        made, output: .sink(result.sink), title: result.title, wantedRows: result.wantedRows, ownsBlocks: result.ownsBlocks))
  }

  /// The branches whose tasks, one after another, give the rows of a plan.
  ///
  /// - Parameter inOrder: whether somebody can see the order of the rows; if nobody can, none is made.
  func branches(of plan: LogicalPlan, inOrder: Bool) -> [Branch] {
    switch plan {
    case .read(let source, let columns): [Branch(.files(source, columns: columns))]
    case .range(let start, let end, let step, let blocks): [Branch(.range(start: start, end: end, step: step, blocks: blocks))]
    case .rows(let schema, let rows): [Branch(.rows(schema, rows))]
    case .stored(let plan): [Branch(.persisted(plan))]
    case .project(let input, let columns): branches(of: input, inOrder: inOrder).map { $0.adding(Project(columns)) }
    case .filter(let input, let predicate): branches(of: input, inOrder: inOrder).map { $0.adding(Filter(predicate)) }
    case .union(let inputs): inputs.flatMap { branches(of: $0, inOrder: inOrder) }
    case .limit(let input, let count, let offset): planLimit(input, count: count, offset: offset)
    case .aggregate(let input, let aggregation): planAggregate(input, aggregation, inOrder: inOrder)
    case .sort(let input, let keys): inOrder ? planSort(input, keys) : branches(of: input, inOrder: false)
    case .operation(let operation, let inputs):
      switch operation.step {
      case let step as any PlannedOperation: step.branches(over: inputs, inOrder: inOrder, self)
      default: preconditionFailure("\(type(of: operation.step).name) is planned nowhere")
      }
    }
  }
}

/// What becomes of the rows of a plan: what the tasks of the last stage make, and how much of it is wanted.
public struct StageResult: Sendable {
  var sink: any SinkSpec
  var title: String
  /// The tasks stop once so many rows are there.
  var wantedRows: Int?
  /// Whether the order of the rows shows.
  var seesOrder = true
  /// If only the first rows matter, how many.
  var rowsFromStart: Int?
  var ownsBlocks = false

  /// All rows as blocks.
  public static func blocks() -> StageResult { StageResult(sink: MakeBlock(), title: "blocks") }

  /// All rows as blocks of their own; `title` is what `stats` calls them.
  public static func kept(title: String) -> StageResult { StageResult(sink: MakeBlock(), title: title, ownsBlocks: true) }

  /// The first rows, a wave of tasks at a time.
  public static func head(_ count: Int) -> StageResult {
    // One more tells whether others follow.
    let needed = count == .max ? nil : count + 1
    return StageResult(sink: MakeBlock(limit: count), title: "take", wantedRows: count, rowsFromStart: needed)
  }

  public static func ends(first: Int, last: Int) -> StageResult { StageResult(sink: KeepEnds(first: first, last: last), title: "show") }

  public static func text(format: String, options: [UInt8] = [], compression: Compression? = nil) -> StageResult {
    StageResult(sink: EncodeText(format: format, options: options, compression: compression), title: "text")
  }

  /// The partial state of each task over all of its rows.
  public static func partials(_ aggregation: Aggregation) -> StageResult {
    StageResult(sink: PartialAggregate(aggregation, .partitions(1)), title: "partial aggregates", seesOrder: aggregation.seesOrder)
  }
}
