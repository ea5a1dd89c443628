// How a plan is run, as plain data: stages of tasks that hand rows to one another.

import DshColumns
import DshEngine
import DshPlan

/// The stages of a statement. The last one makes its result; each stands behind those it takes rows from.
public struct StageGraph: Hashable, Sendable {
  public let result: Stage
  /// All stages, in the order in which they run.
  public let stages: [Stage]

  public init(_ result: Stage) {
    self.result = result
    var stages: [Stage] = []
    var known: Set<Stage> = []
    func add(_ stage: Stage) {
      guard !known.contains(stage) else { return }
      for input in stage.inputs { add(input) }
      known.insert(stage)
      stages.append(stage)
    }
    add(result)
    self.stages = stages
  }
}

/// Tasks that do the same to different rows, each by itself.
///
/// A stage is a template: task k of it is made when it is to run. Stages that are alike in all that decides their rows are equal, so the
/// identity of a block is the stage and the number of the task that made it.
public struct Stage: Hashable, Sendable {
  /// What its tasks read; the tasks of the branches are numbered through.
  public let branches: [Branch]
  public let output: StageOutput
  /// What its tasks make, as `stats` calls it: `partial groups`, `take`.
  public let title: String
  /// The stage is done once its tasks, in order, have so many rows; its tasks then run a wave at a time.
  public let wantedRows: Int?
  /// How others pull its rows, for `explain`.
  public let exchange: Exchange.Method?
  /// Whether its tasks make the same rows whenever they run; what they make is of use to no other statement if not.
  public let isRepeatable: Bool
  /// Whether its blocks belong to whoever asked for them, so that rows of other blocks are copied.
  public let ownsBlocks: Bool

  public init(
    _ branches: [Branch], output: StageOutput, title: String? = nil, wantedRows: Int? = nil, exchange: Exchange.Method? = nil,
    ownsBlocks: Bool = false
  ) {
    self.branches = branches
    self.output = output
    self.title = title ?? output.title
    self.wantedRows = wantedRows
    self.exchange = exchange
    self.ownsBlocks = ownsBlocks
    isRepeatable =
      branches.allSatisfy { $0.isRepeatable && $0.stages.allSatisfy(\.isRepeatable) } && output.stages.allSatisfy(\.isRepeatable)
  }

  /// The columns of what it makes.
  public var schema: Schema { output.schema(over: branches.first?.schema ?? Schema([])) }

  /// The stages it takes rows from, or decides by.
  public var inputs: [Stage] { branches.flatMap(\.stages) + output.stages }

  /// What tells it apart from stages that make other rows.
  var identity: [UInt8] {
    var writer = ByteWriter()
    writer.write(branches) { $0.write($1.identity) }
    output.encode(to: &writer)
    return writer.bytes
  }

  public static func == (a: Stage, b: Stage) -> Bool {
    a.ownsBlocks == b.ownsBlocks && a.wantedRows == b.wantedRows && a.title == b.title && a.output == b.output && a.branches == b.branches
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(branches)
    hasher.combine(output)
  }
}

/// A source of tasks and the steps that each of them performs.
public struct Branch: Hashable, Sendable {
  /// A stage whose blocks every task of the branch reads in one of its steps.
  public struct Side: Sendable {
    public let step: Int
    public let stage: Stage
    /// Whether the tasks of the branch pull rows that were cut by the same hash, so that each has to read only what belongs to its partitions.
    public let isCutAlike: Bool
  }

  public let input: StageInput
  public let steps: [any StepSpec]
  public let sides: [Side]
  /// How those of the steps that have to know it learn what stands before the rows of a task.
  public let preceding: [Preceding]
  /// The columns behind the steps.
  public let schema: Schema
  /// What the steps do to rows, as bytes.
  public let stepsIdentity: [UInt8]
  /// What decides the rows of its tasks, as bytes.
  public let identity: [UInt8]
  /// Computed once: the identity of a read of many files is long.
  private let identityHash: Int

  public init(_ input: StageInput, steps: [any StepSpec] = [], sides: [Side] = [], preceding: [Preceding] = []) {
    self.input = input
    self.steps = steps
    self.sides = sides
    self.preceding = preceding
    schema = steps.reduce(input.schema) { $1.schema(over: $0) }
    var writer = ByteWriter()
    writer.write(steps) { $0.write(operation: $1) }
    writer.write(sides) { writer, side in
      writer.write(side.step)
      writer.write(side.stage.identity)
      writer.write(side.isCutAlike)
    }
    writer.write(preceding) { $1.encode(to: &$0) }
    stepsIdentity = writer.bytes
    var whole = ByteWriter()
    input.encode(to: &whole)
    identity = whole.bytes + stepsIdentity
    identityHash = identity.hashOfBytes
  }

  public func adding(_ step: any StepSpec) -> Branch { Branch(input, steps: steps + [step], sides: sides, preceding: preceding) }

  /// With a step that reads the blocks of a stage.
  ///
  /// - Parameter isCutAlike: whether the branch pulls rows that were cut by the hash that has cut the rows of the stage.
  public func adding(_ step: any StepSpec, reading stage: Stage, isCutAlike: Bool = false) -> Branch {
    let side = Side(step: steps.count, stage: stage, isCutAlike: isCutAlike)
    return Branch(input, steps: steps + [step], sides: sides + [side], preceding: preceding)
  }

  /// The same with a step that is told what a stage knows of the tasks before, where this is one of the stage's branches.
  func adding(_ step: any StepSpec, told stage: Stage, asBranch branch: Int) -> Branch {
    Branch(
      input, steps: steps + [step], sides: sides, preceding: preceding + [Preceding(step: steps.count, stage: stage, branch: branch)])
  }

  /// With the first so many steps.
  public func prefix(_ stepCount: Int) -> Branch {
    Branch(
      input, steps: Array(steps.prefix(stepCount)), sides: sides.filter { $0.step < stepCount },
      preceding: preceding.filter { $0.step < stepCount })
  }

  /// Whether its steps make the same rows whenever they run.
  var isRepeatable: Bool { steps.allSatisfy(\.isRepeatable) }

  /// The stages it takes rows from, or learns something of.
  var stages: [Stage] { input.stages + sides.map(\.stage) + preceding.map(\.stage) }

  public static func == (a: Branch, b: Branch) -> Bool { a.identityHash == b.identityHash && a.identity == b.identity }
  public func hash(into hasher: inout Hasher) { hasher.combine(identityHash) }
}

/// Where a step of a branch learns what stands before the rows of each task, counted through several branches.
public struct Preceding: Sendable {
  /// The number of the step in its branch.
  public let step: Int
  /// Has the same tasks as far as this step, those of all branches that are counted through: it counts their rows, or keeps their last values.
  public let stage: Stage
  /// Which of its branches this one is.
  public let branch: Int

  func encode(to writer: inout ByteWriter) {
    writer.write(step)
    writer.write(stage.identity)
    writer.write(branch)
  }
}

/// What the tasks of a branch read.
public indirect enum StageInput: Sendable {
  /// Splits of files, some columns of them.
  case files(FileSource, columns: [Int])
  case range(start: Int64, end: Int64, step: Int64, blocks: Int?)
  case rows(Schema, [[Value]])
  /// The blocks of a dataset that is kept.
  case persisted(LogicalPlan)
  /// Rows of the first stage that belong together, pulled by a task for each share.
  case exchange(Exchange)
  /// Rows of consumers of another exchange, put in order of the keys by this one. `alone` pulls from the same producers: if it has one consumer, the
  /// rows of that are in order already, and neither the stage nor what it reads is run.
  case ordered(Exchange, alone: Exchange)
  /// The blocks of another stage as they are, or the first so many rows of them.
  case blocks(of: Stage, firstRows: Int?)
  /// The blocks of another stage cut anew, in the order of their rows.
  case cut(of: Stage, Repartition.Size)
  /// The rows of two stages side by side; it is an error, and the origin is blamed, if they don't have as many.
  case zip(Stage, Stage, origin: ExpressionOrigin)
}

/// How rows of several tasks come together.
public struct Exchange: Sendable {
  public enum Method: Hashable, Sendable {
    /// Rows with equal keys meet; the producers have cut their blocks into partitions by hash.
    case hash(partitions: Int)
    /// Each task gets a range of the keys; the producers' blocks are in order.
    case ranges([SortColumn])
    /// One task gets all.
    case single
    /// Each of the partitions that the producers have cut by hash gets a task of its own.
    case partitions(Int)
  }

  public let from: Stage
  public let method: Method
  /// What a consumer does with its rows; the inputs are filled in when they are known.
  public let consumer: any SourceSpec
  /// The verb that `blocks` names as where the blocks of the consumers come from: `sort`.
  public let origin: String

  public init(from: Stage, by method: Method, consumer: any SourceSpec, origin: String) {
    self.from = from
    self.method = method
    self.consumer = consumer
    self.origin = origin
  }
}

/// What the tasks of a stage make.
public indirect enum StageOutput: Sendable {
  case sink(any SinkSpec)
  /// Some of all rows of the stage; `counts` tells how many each task has.
  case window(RowWindow, counts: Stage)
}

/// Some rows that stand together among all of a stage.
public enum RowWindow: Hashable, Sendable {
  /// Those with these numbers, counted from 0.
  case rows(Range<Int>)
  /// The last ones, at most so many.
  case last(Int)

  /// The numbers of the rows, of so many.
  public func range(of rowCount: Int) -> Range<Int> {
    switch self {
    case .rows(let range): range
    case .last(let count): max(0, rowCount - count)..<rowCount
    }
  }

  /// How many rows have to be counted at most.
  var countedRows: Int {
    switch self {
    case .rows(let range): range.upperBound
    case .last: .max
    }
  }
}
