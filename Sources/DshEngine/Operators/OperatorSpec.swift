// What an operator is as plain data: its name, its bytes, its line in `explain`, and how it is made ready in a task.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// A source, step or sink of a task before it runs.
public protocol OperatorSpec: Sendable {
  /// What stands for it in the bytes of a task; no two of the registry share one.
  static var name: String { get }
  func encode(to writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws
  /// What `explain` calls it: `read`, `filter`, `merge groups`.
  var title: String { get }
  /// The verb that `blocks` names as what made a block; nil if the operator adds none.
  var verb: String? { get }
  /// The expressions it evaluates, in the order in which their parts are counted through, so that an error of a row finds its text.
  var expressions: [Expression] { get }
}

extension OperatorSpec {
  public var expressions: [Expression] { [] }
}

/// Where the rows of a task come from.
public protocol SourceSpec: OperatorSpec {
  var schema: Schema { get }
  /// The rows of blocks that it reads.
  var inputs: [BlockSlice] { get }
  /// The same source over other rows of blocks.
  func reading(_ inputs: [BlockSlice]) -> Self
  /// The same source over what tasks of another stage made, of each task one slice; `producers` are the numbers of those tasks in that stage, in
  /// ascending order, for sources that have to know which of two rows of different consumers comes first.
  func reading(_ inputs: [BlockSlice], of producers: [Int]) -> Self
  /// The bytes of files or blocks that it reads, about.
  var sizeBytes: Int { get }
  /// How many times what it reads it may hold in memory while it works.
  var workingShares: Int { get }
  /// Whether the partitions of a hash are shared out evenly to it, so that others know which of its tasks has which.
  var needsEvenPartitions: Bool { get }
  /// How many rows it gives, where that is known before it runs.
  var knownRows: Int? { get }
  /// The same rows where nobody looks at their columns.
  var counting: Self { get }
  /// Whether it can apply a filter itself, before it makes the columns that the filter does not need.
  func canApply(_ predicate: Expression) -> Bool
  /// - Parameter filter: a filter that it has said it can apply.
  func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource
}

/// A filter that a source applies itself.
public struct SourceFilter {
  public var predicate: Expression
  /// The columns of the source that somebody looks at behind the filter; the others hold anything. Nil for all.
  public var kept: [Int]?

  public init(_ predicate: Expression, keeping kept: [Int]?) {
    self.predicate = predicate
    self.kept = kept
  }
}

extension SourceSpec {
  public var inputs: [BlockSlice] { [] }
  public func reading(_ inputs: [BlockSlice]) -> Self { self }
  public func reading(_ inputs: [BlockSlice], of producers: [Int]) -> Self { reading(inputs) }
  public var workingShares: Int { 4 }
  public var needsEvenPartitions: Bool { false }
  public var knownRows: Int? { nil }
  public var counting: Self { self }
  public func canApply(_ predicate: Expression) -> Bool { false }
}

/// What happens to batches between source and sink.
public protocol StepSpec: OperatorSpec {
  func schema(over input: Schema) -> Schema
  /// Whether as many rows come out as went in.
  var keepsRowCount: Bool { get }
  /// Whether the same rows give the same rows whenever it runs.
  var isRepeatable: Bool { get }
  /// The rows of blocks that it reads besides what comes in.
  var inputs: [BlockSlice] { get }
  /// The same step over what tasks of another stage made, so many tasks, of each one slice; those without rows are missing among `producers`.
  func reading(_ inputs: [BlockSlice], of producers: [Int], producerCount: Int) -> Self
  /// The same step for rows of some partitions of the hash alone: what it reads for others it need not look at.
  func reading(onlyPartitions partitions: Range<Int>) -> Self
  func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep
}

extension StepSpec {
  public var isRepeatable: Bool { true }
  public var inputs: [BlockSlice] { [] }
  public func reading(_ inputs: [BlockSlice], of producers: [Int], producerCount: Int) -> Self { self }
  public func reading(onlyPartitions partitions: Range<Int>) -> Self { self }
}

/// What becomes of the batches of a task.
public protocol SinkSpec: OperatorSpec {
  /// The columns of what it makes.
  func schema(over input: Schema) -> Schema
  /// - Parameter step: the number of the sink among the steps of the task, for errors of rows.
  func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink
}

/// Gives batches until there are no more.
public protocol BatchSource: AnyObject {
  var schema: Schema { get }
  /// How much was read so far, for progress.
  var scanned: ScanProgress { get }
  /// The next batch that has rows, or nil at the end.
  func next() throws -> Batch?
  /// Rows that entered the filter that the source applies itself.
  var rowsFiltered: Int { get }
  /// Notes where it begins, so that this is known if it fails.
  func begin(_ report: inout TaskReport)
  /// Adds what the source knows to the report; throws if what was read can't stand.
  func finish(_ report: inout TaskReport) throws
}

extension BatchSource {
  public var rowsFiltered: Int { 0 }
  public func begin(_ report: inout TaskReport) {}
}

/// Makes a batch of a batch.
public protocol BatchStep: AnyObject {
  /// Throws the error of the first row that has one; the rows before it can then be asked for alone.
  func apply(_ batch: Batch) throws(RowError) -> Batch
}

/// A step that may make more rows of a batch than fit into one.
public protocol ExpandingBatchStep: BatchStep {
  /// What else became of the batch that was applied last; nil at the end.
  func next() throws -> Batch?
}

/// A step that has rows left when no more come to it.
public protocol EndingBatchStep: ExpandingBatchStep {
  /// No more rows come: `next` gives what is left.
  func end()
  /// Adds what it knows to the report.
  func finish(_ report: inout TaskReport)
}

public enum SinkAnswer: Sendable { case more, enough }

/// Takes batches and makes blocks of them.
public protocol BatchSink: AnyObject {
  func append(_ batch: Batch) throws -> SinkAnswer
  func finish(_ report: inout TaskReport) throws
}
