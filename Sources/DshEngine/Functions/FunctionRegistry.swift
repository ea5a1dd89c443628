// All functions by name: the catalog that binding, help, completion and the reference are made from.

import DshColumns
import DshDiagnostics
import DshPlan

/// Every function of the language.
public struct FunctionRegistry: FunctionCatalog {
  public init() {}

  /// All functions, operators first, then family by family in the order of the reference.
  public static let all: [Function] =
    operators + arithmetic + text + time + nulls + conditionals + conversions + lists + lambdas + structures + maps + hashes + json

  private static let byName: [String: Function] = Dictionary(
    all.map { ($0.signature.name, $0) },
    uniquingKeysWith: { first, _ in preconditionFailure("one function per name: \(first.signature.name)") })

  public static func function(named name: String) -> Function? { byName[name] }

  public func signature(of name: String) -> FunctionSignature? { Self.byName[name]?.signature }

  /// The texts that an argument of a function may be; empty if any may.
  public func texts(of function: String, argument: Int) -> [String] {
    guard let parameters = signature(of: function)?.parameterNames, parameters.indices.contains(argument) else { return [] }
    return Self.parameterTexts[parameters[argument]] ?? []
  }

  /// Parameters that take a few texts only, by the name they have in every function.
  private static let parameterTexts = ["unit": TimeUnit.allCases.map(\.rawValue)]

  public var aggregates: any AggregateCatalog { AggregateRegistry() }
  public var windows: any WindowCatalog { WindowRegistry() }

  public var names: [String] {
    Self.all.lazy.filter { $0.signature.family != .operator }.map(\.signature.name)
  }

  /// The value of an expression without columns; throws a `Diagnostic` where it has none.
  public func evaluateConstant(_ expression: Expression) throws -> Value {
    let compiled = try CompiledExpression(expression, inputs: [])
    do {
      return try compiled.evaluate([], rowCount: 1).value(at: 0)
    } catch {
      throw error.diagnostic
    }
  }

  public func groupNames(ofPattern pattern: String) throws(Diagnostic) -> [String?] { try Regex(pattern).groupNames }

  /// Throws if a constant argument anywhere in the expression can't be right, such as a bad regular expression.
  public func validate(_ expression: Expression) throws(Diagnostic) {
    var part = 0
    _ = try Node.compile(expression, &part)
  }
}
