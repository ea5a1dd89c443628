// An aggregate: what a person and the binder see, what is kept per group, and what becomes of it.

import DshColumns
import DshDiagnostics
import DshPlan

/// An aggregate of the language.
public struct Aggregate: Sendable {
  public let signature: AggregateSignature
  /// Whether the result depends on the order of the rows.
  public let seesOrder: Bool
  /// What of the statistics of blocks is its result, if its argument is a column.
  public let shortcut: StatisticsShortcut?
  /// What tells states apart: aggregates that agree in it and in their arguments share one.
  let stateName: String
  /// Whether they must agree in their constants too.
  let stateDependsOnConstants: Bool
  let makeAccumulator: @Sendable (AggregateSite) -> Accumulator
  /// The results of all groups; an error has the number of the group as its row.
  let result: @Sendable (Accumulator, AggregateSite, _ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column

  /// - Parameters:
  ///   - constants: how many of the last parameters are one value for all rows.
  ///   - seesOrder: whether the order of the rows decides, such as where the first of equal ones wins.
  ///   - shortcut: what of the statistics of blocks is its result.
  ///   - rowFunction: the function that does the same with several values of one row.
  ///   - checkConstants: throws if they can't be right.
  ///   - result: what becomes of the states of all groups; the first column of the states, if nothing is said.
  init<States: Accumulator>(
    _ name: String, _ parameters: [String], constants: Int = 0, _ overloads: [Overload], _ summary: String, examples: [String],
    rowFunction: String? = nil, seesOrder: Bool = false, shortcut: StatisticsShortcut? = nil, state: AggregateState<States>,
    checkConstants: @escaping @Sendable ([Value]) throws(Diagnostic) -> Void = { _ in },
    result: @escaping @Sendable (States, AggregateSite, _ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column = {
      $0.states($2, $3)[0]
    }
  ) {
    signature = AggregateSignature(
      name, parameters: parameters, constants: constants, overloads: overloads, summary: summary, examples: examples,
      rowFunction: rowFunction, stateTypes: state.types, checkConstants: checkConstants)
    self.seesOrder = seesOrder
    self.shortcut = shortcut
    stateName = state.name
    stateDependsOnConstants = state.dependsOnConstants
    makeAccumulator = state.make
    self.result = { accumulator, site, rowCounts, groupCount throws(RowError) in
      guard let states = accumulator as? States else { preconditionFailure("\(name) is computed from its own states") }
      return try result(states, site, rowCounts, groupCount)
    }
  }
}

/// What an aggregate keeps per group; several aggregates may be computed from one.
struct AggregateState<States: Accumulator>: Sendable {
  let name: String
  /// Whether what is kept depends on the constants, so that calls with other constants keep something of their own.
  let dependsOnConstants: Bool
  /// The columns of the partial state, over arguments of these types.
  let types: @Sendable ([DataType]) -> [DataType]
  let make: @Sendable (AggregateSite) -> States

  init(
    _ name: String, dependsOnConstants: Bool = false, _ types: @escaping @Sendable ([DataType]) -> [DataType],
    make: @escaping @Sendable (AggregateSite) -> States
  ) {
    self.name = name
    self.dependsOnConstants = dependsOnConstants
    self.types = types
    self.make = make
  }
}

/// The operands that an accumulator and a result are made for.
struct AggregateSite {
  let arguments: [DataType]
  let constants: [Value]
  /// Whether there are no keys, so that all rows are of one group.
  let isGlobal: Bool

  init(_ call: AggregateCall, isGlobal: Bool) {
    arguments = call.arguments.map(\.type)
    constants = call.constants
    self.isGlobal = isGlobal
  }
}
