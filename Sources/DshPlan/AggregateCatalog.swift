// What the binder must know of an aggregate: its name, its overloads, the states it hands on, and the texts that help prints.

import DshColumns
import DshDiagnostics

/// An aggregate as a person and the binder see it.
public struct AggregateSignature: Sendable {
  public let name: String
  /// Names of the parameters for help, such as `x`.
  public let parameterNames: [String]
  /// How many of the last parameters are constants: one value for all rows, known before the first is read.
  public let constantCount: Int
  /// Tried in the order in which those of functions are.
  public let overloads: [Overload]
  /// One sentence.
  public let summary: String
  /// Statements, for help; run as tests.
  public let examples: [String]
  /// The function that does with several values of one row what the aggregate does with those of several rows.
  public let rowFunction: String?
  /// The columns of the partial state that a task hands on, over arguments of these types; a group may have several rows of them.
  let stateTypes: @Sendable ([DataType]) -> [DataType]
  /// Throws a `Diagnostic` if the constants can't be right.
  let checkConstants: @Sendable ([Value]) throws(Diagnostic) -> Void

  public init(
    _ name: String, parameters: [String], constants: Int = 0, overloads: [Overload], summary: String, examples: [String],
    rowFunction: String? = nil, stateTypes: @escaping @Sendable ([DataType]) -> [DataType],
    checkConstants: @escaping @Sendable ([Value]) throws(Diagnostic) -> Void = { _ in }
  ) {
    self.name = name
    parameterNames = parameters
    constantCount = constants
    self.overloads = overloads
    self.summary = summary
    self.examples = examples
    self.rowFunction = rowFunction
    self.stateTypes = stateTypes
    self.checkConstants = checkConstants
  }

  /// How many arguments and constants a call may have.
  public var operandCounts: ClosedRange<Int> {
    parameterNames.count - (overloads.map(\.optionalCount).max() ?? 0)...parameterNames.count
  }

  /// How it is typed, once for each number of operands: `count()`, `count(x)`.
  public var usages: [String] { operandCounts.map { "\(name)(\(parameterNames.prefix($0).joined(separator: ", ")))" } }

  /// The usages in one line.
  public var usage: String { usages.joined(separator: " or ") }

  /// A call whose operands have the types that an overload asks for, or are computed with in them; nil if there is no such overload, or if a constant can't be right.
  ///
  /// - Parameters:
  ///   - column: the name of the column with the results.
  ///   - condition: what has to be true of the rows that are aggregated.
  public func call(
    _ column: String, _ arguments: [Expression], constants: [Value] = [], condition: Expression? = nil,
    origin: ExpressionOrigin = ExpressionOrigin()
  ) -> AggregateCall? {
    let arguments = arguments.map { $0.computed(origin) }
    let types = arguments.map(\.type)
    if let condition, condition.type != .bool && condition.type != .null { return nil }
    guard constants.count == constantCount, let resolution = overloads.resolve(types + constants.map(\.type)),
      Array(resolution.parameters.prefix(types.count)) == types,
      zip(constants, resolution.parameters.suffix(constantCount)).allSatisfy({ $0.isNull || $0.type == $1 })
    else { return nil }
    do { try checkConstants(constants) } catch { return nil }
    return AggregateCall(
      name: column, function: name, arguments: arguments, constants: constants, condition: condition, type: resolution.result,
      stateTypes: stateTypes(types), origin: origin)
  }
}

/// All aggregates, as the binder and the reader of plans see them; the engine provides it.
public protocol AggregateCatalog: Sendable {
  /// The aggregate with a name.
  func signature(of name: String) -> AggregateSignature?
  /// All names, for suggestions.
  var names: [String] { get }
}
