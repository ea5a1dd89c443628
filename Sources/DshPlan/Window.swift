// Bound windows: what is computed of a row and the rows around it.

import DshColumns
import DshDiagnostics

/// The rows around one that its result is computed of, among those of its partition in their order; nil stands for all.
public struct WindowFrame: Hashable, Sendable {
  public var before: Int?
  public var after: Int?

  public init(before: Int?, after: Int?) {
    self.before = before
    self.after = after
  }

  /// All rows of the partition.
  public static let whole = WindowFrame(before: nil, after: nil)
  /// The rows up to the one that is computed.
  public static let running = WindowFrame(before: nil, after: 0)
}

/// One function over windows, resolved.
public struct WindowCall: Hashable, Sendable {
  /// The name of the column with the results.
  @ExactText public var name: String
  /// A window function or an aggregate.
  public let function: String
  /// The columns that are its arguments.
  public var arguments: [Int]
  public let constants: [Value]
  public let frame: WindowFrame
  public let type: DataType
  public var origin: ExpressionOrigin

  public init(
    name: String, function: String, arguments: [Int], constants: [Value], frame: WindowFrame, type: DataType,
    origin: ExpressionOrigin = ExpressionOrigin()
  ) {
    self.name = name
    self.function = function
    self.arguments = arguments
    self.constants = constants
    self.frame = frame
    self.type = type
    self.origin = origin
  }
}

/// A function that exists over windows alone, as a person and the binder see it.
public struct WindowSignature: Sendable {
  public let name: String
  /// The last of them are constants.
  public let parameterNames: [String]
  public let constantCount: Int
  public let overloads: [Overload]
  /// Whether it says nothing without `sort`.
  public let needsOrder: Bool
  /// Whether it looks at a part of the partition that `rows` may choose.
  public let takesFrame: Bool
  /// One sentence.
  public let summary: String
  /// Statements that run.
  public let examples: [String]

  public init(
    _ name: String, _ parameterNames: [String], constants: Int = 0, _ overloads: [Overload], _ summary: String, examples: [String],
    needsOrder: Bool = false, takesFrame: Bool = false
  ) {
    self.name = name
    self.parameterNames = parameterNames
    constantCount = constants
    self.overloads = overloads
    self.needsOrder = needsOrder
    self.takesFrame = takesFrame
    self.summary = summary
    self.examples = examples
  }

  /// The usage line: `lag(x, n)`.
  public var usage: String { "\(name)(\(parameterNames.joined(separator: ", "))) over (…)" }
}

/// All functions over windows; the engine provides it.
public protocol WindowCatalog: Sendable {
  func signature(of name: String) -> WindowSignature?
  var names: [String] { get }
}
