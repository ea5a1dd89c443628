// Turns syntax into typed expressions and plans: names become indexes, types are checked, casts are made explicit.

import DshColumns
import DshDiagnostics
import DshLanguage

/// Binds the syntax of one statement; gathers every mistake instead of stopping at the first.
public struct Binder {
  /// The functions that exist.
  let functions: any FunctionCatalog
  /// `let` names and `--set` values.
  let parameters: [String: Scalar]
  /// `def` names.
  let definitions: [String: Definition]
  /// The text that is bound, for errors that appear when it runs.
  let source: SourceText?
  /// The time of the statement in microseconds since 1970, which all of its rows see on all nodes.
  public var now = Binder.fixedTime
  /// Where the programs of the statement run.
  public var folder = "/"
  /// What a sample has shown of the columns that a program answers.
  public var answerSchema: Schema?
  /// What was found wrong so far, in the order found.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// Values that were found by runs, by the plans that give them.
  public var foundValues: [LogicalPlan: [Value]] = [:]
  /// The values that must be found before the stage can be bound; no plan is given then.
  public internal(set) var wantedValues: WantedValues?
  /// Columns that got other names, as theirs were taken, in the order found.
  public internal(set) var renamedColumns: [RenamedColumn] = []
  /// Whether an expression has been reported as too deep.
  var saysTooDeep = false
  /// Columns that a mistake has left without a type: to name one is no further mistake.
  public var brokenColumns: Set<String> = []
  /// How many definitions are being expanded inside one another, and all expanded so far.
  var expansionDepth = 0
  /// How deep the expression being bound lies in those around it, definitions included.
  var level = 0
  var expansionCount = 0

  /// What time it is where no clock is to show: noon of the first day of 2024.
  public static let fixedTime: Int64 = 1_704_110_400_000_000

  public init(
    functions: any FunctionCatalog, parameters: [String: Scalar] = [:], definitions: [String: Definition] = [:], source: SourceText? = nil
  ) {
    self.source = source
    self.functions = functions
    self.parameters = parameters
    self.definitions = definitions
  }

  /// A place in the text that is bound.
  func origin(_ span: SourceSpan) -> ExpressionOrigin { ExpressionOrigin(source.map { SourcePlace(source: $0, span: span) }) }

  /// Takes note of a mistake.
  public mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
}

/// `def name(parameters) = body`, with the definitions it can see: those made before it, so none can call itself.
public struct Definition: Sendable {
  public let name: String
  public let parameters: [String]
  public let body: ExpressionSyntax
  public let visible: [String: Definition]
  public let scalars: [String: Scalar]

  /// Definitions inside definitions; deeper ones are refused, as each level multiplies the size of the expression.
  static let depthLimit = 32
  /// Expansions in one statement: far more than anyone writes, few enough to bind in an instant.
  static let expansionLimit = 2_000

  public init(name: String, parameters: [String], body: ExpressionSyntax, visible: [String: Definition], scalars: [String: Scalar]) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.visible = visible
    self.scalars = scalars
  }
}

/// What names mean inside an expression.
struct Scope {
  var schema: Schema
  /// The parameters of the definition being expanded; when set, columns are not visible.
  var locals: [String: Expression]?
  /// Where mistakes are reported instead of at their own place: the call of the definition they stand in.
  var blamed: SourceSpan?
  /// Aggregates met so far, when they are allowed here.
  var aggregates: AggregateCollection?
  /// Windows met so far, when they are allowed here.
  var windows: WindowCollection?

  /// The parameters of the lambdas around, by name; they hide columns.
  var lambdaParameters: [String: Expression] = [:]
  /// How many parameters the lambdas around have, those that are hidden included.
  var parameterCount = 0

  init(_ schema: Schema) { self.schema = schema }
}

/// The aggregates found inside the expressions of one `agg`, each once.
struct AggregateCollection {
  /// How many columns (keys) stand before the aggregates in the aggregation's result.
  var keyCount: Int
  var calls: [AggregateCall] = []
  var isInside = false
  /// What holds for the rows that all aggregates met from here on are of, besides their own conditions.
  var restriction: Expression?
}
