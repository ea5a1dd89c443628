// What the binder must know of a function: its name, its overloads, and the texts that help prints.

import DshColumns
import DshDiagnostics

/// A parameter or result type in an overload.
public indirect enum TypePattern: Hashable, Sendable {
  case exact(DataType)
  /// Any type, whatever those of other arguments are.
  case any
  /// Any type; equal numbers in one overload stand for the same type (after unification: int64 with float64 is float64).
  case variable(Int)
  /// As `variable`, but of a type whose values have an order: no list and no structure.
  case ordered(Int)
  /// A decimal of any digits, or a whole number as one; equal numbers stand for the same type.
  case decimal(Int)
  /// The decimal that holds what an operation makes of two; only as a result.
  case decimalResult(DecimalOperation, Int, Int)
  /// A list of what the pattern says.
  case list(TypePattern)
  /// A map of what the patterns say.
  case map(TypePattern, TypePattern)
  /// Any structure; equal numbers in one overload stand for the same type.
  case structure(Int)
  /// A structure with fields of these names; only as a result.
  case record([PatternField])
  /// A lambda over parameters of these types that gives such a value.
  case lambda([TypePattern], result: TypePattern)

  /// How many parameters the lambda has that is asked for; nil if none is.
  var parameterCount: Int? { if case .lambda(let parameters, _) = self { parameters.count } else { nil } }
}

/// What decides how many digits the result of arithmetic with decimals has.
public enum DecimalOperation: Hashable, Sendable {
  case sum, product
  /// The sum of any number of them.
  case total

  /// The type of the result; of more digits than there can be, those before the point are kept as far as their type had them.
  func result(_ one: DataType, _ other: DataType) -> DataType {
    guard case .decimal(let precision, let scale) = one, case .decimal(let otherPrecision, let otherScale) = other else { return .null }
    let limit = DataType.largestPrecision
    switch self {
    case .sum:
      let behind = max(scale, otherScale)
      return .decimal(precision: min(limit, max(precision - scale, otherPrecision - otherScale) + behind + 1), scale: behind)
    case .product:
      let digits = precision + otherPrecision
      let behind = scale + otherScale
      // At least six digits behind the point stay, if there were so many.
      let kept = digits <= limit ? behind : max(min(behind, 6), behind - (digits - limit))
      return .decimal(precision: min(limit, digits), scale: min(limit, kept))
    case .total: return .decimal(precision: limit, scale: scale)
    }
  }
}

/// A field of a structure in an overload.
public struct PatternField: Hashable, Sendable {
  public let name: String
  public let type: TypePattern

  public init(_ name: String, _ type: TypePattern) {
    self.name = name
    self.type = type
  }
}

/// One way to call a function.
public struct Overload: Hashable, Sendable {
  public var parameters: [TypePattern]
  /// How many of the last parameters may be left out.
  public var optionalCount: Int
  /// Whether the last parameter may be given any number of times (once at least).
  public var isVariadic: Bool
  public var result: TypePattern
  /// Whether the binder alone calls it, so that no help names it.
  public var isHidden: Bool

  public init(_ parameters: [TypePattern], optional: Int = 0, variadic: Bool = false, hidden: Bool = false, result: TypePattern) {
    self.parameters = parameters
    isHidden = hidden
    optionalCount = optional
    isVariadic = variadic
    self.result = result
  }
}

/// The kinds of functions, in the order in which the reference lists them.
public enum FunctionFamily: String, CaseIterable, Sendable {
  case `operator`, arithmetic, text, hash, json, time, null, conditional, conversion, list, `struct`
}

/// A function as a person sees it.
public struct FunctionSignature: Sendable {
  public let name: String
  public let family: FunctionFamily
  /// Names of the parameters for help, such as `text`, `start`, `length`.
  public let parameterNames: [String]
  /// Tried in order; the first that fits the types that are computed with wins, then the first that fits with int64 → float64,
  /// date → timestamp and null → anything.
  public let overloads: [Overload]
  /// One sentence.
  public let summary: String
  /// Expressions with the text of their results; run as tests.
  public let examples: [(expression: String, result: String)]

  public init(
    _ name: String, _ family: FunctionFamily, parameters: [String], overloads: [Overload], summary: String,
    examples: [(expression: String, result: String)]
  ) {
    self.name = name
    self.family = family
    parameterNames = parameters
    self.overloads = overloads
    self.summary = summary
    self.examples = examples
  }

  /// The usage line: `substr(text, start, length)`.
  public var usage: String { "\(name)(\(parameterNames.joined(separator: ", ")))" }
}

/// The argument types to cast to and the result type of one call.
public struct FunctionResolution: Hashable, Sendable {
  /// The type of each argument, of a lambda that of what it gives.
  public var parameters: [DataType]
  public var result: DataType
  /// The types of the parameters of the arguments that are lambdas.
  public var lambdas: [Int: [DataType]] = [:]
}

/// All functions, as the binder sees them; the engine provides it.
public protocol FunctionCatalog: Sendable {
  /// The function with a name, operators included.
  func signature(of name: String) -> FunctionSignature?
  /// All names a person can type, for suggestions and completion.
  var names: [String] { get }
  /// The value of a constant expression; throws a `Diagnostic` where it has none.
  func evaluateConstant(_ expression: Expression) throws -> Value
  /// How a call with these arguments takes timestamps for a zone.
  func zoneReading(of function: String, _ arguments: [Expression]) -> ZoneReading
  /// The aggregates.
  var aggregates: any AggregateCatalog { get }
  /// The functions that exist over windows alone.
  var windows: any WindowCatalog { get }
  /// The names of the groups of a regular expression, by their numbers from 1; nil for those without. Throws a `Diagnostic` if it is none.
  func groupNames(ofPattern pattern: String) throws(Diagnostic) -> [String?]
  /// Throws a `Diagnostic` if a call is wrong for every row because of a constant operand: a broken regular expression, an unknown unit.
  func validate(_ call: Expression) throws
}

extension FunctionSignature {
  /// The casts and the result type for arguments of these types; nil if no overload fits.
  ///
  /// - Parameter lambdas: how many parameters each argument has that is a lambda.
  public func resolve(_ arguments: [DataType], lambdas: [Int: Int] = [:]) -> FunctionResolution? {
    overloads.resolve(arguments, lambdas: lambdas)
  }

  /// What the parameters of lambdas are, as far as the other arguments tell; nil where that can't be called.
  ///
  /// - Parameter arguments: the types of the arguments; nil for lambdas.
  public func lambdaParameters(_ arguments: [DataType?], lambdas: [Int: Int]) -> [Int: [DataType]]? {
    for mayCast in [false, true] {
      for overload in overloads {
        if let types = overload.lambdaParameters(arguments, lambdas: lambdas, mayCast: mayCast) { return types }
      }
    }
    return nil
  }

  /// Whether it can be called with a lambda.
  public var takesLambda: Bool { overloads.contains { $0.parameters.contains { $0.parameterCount != nil } } }
}

extension [Overload] {
  /// The casts and the result type for arguments of these types; nil if none fits.
  public func resolve(_ arguments: [DataType], lambdas: [Int: Int] = [:]) -> FunctionResolution? {
    for mayCast in [false, true] {
      for overload in self {
        if let resolution = overload.resolve(arguments, lambdas: lambdas, mayCast: mayCast) { return resolution }
      }
    }
    return nil
  }
}

extension Overload {
  /// The parameter pattern for each of `count` arguments, or nil if the number does not fit.
  private func patterns(for count: Int) -> [TypePattern]? {
    if isVariadic, count >= parameters.count, let last = parameters.last {
      return parameters + Array(repeating: last, count: count - parameters.count)
    }
    guard count <= parameters.count, count >= parameters.count - optionalCount else { return nil }
    return Array(parameters.prefix(count))
  }

  func resolve(_ arguments: [DataType], lambdas: [Int: Int], mayCast: Bool) -> FunctionResolution? {
    guard let patterns = patterns(for: arguments.count, lambdas: lambdas) else { return nil }
    var variables: [Int: DataType] = [:]
    for (pattern, argument) in zip(patterns, arguments) {
      guard pattern.collect(argument.computed, into: &variables, mayCast: mayCast) else { return nil }
    }
    return FunctionResolution(
      parameters: zip(patterns, arguments).map { $0 == .any ? $1 : $0.substitute(variables) }, result: result.substitute(variables),
      lambdas: lambdaTypes(patterns, variables))
  }

  func lambdaParameters(_ arguments: [DataType?], lambdas: [Int: Int], mayCast: Bool) -> [Int: [DataType]]? {
    guard let patterns = patterns(for: arguments.count, lambdas: lambdas) else { return nil }
    var variables: [Int: DataType] = [:]
    for (pattern, argument) in zip(patterns, arguments) {
      if let argument, !pattern.collect(argument.computed, into: &variables, mayCast: mayCast) { return nil }
    }
    return lambdaTypes(patterns, variables)
  }

  /// The patterns for arguments that are lambdas where they are asked for, and only there.
  private func patterns(for count: Int, lambdas: [Int: Int]) -> [TypePattern]? {
    guard let patterns = patterns(for: count), patterns.indices.allSatisfy({ patterns[$0].parameterCount == lambdas[$0] }) else {
      return nil
    }
    return patterns
  }

  private func lambdaTypes(_ patterns: [TypePattern], _ variables: [Int: DataType]) -> [Int: [DataType]] {
    var types: [Int: [DataType]] = [:]
    for (index, pattern) in patterns.enumerated() {
      if case .lambda(let parameters, _) = pattern { types[index] = parameters.map { $0.substitute(variables) } }
    }
    return types
  }
}

extension TypePattern {
  /// Whether an argument fits; binds or widens the variables.
  fileprivate func collect(_ argument: DataType, into variables: inout [Int: DataType], mayCast: Bool) -> Bool {
    switch self {
    case .exact(let type):
      if argument == type { return true }
      if argument == .null { return mayCast }
      if mayCast, type == .timestamp, let (_, zone) = argument.instant { return zone == nil || zone == "UTC" }
      return mayCast && argument.unified(with: type) == type
    case .variable(let number):
      guard let bound = variables[number] else {
        variables[number] = argument
        return true
      }
      if bound == argument { return true }
      guard mayCast, let unified = bound.unified(with: argument) else { return false }
      variables[number] = unified
      return true
    case .ordered(let number):
      return argument.isOrdered && TypePattern.variable(number).collect(argument, into: &variables, mayCast: mayCast)
    case .decimal(let number):
      switch argument {
      case .decimal: return TypePattern.variable(number).collect(argument, into: &variables, mayCast: mayCast)
      case .int64, .null:
        return mayCast
          && TypePattern.variable(number).collect(.decimal(precision: 19, scale: 0), into: &variables, mayCast: mayCast)
      default: return false
      }
    case .list(let element):
      switch argument {
      case .list(let type): return element.collect(type, into: &variables, mayCast: mayCast)
      case .null: return mayCast
      default: return false
      }
    case .map(let key, let value):
      guard case .map(let keyType, let valueType) = argument else { return false }
      return key.collect(keyType, into: &variables, mayCast: mayCast) && value.collect(valueType, into: &variables, mayCast: mayCast)
    case .structure(let number):
      guard case .structure = argument else { return false }
      return TypePattern.variable(number).collect(argument, into: &variables, mayCast: mayCast)
    case .any: return true
    case .record, .decimalResult: return false
    case .lambda(_, let result): return result.collect(argument, into: &variables, mayCast: mayCast)
    }
  }

  fileprivate func substitute(_ variables: [Int: DataType]) -> DataType {
    switch self {
    case .exact(let type): type
    case .any: .null
    case .variable(let number), .ordered(let number), .structure(let number), .decimal(let number): variables[number] ?? .null
    case .decimalResult(let operation, let one, let other):
      operation.result(variables[one] ?? .null, variables[other] ?? .null)
    case .list(let element): .list(element.substitute(variables))
    case .map(let key, let value): .map(key.substitute(variables), value.substitute(variables))
    case .record(let fields): .structure(fields.map { Field($0.name, $0.type.substitute(variables)) })
    case .lambda(_, let result): result.substitute(variables)
    }
  }
}
