// A relational step that has a file of its own, as far as binding, rules and `explain` see it.

import DshColumns

/// A step of a plan over one input or several; how it is run is said where it is planned.
public protocol LogicalOperation: Hashable, Sendable {
  /// What stands for it in the bytes of a plan; no two of the registry share one.
  static var name: String { get }
  /// How many inputs it has.
  static var inputCount: Int { get }

  func encode(to writer: inout ByteWriter)
  /// Reads it; throws if it does not fit its inputs.
  init(from reader: inout ByteReader, over inputs: [Schema]) throws

  func schema(over inputs: [Schema]) -> Schema
  /// Its line in `explain`.
  func text(over inputs: [Schema]) -> String
  /// The column of an input that a column of its result is taken from; nil if it is computed.
  func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)?
  /// Whether a condition on columns of an input gives the same rows if that input is filtered by it.
  func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool
  /// The same step where only some columns of its result are wanted, given in ascending order.
  func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation
  /// Whether it makes a row of each row of its only input, in their order, and so its first rows of as many first ones.
  var givesRowForRow: Bool { get }
  /// Whether its first rows are made of first rows of its only input, however many of them.
  var readsForward: Bool { get }
}

extension LogicalOperation {
  public var givesRowForRow: Bool { false }
  public var readsForward: Bool { givesRowForRow }
}

extension LogicalOperation {
  public func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool { false }
}

/// A step that reads no more columns than it needs.
public struct PrunedOperation {
  /// Nil if what is wanted is in the only input already.
  public var operation: (any LogicalOperation)?
  /// The columns of each input that it reads, in ascending order.
  public var needed: [[Int]]
  /// The columns of the result before that it gives, in their order; all that were wanted are among them.
  public var available: [Int]
}

/// Any step with a file of its own, as part of a plan.
public struct Operation: Hashable, Sendable {
  public let step: any LogicalOperation

  public init(_ step: any LogicalOperation) { self.step = step }

  public static func == (a: Operation, b: Operation) -> Bool { AnyHashable(a.step) == AnyHashable(b.step) }
  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(step)) }
}
