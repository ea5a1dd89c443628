// A function: what a person and the binder see, and how its kernel is chosen.

import DshColumns
import DshDiagnostics
import DshPlan

/// A function of the language; operators are functions too, named by their symbol.
public struct Function: Sendable {
  public let signature: FunctionSignature
  /// How timestamps for a zone are taken.
  let zones: ZoneUse
  /// Chooses the kernel of a call; throws for a constant argument that can't be right, such as a bad pattern.
  let compile: @Sendable (CallSite) throws(Diagnostic) -> Kernel

  init(
    _ name: String, _ family: FunctionFamily, _ parameters: [String], _ overloads: [Overload], _ summary: String,
    zones: ZoneUse? = nil, examples: [(String, String)], compile: @escaping @Sendable (CallSite) throws(Diagnostic) -> Kernel
  ) {
    signature = FunctionSignature(
      name, family, parameters: parameters, overloads: overloads, summary: summary,
      examples: examples.map { (expression: $0.0, result: $0.1) })
    self.zones = zones ?? (family == .time ? .always(.clocks) : .always(.refused))
    self.compile = compile
  }
}

extension TypePattern {
  /// A list of any type.
  static let anyList = TypePattern.list(.variable(0))

  /// A lambda over an element of that list.
  static func elementLambda(to result: TypePattern) -> TypePattern { .lambda([.variable(0)], result: result) }
}

extension Overload {
  /// Two decimals, or one and a whole number.
  static func decimals(_ operation: DecimalOperation) -> Overload {
    Overload([.decimal(0), .decimal(1)], result: .decimalResult(operation, 0, 1))
  }

  /// A decimal from one of the same digits.
  static let ofDecimal = Overload([.decimal(0)], result: .decimal(0))

  /// An overload over exact types.
  static func from(_ parameters: DataType..., optional: Int = 0, variadic: Bool = false, to result: DataType) -> Overload {
    Overload(parameters.map { .exact($0) }, optional: optional, variadic: variadic, result: .exact(result))
  }
}
